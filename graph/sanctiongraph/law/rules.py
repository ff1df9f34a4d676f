"""Rules, conditions and formulas as values, read from the graph of the law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from sanctiongraph.errors import BadData, NotFound
from sanctiongraph.law import algebra
from sanctiongraph.law.algebra import Status
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import LAW_GRAPH, PREFIXES, local_name, shorten, term

_UNVERIFIED: Final = term("sg:Unverified").value
_REFUTES: Final = term("sg:Refutes").value
_NIL: Final = PREFIXES["rdf"] + "nil"


@dataclass(frozen=True, slots=True)
class Condition:
    """A named test. Patterns are plain SPARQL graph patterns over the variables of its rule."""

    iri: str
    label: str
    established_by: tuple[str, ...]
    refuted_by: tuple[str, ...]
    absence_refutes: bool
    looks_for: str
    provision: str | None
    verification: str
    reserved_to: tuple[str, ...]
    changed_by: tuple[str, ...]
    note: str | None = None

    @property
    def name(self) -> str:
        """The last part of the IRI."""
        return local_name(self.iri)

    @property
    def unverified(self) -> bool:
        """Whether nobody has checked it against any text."""
        return self.verification == _UNVERIFIED


@dataclass(frozen=True, slots=True)
class Test:
    """A formula that is one condition."""

    condition: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """A formula that holds when all its parts do."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A formula that holds when any of its parts does."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A formula that holds when at least ``number`` of its parts do."""

    number: int
    parts: tuple[Formula, ...]


Formula = Test | AllOf | AnyOf | AtLeast


@dataclass(frozen=True, slots=True)
class Rule:
    """A provision as a rule. ``asks`` names the variables of a case, the party first."""

    iri: str
    label: str
    provision: str
    bearers: tuple[str, ...]
    deontic: str
    asks: tuple[str, ...]
    case_pattern: str
    formula: Formula
    exceptions: tuple[str, ...]
    effects: tuple[str, ...]
    in_force_from: str | None
    in_force_until: str | None
    sanctioned_by: tuple[str, ...]
    verification: str
    delegated_by: tuple[str, ...] = ()
    note: str | None = None

    @property
    def name(self) -> str:
        """The last part of the IRI, by which commands call the rule."""
        return local_name(self.iri)


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """All rules and conditions of a graph, by IRI."""

    rules: Mapping[str, Rule]
    conditions: Mapping[str, Condition]
    _conditions_of: dict[Rule, list[Condition]] = field(default_factory=dict, repr=False)
    _patterns_of: dict[Rule, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def rule(self, name: str) -> Rule:
        """A rule by the last part of its IRI, its short form or its IRI. Raises ``NotFound``."""
        for rule in self.rules.values():
            if name in {rule.name, rule.iri, shorten(rule.iri)}:
                return rule
        offered = ", ".join(sorted(rule.name for rule in self.rules.values())) or "none"
        raise NotFound(f"no rule is named {name!r}; there are: {offered}")

    def conditions_of(self, rule: Rule) -> list[Condition]:
        """The conditions of a rule's formula and of its exceptions', each once, in their order."""
        if rule not in self._conditions_of:
            found = dict.fromkeys(tested_by(rule.formula))
            for exception in rule.exceptions:
                found.update(dict.fromkeys(tested_by(self.exception(exception))))
            self._conditions_of[rule] = [self.conditions[iri] for iri in found]
        return self._conditions_of[rule]

    def patterns_of(self, rule: Rule) -> tuple[str, ...]:
        """All patterns by which a rule's answers go, each once; that of its cases comes first."""
        if rule not in self._patterns_of:
            found = [rule.case_pattern]
            for condition in self.conditions_of(rule):
                found += [*condition.established_by, *condition.refuted_by]
            self._patterns_of[rule] = tuple(dict.fromkeys([*found, *rule.sanctioned_by]))
        return self._patterns_of[rule]

    def exception(self, iri: str) -> Formula:
        """What an exception tests: a condition itself, or the formula of another rule."""
        return Test(iri) if iri in self.conditions else self.rules[iri].formula


def tests(formula: Formula) -> Iterator[str]:
    """The IRIs of a formula's conditions, in their order."""
    if isinstance(formula, Test):
        yield formula.condition
    else:
        for part in formula.parts:
            yield from tests(part)


@lru_cache(maxsize=4096)  # a mass assessment asks for the same few formulas a thousand times
def tested_by(formula: Formula) -> tuple[str, ...]:
    """The IRIs of a formula's conditions, in their order."""
    return tuple(tests(formula))


def evaluate(formula: Formula, statuses: Mapping[str, Status]) -> Status:
    """The status of a formula; a condition that ``statuses`` lacks is left out of account."""
    found = _evaluate(formula, statuses)
    return Status.ESTABLISHED if found is None else found


def _evaluate(formula: Formula, statuses: Mapping[str, Status]) -> Status | None:
    """``None`` where nothing of the formula is in ``statuses``."""
    if isinstance(formula, Test):
        return statuses.get(formula.condition)
    parts = [status for part in formula.parts if (status := _evaluate(part, statuses)) is not None]
    if not parts:
        return None
    if isinstance(formula, AllOf):
        return algebra.all_of(parts)
    if isinstance(formula, AnyOf):
        return algebra.any_of(parts)
    left_out = len(formula.parts) - len(parts)
    return algebra.at_least(max(formula.number - left_out, 0), parts)


