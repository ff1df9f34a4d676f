"""A pattern asked in stages: what is at the end of a long chain is looked for apart.

A pattern such as "the party is under a measure of an imposition that is on somebody who bought what
somebody else possessed" has a solution for each way through all of it, and a store works out every
one even where only the parties are asked for. Ways multiply from link to link. So what hangs on one
variable, and has nothing that is asked for, becomes a sub-query that gives each value of it once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sanctiongraph.law.groups import Group, NotPlainError, read_group, variable
from sanctiongraph.law.nesting import with_filters_nested

#: Triples from which a sub-query pays; less is looked up faster as it is met.
_LEAST: Final = 8


@dataclass(frozen=True, slots=True)
class _Part:
    """The triples of one subject, or a filter, with those of its variables that triples bind."""

    text: str
    names: frozenset[str]
    triples: int


_Parts = Sequence[_Part]


@lru_cache(maxsize=4096)  # patterns are those of the law: some hundreds
def staged(pattern: str, wanted: frozenset[str]) -> str:
    """The pattern in stages: other solutions, the same distinct values for the wanted variables.

    What it filters by is tested for each match (``nesting``). Raises ``BadData`` for a bracket left
    open.
    """
    try:
        parts = _parts(read_group(pattern))
    except NotPlainError:
        return with_filters_nested(pattern, ())
    return (
        _asked(parts, wanted)
        if wanted and _hanging(parts, wanted)
        else with_filters_nested(pattern, ())
    )


def _parts(group: Group) -> list[_Part]:
    own = group.own()
    subjects: dict[str, list[tuple[str, str, str]]] = {}
    for triple in group.triples:
        subjects.setdefault(triple[0], []).append(triple)
    stars = [
        _Part(
            " ".join(f"{' '.join(triple)} ." for triple in star),
            frozenset(name for triple in star for term in triple if (name := variable(term))),
            len(star),
        )
        for star in subjects.values()
    ]
    filters = [
        _Part(_filter(one.text, one.group), frozenset(one.names & own), 0) for one in group.filters
    ]
    return stars + filters


def _filter(text: str, group: Group | None) -> str:
    return text if group is None else f"{text} {{ {_written(_parts(group))} }}"


def _written(parts: _Parts) -> str:
    return " ".join(part.text for part in parts)


def _asked(parts: _Parts, wanted: Collection[str]) -> str:
    """The parts as SPARQL; the largest that hangs on a variable takes what hangs on it in turn."""
    hanging = _hanging(parts, wanted)
    if not hanging:
        return with_filters_nested(_written(parts), ())
    name, apart = max(hanging, key=lambda one: _triples(one[1]))
    rest = [part for part in parts if part not in apart]
    query = f"{{ SELECT DISTINCT ?{name} WHERE {{ {_asked(apart, {name})} }} }}"
    return f"{query} {_asked(rest, wanted)}"


def _hanging(parts: _Parts, wanted: Collection[str]) -> list[tuple[str, list[_Part]]]:
    """What hangs on one variable and has nothing wanted, by that variable."""
    return [
        (name, apart)
        for piece in _pieces(parts, wanted)
        for name in sorted(_names(piece).difference(wanted))
        for apart in _pieces(piece, {name})
        if len(apart) < len(piece)
        and _triples(apart) >= _LEAST
        and _names(apart).isdisjoint(wanted)
    ]


def _pieces(parts: _Parts, apart: Collection[str]) -> list[list[_Part]]:
    """The parts that hang together by other variables than those apart, in the order they stand."""
    pieces: list[tuple[set[str], list[_Part]]] = []
    for part in parts:
        names = set(part.names.difference(apart))
        meeting = [piece for piece in pieces if not names.isdisjoint(piece[0])]
        together = [one for _, found in meeting for one in found]
        pieces = [piece for piece in pieces if piece not in meeting]
        pieces.append((names.union(*(found for found, _ in meeting)), [*together, part]))
    order = {part: at for at, part in enumerate(parts)}
    return [sorted(found, key=lambda part: order[part]) for _, found in pieces]


def _names(parts: Iterable[_Part]) -> set[str]:
    return {name for part in parts for name in part.names}


def _triples(parts: _Parts) -> int:
    return sum(part.triples for part in parts)
