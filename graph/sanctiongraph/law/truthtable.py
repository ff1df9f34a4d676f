"""The truth table of a rule: a line a case, an established and a refuted column a condition.

Cases are what the rule's case pattern finds. For given cases one SELECT tests the conditions by
``EXISTS``; for all cases at once each pattern is a query of its own, since the store would scan
for every case (``joins``). Both give the same table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    QuerySolution,
    QuerySolutions,
)

from sanctiongraph.binding import bind
from sanctiongraph.errors import BadData
from sanctiongraph.law.algebra import Status, of
from sanctiongraph.law.joins import bound, joined, variables
from sanctiongraph.law.nesting import nested
from sanctiongraph.law.rules import Condition, Law, Rule
from sanctiongraph.law.stages import staged
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import PREFIXES, term

GraphNames = Sequence[NamedNode | BlankNode | DefaultGraph]

#: The accepted graph alone.
ACCEPTED: GraphNames = (DefaultGraph(),)


@dataclass(frozen=True, slots=True)
class Row:
    """One case of a rule: its variables' values, and the status of each condition by IRI."""

    case: Mapping[str, str]
    statuses: Mapping[str, Status]
    sanctioned: bool


def as_of_literal(day: dt.date) -> Literal:
    """The term for ``$asOf`` in the patterns of rules."""
    return Literal(day.isoformat(), datatype=term("xsd:date"))


def query(law: Law, rule: Rule, case: Mapping[str, str]) -> str:
    """The SELECT for the cases of a rule; those variables in ``case`` are bound."""
    tests = tested(law, rule)
    variables = " ".join(f"?{name}" for name in rule.asks)
    columns = " ".join(f"?{name}" for name in tests)
    values = " ".join(f"VALUES ?{name} {{ {NamedNode(iri)} }}" for name, iri in case.items())
    return (
        f"SELECT {variables} {columns} WHERE {{\n"
        f"{{ SELECT DISTINCT {variables} WHERE {{ {values} {rule.case_pattern} }} }}\n"
        + "\n".join(f"BIND({test} AS ?{name})" for name, test in tests.items())
        + f"\n}} ORDER BY {variables}"
    )


def tested(law: Law, rule: Rule) -> dict[str, str]:
    """The columns of a rule's truth table, and the expression for each once a case is bound."""
    return {name: _exists(rule, patterns) for name, patterns in columns_of(law, rule)}


def rows(
    store: GraphStore,
    law: Law,
    rule: Rule,
    as_of: dt.date,
    *,
    case: Mapping[str, str] | None = None,
    graphs: GraphNames = ACCEPTED,
) -> list[Row]:
    """The truth table of a rule as of a day, over the merged ``graphs``.

    Raises ``BadData`` where a pattern of the rule is no SPARQL.
    """
    if not case:
        return _all_rows(store, law, rule, as_of, graphs)
    text = bind(query(law, rule, case), {"asOf": as_of_literal(as_of)})
    conditions = law.conditions_of(rule)
    return [row(rule, conditions, solution) for solution in solutions(store, rule, text, graphs)]


def _all_rows(
    store: GraphStore, law: Law, rule: Rule, as_of: dt.date, graphs: GraphNames
) -> list[Row]:
    """The truth table of all cases: who fits each pattern, then who is in which column.

    Cases that fit the same patterns share one mapping of statuses.
    """
    table = _Table(store, rule, as_of, graphs)
    for index, (_, patterns) in enumerate(columns_of(law, rule)):
        for pattern in patterns:
            table.mark(1 << index, pattern)
    line = line_of(law, rule)
    known: dict[int, Row] = {}
    lines = []
    for case in table.cases():
        marks = table.marks(case)
        if marks not in known:
            known[marks] = line(marks)
        lines.append(replace(known[marks], case=dict(zip(rule.asks, case, strict=True))))
    return lines


def columns_of(law: Law, rule: Rule) -> list[tuple[str, tuple[str, ...]]]:
    """The columns of a rule's truth table, each with the patterns of which one has to match."""
    return _columns(rule, law.conditions_of(rule))


def _columns(rule: Rule, conditions: Sequence[Condition]) -> list[tuple[str, tuple[str, ...]]]:
    columns = [
        (f"{letter}{index}", patterns)
        for index, condition in enumerate(conditions)
        for letter, patterns in (("e", condition.established_by), ("r", condition.refuted_by))
        if patterns
    ]
    return columns + ([("sanctioned", rule.sanctioned_by)] if rule.sanctioned_by else [])


def line_of(law: Law, rule: Rule) -> Callable[[int], Row]:
    """What makes the line for cases that fit the columns whose bits are set; it names no case."""
    conditions = law.conditions_of(rule)
    names = [name for name, _ in columns_of(law, rule)]

    def line(marks: int) -> Row:
        cells = {name: bool(marks >> index & 1) for index, name in enumerate(names)}
        return Row({}, *_read(rule, conditions, cells))

    return line


