"""The page of scenarios: what follows for whom if options are taken or triples are supposed.

The options and whatever is written become one scenario, in the form of ``docs/scenarios.md``; what
is worked out is what ``/compare`` works out between it and things as they are, and the exposure
that ``/options`` counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Response, render_template, request

from sanctiongraph.compare import Side, compare
from sanctiongraph.errors import BadData, BadInput, BadParameter, NotFound
from sanctiongraph.exposure import Exposure, Exposures
from sanctiongraph.given import day
from sanctiongraph.labels import Labels
from sanctiongraph.perspective import open_perspective, suppose
from sanctiongraph.scenario import Scenario, scenario, scenario_text
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.viewpoints import SOURCES
from sanctiongraph.vocabulary import PREFIXES, called
from sanctiongraph_server.linked.offers import HTML
from sanctiongraph_server.pages.choices import Choices, choices
from sanctiongraph_server.pages.differences import Change, alike
from sanctiongraph_server.pages.languages import COMMON, language_of
from sanctiongraph_server.pages.proofs import Link, link
from sanctiongraph_server.pages.showing import page
from sanctiongraph_server.parameters import Parameters, on_a_day
from sanctiongraph_server.performing import Requests
from sanctiongraph_server.problems import kind_of
from sanctiongraph_server.tasks import Opened, Seen, seen_of

OPTION: Final = "option"
TEXT: Final = "suppose"
TAKEN: Final = (TEXT, "as_of", "viewpoint")
#: In the IRI of the scenario that an address describes: see ``scenario_text``.
_GIVEN: Final = "given"
_LINE: Final = re.compile(r"\bline (\d+)")


@dataclass(frozen=True, slots=True)
class Exposed:
    """A party that stands worse under a rule: from what to what, and what is not established."""

    party: Link
    party_name: str
    rule: str
    rule_label: str
    transactions: tuple[str, ...]
    before: str
    after: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Supposed:
    """What comes of a scenario. ``named`` is its name if it is one of the graph's."""

    label: str
    definition: str
    named: str | None
    compared: int
    changes: tuple[Change, ...]
    exposed: tuple[Exposed, ...]


@dataclass(frozen=True, slots=True)
class ScenarioPage(Seen):
    """The form with what can be chosen, and what comes of what was, if anything was."""

    choices: Choices
    supposed: Supposed | None = None


@dataclass(frozen=True, slots=True)
class ShowScenario:
    """The page for some options and a text."""

    options: tuple[str, ...]
    given: Parameters
    language: str

    def perform(self, opened: Opened) -> ScenarioPage:
        """See ``tasks.Task``. Raises ``BadData`` and ``NotFound`` as ``scenario_text`` does."""
        offered = choices(opened, self.language)
        seen = ScenarioPage(*seen_of(opened), offered)
        text = self.given.get(TEXT, "")
        if not self.options and not text.strip():
            return seen
        chosen = described(opened.store, self.options, text)
        return replace(seen, supposed=self._supposed(opened, chosen, offered))

    def _supposed(self, opened: Opened, chosen: Scenario, offered: Choices) -> Supposed:
        law, given = opened.reasoner().law, self.given
        as_of = day("as_of", given.get("as_of"))
        base = open_perspective(opened.store, given.get("viewpoint", SOURCES))
        there = suppose(base, chosen)
        before = Exposures.of(base, law, as_of)
        sides = Side(base, as_of), Side(there, as_of)
        found = compare(*sides, law, causes=False)
        exposed = before.new(there)
        labels = Labels(there.store, self.language)
        written = bool(given.get(TEXT, "").strip())
        parts = [one.label for one in offered.scenarios if one.value in self.options]
        return Supposed(
            label=" and ".join([*parts, *(["what is written"] if written else [])]),
            definition=chosen.definition,
            named=chosen.name if len(self.options) == 1 and not written else None,
            compared=found.compared,
            changes=tuple(alike(found.differences, law, labels)),
            exposed=tuple(_exposed(exposed, labels)),
        )


def described(store: GraphStore, options: Iterable[str], text: str) -> Scenario:
    """One scenario of options of the store and of what a text supposes.

    Prefixes need not be declared in the text. Raises as ``scenario_text`` does.
    """
    iris = [scenario(store, name).iri for name in options]
    if len(iris) == 1 and not text.strip():
        return scenario(store, iris[0])
    head = " ".join(f"@prefix {name}: <{iri}> ." for name, iri in PREFIXES.items())
    if iris:
        extended = ", ".join(f"<{iri}>" for iri in iris)
        about = f"scenario:{_GIVEN} a sg:Scenario ; sg:extends {extended}"
        head += f" graph:scenarios {{ {about} }}"
    try:
        return scenario_text(f"{head}\n{text}", store, name=_GIVEN)
    except BadData as error:  # whoever wrote the text counts its lines without the one before
        raise BadData(_LINE.sub(lambda one: f"line {int(one[1]) - 1}", str(error))) from error


def _exposed(exposures: tuple[Exposure, ...], labels: Labels) -> list[Exposed]:
    alike: dict[tuple[Any, ...], list[str]] = {}
    for one in exposures:
        key = (one.party, one.rule, one.before, one.after, one.missing)
        alike.setdefault(key, []).extend([one.transaction] if one.transaction else [])
    return [
        Exposed(
            party=link(party, labels),
            party_name=called(party),
            rule=called(rule).rpartition(":")[2],
            rule_label=labels(rule),
            transactions=tuple(map(labels, transactions)),
            before=before.value,
            after=after.value,
            missing=tuple(map(labels, missing)),
        )
        for (party, rule, before, after, missing), transactions in alike.items()
    ]


def show(asks: Requests) -> Response:
    """The page for the request at work; what is wrong with a scenario is said on it."""
    options, given = _given()
    language = language_of(given)
    given, today = on_a_day(given, TAKEN)
    day("as_of", given["as_of"])
    error: BadInput | NotFound | None = None
    try:
        seen = asks.perform(ShowScenario(options, given, language), given)
    except (BadInput, NotFound) as wrong:
        seen, error = asks.perform(ShowScenario((), {}, language), given), wrong
    values = {"options": options, "given": given, "error": error}
    if error is None:
        return page("pages/scenarios.html", seen, today, **values)
    html = render_template("pages/scenarios.html", seen=seen, version=seen.version, **values)
    return Response(html, kind_of(error).status, content_type=HTML)


def _given() -> tuple[tuple[str, ...], Parameters]:
    """The options, of which there may be several, and the other parameters. Raises ``BadParameter``."""
    for name in request.args:
        if name not in {OPTION, *TAKEN, *COMMON}:
            known = ", ".join((OPTION, *TAKEN))
            raise BadParameter(f"there is no parameter {name!r}; there are: {known}")
        if name != OPTION and len(request.args.getlist(name)) > 1:
            raise BadParameter(f"{name} is given more than once")
    options = tuple(dict.fromkeys(filter(None, request.args.getlist(OPTION))))
    given = {name: value for name, value in request.args.items() if value and name != OPTION}
    return options, given
