"""The truth table of a rule: a line a case, an established and a refuted column a condition.

Cases are what the rule's case pattern finds. For given cases one SELECT tests the conditions by
``EXISTS``; for all cases at once each pattern is a query of its own (``fitting``), which costs what
fits it. Both give the same table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
from sanctiongraph.law.fitting import Fitting
from sanctiongraph.law.nesting import nested, with_filters_nested
from sanctiongraph.law.relaxing import as_of_literal
from sanctiongraph.law.rules import Condition, Law, Rule
from sanctiongraph.law.telling import Asked, Told
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import PREFIXES

GraphNames = Sequence[NamedNode | BlankNode | DefaultGraph]

#: The accepted graph alone.
ACCEPTED: GraphNames = (DefaultGraph(),)


@dataclass(frozen=True, slots=True)
class Row:
    """One case of a rule: its variables' values, and the status of each condition by IRI."""

    case: Mapping[str, str]
    statuses: Mapping[str, Status]
    sanctioned: bool


def query(law: Law, rule: Rule, case: Mapping[str, str]) -> str:
    """The SELECT for the cases of a rule; those variables in ``case`` are bound."""
    tests = tested(law, rule)
    variables = " ".join(f"?{name}" for name in rule.asks)
    columns = " ".join(f"?{name}" for name in tests)
    values = " ".join(f"VALUES ?{name} {{ {NamedNode(iri)} }}" for name, iri in case.items())
    cases = with_filters_nested(rule.case_pattern, (*case, "asOf"))
    return (
        f"SELECT {variables} {columns} WHERE {{\n"
        f"{{ SELECT DISTINCT {variables} WHERE {{ {values} {cases} }} }}\n"
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
    told: Told | None = None,
) -> list[Row]:
    """The truth table of a rule as of a day, over the merged ``graphs``.

    Of all cases; or of those that fit ``case``. What is in ``told`` already is not asked again, where
    it is about all. Raises ``BadData`` where a pattern of the rule is no SPARQL.
    """
    if not case:

        def ask(asked: Asked) -> list[tuple[str, ...]]:
            found = solutions(store, rule, asked.text, graphs)
            return [tuple([_iri(solution[name]) for name in asked.names]) for solution in found]

        fitting = Fitting(rule, as_of, ask, told or Told())
        return _all_rows(law, rule, fitting)
    text = bind(query(law, rule, case), {"asOf": as_of_literal(as_of)})
    conditions = law.conditions_of(rule)
    return [row(rule, conditions, solution) for solution in solutions(store, rule, text, graphs)]


def _all_rows(law: Law, rule: Rule, fitting: Fitting) -> list[Row]:
    """The truth table of all cases: who fits each pattern, then who is in which column.

    Cases that fit the same patterns share one mapping of statuses.
    """
    for index, (_, patterns) in enumerate(columns_of(law, rule)):
        for pattern in patterns:
            fitting.mark(1 << index, pattern)
    line = line_of(law, rule)
    known: dict[int, Row] = {}
    lines = []
    for values in fitting.cases():
        case = dict(zip(rule.asks, values, strict=True))
        marks = fitting.marks(values)
        if marks not in known:
            known[marks] = line(marks)
        lines.append(Row(case, known[marks].statuses, known[marks].sanctioned))
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
