"""One SELECT a rule gives the truth table of all its cases: an established and a refuted column a
condition. Cases are what the rule's case pattern finds; conditions are tested by ``EXISTS`` over
plain patterns, so a million cases are one run in whatever store holds the data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
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
    columns = []
    binds = []
    for index, condition in enumerate(law.conditions_of(rule)):
        for letter, patterns in (("e", condition.established_by), ("r", condition.refuted_by)):
            if patterns:
                columns.append(f"?{letter}{index}")
                binds.append(f"BIND({_exists(patterns)} AS ?{letter}{index})")
    if rule.sanctioned_by:
        columns.append("?sanctioned")
        binds.append(f"BIND({_exists(rule.sanctioned_by)} AS ?sanctioned)")
    variables = " ".join(f"?{name}" for name in rule.asks)
    values = " ".join(f"VALUES ?{name} {{ {NamedNode(iri)} }}" for name, iri in case.items())
    return (
        f"SELECT {variables} {' '.join(columns)} WHERE {{\n"
        f"{{ SELECT DISTINCT {variables} WHERE {{ {values} {rule.case_pattern} }} }}\n"
        + "\n".join(binds)
        + f"\n}} ORDER BY {variables}"
    )


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
    try:
        found = store.query(text, prefixes=PREFIXES, default_graph=list(graphs))
    except SyntaxError as error:
        raise BadData(f"{rule.name}: a pattern does not parse: {error}") from error
    if not isinstance(found, QuerySolutions):
        raise BadData(f"{rule.name}: no truth table")
    conditions = law.conditions_of(rule)
    answers = []
    for solution in found:

        def true(column: str, solution: object = solution) -> bool:
            cell = solution[column]  # type: ignore[index]
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
        answers.append(Row(values, statuses, bool(rule.sanctioned_by) and true("sanctioned")))
    return answers


def _status(condition: Condition, *, established: bool, refuted: bool) -> Status:
    """Not found counts as refuted only where the condition says that its absence would be seen."""
    if condition.absence_refutes and not established:
        return Status.REFUTED
    return of(established, refuted)


def _exists(patterns: Sequence[str]) -> str:
    return " || ".join(f"EXISTS {{ {pattern} }}" for pattern in patterns)


def _iri(cell: object) -> str:
    return cell.value if isinstance(cell, NamedNode | BlankNode | Literal) else ""
