"""Uncertain dates: Extended Date/Time Format (ISO 8601-2) to calendar-day bounds.

Parsing is the ``edtf`` package's. The widening of approximate and uncertain dates is ours: by one
unit of the date's own precision on each side (``2025-12-06~`` is 5 to 7 December 2025), since the
package's default of more than a year for an approximate day serves no question asked here. What
has no sure bounds is refused: seasons, whose months depend on the place, and significant digits.

A plain calendar day, as most dates are, needs no parser: ``datetime`` reads it a thousand times
faster, which decides how long a large graph takes to build (``docs/performance.md``). Nor do plain
months and years, intervals of these, and sets of years and years with a mark, as registers have
them. So the parser is imported where it is needed: making its grammar takes a third of a second.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sanctiongraph.errors import BadDate

_PLAIN: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
_YEARS: Final = re.compile(r"([0-9]{4})([?~%]?)|\{([0-9]{4}(?:,[0-9]{4})*)\}")

_QUALIFIED: Final = re.compile(r"[?~%]")
_YEAR_LEFT_OPEN: Final = re.compile(r"(?<![\dX-])X{4}")
_SEASON: Final = re.compile(r"(?<![\dX-])[\dX]{4}[?~%]?-[?~%]?(2[1-9]|3[0-2])(?![\dX-])")
_SIGNIFICANT_DIGITS: Final = re.compile(r"\dS\d")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The first and the last calendar day that a date can mean; ``None`` where it is open."""

    earliest: dt.date | None
    latest: dt.date | None


@lru_cache(maxsize=65_536)
def bounds(text: str) -> Bounds:
    """Bounds of an EDTF date or interval.

    >>> bounds("2019-07")
    Bounds(earliest=datetime.date(2019, 7, 1), latest=datetime.date(2019, 7, 31))
    >>> bounds("../2025-12").earliest is None
    True

    Raises ``BadDate`` where the text is no EDTF, has no sure bounds, or reaches outside the years
    1 to 9999.
    """
    if (years := _YEARS.fullmatch(text)) and (of_years := _of_years(years)):
        return of_years
    start, slash, end = text.partition("/")
    first = _plain(start)
    last = _plain(end) if slash else first
    if first and last:
        found = Bounds(first.earliest, last.latest)
    else:
        _parse(text)
        found = Bounds(_edge(start, first=True), _edge(end if slash else start, first=False))
    if found.earliest and found.latest and found.latest < found.earliest:
        raise BadDate(f"{text!r} ends before it begins: put the earlier date first")
    return found


def _plain(text: str) -> Bounds | None:
    """Bounds of a day, a month or a year without any mark."""
    if not _PLAIN.fullmatch(text):
        return None
    year, *more = map(int, text.split("-"))
    month, day = (*more, 1, 1)[:2]
    try:
        first = dt.date(year, month, day)
    except ValueError:
        return None  # no such day: left to the parser's message
    if len(more) == 2:
        return Bounds(first, first)
    last = month if more else 12
    return Bounds(first, dt.date(year, last, calendar.monthrange(year, last)[1]))


def _of_years(found: re.Match[str]) -> Bounds | None:
    """Bounds of a year, with or without a mark, or of a set of years in order."""
    years = [int(year) for year in (found[3] or found[1]).split(",")]
    wider = 1 if found[2] else 0
    first, last = years[0] - wider, years[-1] + wider
    if first < 1 or last > 9999 or years != sorted(years):
        return None  # left to the parser's message
    return Bounds(dt.date(first, 1, 1), dt.date(last, 12, 31))


@lru_cache(maxsize=64)  # a date is parsed for its form and for each of its ends
def _parse(text: str) -> Any:
    import edtf
    from edtf.parser import parser_classes
    from edtf.parser.edtf_exceptions import EDTFParseException

    # The parser prints what it fails on to standard output, which belongs to commands.
    vars(parser_classes)["print"] = lambda *_: None
    try:
        if re.search(r"\s", text):
            raise ValueError("the parser would skip the space")
        return edtf.parse_edtf(text)
    except (EDTFParseException, ValueError, AttributeError, TypeError) as error:
        raise BadDate(
            f"{text!r} is not a date in Extended Date/Time Format: write 2019, 2019-07, "
            "2019-07-12, 2025-12-06~ (about), 2017/2019 or ../2025-12"
        ) from error


def _edge(text: str, *, first: bool) -> dt.date | None:
    """One end of one date (not an interval); ``None`` where it is open or the year is not given."""
    if text in {"", ".."} or _YEAR_LEFT_OPEN.search(text):
        return None
    if _SEASON.search(text):
        raise BadDate(f"{text!r} is a season: write the months that are meant, 2019-03/2019-05")
    if _SIGNIFICANT_DIGITS.search(text):
        raise BadDate(f"{text!r} has significant digits: write the years that are meant, 1950/1959")
    parsed = _parse(text)
    try:
        edge: time.struct_time | float = parsed.lower_strict() if first else parsed.upper_strict()
    except ValueError as error:
        raise BadDate(f"{text!r} has no sure bounds: write an interval, 2019-10/2019-12") from error
    if isinstance(edge, float):
        return None  # plus or minus infinity: the open end of a set
    try:
        day = dt.date(edge.tm_year, edge.tm_mon, edge.tm_mday)
        return _widened(day, text, first=first) if _QUALIFIED.search(text) else day
    except (ValueError, OverflowError) as error:
        raise BadDate(f"{text!r}: years from 1 to 9999 can be used") from error


def _widened(day: dt.date, text: str, *, first: bool) -> dt.date:
    """``day`` moved by one unit of the coarsest part of ``text`` that is marked uncertain."""
    if text[0] in "[{":
        raise BadDate(f"{text!r} marks dates of a set as uncertain: write an interval, 2018/2021")
    parts = text.split("-")
    precision = next(n for n, part in enumerate(parts) if _QUALIFIED.search(part))
    while precision and _QUALIFIED.sub("", parts[precision]) == "XX":
        precision -= 1  # a month or day that is not given has no precision of its own
    sign = -1 if first else 1
    if precision >= 2:
        return day + dt.timedelta(days=sign)
    years = 10 ** parts[0].count("X")
    months = day.year * 12 + day.month - 1 + sign * (1 if precision == 1 else 12 * years)
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, 1 if first else last)
