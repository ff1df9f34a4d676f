"""Assessments: what a rule makes of a case, as of a day, on a viewpoint.

What a source reports, what an authority determined and what is inferred stay three things: the
outcome is that of the duty or power itself, and the level says how far the case has come.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from sanctiongraph.law import algebra
from sanctiongraph.law.algebra import Status
from sanctiongraph.law.cases import party_of, transaction_of
from sanctiongraph.law.rules import Condition, Law, Rule, evaluate, tested_by
from sanctiongraph.law.telling import Told
from sanctiongraph.law.truthtable import ACCEPTED, GraphNames, Row, rows
from sanctiongraph.stores.graphstore import GraphStore


class Outcome(Enum):
    """What a rule's status comes to."""

    APPLIES = "applies"
    DOES_NOT_APPLY = "does-not-apply"
    DISPUTED = "disputed"
    UNDETERMINED = "undetermined"


class Level(Enum):
    """How far a case has come.

    Eligible: the facts match, whatever an authority has yet to judge. Determined: the authority
    has judged. Sanctioned: measures are in force that were neither waived nor ended.
    """

    NONE = "none"
    ELIGIBLE = "eligible"
    DETERMINED = "determined"
    SANCTIONED = "sanctioned"


_OUTCOME_OF = {
    Status.ESTABLISHED: Outcome.APPLIES,
    Status.REFUTED: Outcome.DOES_NOT_APPLY,
    Status.DISPUTED: Outcome.DISPUTED,
    Status.UNKNOWN: Outcome.UNDETERMINED,
}
_OUTCOMES_BY_WEIGHT = (
    Outcome.APPLIES,
    Outcome.DISPUTED,
    Outcome.UNDETERMINED,
    Outcome.DOES_NOT_APPLY,
)
_LEVELS_BY_WEIGHT = (Level.SANCTIONED, Level.DETERMINED, Level.ELIGIBLE, Level.NONE)


@dataclass(frozen=True, slots=True)
class Tried:
    """An exception with what came of it; ``iri`` is a rule's or a condition's."""

    iri: str
    status: Status


@dataclass(frozen=True, slots=True)
class Assessment:
    """One rule applied to one case.

    ``statuses`` has every condition of the rule and of its exceptions. ``without_unverified`` is
    the outcome when conditions that nobody checked against any text are left out of account; where
    it differs, the outcome rests on law that is not verified.
    """

    rule: Rule
    case: Mapping[str, str]
    as_of: dt.date
    outcome: Outcome
    level: Level
    statuses: Mapping[str, Status]
    exceptions: tuple[Tried, ...]
    missing: tuple[str, ...]
    without_unverified: Outcome
    in_force: bool = True

    @property
    def party(self) -> str:
        """The party of the case."""
        return party_of(self.rule, self.case)

    @property
    def transaction(self) -> str | None:
        """The transaction of the case, where the rule asks for one."""
        return transaction_of(self.rule, self.case)


def assess(
    store: GraphStore,
    law: Law,
    rule: Rule,
    as_of: dt.date,
    *,
    case: Mapping[str, str] | None = None,
    graphs: GraphNames = ACCEPTED,
    told: Told | None = None,
) -> list[Assessment]:
    """The rule applied to all its cases as of a day, or to those that fit ``case``.

    ``graphs`` are merged into the graph that is looked at, which is not asked again what it
    ``told`` already; an empty list says that the graph has no such case as of the day. Cases come
    in the order of their IRIs.
    """
    if told is None:
        return _assessed(law, rule, as_of, rows(store, law, rule, as_of, case=case, graphs=graphs))

    def every() -> dict[tuple[str, ...], Assessment]:
        found = rows(store, law, rule, as_of, graphs=graphs, told=told)
        return {_values(one): one for one in _assessed(law, rule, as_of, found)}

    known = told.made((law, rule, as_of), law.patterns_of(rule), every)
    if case and case.keys() == set(rule.asks):
        one = known.get(tuple(case[name] for name in rule.asks))
        return [one] if one else []
    given = (case or {}).items()
    return [one for one in known.values() if all(one.case[name] == iri for name, iri in given)]


def _values(one: Assessment) -> tuple[str, ...]:
    return tuple(one.case[name] for name in one.rule.asks)


