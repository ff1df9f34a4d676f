"""Patterns of rules as queries over the tables: joins, and for ``NOT EXISTS`` anti-joins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode

from sanctiongraph.binding import bind
from sanctiongraph.bulk.filters import condition
from sanctiongraph.bulk.kinds import (
    Kind,
    NotCoveredError,
    expression_of,
    kinds_of_triple,
    plain_group,
    term_of,
)
from sanctiongraph.bulk.tables import Tables, column
from sanctiongraph.law.expressions import Expression, conjuncts, variables_of
from sanctiongraph.law.groups import Filter, Group, WrittenTriple, variable
from sanctiongraph.law.relaxing import as_of_literal

_NODES: Final = frozenset({"node"})


def group_of(pattern: str, as_of: dt.date) -> Group:
    """A pattern asked about a day. Raises ``NotCoveredError``."""
    return plain_group(bind(pattern, {"asOf": as_of_literal(as_of)}))


def case_query(tables: Tables, group: Group, asks: Sequence[str]) -> str:
    """The query for all cases: one column a variable. Raises ``NotCoveredError``."""
    query = _Query(tables, {})
    query.add_all(group)
    return query.select(asks)


def fitting_query(
    tables: Tables, group: Group, asks: Sequence[str], cases: str
) -> tuple[list[str], str]:
    """Which of the variables of a case a pattern looks at, and the query for the values that fit.

    ``cases`` is the table of all cases. A pattern may match what is no case as well. Raises
    ``NotCoveredError``.
    """
    names = [name for name in asks if name in group.names()]
    parts = _parts(group, names)
    asked = [part for part in parts if part.names]
    query = _Query(tables, {})
    if len(asked) > 1:  # apart from each other, so all pairs would fit: only cases are asked for
        query.add_cases(cases, names)
        for part in asked:
            inner = query.inside()
            inner.add_all(part.group)
            query.conditions.append(inner.exists())
    for part in asked[:1] if len(asked) == 1 else ():
        query.add_part(part, cases)
    for part in parts:
        if not part.names:
            inner = _Query(tables, {})
            inner.add_part(part, cases)
            query.conditions.append(inner.exists())
    return names, query.select(names)


@dataclass
class _Part:
    """Triples and filters that hang together by their variables; ``names`` are those of a case.

    ``unbound`` are the names that no triple binds, so that the cases themselves have to.
    """

    group: Group
    names: list[str]
    unbound: list[str]


def _parts(group: Group, names: Sequence[str]) -> list[_Part]:
    unbound = [name for name in names if name not in group.own()]
    bound = group.own() | set(unbound)
    items: list[tuple[set[str], WrittenTriple | Filter | None]] = [
        ({name for end in triple if (name := variable(end))}, triple) for triple in group.triples
    ]
    items += [(one.names & bound, one) for one in group.filters]
    if unbound:
        items.append((set(unbound), None))
    parts: list[tuple[set[str], list[WrittenTriple | Filter | None]]] = []
    for variables, item in items:
        tied = [part for part in parts if part[0] & variables]
        parts = [part for part in parts if not part[0] & variables]
        parts.append((variables.union(*(part[0] for part in tied)),
                      [one for part in tied for one in part[1]] + [item]))  # fmt: skip
    return [
        _Part(
            Group([one for one in some if isinstance(one, tuple)],
                  [one for one in some if isinstance(one, Filter)]),
            [name for name in names if name in variables],
            [name for name in unbound if name in variables],
        )
        for variables, some in parts
    ]  # fmt: skip


@dataclass
class _Query:
    """A query as it grows. ``columns`` says where each variable is; inside ``EXISTS`` it begins with
    those of the query around.
    """

    tables: Tables
    columns: dict[str, str]
    kinds: dict[str, list[Kind] | None] = field(default_factory=dict)
    relations: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    _values: dict[str, str] = field(default_factory=dict)
    _count: list[int] = field(default_factory=lambda: [0])

    def inside(self) -> _Query:
        """A query in an ``EXISTS`` of this one."""
        return _Query(self.tables, dict(self.columns), dict(self.kinds), _count=self._count)

    def add_part(self, part: _Part, cases: str) -> None:
        if part.unbound:
            self.add_cases(cases, part.unbound)
        self.add_all(part.group)

    def add_cases(self, cases: str, names: Sequence[str]) -> None:
        listed = ", ".join(map(column, names))
        alias = self._relation(f"(SELECT DISTINCT {listed} FROM {cases})")
        for name in names:
            self._bind(name, f"{alias}.{column(name)}", None)

    def add_all(self, group: Group) -> None:
        for triple in group.triples:
            self._triple(triple, kinds_of_triple(triple, group))
        for one in group.filters:
            if one.group is None:
                self.conditions += [self._filter(part) for part in conjuncts(expression_of(one))]
            else:
                inner = self.inside()
                inner.add_all(one.group)
                negated = "NOT " if "NOT" in one.text.upper().split() else ""
                self.conditions.append(negated + inner.exists())

    def select(self, names: Sequence[str]) -> str:
        for name in names:
            if name not in self.columns:
                raise NotCoveredError(f"?{name}, which the pattern does not bind")
        listed = ", ".join(f"{self.columns[name]} AS {column(name)}" for name in names)
        return f"SELECT DISTINCT {listed or '1 AS found'}{self._rest()}"

    def exists(self) -> str:
        return f"EXISTS (SELECT 1{self._rest()})"

    def _rest(self) -> str:
        text = f" FROM {', '.join(self.relations)}" if self.relations else ""
        return text + (f" WHERE {' AND '.join(self.conditions)}" if self.conditions else "")

    def _relation(self, text: str) -> str:
        self._count[0] += 1
        alias = f"t{self._count[0]}"
        self.relations.append(f"{text} AS {alias}")
        return alias

    def _triple(self, triple: WrittenTriple, kinds: list[Kind]) -> None:
        subject, prop, obj = triple
        if variable(prop):
            some = " UNION ALL ".join(
                f"SELECT s, o, {self.tables.id(NamedNode(kind.property))} AS p "
                f"FROM {self.tables.name(kind)}"
                for kind in kinds
            )
            alias = self._relation(f"({some})")
            self._end(prop, f"{alias}.p", None)
        else:
            alias = self._relation(self.tables.name(kinds[0]))
        self._end(subject, f"{alias}.s", None)
        if not kinds[0].of_class:
            self._end(obj, f"{alias}.o", kinds)

    def _end(self, token: str, here: str, kinds: list[Kind] | None) -> None:
        if name := variable(token):
            self._bind(name, here, kinds)
        else:
            self.conditions.append(f"{here} = {self.tables.id(term_of(token))}")

    def _bind(self, name: str, here: str, kinds: list[Kind] | None) -> None:
        if name in self.columns:
            self.conditions.append(f"{here} = {self.columns[name]}")
            if kinds is None:  # what is a subject anywhere is no literal
                self.kinds[name] = None
        else:
            self.columns[name] = here
            self.kinds[name] = kinds

    def _filter(self, expression: Expression) -> str:
        for name in variables_of(expression):
            self.node(name)
        return condition(expression, self)

    # What a filter asks (``filters.Scope``).

    def node(self, name: str) -> str:
        if name not in self.columns:
            raise NotCoveredError(f"?{name}, which nothing binds")
        return self.columns[name]

    def sorts(self, name: str) -> frozenset[str]:
        kinds = self.kinds[name]
        if kinds is None:
            return _NODES
        return frozenset().union(*(self.tables.contents(kind) for kind in kinds))

    def value(self, name: str, sort: str, *, needed: bool) -> str:
        if not needed:
            return f"(SELECT {sort} FROM literals WHERE id = {self.columns[name]})"
        if name not in self._values:
            self._values[name] = self._relation("literals")
            self.conditions.append(f"{self._values[name]}.id = {self.columns[name]}")
        return f"{self._values[name]}.{sort}"

    def id(self, term: NamedNode | Literal) -> int:
        return self.tables.id(term)
