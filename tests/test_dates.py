"""Dates: tables of what can be read and what cannot, and properties that hold for all."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanctiongraph.dates import bounds
from sanctiongraph.errors import BadDate

TABLES = Path(__file__).parent / "dates"

days = st.dates(dt.date(2, 1, 1), dt.date(9998, 12, 31))
lengths = st.sampled_from([len("2019"), len("2019-07"), len("2019-07-12")])


def rows(name: str) -> list[list[str]]:
    lines = (TABLES / name).read_text("utf-8").splitlines()
    return [re.split(r"  +", line) for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize(("text", "earliest", "latest"), rows("valid.txt"))
def test_bounds(text: str, earliest: str, latest: str) -> None:
    found = bounds(text)
    shown = [day.isoformat() if day else ".." for day in (found.earliest, found.latest)]
    assert shown == [earliest, latest]


@pytest.mark.parametrize(("text", "message"), [*rows("invalid.txt"), ("", "not a date")])
def test_refused(text: str, message: str) -> None:
    with pytest.raises(BadDate, match=re.escape(message)):
        bounds(text)


@pytest.mark.parametrize("text", [" 2019", "2019 ", "2019 -07", "2019\n", "2019 / 2020"])
def test_space_is_refused(text: str) -> None:
    with pytest.raises(BadDate):
        bounds(text)


def test_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BadDate):
        bounds("1998-1X")
    assert capsys.readouterr() == ("", "")


@settings(deadline=None)
@given(days)
def test_a_day_is_itself(day: dt.date) -> None:
    found = bounds(day.isoformat())
    assert (found.earliest, found.latest) == (day, day)


@settings(deadline=None)
@given(days, st.sampled_from("?~%"))
def test_a_day_is_within_its_month_year_and_what_is_about_them(day: dt.date, mark: str) -> None:
    text = day.isoformat()
    inner = None
    for precise in (text, text[:7], text[:4]):
        exact, about = bounds(precise), bounds(precise + mark)
        assert exact.earliest
        assert exact.latest
        assert about.earliest
        assert about.latest
        assert about.earliest < exact.earliest <= day <= exact.latest < about.latest
        assert inner is None or (exact.earliest <= inner.earliest and inner.latest <= exact.latest)
        inner = exact


@settings(deadline=None)
@given(days)
def test_about_a_month_is_the_months_beside_it(day: dt.date) -> None:
    found = bounds(f"{day.isoformat()[:7]}~")
    assert found.earliest
    assert found.latest
    assert (day.replace(day=1) - dt.timedelta(days=1)).replace(day=1) == found.earliest
    following = found.latest.replace(day=1)
    assert (following - dt.timedelta(days=1)).replace(day=1) == day.replace(day=1)
    assert found.latest.day == calendar.monthrange(following.year, following.month)[1]


@settings(deadline=None)
@given(days, days)
def test_an_interval_is_from_the_one_to_the_other(one: dt.date, other: dt.date) -> None:
    text = f"{one.isoformat()}/{other.isoformat()}"
    if one <= other:
        found = bounds(text)
        assert (found.earliest, found.latest) == (one, other)
    else:
        with pytest.raises(BadDate):
            bounds(text)


@settings(deadline=None)
@given(st.lists(days, min_size=2, max_size=2), lengths, lengths, st.sampled_from(["", "~", "?"]))
def test_bounds_are_ordered(both: list[dt.date], a: int, b: int, mark: str) -> None:
    start, end = sorted(both)
    text = f"{start.isoformat()[:a]}{mark}/{end.isoformat()[:b]}{mark}"
    found = bounds(text)
    assert found.earliest
    assert found.latest
    assert found.earliest <= start <= end <= found.latest


@settings(deadline=None)
@given(st.text(alphabet="0123456789X-/.~?%[]{},YSTZ: ", max_size=14))
def test_any_text_has_bounds_or_is_refused(text: str) -> None:
    """Never another error, whatever the text; and bounds in order."""
    try:
        found = bounds(text)
    except BadDate:
        return
    if found.earliest and found.latest:
        assert found.earliest <= found.latest
