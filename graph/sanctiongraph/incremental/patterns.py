"""The patterns of rules taken apart: which triples a solution of them is made of.

A pattern is triples and filters; inside ``FILTER [NOT] EXISTS`` stand further triples. What a
pattern finds can change by a triple only where the triple fits one of these, together with others
that fit the triples around it. Filters leave out solutions and never add one, so they are left
out of account; but where one lists what a property may be, no other is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from pyoxigraph import NamedNode, Quad, Triple

from sanctiongraph.asserted import as_stored
from sanctiongraph.incremental.change import TYPE, NotBoundedError
from sanctiongraph.law.expressions import (
    Const,
    In,
    Var,
    conjuncts,
    read_expression,
    value_of,
)
from sanctiongraph.law.groups import Group, NotPlainError, read_group, variable
from sanctiongraph.matching import Terms, key_of

_PREDICATE: Final = 1


@dataclass(frozen=True, slots=True)
class Conjunction:
    """Triples that a solution has all of. The last ``own`` of them stand in the group itself, the
    others in those around it. ``listed`` are the properties that a variable may be.
    """

    triples: tuple[Terms, ...]
    own: int
    listed: Mapping[str, frozenset[NamedNode]]

    def keys(self, at: int) -> Iterator[tuple[Any, Any]]:
        """By what triples are to be found that may be one of the triples: their property, the class
        where that is a type, and nothing where any property will do. Made as by ``key_of``.
        """
        triple = self.triples[at]
        if not isinstance(triple[1], str):
            yield key_of(triple)
        elif listed := self.listed.get(triple[1]):
            yield from ((one, None) for one in listed)
        else:
            yield None, None

    def fits(self, at: int, triple: Triple) -> dict[str, Any] | None:
        """The values by which one of the triples is this one."""
        values: dict[str, Any] = {}
        terms = (triple.subject, triple.predicate, triple.object)
        for place, (part, term) in enumerate(zip(self.triples[at], terms, strict=True)):
            if not isinstance(part, str):
                if part != term:
                    return None
            elif values.setdefault(part, term) != term or (
                place == _PREDICATE and part in self.listed and term not in self.listed[part]
            ):
                return None
        return values


@lru_cache(maxsize=4096)  # patterns are those of the law: some hundreds
def conjunctions(pattern: str) -> tuple[Conjunction, ...]:
    """The conjunctions of a pattern, the outermost first.

    Raises ``NotBoundedError`` where it has more than triples and filters.
    """
    try:
        return tuple(_conjunctions(read_group(pattern), (), {}))
    except NotPlainError:
        raise NotBoundedError(f"a rule has a pattern of another form: {pattern.strip()}") from None


def _conjunctions(
    group: Group, around: tuple[Terms, ...], listed: Mapping[str, frozenset[NamedNode]]
) -> Iterator[Conjunction]:
    own = tuple(_terms(triple) for triple in group.triples)
    listed = {**listed, **_listed(group)}
    yield Conjunction((*around, *own), len(own), listed)
    for one in group.filters:
        if one.group is not None:
            yield from _conjunctions(one.group, (*around, *own), listed)


def _terms(triple: tuple[str, str, str]) -> Terms:
    subject, predicate, obj = triple
    return _term(subject), TYPE if predicate == "a" else _term(predicate), _term(obj)


def _term(token: str) -> Any:
    if name := variable(token):
        return f"?{name}"
    (stored,) = as_stored([Quad(TYPE, TYPE, value_of(token))])
    return stored.object


def _listed(group: Group) -> dict[str, frozenset[NamedNode]]:
    found: dict[str, frozenset[NamedNode]] = {}
    for one in group.filters:
        if one.group is not None:
            continue
        try:
            expression = read_expression(one.text)
        except NotPlainError:
            continue
        for part in conjuncts(expression):
            if isinstance(part, In) and isinstance(part.left, Var):
                members = [one.term for one in part.members if isinstance(one, Const)]
                iris = frozenset(one for one in members if isinstance(one, NamedNode))
                if len(iris) == len(set(part.members)):
                    found[f"?{part.left.name}"] = iris
    return found
