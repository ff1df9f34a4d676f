"""The page of an assessment: what a rule makes of a party, why, since when, and beside what else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, render_template

from sanctiongraph.assessment import Assessment, weightier
from sanctiongraph.compare import Side, compare
from sanctiongraph.errors import BadInput, NotFound
from sanctiongraph.explain import to_text, wording
from sanctiongraph.given import day
from sanctiongraph.labels import Labels
from sanctiongraph.perspective import Perspective, open_perspective
from sanctiongraph.proof import Proof
from sanctiongraph.reasoner import Question, Reasoner
from sanctiongraph.timeline import timelines
from sanctiongraph.vocabulary import called
from sanctiongraph_server.linked.offers import HTML
from sanctiongraph_server.pages.choices import Choices, choices
from sanctiongraph_server.pages.drawing import Drawing, drawing
from sanctiongraph_server.pages.languages import COMMON, language_of
from sanctiongraph_server.pages.proofs import (
    CaseShown,
    Link,
    Looked,
    case_shown,
    cited,
    link,
    looked,
)
from sanctiongraph_server.pages.showing import page
from sanctiongraph_server.pages.timelines import Row, lanes_of, rows_of
from sanctiongraph_server.parameters import Parameters, on_a_day, parameters
from sanctiongraph_server.performing import Requests
from sanctiongraph_server.problems import kind_of
from sanctiongraph_server.tasks import Opened, Seen, seen_of

ASKED: Final = ("party", "rule", "transaction", "as_of", "viewpoint", "scenario")
BESIDE: Final = ("with_as_of", "with_viewpoint", "with_scenario")
_EXAMPLE: Final = "/assess?rule=caatsa-231-a&party=SSB"


@dataclass(frozen=True, slots=True)
class Another:
    """A case of the same party, in short."""

    transaction: str
    label: str
    outcome: str
    level: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What is shown where a rule and a party were named. Without a case ``case`` is ``None``."""

    rule_label: str
    #: The provision's own name; as it is cited it has its places in a code as well.
    citation: str
    provision: Link
    bearers: str
    rule_note: str
    verification: str
    party: Link
    as_of: str
    viewpoint: str
    scenario: str | None
    case: CaseShown | None
    looked: Looked | None
    others: tuple[Another, ...]
    text: str
    timeline: Drawing | None
    rows: tuple[Row, ...]
    compared: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class AssessmentPage(Seen):
    """The form with what can be chosen, and what was asked, if anything was."""

    choices: Choices
    answered: Answered | None = None


@dataclass(frozen=True, slots=True)
class ShowAssessment:
    """The page for what was given; without rule or party the form alone."""

    given: Parameters
    language: str

    def perform(self, opened: Opened) -> AssessmentPage:
        """See ``tasks.Task``. Raises as ``Reasoner.ask`` does."""
        seen = AssessmentPage(*seen_of(opened), choices(opened, self.language))
        if not {"rule", "party"} <= self.given.keys():
            return seen
        return replace(seen, answered=_answered(opened.reasoner(), self.given, self.language))


def _answered(reasoner: Reasoner, given: Parameters, language: str) -> Answered:
    question = Question.of(**{name: given[name] for name in ASKED if name in given})
    answer = reasoner.ask(question)
    proof = reasoner.prove(answer, question.transaction, strongest_only=True)
    labels = Labels(
        answer.perspective.store, language
    )  # what a scenario supposes has labels as well
    strongest = proof.strongest
    shown = strongest.assessment if strongest else None
    transaction = question.transaction or (shown.transaction if shown else None)
    rule = answer.rule
    lines = timelines(
        answer.perspective,
        reasoner.law,
        rule,
        party=answer.party,
        transaction=question.transaction,
    )
    lanes = lanes_of(lines, labels, transaction)
    return Answered(
        rule_label=labels(rule.iri),
        citation=labels(rule.provision),
        provision=cited(rule.provision, labels) or Link(rule.name),
        bearers=_bearers(proof, labels),
        rule_note=rule.note or "",
        verification=labels(rule.verification),
        party=link(answer.party, labels),
        as_of=answer.as_of.isoformat(),
        viewpoint=answer.perspective.viewpoint,
        scenario=answer.perspective.scenario,
        case=case_shown(strongest, labels) if strongest else None,
        looked=looked(proof.looked_for, labels) if proof.looked_for else None,
        others=tuple(_others(answer.cases, shown, labels)),
        text=to_text(proof, reasoner),
        timeline=drawing(lanes, answer.as_of) if lanes else None,
        rows=tuple(rows_of(lanes[0][1], answer.as_of)) if lanes else (),
        compared=_compared(reasoner, answer.perspective, question, transaction, given),
    )


def _bearers(proof: Proof, labels: Labels) -> str:
    rule = proof.answer.rule
    whom = wording.listed([f"the {labels(iri)}" for iri in rule.bearers])
    return f"{labels(rule.deontic).capitalize()} of {whom}" if whom else ""


def _others(cases: Sequence[Assessment], shown: Assessment | None, labels: Labels) -> list[Another]:
    """The other transactions of the party, those that matter most first."""
    rest = [one for one in cases if one is not shown and one.transaction]
    rest.sort(key=lambda one: weightier(one.level, one.outcome))
    return [
        Another(
            called(one.transaction), labels(one.transaction), one.outcome.value, one.level.value
        )
        for one in rest
        if one.transaction
    ]


def _compared(
    reasoner: Reasoner,
    here: Perspective,
    question: Question,
    transaction: str | None,
    given: Parameters,
) -> Mapping[str, Any] | None:
    """The same case from another day, viewpoint or scenario, as ``/compare`` has it."""
    if not set(BESIDE) & given.keys():
        return None
    there = open_perspective(
        reasoner.store,
        given.get("with_viewpoint") or question.viewpoint,
        given.get("with_scenario"),
    )
    other_day = day("with_as_of", given.get("with_as_of") or question.as_of.isoformat())
    found = compare(
        Side(here, question.as_of),
        Side(there, other_day),
        reasoner.law,
        rule=reasoner.law.rule(question.rule),
        party=question.party,
        transaction=transaction,
    )
    return found.to_json()


def show(asks: Requests) -> Response:
    """The page for the request at work; what is wrong with what it asks is said on it."""
    names = (*ASKED, *BESIDE, *COMMON, "format")
    given, today = on_a_day(parameters((), names, _EXAMPLE), ASKED)
    language = language_of(given)
    asked = {name: value for name, value in given.items() if name in (*ASKED, *BESIDE)}
    error: BadInput | NotFound | None = None
    try:
        seen = asks.perform(ShowAssessment(asked, language), given)
    except (BadInput, NotFound) as wrong:
        seen, error = asks.perform(ShowAssessment({}, language), given), wrong
    values = {"given": asked, "address": _addresser(asked), "error": error}
    if error is None:
        return page("pages/assessment.html", seen, today, **values)
    html = render_template("pages/assessment.html", seen=seen, version=seen.version, **values)
    return Response(html, kind_of(error).status, content_type=HTML)


def _addresser(given: Parameters) -> Any:
    """Makes the address of this view with some of its parameters changed; ``None`` leaves one out."""

    def address(path: str = "/assess", /, **changed: str | None) -> str:
        pairs = {name: value for name, value in {**given, **changed}.items() if value}
        return f"{path}?{urlencode(pairs)}"

    return address
