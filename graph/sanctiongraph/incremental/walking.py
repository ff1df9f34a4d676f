"""Walks through a graph along the triples of a pattern, from what is known of its variables.

Ways multiply from link to link, so what is no longer needed of a way is forgotten: two ways that
then look alike are one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from sanctiongraph.incremental.change import NotBoundedError
from sanctiongraph.incremental.overlay import Wide
from sanctiongraph.incremental.patterns import Conjunction
from sanctiongraph.matching import Terms

#: Triples to look at beyond which deriving everything anew is as fast.
MOST: Final = 2_000_000

Row = tuple[Any, ...]


@dataclass
class Ways:
    """The values of some variables that are found together."""

    names: tuple[str, ...]
    rows: set[Row]


@dataclass
class Walker:
    """Walks through some graphs as one."""

    view: Wide
    left: int = field(default=MOST)

    def onward(self, found: Conjunction, without: int, ways: Ways, wanted: Collection[str]) -> Ways:
        """From ways through one triple of a conjunction to the wanted variables.

        Others are walked no further than that takes; a wanted variable that nothing leads to is left
        out. What comes out may be more than what the conjunction finds, and is never less.
        """
        rest = [one for at, one in enumerate(found.triples) if at != without]
        while rest and ways.rows:
            chosen = _leading(rest, ways.names, wanted)
            if chosen is None and set(ways.names).issuperset(wanted):
                break
            if chosen is None:  # it would reach every case: only where all of it is found
                chosen = max(rest, key=lambda one: _held(one, ways.names))
                if not any(end in ways.names for end in _ends(chosen)):
                    break
            rest.remove(chosen)
            ways = self._step(found, chosen, rest, ways, wanted, None)
        at = [number for number, name in enumerate(ways.names) if name in wanted]
        names = tuple(ways.names[number] for number in at)
        return Ways(names, {tuple(row[number] for number in at) for row in ways.rows})

    def through(
        self, found: Conjunction, ways: Ways, wanted: Collection[str], seen: set[Quad] | None
    ) -> Ways:
        """The wanted variables of all that a conjunction finds, or would but for its filters.

        ``seen`` comes to have all quads by which it does.
        """
        rest = list(found.triples)
        while rest and ways.rows:
            chosen = max(rest, key=lambda one: _held(one, ways.names))
            rest.remove(chosen)
            ways = self._step(found, chosen, rest, ways, wanted, seen)
        return ways

    def _step(
        self,
        found: Conjunction,
        chosen: Terms,
        rest: Sequence[Terms],
        ways: Ways,
        wanted: Collection[str],
        seen: set[Quad] | None,
    ) -> Ways:
        needed = {*wanted, *(end for one in rest for end in one if isinstance(end, str))}
        new = [
            end for end in dict.fromkeys(chosen) if isinstance(end, str) and end not in ways.names
        ]
        kept = [at for at, name in enumerate(ways.names) if name in needed]
        kept_new = [at for at, name in enumerate(new) if name in needed]
        names = (*(ways.names[at] for at in kept), *(new[at] for at in kept_new))
        known: dict[Terms, list[Row]] = {}
        rows: set[Row] = set()
        for row in ways.rows:
            values = dict(zip(ways.names, row, strict=True))
            filled = tuple(values.get(end, end) if isinstance(end, str) else end for end in chosen)
            if filled not in known:
                known[filled] = self._found(found, filled, new, seen)
            start = tuple(row[at] for at in kept)
            rows.update((*start, *(more[at] for at in kept_new)) for more in known[filled])
        return Ways(names, rows)

    def _found(
        self, found: Conjunction, chosen: Terms, new: Sequence[str], seen: set[Quad] | None
    ) -> list[Row]:
        subject, predicate, obj = (None if isinstance(end, str) else end for end in chosen)
        if isinstance(subject, Literal | Triple):
            return []
        listed = found.listed.get(chosen[1]) if isinstance(chosen[1], str) else None
        rows: list[Row] = []
        for one in listed or (predicate,):
            if one is not None and not isinstance(one, NamedNode):
                return []
            for quad in self.view.quads(subject, one, obj):
                self.left -= 1
                values: dict[str, Any] = {}
                ends = zip(chosen, (quad.subject, quad.predicate, quad.object), strict=True)
                if all(
                    values.setdefault(end, term) == term
                    for end, term in ends
                    if isinstance(end, str)
                ):
                    rows.append(tuple(values[name] for name in new))
                    if seen is not None:
                        seen.add(quad)
        if self.left < 0:
            raise NotBoundedError(
                f"rules look at more than {MOST:,} triples beside what has changed"
            )
        return rows


def _leading(
    rest: Sequence[Terms], names: Collection[str], wanted: Collection[str]
) -> Terms | None:
    """The triple to walk next towards the wanted variables; one that only tests comes first."""
    for one in rest:
        if all(end in names for end in one if isinstance(end, str)):
            return one
    near = {name for name in wanted if name not in names}
    if not near:
        return None
    while True:
        touching = [one for one in rest if not near.isdisjoint(_ends(one))]
        held = [one for one in touching if any(end in names for end in _ends(one))]
        if held:
            return max(held, key=lambda one: _held(one, names))
        more = {end for one in touching for end in _ends(one)} - near
        if not more:
            return None
        near |= more


def _ends(triple: Terms) -> Iterable[str]:
    return [end for end in (triple[0], triple[2]) if isinstance(end, str)]


def _held(triple: Terms, names: Collection[str]) -> int:
    """How closely a triple is held: by what is known more than by a constant."""
    ends = (triple[0], triple[2])
    return sum(1 if not isinstance(end, str) else 2 if end in names else 0 for end in ends)
