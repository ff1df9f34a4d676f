"""What follows from the axioms, in tables: rounds of joins, each from what the round before found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from sanctiongraph.bulk.kinds import Kind, kind_of
from sanctiongraph.bulk.tables import Tables
from sanctiongraph.entailment import Rule as Axiom
from sanctiongraph.matching import Terms, pattern


@dataclass(frozen=True, slots=True)
class _Step:
    premises: tuple[Terms, ...]
    conclusion: Terms


def close(tables: Tables, axioms: Iterable[Axiom]) -> None:
    """Adds all that follows from the triples in the tables by these axioms."""
    steps: dict[Kind, list[_Step]] = {}
    for axiom in axioms:
        premises = tuple(pattern(text) for text in axiom.premises.split(" . "))
        step = _Step(premises, pattern(axiom.conclusion))
        steps.setdefault(kind_of(step.conclusion), []).append(step)
    fresh = set(tables.filled)
    number = 0
    while fresh:
        found = {kind: _conclude(tables, kind, some, fresh, number) for kind, some in steps.items()}
        fresh = {kind for kind, count in found.items() if count}
        tables.filled |= fresh
        number += 1


def _conclude(
    tables: Tables, kind: Kind, steps: Sequence[_Step], fresh: set[Kind], number: int
) -> int:
    """Adds what the steps find when one premise is of the last round; returns how much that is."""
    selects = [
        _select(tables, step, at, number)
        for step in steps
        for at, premise in enumerate(step.premises)
        if kind_of(premise) in fresh
    ]
    if not selects:
        return 0
    name, ends = tables.name(kind), "s" if kind.of_class else "s, o"
    ((count,),) = tables.run(
        f"INSERT INTO {name} SELECT DISTINCT {ends}, {number + 1} FROM "
        f"({' UNION ALL '.join(selects)}) AS found ANTI JOIN {name} USING ({ends})"
    )
    return int(count)


def _select(tables: Tables, step: _Step, last: int, number: int) -> str:
    columns: dict[str, str] = {}
    conditions: list[str] = []
    relations: list[str] = []
    for at, premise in enumerate(step.premises):
        kind = kind_of(premise)
        relations.append(f"{tables.name(kind)} AS t{at}")
        if at == last:
            conditions.append(f"t{at}.round = {number}")
        for end, term in (("s", premise[0]), ("o", premise[2])):
            if end == "o" and kind.of_class:
                continue
            here = f"t{at}.{end}"
            if isinstance(term, NamedNode):
                conditions.append(f"{here} = {tables.id(term)}")
            elif term in columns:
                conditions.append(f"{here} = {columns[term]}")
            else:
                columns[term] = here
    ends = [step.conclusion[0]]
    if not kind_of(step.conclusion).of_class:
        ends.append(step.conclusion[2])
    values = [columns[end] if isinstance(end, str) else str(tables.id(end)) for end in ends]
    conditions.append(f"{values[0]} > 0")  # a literal is nobody's subject
    named = ", ".join(f"{value} AS {end}" for value, end in zip(values, "so", strict=False))
    return f"SELECT {named} FROM {', '.join(relations)} WHERE {' AND '.join(conditions)}"