def read_law(store: GraphStore) -> Law:
    """The rules and conditions in ``graph/law``.

    Raises ``BadData`` where a rule's formula is not of the form that ``docs/law.md`` describes.
    """
    reader = _Reader(store)
    conditions = {iri: reader.condition(iri) for iri in reader.instances("sg:Condition")}
    rules = {iri: reader.rule(iri) for iri in reader.instances("sg:Rule")}
    for rule in rules.values():
        for iri in tests(rule.formula):
            if iri not in conditions:
                raise BadData(f"{rule.name} tests {shorten(iri)}, which is no sg:Condition")
        for iri in rule.exceptions:
            if iri not in conditions and iri not in rules:
                raise BadData(f"{rule.name} has the exception {shorten(iri)}, which is no rule")
    return Law(rules, conditions)


class _Reader:
    """Reads values of properties from the graph of the law."""

    def __init__(self, store: GraphStore) -> None:
        self._values: dict[tuple[str, str], list[NamedNode | BlankNode | Literal | Triple]] = {}
        for quad in store.quads_for_pattern(None, None, None, LAW_GRAPH):
            key = (str(quad.subject), quad.predicate.value)
            self._values.setdefault(key, []).append(quad.object)

    def instances(self, kind: str) -> list[str]:
        wanted = term(kind)
        return sorted(
            subject.strip("<>")
            for (subject, predicate), objects in self._values.items()
            if predicate == PREFIXES["rdf"] + "type" and wanted in objects
        )

    def condition(self, iri: str) -> Condition:
        return Condition(
            iri=iri,
            label=self._label(iri),
            established_by=self._texts(iri, "sg:establishedBy"),
            refuted_by=self._texts(iri, "sg:refutedBy"),
            absence_refutes=_REFUTES in self._texts(iri, "sg:absence"),
            looks_for=self._one(iri, "sg:looksFor") or self._label(iri),
            provision=self._one(iri, "sg:provision"),
            verification=self._required(iri, "sg:verification"),
            reserved_to=self._texts(iri, "sg:reservedTo"),
            changed_by=self._texts(iri, "sg:changedBy"),
            note=self._one(iri, "skos:scopeNote"),
        )

    def rule(self, iri: str) -> Rule:
        return Rule(
            iri=iri,
            label=self._label(iri),
            provision=self._required(iri, "sg:provision"),
            bearers=self._texts(iri, "sg:bearer"),
            deontic=self._required(iri, "sg:deonticModality"),
            asks=tuple(name.lstrip("?$") for name in self._required(iri, "sg:asks").split()),
            case_pattern=self._required(iri, "sg:casePattern"),
            formula=self._formula(iri),
            exceptions=self._texts(iri, "sg:unless"),
            effects=self._texts(iri, "sg:effect"),
            in_force_from=self._day(iri, "sg:inForceFrom", "sg:earliest"),
            in_force_until=self._day(iri, "sg:inForceUntil", "sg:earliest"),
            sanctioned_by=self._texts(iri, "sg:sanctionedBy"),
            verification=self._required(iri, "sg:verification"),
            delegated_by=self._texts(iri, "sg:delegatedBy"),
            note=self._one(iri, "skos:scopeNote"),
        )

    def _formula(self, iri: str) -> Formula:
        all_of = self._one(iri, "sg:allOf")
        any_of = self._one(iri, "sg:anyOf")
        among = self._one(iri, "sg:among")
        if [all_of, any_of, among].count(None) != 2:
            raise BadData(f"{shorten(iri)} needs one of sg:allOf, sg:anyOf and sg:among")
        if all_of:
            return AllOf(self._parts(all_of))
        if any_of:
            return AnyOf(self._parts(any_of))
        return AtLeast(int(self._required(iri, "sg:atLeast")), self._parts(among or ""))

    def _parts(self, head: str) -> tuple[Formula, ...]:
        parts: list[Formula] = []
        while head != _NIL:
            item = self._required(head, "rdf:first")
            nested = any(self._one(item, name) for name in ("sg:allOf", "sg:anyOf", "sg:among"))
            parts.append(self._formula(item) if nested else Test(item))
            head = self._required(head, "rdf:rest")
        return tuple(parts)

    def _texts(self, iri: str, name: str) -> tuple[str, ...]:
        found = self._values.get((f"<{iri}>", term(name).value), [])
        return tuple(sorted(value.value for value in found if not isinstance(value, Triple)))

    def _one(self, iri: str, name: str) -> str | None:
        found = self._texts(iri, name)
        if len(found) > 1:
            raise BadData(f"{shorten(iri)} has {len(found)} values of {name}: give one")
        return found[0] if found else None

    def _required(self, iri: str, name: str) -> str:
        found = self._one(iri, name)
        if found is None:
            raise BadData(f"{shorten(iri)} has no {name}")
        return found

    def _label(self, iri: str) -> str:
        for value in self._values.get((f"<{iri}>", term("rdfs:label").value), []):
            if isinstance(value, Literal) and value.language in {"en", None}:
                return value.value
        return local_name(iri)

    def _day(self, iri: str, name: str, bound: str) -> str | None:
        node = self._one(iri, name)
        return self._one(node, bound) if node else None
