"""Which ownership sums a pattern needs is told from its form."""

from __future__ import annotations

import datetime as dt

import pytest

from sanctiongraph.bulk.owned import Extent, read_by
from sanctiongraph.law.groups import read_group

DAY = dt.date(2025, 12, 6)
_AT_THE_TIME = """
    FILTER NOT EXISTS { ?sum sg:holdsFrom ?from . ?from sg:latest ?first FILTER(?first > "2025-12-06"^^xsd:date) }
    FILTER NOT EXISTS { ?sum sg:holdsUntil ?until . ?until sg:earliest ?last FILTER(?last <= "2025-12-06"^^xsd:date) }
"""


@pytest.mark.parametrize(
    ("pattern", "extent"),
    [
        ("?deal sg:recipient ?party", Extent.NONE),
        ("?sum a sg:BlockedOwnership ; sg:ofBody ?party ." + _AT_THE_TIME, Extent.DAY),
        ("?sum a sg:BlockedOwnership ; sg:ofBody ?party", Extent.ALL_TIME),
        ("?sum sg:ofBody ?party ; sg:holdsFrom ?from ." + _AT_THE_TIME, Extent.ALL_TIME),
        # Sums of one day do not say what they add up.
        ("?sum sg:ofBody ?party ; sg:addsUp ?holding ." + _AT_THE_TIME, Extent.ALL_TIME),
        # A property left open may be one of a sum, and another as well.
        (
            "?sum ?part ?party . FILTER(?part IN (sg:ofBody, sg:recipient))" + _AT_THE_TIME,
            Extent.DAY,
        ),
        ("?sum sg:ofBody ?party ; sg:recipient ?other", Extent.NONE),
    ],
)
def test_what_a_pattern_reads(pattern: str, extent: Extent) -> None:
    assert read_by(read_group(pattern), ["party"], DAY) is extent
