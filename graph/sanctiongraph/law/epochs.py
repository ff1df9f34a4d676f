"""Days on which a pattern finds the same, as far as that can be told from the dates of a graph.

A pattern compares dates with ``$asOf``, so what it finds is another only from a date on that the graph
has or the pattern names, or some time before or after one. Between two of these one day stands for
all. Dates that the pattern never meets may be among them: then days are told apart that need not be.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from sanctiongraph.errors import BadData
from sanctiongraph.law.expressions import value_of
from sanctiongraph.law.groups import NotPlainError, read_group, variable
from sanctiongraph.law.relaxing import moved, named_days, relax, shifts
from sanctiongraph.vocabulary import term

#: The dates that a property has in a graph; ``None`` where they are too many.
Dates = Callable[[NamedNode], frozenset[dt.date] | None]

_DATE: Final = term("xsd:date")
_PLAIN: Final = re.compile(r"\d{4}-\d\d-\d\d")
#: Stands for all days where there is no date at all.
_ANY: Final = dt.date(2000, 1, 1)
_ONE_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Compared:
    """What a pattern compares with ``$asOf``: values of properties, and days that it names.

    ``by`` are the months and days by which it moves them, either way.
    """

    properties: frozenset[NamedNode]
    named: frozenset[dt.date]
    by: frozenset[tuple[int, int]]


@lru_cache(maxsize=4096)  # patterns are those of the law: some hundreds
def compared(pattern: str) -> Compared | None:
    """What a pattern compares with ``$asOf``; ``None`` where it does not say."""
    found: set[NamedNode] = set()
    try:
        for one in relax(pattern):
            triples = read_group(one.pattern).triples
            for name in one.days:
                properties = [value_of(of) for _, of, value in triples if variable(value) == name]
                if not properties:
                    return None
                found.update(one for one in properties if isinstance(one, NamedNode))
        by = frozenset(shifts(pattern))
    except (BadData, NotPlainError):
        return None
    return Compared(frozenset(found), frozenset(named_days(pattern)), by)


def beginnings(patterns: Iterable[str], dates: Dates) -> list[dt.date] | None:
    """The days, in order, from which on one of the patterns may find something else.

    ``None`` where that cannot be told, so that it may be any day.
    """
    found: set[dt.date] = set()
    for pattern in patterns:
        one = compared(pattern)
        if one is None:
            return None
        for days in (one.named, *map(dates, one.properties)):
            if days is None:
                return None
            found |= _moved(days, one.by)
    return sorted(found)


@lru_cache(maxsize=256)  # most patterns compare dates of the same properties
def _moved(days: frozenset[dt.date], by: frozenset[tuple[int, int]]) -> frozenset[dt.date]:
    return frozenset(moved(days, by))


def dates_among(values: Iterable[object]) -> frozenset[dt.date] | None:
    """The dates among some terms; ``None`` where one is none of the calendar, or of a time zone."""
    texts = {one.value for one in values if isinstance(one, Literal) and one.datatype == _DATE}
    if not all(map(_PLAIN.fullmatch, texts)):
        return None
    try:
        return frozenset(map(dt.date.fromisoformat, texts))
    except ValueError:
        return None


def standing_for(day: dt.date, beginning: Sequence[dt.date]) -> dt.date:
    """The first day of those on which the same is found as on this one."""
    at = bisect_right(beginning, day)
    if at:
        return beginning[at - 1]
    return beginning[0] - _ONE_DAY if beginning else _ANY
