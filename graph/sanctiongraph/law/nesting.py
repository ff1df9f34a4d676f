"""Patterns written so that testing one for a case takes time that goes with the case.

In ``EXISTS { ?t sg:date ?d . ?d sg:earliest ?day }`` an engine that joins by hashing reads every
``sg:earliest`` there is, for each case anew. ``EXISTS { ?t sg:date ?d FILTER EXISTS { ?d
sg:earliest ?day } }`` says the same, and each step is a look-up from what is bound before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from sanctiongraph.law.groups import (
    Filter,
    Group,
    NotPlainError,
    WrittenTriple,
    read_group,
    variable,
)


@lru_cache(maxsize=4096)  # patterns are those of the law, with few choices of what is bound
def nested(pattern: str, bound: tuple[str, ...]) -> str:
    """The pattern for use in ``EXISTS`` with these variables bound; as it is where it is not plain."""
    try:
        return _written(read_group(pattern), set(bound))
    except NotPlainError:
        return pattern


@lru_cache(maxsize=4096)
def with_filters_nested(pattern: str, bound: tuple[str, ...]) -> str:
    """The pattern for use where its triples are joined: what it filters by is tested for each match.

    Such as the day of a delivery that a party received, which is not looked for among all days.
    """
    try:
        group = read_group(pattern)
    except NotPlainError:
        return pattern
    names = {name for one in group.triples for term in one if (name := variable(term))}
    triples = " . ".join(" ".join(one) for one in group.triples)
    return " ".join([triples, *_tested(group.filters, {*bound, *names})])


def _tested(filters: Iterable[Filter], bound: set[str]) -> Iterator[str]:
    for one in filters:
        inside = f"{{ {_written(one.group, bound)} }}" if one.group else ""
        yield f"{one.text} {inside}"


def _written(group: Group, bound: set[str]) -> str:
    own = group.own()
    triples, filters = list(group.triples), list(group.filters)
    parts: list[str] = []
    levels = 0
    while True:
        for one in [one for one in filters if not triples or one.names & own <= bound]:
            filters.remove(one)
            parts += _tested([one], bound)
        if not triples:
            return " ".join(parts) + " }" * levels
        chosen = max(triples, key=lambda one: _held(one, bound))
        triples.remove(chosen)
        if any(variable(term) for term in chosen) and levels + len(parts) > 0:
            parts.append("FILTER EXISTS {")
            levels += 1
        elif parts:
            parts.append(".")
        parts.append(" ".join(chosen))
        bound = bound | {name for term in chosen if (name := variable(term))}


def _held(triple: WrittenTriple, bound: set[str]) -> int:
    """How closely the ends of a triple are held: by what is bound more than by a constant."""
    names = [variable(term) for term in (triple[0], triple[2])]
    return sum(1 if name is None else 2 if name in bound else 0 for name in names)
