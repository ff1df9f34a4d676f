"""Days on which a pattern finds the same, as far as that can be told from the dates of a graph.

A pattern compares dates with ``$asOf``, so what it finds is another only from a date on that the graph
has or the pattern names, or some time before or after one. Between two of these one day stands for
all. Dates that the pattern never meets may be among them: then days are told apart that need not be.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import NamedNode

from sanctiongraph.errors import BadData
from sanctiongraph.law.dates import Path
from sanctiongraph.law.expressions import value_of
from sanctiongraph.law.groups import NotPlainError, WrittenTriple, read_group, variable
from sanctiongraph.law.relaxing import moved, named_days, relax, shifts

#: Stands for all days where there is no date at all.
_ANY: Final = dt.date(2000, 1, 1)
_ONE_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Compared:
    """What a pattern compares with ``$asOf``: what it finds by paths, and days that it names.

    ``by`` are the months and days by which it moves them, either way.
    """

    paths: frozenset[Path]
    named: frozenset[dt.date]
    by: frozenset[tuple[int, int]]


@lru_cache(maxsize=4096)  # patterns are those of the law: some hundreds
def compared(pattern: str) -> Compared | None:
    """What a pattern compares with ``$asOf``; ``None`` where it does not say."""
    paths: set[Path] = set()
    try:
        for one in relax(pattern):
            triples = read_group(one.pattern).triples
            for name in one.days:
                found = list(_paths(name, triples))
                if not found:
                    return None
                paths.update(found)
        by = shifts(pattern)
    except (BadData, NotPlainError):
        return None
    return Compared(frozenset(paths), frozenset(named_days(pattern)), by)


def _paths(name: str, triples: Iterable[WrittenTriple]) -> Iterator[Path]:
    """The paths to the values of a variable. Raises ``NotPlainError`` for a property that is one."""
    for subject, written, value in triples:
        if variable(value) != name:
            continue
        above = [of for _, of, node in triples if node == subject and variable(of) is None]
        yield Path(_property(above[0]) if above else None, _property(written))


def _property(token: str) -> NamedNode:
    found = value_of(token)
    if not isinstance(found, NamedNode):
        raise NotPlainError
    return found


def beginnings(
    patterns: Iterable[str], dates: Callable[[Path], frozenset[dt.date] | None]
) -> list[dt.date] | None:
    """The days, in order, from which on one of the patterns may find something else.

    ``None`` where that cannot be told, so that it may be any day.
    """
    found: set[dt.date] = set()
    for pattern in patterns:
        one = compared(pattern)
        if one is None:
            return None
        for days in (one.named, *map(dates, one.paths)):
            if days is None:
                return None
            found |= _moved(days, one.by)
    return sorted(found)


@lru_cache(maxsize=1024)  # many patterns compare the dates of the same paths
def _moved(days: frozenset[dt.date], by: frozenset[tuple[int, int]]) -> frozenset[dt.date]:
    return frozenset(moved(days, by))


def standing_for(day: dt.date, beginning: Sequence[dt.date]) -> dt.date:
    """The first day of those on which the same is found as on this one."""
    at = bisect_right(beginning, day)
    if at:
        return beginning[at - 1]
    return beginning[0] - _ONE_DAY if beginning else _ANY