def _assessed(law: Law, rule: Rule, as_of: dt.date, found: list[Row]) -> list[Assessment]:
    known: dict[tuple[int, bool], Assessment] = {}  # by the statuses that cases share
    assessments = []
    for row in found:
        key = (id(row.statuses), row.sanctioned)
        if key in known:
            assessments.append(replace(known[key], case=row.case))
        else:
            assessments.append(known.setdefault(key, assessed(law, rule, as_of, row)))
    return assessments


def strongest(assessments: list[Assessment]) -> Assessment | None:
    """The assessment that matters most to the party: by level, then by outcome, then as they came."""
    return min(assessments, key=lambda one: weightier(one.level, one.outcome), default=None)


def weightier(level: Level, outcome: Outcome) -> tuple[int, int]:
    """A sort key by which what matters more to a party comes first."""
    return _LEVELS_BY_WEIGHT.index(level), _OUTCOMES_BY_WEIGHT.index(outcome)


def assessed(law: Law, rule: Rule, as_of: dt.date, row: Row) -> Assessment:
    """What a rule makes of one line of its truth table."""
    in_force = in_force_on(rule, as_of)
    outcome, exceptions = _outcome(law, rule, as_of, row.statuses)
    verified = {
        iri: status for iri, status in row.statuses.items() if not law.conditions[iri].unverified
    }
    without_unverified = outcome
    if len(verified) < len(row.statuses):
        without_unverified, _ = _outcome(law, rule, as_of, verified)
    return Assessment(
        rule=rule,
        case=row.case,
        as_of=as_of,
        outcome=outcome,
        level=_level(law, rule, row) if in_force else Level.NONE,
        statuses=row.statuses,
        exceptions=exceptions,
        missing=tuple(
            iri for iri in tested_by(rule.formula) if row.statuses[iri] is not Status.ESTABLISHED
        ),
        without_unverified=without_unverified,
        in_force=in_force,
    )


def in_force_on(rule: Rule, day: dt.date) -> bool:
    """Whether the rule is in force; the day named as its end is no longer in it."""
    text = day.isoformat()
    begun = rule.in_force_from is None or rule.in_force_from <= text
    return begun and (rule.in_force_until is None or text < rule.in_force_until)


def _outcome(
    law: Law, rule: Rule, as_of: dt.date, statuses: Mapping[str, Status]
) -> tuple[Outcome, tuple[Tried, ...]]:
    """The rule applies when its formula holds and none of its exceptions does."""
    if not in_force_on(rule, as_of):
        return Outcome.DOES_NOT_APPLY, ()
    exceptions = tuple(
        Tried(iri, _exception_status(law, iri, as_of, statuses)) for iri in rule.exceptions
    )
    excepted = algebra.any_of(tried.status for tried in exceptions)
    status = algebra.all_of((evaluate(rule.formula, statuses), algebra.negate(excepted)))
    return _OUTCOME_OF[status], exceptions


def _exception_status(law: Law, iri: str, as_of: dt.date, statuses: Mapping[str, Status]) -> Status:
    if iri in law.rules and not in_force_on(law.rules[iri], as_of):
        return Status.REFUTED
    formula = law.exception(iri)
    if not any(condition in statuses for condition in tested_by(formula)):
        return Status.REFUTED  # every condition of it is unverified, and those are left out here
    return evaluate(formula, statuses)


def _level(law: Law, rule: Rule, row: Row) -> Level:
    facts = {
        iri: row.statuses[iri]
        for iri in tested_by(rule.formula)
        if not law.conditions[iri].reserved_to
    }
    on_facts = evaluate(rule.formula, facts) if facts else Status.UNKNOWN
    # A party under measures for one transaction is not so for another that the rule cannot reach.
    if row.sanctioned and on_facts is not Status.REFUTED:
        return Level.SANCTIONED
    if evaluate(rule.formula, row.statuses) is Status.ESTABLISHED:
        return Level.DETERMINED if _reserved(law, rule) else Level.ELIGIBLE
    return Level.ELIGIBLE if on_facts is Status.ESTABLISHED else Level.NONE


def _reserved(law: Law, rule: Rule) -> list[Condition]:
    conditions = (law.conditions[iri] for iri in tested_by(rule.formula))
    return [condition for condition in conditions if condition.reserved_to]
