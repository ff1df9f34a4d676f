"""What graphs have told to the questions of rules.

What one rule asks others ask as well, since they share conditions, in a scenario most of what
patterns look at is as it was, and most days are like the day before. So answers are kept by the text
of their questions, and asked as of a day that stands for all on which they are the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from pyoxigraph import Triple

from sanctiongraph.law.dates import Dates, MoreDates
from sanctiongraph.law.epochs import beginnings, compared, standing_for

#: Values of the variables of a case.
Values = tuple[str, ...]
V = TypeVar("V")
#: Cases of which it is kept what was made of them; of more it is made anew.
_MOST_MADE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A SELECT for variables of a case, and where among all of these they stand."""

    text: str
    names: tuple[str, ...]
    at: tuple[int, ...]
    #: The patterns that it is made of.
    patterns: tuple[str, ...]


class Difference(Protocol):
    """Some triples by which a graph differs from another."""

    @property
    def triples(self) -> Collection[Triple]:
        """Those that one of the graphs has and the other has not."""
        ...

    def matters_to(self, pattern: str) -> bool:
        """Whether a pattern may find something else."""
        ...


class Told:
    """What one graph has told to questions about all cases.

    Where a few triples are others, only what they matter to is asked anew.
    """

    def __init__(self, dates: Dates | MoreDates | None = None) -> None:
        """``dates`` are those that the graph has, or more; without them no day stands for others."""
        self._dates = dates
        self._found: dict[str, list[Values]] = {}
        self._made: dict[Hashable, Any] = {}
        self._beginnings: dict[tuple[str, ...], list[dt.date] | None] = {}
        self._rows = 0
        self._before: Told | None = None
        self._difference: Difference

    @property
    def rows(self) -> int:
        """How many rows the answers have that are kept for it, those without the difference included."""
        return self._rows + (self._before.rows if self._before else 0)

    def where(self, difference: Difference) -> Told:
        """Of the same graph with a difference."""
        other = Told(MoreDates(self._dates, difference.triples) if self._dates else None)
        other._before, other._difference = self, difference
        return other

    def get(self, asked: Asked) -> list[Values] | None:
        """The answer to a question, if it is known."""
        if self._before is not None and self._same(asked.patterns):
            return self._before.get(asked)
        return self._found.get(asked.text)

    def put(self, asked: Asked, found: list[Values]) -> None:
        """Keeps an answer, which is not changed any more."""
        if self._before is not None and self._same(asked.patterns):
            self._before.put(asked, found)
        else:
            self._found[asked.text] = found
            self._rows += len(found)

    def made(
        self, key: Hashable, patterns: tuple[str, ...], make: Callable[[], Mapping[Values, V]]
    ) -> Mapping[Values, V]:
        """What is made of the answers to questions of these patterns, a value a case; made once."""
        if self._before is not None and self._same(patterns):
            return self._before.made(key, patterns, make)
        if key not in self._made:
            values = make()
            if len(values) > _MOST_MADE:
                return values
            self._made[key] = values
            self._rows += len(values)
        found: Mapping[Values, V] = self._made[key]
        return found

    def _same(self, patterns: tuple[str, ...]) -> bool:
        """Whether what is told of these patterns is the same as without the difference."""
        return not any(map(self._difference.matters_to, patterns))

    def day(self, patterns: tuple[str, ...], day: dt.date) -> dt.date:
        """The day that stands for all on which these patterns find the same as on this one."""
        found = self._of_beginnings(patterns)
        return day if found is None else standing_for(day, found)

    def _of_beginnings(self, patterns: tuple[str, ...]) -> list[dt.date] | None:
        if patterns not in self._beginnings:
            self._beginnings[patterns] = self._read_beginnings(patterns)
        return self._beginnings[patterns]

    def _read_beginnings(self, patterns: tuple[str, ...]) -> list[dt.date] | None:
        if self._dates is None:
            return None
        if isinstance(self._dates, MoreDates) and self._before is not None:
            every = (path for one in map(compared, patterns) if one for path in one.paths)
            if not any(map(self._dates.adds_to, every)):
                return self._before._of_beginnings(patterns)
        return beginnings(patterns, self._dates.of)
