"""One SELECT a rule gives the truth table of all its cases: an established and a refuted column a
condition. Cases are what the rule's case pattern finds; conditions are tested by ``EXISTS`` over
plain patterns, so a million cases are one run in whatever store holds the data.
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
                columns[f"{letter}{index}"] = _exists(patterns)
    if rule.sanctioned_by:
        columns["sanctioned"] = _exists(rule.sanctioned_by)
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
    text = bind(query(law, rule, case or {}), {"asOf": as_of_literal(as_of)})
    conditions = law.conditions_of(rule)
    return [row(rule, conditions, solution) for solution in solutions(store, rule, text, graphs)]


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

    def true(column: str) -> bool:
        cell = solution[column]
        return isinstance(cell, Literal) and cell.value == "true"

    statuses = {
        condition.iri: _status(
            condition,
            established=bool(condition.established_by) and true(f"e{index}"),
            refuted=bool(condition.refuted_by) and true(f"r{index}"),
        )
        for index, condition in enumerate(conditions)
    }
    values = {name: _iri(solution[name]) for name in rule.asks}
    return Row(values, statuses, bool(rule.sanctioned_by) and true("sanctioned"))


def _status(condition: Condition, *, established: bool, refuted: bool) -> Status:
    """Not found counts as refuted only where the condition says that its absence would be seen."""
    if condition.absence_refutes and not established:
        return Status.REFUTED
    return of(established, refuted)


def _exists(patterns: Sequence[str]) -> str:
    return " || ".join(f"EXISTS {{ {pattern} }}" for pattern in patterns)


def _iri(cell: object) -> str:
    return cell.value if isinstance(cell, NamedNode | BlankNode | Literal) else ""