class _Table:
    """Asks the patterns of a rule for all cases at once.

    What fits a pattern gets its mark: a bit, kept by the variables of a case that the pattern
    looks at and their values. So a pattern costs what fits it, however many cases there are.
    """

    def __init__(self, store: GraphStore, rule: Rule, as_of: dt.date, graphs: GraphNames) -> None:
        self._store, self._rule, self._graphs = store, rule, graphs
        self._day = str(as_of_literal(as_of))
        self._marks: dict[tuple[int, ...], dict[tuple[str, ...], int]] = {}

    def cases(self) -> list[tuple[str, ...]]:
        """All cases, in the order of their terms."""
        return self._values(_of_cases(self._rule.case_pattern, self._rule.asks))

    def mark(self, bit: int, pattern: str) -> None:
        """Sets the bit for whatever the pattern matches."""
        asked = _of_fitting(pattern, self._rule.case_pattern, self._rule.asks)
        at = tuple(self._rule.asks.index(name) for name in asked.names)
        marks = self._marks.setdefault(at, {})
        for values in self._values(asked):
            marks[values] = marks.get(values, 0) | bit

    def marks(self, case: tuple[str, ...]) -> int:
        """The bits of a case."""
        found = 0
        for at, marks in self._marks.items():
            found |= marks.get(tuple([case[i] for i in at]), 0)
        return found

    def _values(self, asked: _Asked) -> list[tuple[str, ...]]:
        text = asked.text.replace(_NO_DAY, self._day)
        found = solutions(self._store, self._rule, text, self._graphs)
        return [tuple([_iri(solution[name]) for name in asked.names]) for solution in found]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A SELECT for values of some variables of a case, with ``_NO_DAY`` in the place of the day."""

    names: tuple[str, ...]
    text: str

    @classmethod
    def of(cls, names: Sequence[str], where: str, tail: str = "") -> _Asked:
        variables = _listed(names) or "(1 AS ?found)"
        return cls(tuple(names), f"SELECT DISTINCT {variables} WHERE {{ {where} }}{tail}")


@lru_cache(maxsize=4096)  # patterns are those of the law: some hundreds
def _of_cases(case_pattern: str, asks: tuple[str, ...]) -> _Asked:
    """What gives all cases, in the order of their terms."""
    return _Asked.of(asks, _cases(case_pattern, asks), f" ORDER BY {_listed(asks)}")


@lru_cache(maxsize=4096)
def _of_fitting(pattern: str, case_pattern: str, asks: tuple[str, ...]) -> _Asked:
    """What gives the values of those variables that a pattern looks at for which it matches."""
    pattern = _without_day(pattern)
    names = [name for name in asks if name in variables(pattern)]
    try:
        own = bound(pattern)
    except BadData:  # more than triples and filters: asked as it is, case by case
        where = f"{_one_of(case_pattern, asks, asks)} FILTER EXISTS {{ {pattern} }}"
        return _Asked.of(asks, where)
    if own.issuperset(names):
        where = staged(pattern, frozenset(names))
    else:
        where = f"{_one_of(case_pattern, asks, names)} {joined(pattern, frozenset(names))}"
    return _Asked.of(names, where, "" if names else " LIMIT 1")  # the same for every case


def _one_of(case_pattern: str, asks: tuple[str, ...], names: Sequence[str]) -> str:
    return f"{{ SELECT DISTINCT {_listed(names)} WHERE {{ {_cases(case_pattern, asks)} }} }}"


def _cases(case_pattern: str, asks: tuple[str, ...]) -> str:
    pattern = _without_day(case_pattern)
    try:
        return staged(pattern, frozenset(asks))
    except BadData:
        return pattern


#: Stands for the day, so that a pattern is made ready once and then asked for any day.
_NO_DAY: Final = str(Literal("as of", datatype=term("xsd:date")))


def _without_day(pattern: str) -> str:
    return bind(pattern, {"asOf": Literal("as of", datatype=term("xsd:date"))})


def _listed(names: Iterable[str]) -> str:
    return " ".join(f"?{name}" for name in names)


def solutions(store: GraphStore, rule: Rule, text: str, graphs: GraphNames) -> QuerySolutions:
    """The answer to a SELECT made from a rule's patterns; ``BadData`` where they do not parse."""
    try:
        found = store.query(text, prefixes=PREFIXES, default_graph=list(graphs))
    except SyntaxError as error:
        raise BadData(f"{rule.name}: a pattern does not parse: {error}") from error
    if not isinstance(found, QuerySolutions):
        raise BadData(f"{rule.name}: no truth table")
    return found


def row(
    rule: Rule, conditions: Sequence[Condition], solution: QuerySolution | Mapping[str, Any]
) -> Row:
    """One line of the truth table; ``conditions`` are those of the rule and its exceptions."""
    cells = {name: is_true(solution[name]) for name, _ in _columns(rule, conditions)}
    statuses, sanctioned = _read(rule, conditions, cells)
    return Row({name: _iri(solution[name]) for name in rule.asks}, statuses, sanctioned)


def _read(
    rule: Rule, conditions: Sequence[Condition], cells: Mapping[str, bool]
) -> tuple[dict[str, Status], bool]:
    """The statuses that a line's cells come to, and whether measures are in force."""
    statuses = {
        condition.iri: _status(
            condition,
            established=bool(condition.established_by) and cells[f"e{index}"],
            refuted=bool(condition.refuted_by) and cells[f"r{index}"],
        )
        for index, condition in enumerate(conditions)
    }
    return statuses, bool(rule.sanctioned_by) and cells["sanctioned"]


def is_true(cell: object) -> bool:
    """Whether a cell of a table is true."""
    # Stores there are that have numbers for truth values.
    return isinstance(cell, Literal) and cell.value in {"true", "1"}


def _status(condition: Condition, *, established: bool, refuted: bool) -> Status:
    """Not found counts as refuted only where the condition says that its absence would be seen."""
    if condition.absence_refutes and not established:
        return Status.REFUTED
    return of(established, refuted)


def _exists(rule: Rule, patterns: Sequence[str]) -> str:
    bound = (*rule.asks, "asOf")
    return " || ".join(f"EXISTS {{ {nested(pattern, bound)} }}" for pattern in patterns)


def _iri(cell: object) -> str:
    return cell.value if isinstance(cell, NamedNode | BlankNode | Literal) else ""
