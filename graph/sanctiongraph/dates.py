"""Uncertain dates: Extended Date/Time Format (ISO 8601-2) to calendar-day bounds.

Parsing is the ``edtf`` package's. The widening of approximate and uncertain dates is ours: by one
unit of the date's own precision on each side (``2025-12-06~`` is 5 to 7 December 2025), since the
package's default of more than a year for an approximate day serves no question asked here.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import edtf
from edtf.parser.edtf_exceptions import EDTFParseException

from sanctiongraph.errors import BadDate

_QUALIFIED: Final = re.compile(r"[?~%]")
_YEAR_LEFT_OPEN: Final = re.compile(r"(?<![\d-])[X]{4}")


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

    Raises ``BadDate`` where the text is no EDTF, or its years lie outside 1 to 9999.
    """
    _parse(text)
    start, slash, end = text.partition("/")
    if not slash:
        return Bounds(_edge(text, first=True), _edge(text, first=False))
    found = Bounds(_edge(start, first=True), _edge(end, first=False))
    if found.earliest and found.latest and found.latest < found.earliest:
        raise BadDate(f"{text!r} ends before it begins: put the earlier date first")
    return found


def _parse(text: str) -> Any:
    try:
        return edtf.parse_edtf(text)
    except (EDTFParseException, ValueError, AttributeError) as error:
        raise BadDate(
            f"{text!r} is not a date in Extended Date/Time Format: write 2019, 2019-07, "
            "2019-07-12, 2025-12-06~ (about), 2017/2019 or ../2025-12"
        ) from error


def _edge(text: str, *, first: bool) -> dt.date | None:
    """One end of one date (not an interval); ``None`` where it is open or the year is not given."""
    if text in {"", ".."} or _YEAR_LEFT_OPEN.search(text):
        return None
    parsed = _parse(text)
    edge: time.struct_time = parsed.lower_strict() if first else parsed.upper_strict()
    if not 1 <= edge.tm_year <= 9999:
        raise BadDate(f"{text!r}: years from 1 to 9999 can be used")
    day = dt.date(edge.tm_year, edge.tm_mon, edge.tm_mday)
    if not _QUALIFIED.search(text):
        return day
    return _widened(day, units=-1 if first else 1, precision=text.count("-"), first=first)


def _widened(day: dt.date, *, units: int, precision: int, first: bool) -> dt.date:
    if precision >= 2:
        return day + dt.timedelta(days=units)
    months = day.year * 12 + day.month - 1 + units * (1 if precision == 1 else 12)
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, 1 if first else last)
