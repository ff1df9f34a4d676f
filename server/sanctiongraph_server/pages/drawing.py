"""Where the parts of a drawn timeline are: numbers for a template, no markup.

The time axis is true to scale between the first and the last day on which anything changes, with a
margin on both sides for what has no beginning or end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sanctiongraph.timeline import Period

WIDTH: Final = 960
_LEFT: Final = 8.0
_LANE: Final = 46
_BAR: Final = 24
_TOP: Final = 34
_LETTER: Final = 6.6  # width of a letter of 12 px, on average and a little more
_YEARS_BETWEEN_TICKS: Final = (1, 2, 5, 10, 20, 50)
_ROOM_OF_A_TICK: Final = 46.0
#: In the middle of the axis where nothing ever changes.
_ANY_DAY: Final = dt.date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class Bar:
    """A period: where it is, what it is, and from when until when as ISO days."""

    x: float
    width: float
    kind: str
    said: str
    shown: bool
    since: str
    until: str
    #: A day of it, for an address: the first, or the last where it has no first.
    day: str


@dataclass(frozen=True, slots=True)
class Lane:
    """The periods of one case, and what it is called."""

    label: str
    y: float
    bar_y: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A year's first day."""

    x: float
    year: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A timeline, ``first`` to ``last`` from ``left`` to ``right``; ``marked`` is a day and where."""

    width: int
    height: float
    left: float
    right: float
    first: str
    last: str
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    marked: str | None
    marked_x: float | None
    bar: int = _BAR


def said(period: Period) -> str:
    """A period's outcome and level in words."""
    if not period.case:
        return "no case"
    outcome = period.outcome.value.replace("-", " ")
    return f"{outcome}, {period.level.value}" if period.level.value != "none" else outcome


def kind(period: Period) -> str:
    """By which a period gets its colour: the level, or the outcome where there is none."""
    if not period.case:
        return "no-case"
    if period.level.value != "none":
        return period.level.value
    return period.outcome.value


def drawing(
    lanes: Sequence[tuple[str, Sequence[Period]]], marked: dt.date | None = None
) -> Drawing:
    """The drawing of cases with their periods, which have no gaps."""
    borders = {day for _, periods in lanes for one in periods for day in (one.since, one.until)}
    known = sorted(day for day in {marked, *borders} if day) or [_ANY_DAY]
    margin = dt.timedelta(days=max(365, (known[-1] - known[0]).days // 12))
    axis = _Axis(_moved(known[0], -margin), _moved(known[-1], margin))
    drawn = []
    for number, (label, periods) in enumerate(lanes):
        y = _TOP + number * _LANE
        drawn.append(Lane(label, y, y + 16, tuple(axis.bars(periods))))
    return Drawing(
        width=WIDTH,
        height=_TOP + len(lanes) * _LANE + 8,
        left=_LEFT,
        right=WIDTH - _LEFT,
        first=axis.first.isoformat(),
        last=axis.last.isoformat(),
        lanes=tuple(drawn),
        ticks=tuple(axis.ticks()),
        marked=marked.isoformat() if marked else None,
        marked_x=axis.x(marked) if marked else None,
    )


def _moved(day: dt.date, by: dt.timedelta) -> dt.date:
    """The day so much later, within what the calendar has."""
    return dt.date.fromordinal(
        min(max(day.toordinal() + by.days, dt.date.min.toordinal()), dt.date.max.toordinal())
    )


@dataclass(frozen=True, slots=True)
class _Axis:
    first: dt.date
    last: dt.date

    def x(self, day: dt.date) -> float:
        part = (day - self.first).days / max(1, (self.last - self.first).days)
        return round(_LEFT + min(max(part, 0.0), 1.0) * (WIDTH - 2 * _LEFT), 1)

    def bars(self, periods: Iterable[Period]) -> Iterable[Bar]:
        for one in periods:
            since, until = one.since or self.first, one.until or self.last
            x = self.x(since)
            width = round(max(1.0, self.x(until) - x), 1)
            words = said(one)
            day = one.since or (one.until - dt.timedelta(days=1) if one.until else self.first)
            yield Bar(
                x=x,
                width=width,
                kind=kind(one),
                said=words,
                shown=len(words) * _LETTER + 10 <= width,
                since=one.since.isoformat() if one.since else "",
                until=one.until.isoformat() if one.until else "",
                day=day.isoformat(),
            )

    def ticks(self) -> Iterable[Tick]:
        years = range(self.first.year + 1, self.last.year + 1)
        room = (WIDTH - 2 * _LEFT) / max(1, len(years))
        step = next((one for one in _YEARS_BETWEEN_TICKS if one * room >= _ROOM_OF_A_TICK), 100)
        for year in years:
            if year % step == 0:
                yield Tick(self.x(dt.date(year, 1, 1)), year)
