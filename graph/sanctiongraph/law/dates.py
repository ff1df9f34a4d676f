"""Which dates a store has where patterns look for them, and which a difference adds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import term

#: Triples that are looked at for the dates of a path; where there are more, there hardly is a day
#: that stands for others.
MOST: Final = 2_000
_DATE: Final = term("xsd:date")
_PLAIN: Final = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Path:
    """Where a date is found: as the value of ``bound`` of what is itself the value of ``of``.

    Without ``of`` it may be the value of ``bound`` of anything.
    """

    of: NamedNode | None
    bound: NamedNode


class Dates:
    """The dates of a store, which does not change, by path.

    All its graphs are taken together, so that these are at least the dates that any viewpoint meets.
    """

    def __init__(self, store: GraphStore, most: int = MOST) -> None:
        self._store, self._most = store, most
        self._known: dict[Path, frozenset[dt.date] | None] = {}

    def of(self, path: Path) -> frozenset[dt.date] | None:
        """The dates of a path; ``None`` where they are too many, or cannot be ordered."""
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def _read(self, path: Path) -> frozenset[dt.date] | None:
        if path.of is None:
            found = self._values(None, path.bound, self._most + 1)
        else:
            nodes = self._values(None, path.of, self._most + 1)
            if len(nodes) > self._most:
                return None
            found = [one for node in set(nodes) for one in self.at(node, path.bound)]
        return dates_among(found) if len(found) <= self._most else None

    def at(self, node: Any, bound: NamedNode) -> list[Any]:
        """The values of ``bound`` of a node."""
        return [] if isinstance(node, Literal) else self._values(node, bound, self._most + 1)

    def has(self, of: NamedNode, node: Any) -> bool:
        """Whether a node is the value of ``of`` of anything."""
        quads: Iterable[Quad] = self._store.quads_for_pattern(None, of, node, None)
        return next(iter(quads), None) is not None

    def _values(self, node: Any, name: NamedNode, most: int) -> list[Any]:
        quads = self._store.quads_for_pattern(node, name, None, None)
        return [quad.object for quad in islice(quads, most)]


class MoreDates:
    """The dates of a store and of triples that are believed otherwise than there."""

    def __init__(self, before: Dates | MoreDates, triples: Collection[Triple]) -> None:
        self._before = before
        self._there: Dates = before if isinstance(before, Dates) else before._there
        self._values: dict[NamedNode, list[Triple]] = {}
        for one in triples:
            self._values.setdefault(one.predicate, []).append(one)
        self._known: dict[Path, frozenset[dt.date] | None] = {}

    def of(self, path: Path) -> frozenset[dt.date] | None:
        """As ``Dates.of``."""
        before, more = self._before.of(path), self._more(path)
        return None if before is None or more is None else before | more

    def adds_to(self, path: Path) -> bool:
        """Whether the path has other dates with these triples than without."""
        before, more = self._before.of(path), self._more(path)
        return before is not None and (more is None or not more <= before)

    def _more(self, path: Path) -> frozenset[dt.date] | None:
        if path not in self._known:
            self._known[path] = dates_among(self._found(path))
        return self._known[path]

    def _found(self, path: Path) -> Iterable[Any]:
        nodes = {one.object for one in self._values.get(path.of, ())} if path.of else set()
        for one in self._values.get(path.bound, ()):
            if path.of is None or one.subject in nodes or self._there.has(path.of, one.subject):
                yield one.object
        for node in nodes:
            yield from self._there.at(node, path.bound)


def dates_among(values: Iterable[object]) -> frozenset[dt.date] | None:
    """The dates among some terms; ``None`` where one is none of the calendar, or of a time zone."""
    texts = {one.value for one in values if isinstance(one, Literal) and one.datatype == _DATE}
    if not all(map(_PLAIN.fullmatch, texts)):
        return None
    try:
        return frozenset(map(dt.date.fromisoformat, texts))
    except ValueError:
        return None
