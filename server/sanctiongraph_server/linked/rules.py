"""Rules and conditions as pages show them: formulas unfolded, and the patterns of each condition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from sanctiongraph.law.rules import AllOf, AnyOf, AtLeast, Condition, Formula, Law, Rule, Test
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import local_name
from sanctiongraph_server.linked.outcomes import Outcome, current, outcomes_under
from sanctiongraph_server.linked.values import Value, Values

#: How far something was checked, as a name for the stylesheet.
_SLUGS: Final = {
    "PrimaryText": "primary",
    "SecondarySource": "secondary",
    "PartlyVerified": "partly",
    "Unverified": "unverified",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a part of the law was checked against its text."""

    value: Value
    slug: str


@dataclass(frozen=True, slots=True)
class ConditionShown:
    """A condition with the patterns that it is tested by."""

    thing: Value
    mark: Mark | None
    provision: Value | None
    reserved_to: tuple[Value, ...]
    absence_refutes: bool
    looks_for: str
    note: str
    established_by: tuple[str, ...]
    refuted_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormulaShown:
    """A condition, or parts under words such as "all of"."""

    words: str
    condition: ConditionShown | None
    parts: tuple[FormulaShown, ...]


@dataclass(frozen=True, slots=True)
class ExceptionShown:
    """What saves a party from a rule."""

    thing: Value
    formula: FormulaShown


@dataclass(frozen=True, slots=True)
class RuleShown:
    """A rule, and what it makes of the cases: those of now, or of all times."""

    thing: Value
    name: str
    provision: Value
    deontic: Value
    bearers: tuple[Value, ...]
    delegated_by: tuple[Value, ...]
    effects: tuple[Value, ...]
    in_force_from: str
    in_force_until: str
    mark: Mark | None
    note: str
    formula: FormulaShown
    exceptions: tuple[ExceptionShown, ...]
    outcomes: tuple[Outcome, ...]


class RuleReading:
    """Reads the rules of a law over a store, for pages."""

    def __init__(self, store: GraphStore, law: Law, values: Values) -> None:
        self._store = store
        self._law = law
        self._values = values

    def rule(self, rule: Rule, every: bool = False) -> RuleShown:
        """A rule with the outcomes of now, or ``every`` outcome of all times."""
        found = outcomes_under(self._store, self._values, NamedNode(rule.iri))
        return RuleShown(
            thing=self._values.named(rule.iri),
            name=rule.name,
            provision=self._values.named(rule.provision),
            deontic=self._values.named(rule.deontic),
            bearers=self._named(rule.bearers),
            delegated_by=self._named(rule.delegated_by),
            effects=self._named(rule.effects),
            in_force_from=rule.in_force_from or "",
            in_force_until=rule.in_force_until or "",
            mark=self.mark(rule.verification),
            note=rule.note or "",
            formula=self._formula(rule.formula),
            exceptions=tuple(
                ExceptionShown(self._values.named(iri), self._formula(self._law.exception(iri)))
                for iri in rule.exceptions
            ),
            outcomes=found if every else current(found),
        )

    def _formula(self, formula: Formula) -> FormulaShown:
        match formula:
            case Test(condition):
                return FormulaShown("", self.condition(self._law.conditions[condition]), ())
            case AllOf(parts):
                words = "all of"
            case AnyOf(parts):
                words = "any of"
            case AtLeast(number, parts):
                words = f"at least {number} of"
        return FormulaShown(words, None, tuple(map(self._formula, parts)))

    def condition(self, one: Condition) -> ConditionShown:
        """A condition with its patterns."""
        return ConditionShown(
            thing=self._values.named(one.iri),
            mark=self.mark(one.verification),
            provision=self._values.named(one.provision) if one.provision else None,
            reserved_to=self._named(one.reserved_to),
            absence_refutes=one.absence_refutes,
            looks_for=one.looks_for,
            note=one.note or "",
            established_by=tuple(map(_indented, one.established_by)),
            refuted_by=tuple(map(_indented, one.refuted_by)),
        )

    def testing(self, condition: str) -> tuple[Value, ...]:
        """The rules that test a condition."""
        return self._named(
            rule.iri
            for rule in self._law.rules.values()
            if any(one.iri == condition for one in self._law.conditions_of(rule))
        )

    def with_exception(self, exception: str) -> tuple[Value, ...]:
        """The rules that an exception saves from."""
        return self._named(
            rule.iri for rule in self._law.rules.values() if exception in rule.exceptions
        )

    def _named(self, iris: Iterable[str]) -> tuple[Value, ...]:
        return tuple(map(self._values.named, iris))

    def mark(self, iri: str | None) -> Mark | None:
        """How far something was checked; ``None`` where nothing says so."""
        if not iri:
            return None
        return Mark(self._values.named(iri), _SLUGS.get(local_name(iri), "unknown"))


def _indented(pattern: str) -> str:
    lines = [line.strip() for line in pattern.strip().splitlines()]
    return "\n".join(line for line in lines if line)
