"""One day stands for another only where the same is found on both."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from sanctiongraph.law.dates import Dates, MoreDates, Path, dates_among
from sanctiongraph.law.epochs import beginnings, compared, standing_for
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
        assert found.paths or found.named or one not in dated
        for path in found.paths:
            assert path.bound in BOUNDS
            assert path.of is not None


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
        'FILTER($asOf >= "2018-01-29"^^xsd:date) ?party sg:date ?on . ?on sg:latest ?day'
        ' FILTER(?day <= $asOf - "P30D"^^xsd:dayTimeDuration)'
    )
    there = {Path(term("sg:date"), term("sg:latest")): frozenset([dt.date(2020, 5, 1)])}
    found = beginnings([pattern], lambda path: there.get(path, frozenset())) or []
    assert {dt.date(2018, 1, 29), dt.date(2020, 5, 1), dt.date(2020, 5, 31)} <= set(found)
    # Between two of them nothing happens, but on these days it does.
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


THINGS = [NamedNode(f"http://example.org/{name}") for name in "abcd"]
HOLDS, LATEST = term("sg:date"), term("sg:latest")
TRIPLES = st.one_of(
    st.builds(
        Triple,
        st.sampled_from(THINGS),
        st.sampled_from([HOLDS, term("sg:holdsFrom")]),
        st.sampled_from(THINGS),
    ),
    st.builds(
        Triple,
        st.sampled_from(THINGS),
        st.sampled_from([LATEST, term("sg:earliest")]),
        st.dates(dt.date(2020, 1, 1), dt.date(2020, 1, 5)).map(
            lambda day: Literal(day.isoformat(), datatype=term("xsd:date"))
        ),
    ),
)


def quads(triples: set[Triple]) -> list[Quad]:
    """In two graphs, since they are taken together."""
    graphs = DefaultGraph(), NamedNode("http://example.org/graph")
    return [
        Quad(one.subject, one.predicate, one.object, graphs[at % 2])
        for at, one in enumerate(sorted(triples, key=str))
    ]


@given(st.sets(TRIPLES), st.sets(TRIPLES), st.sets(TRIPLES))
def test_what_is_added_brings_the_dates_that_it_makes_found(
    there: set[Triple], viewpoint: set[Triple], added: set[Triple]
) -> None:
    """What a viewpoint believes is in the store, too; what a scenario adds is not."""
    store = Store()
    store.extend(quads(there | viewpoint))
    dates = Dates(store)
    whole = Store()
    whole.extend(quads(there | viewpoint | added))
    more = MoreDates(MoreDates(dates, viewpoint), added)
    for path in (Path(HOLDS, LATEST), Path(None, LATEST), Path(HOLDS, term("sg:earliest"))):
        found, wanted = more.of(path), Dates(whole).of(path)
        assert found is not None
        assert wanted == found
        assert more.adds_to(path) == (found != dates.of(path))


def test_too_many_dates_are_none_to_go_by() -> None:
    store = Store()
    store.extend(
        Quad(THINGS[0], LATEST, Literal(f"2020-01-{day:02}", datatype=term("xsd:date")))
        for day in range(1, 10)
    )
    store.extend([Quad(THINGS[1], HOLDS, THINGS[0]), Quad(THINGS[1], HOLDS, THINGS[2])])
    for path in (Path(None, LATEST), Path(HOLDS, LATEST)):
        assert len(Dates(store, 9).of(path) or ()) == 9
        assert Dates(store, 8).of(path) is None
    assert Dates(store, 1).of(Path(HOLDS, term("sg:earliest"))) is None
