"""One day stands for another only where the same is found on both."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from sanctiongraph.law.epochs import beginnings, compared, dates_among, standing_for
from sanctiongraph.law.rules import read_law
from sanctiongraph.vocabulary import term
from tests.law.bench import empty

BOUNDS = {term("sg:earliest"), term("sg:latest")}
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2040, 1, 1))


def test_of_all_rules_it_is_known_what_they_compare() -> None:
    law = read_law(empty().store)
    patterns = {one for rule in law.rules.values() for one in law.patterns_of(rule)}
    dated = {one for one in patterns if "$asOf" in one}
    assert len(dated) > 100
    for one in patterns:
        found = compared(one)
        assert found is not None
        assert found.properties <= BOUNDS
        assert found.properties or found.named or one not in dated


@pytest.mark.parametrize(
    "pattern",
    [
        "?party sg:on ?on FILTER(?day <= $asOf)",  # nothing says what the day is
        "?party ?anything ?day FILTER(?day <= $asOf)",
        "?party sg:on/sg:latest ?day FILTER(?day <= $asOf)",
        "BIND($asOf AS ?day) ?party sg:latest ?day",
        '?party sg:latest ?day FILTER(?day <= $asOf - "PT5H"^^xsd:dayTimeDuration)',
    ],
)
def test_where_it_cannot_be_told_every_day_stands_for_itself(pattern: str) -> None:
    assert beginnings([pattern], lambda _: frozenset()) is None


def test_where_there_are_too_many_dates_as_well() -> None:
    pattern = "?party sg:latest ?day FILTER(?day <= $asOf)"
    assert beginnings([pattern], lambda _: None) is None


def test_what_a_pattern_names_and_compares_with_counts() -> None:
    pattern = (
        'FILTER($asOf >= "2018-01-29"^^xsd:date) ?party sg:latest ?day'
        ' FILTER(?day <= $asOf - "P30D"^^xsd:dayTimeDuration)'
    )
    there = {term("sg:latest"): frozenset([dt.date(2020, 5, 1)])}
    found = beginnings([pattern], lambda name: there.get(name, frozenset())) or []
    assert {dt.date(2018, 1, 29), dt.date(2020, 5, 1), dt.date(2020, 5, 31)} <= set(found)
    # Within any two of them nothing happens, but on these days it does.
    for day in (dt.date(2018, 1, 29), dt.date(2020, 5, 31)):
        assert standing_for(day, found) == day
        assert standing_for(day - dt.timedelta(days=1), found) < day


@given(st.sets(DAYS), DAYS)
def test_a_day_stands_for_those_up_to_the_next(days: set[dt.date], day: dt.date) -> None:
    beginning = sorted(days)
    found = standing_for(day, beginning)
    assert bisect_right(beginning, found) == bisect_right(beginning, day)
    assert standing_for(found, beginning) == found


def test_dates_of_another_calendar_or_zone_are_none_to_go_by() -> None:
    date, name = term("xsd:date"), NamedNode("http://example.org/a")
    plain = Literal("2020-02-29", datatype=date)
    assert dates_among([plain, name, Literal("2020-01-01")]) == {dt.date(2020, 2, 29)}
    for text in ("2020-02-29Z", "2020-02-29+03:00", "-0044-03-15", "2021-02-29", "12020-01-01"):
        assert dates_among([plain, Literal(text, datatype=date)]) is None
