"""Which ownership sums a pattern needs is told from its form."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, RdfFormat, Store

from sanctiongraph.assessment import Outcome
from sanctiongraph.bulk.assess import assess_all, by_sparql
from sanctiongraph.bulk.facts import of_files
from sanctiongraph.bulk.owned import Extent, read_by
from sanctiongraph.bulk.patterns import group_of
from sanctiongraph.data import data_folders
from sanctiongraph.law.groups import read_group
from sanctiongraph.law.truthtable import columns_of
from sanctiongraph.vocabulary import PREFIXES, sparql_prologue

DAY = dt.date(2025, 12, 6)
_AT_THE_TIME = """
    FILTER NOT EXISTS { ?sum sg:holdsFrom ?from . ?from sg:latest ?first FILTER(?first > "2025-12-06"^^xsd:date) }
    FILTER NOT EXISTS { ?sum sg:holdsUntil ?until . ?until sg:earliest ?last FILTER(?last <= "2025-12-06"^^xsd:date) }
"""
_NEWEST = "FILTER NOT EXISTS { ?newer sg:supersedes ?sum }"


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
        ("?sum a sg:BlockedOwnership ; sg:ofBody ?party ." + _AT_THE_TIME + _NEWEST, Extent.DAY),
        (
            "?sum a sg:BlockedOwnership ; sg:ofBody ?party ."
            + _AT_THE_TIME
            + "FILTER NOT EXISTS { ?newer sg:target ?sum }",
            Extent.ALL_TIME,
        ),
    ],
)
def test_what_a_pattern_reads(pattern: str, extent: Extent) -> None:
    assert read_by(read_group(pattern), ["party"], DAY) is extent


def test_the_law_asks_for_sums_of_the_day() -> None:
    """Sums of all time take most of the time where there are many ownerships."""
    law = of_files([], data_folders()).law
    found = {
        (rule.name, read_by(group_of(pattern, DAY), rule.asks, DAY))
        for rule in law.rules.values()
        for _, patterns in columns_of(law, rule)
        for pattern in patterns
    }
    assert {extent for _, extent in found} == {Extent.NONE, Extent.DAY}


def test_a_sum_that_facts_call_superseded_counts(tmp_path: Path) -> None:
    """What is said to supersede it would be a sum, and those that facts state are not believed."""
    triples = [
        "id:b a sg:Blocking ; sg:target id:owner",
        "id:o a sg:Ownership ; sg:owner id:owner ; sg:owned id:body ; sg:share 0.6",
        "id:o sg:holdsFrom id:since . id:since sg:earliest ?day ; sg:latest ?day",
        f"id:newer sg:supersedes <{PREFIXES['id']}body#blocked-ownership-2020-01-01>",
    ]
    store = Store()
    store.update(
        f"{sparql_prologue()} INSERT {{ {' . '.join(triples)} }}"
        ' WHERE { BIND("2020-01-01"^^xsd:date AS ?day) }'
    )
    path = tmp_path / "facts.nt"
    store.dump(str(path), RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    found = of_files([path], data_folders())
    rule = found.law.rule("ofac-50-percent")
    plain = by_sparql(found, [rule], DAY, None)
    with assess_all(found, [rule], DAY, small=0) as mass:
        assert mass.because is None
        assert list(mass.rules[0]) == list(plain.rules[0])
        assert [one.outcome for one in mass.rules[0]] == [Outcome.APPLIES]
