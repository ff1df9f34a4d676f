"""Durations in patterns: read once, for the days of a timeline, for SQL and for other stores."""

from __future__ import annotations

import pytest

from sanctiongraph.errors import BadData
from sanctiongraph.law.durations import Duration, named_in, read


@pytest.mark.parametrize(
    ("text", "months", "days"),
    [("P30D", 0, 30), ("P1Y", 12, 0), ("P1Y6M", 18, 0), ("P2M", 2, 0), ("-P1M", -1, 0),
     ("P1Y2M3D", 14, 3), ("-P10D", 0, -10), ("P0D", 0, 0)],
)  # fmt: skip
def test_what_is_read(text: str, months: int, days: int) -> None:
    assert read(text) == Duration(months, days)


@pytest.mark.parametrize(
    "text", ["", "P", "-P", "30D", "P1D1M", "PT24H", "P1DT1H", "P1.5D", "+P1D"]
)
def test_what_is_not(text: str) -> None:
    assert read(text) is None


def test_those_of_a_pattern() -> None:
    pattern = """
        FILTER(?day <= $asOf - "P30D"^^xsd:dayTimeDuration) # not "P5D"^^xsd:dayTimeDuration
        FILTER(?day + 'P1Y'^^<http://www.w3.org/2001/XMLSchema#yearMonthDuration> <= ?other)
        FILTER(?text = "P7D" || ?text = 'as "P8D"^^xsd:dayTimeDuration')
    """
    assert list(named_in(pattern)) == [Duration(0, 30), Duration(12, 0)]


def test_hours_are_refused() -> None:
    with pytest.raises(BadData, match="PT36H"):
        list(named_in('FILTER(?day <= $asOf - "PT36H"^^xsd:dayTimeDuration)'))
