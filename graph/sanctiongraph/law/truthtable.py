"""The truth table of a rule: a line a case, an established and a refuted column a condition.

Cases are what the rule's case pattern finds. For given cases one SELECT tests the conditions by
``EXISTS``; for all cases at once each pattern is a query of its own, since the store would scan
for every case (``joins``). Both give the same table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    QuerySolution,
    QuerySolutions,
    Store,
)

from sanctiongraph.binding import bind
from sanctiongraph.errors import BadData
from sanctiongraph.law.algebra import Status, of
from sanctiongraph.law.joins import bound, joined, variables
from sanctiongraph.law.nesting import nested
from sanctiongraph.law.rules import Condition, Law, Rule
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
    columns = {}
    for index, condition in enumerate(law.conditions_of(rule)):
        for letter, patterns in (("e", condition.established_by), ("r", condition.refuted_by)):
            if patterns:
                columns[f"{letter}{index}"] = _exists(rule, patterns)
    if rule.sanctioned_by:
        columns["sanctioned"] = _exists(rule, rule.sanctioned_by)
    return columns


def rows(
    store: Store,
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


def _all_rows(store: Store, law: Law, rule: Rule, as_of: dt.date, graphs: GraphNames) -> list[Row]:
    """The truth table of all cases: who fits each pattern, then who is in which column.

    Cases that fit the same patterns share one mapping of statuses.
    """
    table = _Table(store, rule, as_of, graphs)
    conditions = law.conditions_of(rule)
    columns = [
        (f"{letter}{index}", patterns)
        for index, condition in enumerate(conditions)
        for letter, patterns in (("e", condition.established_by), ("r", condition.refuted_by))
        if patterns
    ] + ([("sanctioned", rule.sanctioned_by)] if rule.sanctioned_by else [])
    names = [name for name, _ in columns]
    cases = table.cases()
    found = [table.column(patterns, cases) for _, patterns in columns]
    known: dict[tuple[bool, ...], tuple[Mapping[str, Status], bool]] = {}
    lines = []
    for case, *cells in zip(cases, *found, strict=True):
        vector = tuple(cells)
        if vector not in known:
            known[vector] = _read(rule, conditions, dict(zip(names, vector, strict=True)))
        statuses, sanctioned = known[vector]
        values = dict(zip(rule.asks, (_iri(cell) for cell in case), strict=True))
        lines.append(Row(values, statuses, sanctioned))
    return lines


class _Table:
    """Asks the patterns of a rule for all cases at once."""

    def __init__(self, store: Store, rule: Rule, as_of: dt.date, graphs: GraphNames) -> None:
        self._store, self._rule, self._graphs = store, rule, graphs
        self._as_of = {"asOf": as_of_literal(as_of)}
        self._cases = _or_as_it_is(bind(rule.case_pattern, self._as_of))
        self._known: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}

    def cases(self) -> list[tuple[Any, ...]]:
        """All cases, in the order of their terms."""
        names = " ".join(f"?{name}" for name in self._rule.asks)
        return self._ask(self._rule.asks, self._cases, f" ORDER BY {names}")

    def column(self, patterns: Sequence[str], cases: Sequence[tuple[Any, ...]]) -> list[bool]:
        """Whether any of the patterns matches, case by case."""
        column = [False] * len(cases)
        for pattern in patterns:
            names, fitting = self._fitting(bind(pattern, self._as_of))
            at = [self._rule.asks.index(name) for name in names]
            if len(at) == 1:
                only, one = at[0], {key for (key,) in fitting}
                column = [was or case[only] in one for was, case in zip(column, cases, strict=True)]
            else:
                column = [
                    was or tuple(case[i] for i in at) in fitting
                    for was, case in zip(column, cases, strict=True)
                ]
        return column

    def _fitting(self, pattern: str) -> tuple[list[str], set[tuple[Any, ...]]]:
        """The variables of a case that a pattern looks at, and their values for which it matches."""
        try:
            own = bound(pattern)
        except BadData:  # more than triples and filters: asked as it is, case by case
            where = f"{{ SELECT DISTINCT {self._asked()} WHERE {{ {self._cases} }} }}"
            return list(self._rule.asks), set(
                self._ask(self._rule.asks, f"{where} FILTER EXISTS {{ {pattern} }}")
            )
        names = [name for name in self._rule.asks if name in variables(pattern)]
        if own.issuperset(names):
            where = joined(pattern)
        else:
            asked = " ".join(f"?{name}" for name in names)
            cases = f"{{ SELECT DISTINCT {asked} WHERE {{ {self._cases} }} }} "
            where = cases + joined(pattern, frozenset(names))
        if not names:  # the same for every case
            return [], {()} if self._ask((), where, " LIMIT 1") else set()
        return names, set(self._ask(names, where))

    def _asked(self) -> str:
        return " ".join(f"?{name}" for name in self._rule.asks)

    def _ask(self, names: Sequence[str], where: str, tail: str = "") -> list[tuple[Any, ...]]:
        asked = " ".join(f"?{name}" for name in names) or "(1 AS ?found)"
        text = f"SELECT DISTINCT {asked} WHERE {{ {where} }}{tail}"
        found = solutions(self._store, self._rule, text, self._graphs)
        return [tuple(solution[name] for name in names) for solution in found]


def _or_as_it_is(pattern: str) -> str:
    try:
        return joined(pattern)
    except BadData:
        return pattern


def solutions(store: Store, rule: Rule, text: str, graphs: GraphNames) -> QuerySolutions:
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
    columns = [f"{letter}{index}" for index, condition in enumerate(conditions)
               for letter, patterns in (("e", condition.established_by), ("r", condition.refuted_by))
               if patterns] + ["sanctioned"] * bool(rule.sanctioned_by)  # fmt: skip
    cells = {name: _true(solution[name]) for name in columns}
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


def _true(cell: object) -> bool:
    return isinstance(cell, Literal) and cell.value == "true"


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
