"""What was told before is told again only where it is the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from sanctiongraph import Graph, remembering
from sanctiongraph.assessment import assess
from sanctiongraph.law.rules import Law
from sanctiongraph.perspective import Perspective, open_perspective
from sanctiongraph.remembering import remembered
from sanctiongraph.scenario import scenario_text
from sanctiongraph.vocabulary import PREFIXES

DAYS = (dt.date(2021, 1, 1), dt.date(2026, 6, 1))


@pytest.fixture(autouse=True)
def _nothing_is_known() -> Iterator[None]:
    remembering.let_go()
    yield
    remembering.let_go()


def perspectives(graph: Graph) -> list[Perspective]:
    """Some of each kind, in an order in which each may be misled by the ones before."""
    names = [("united-states", "destroy"), ("turkey", None), ("sources", None), ("everyone", None),
             ("turkey", "transfer-to-iran"), ("sources", "transfer-to-iran")]  # fmt: skip
    return [open_perspective(graph.store, *one) for one in names]


def test_each_is_told_what_it_would_be_told_alone(graph: Graph, law: Law) -> None:
    for one in perspectives(graph):
        for rule in law.rules.values():
            for day in DAYS:
                known = assess(one.store, law, rule, day, graphs=one.graphs, told=remembered(one))
                alone = assess(one.store, law, rule, day, graphs=one.graphs)
                assert known == alone, (one.viewpoint, one.scenario, rule.name, day)


def test_a_day_stands_for_others_only_where_all_is_the_same(graph: Graph, law: Law) -> None:
    """Around a day on which much changes, and where a scenario of the user's has one of its own."""
    own = scenario_text(
        f"@prefix sg: <{PREFIXES['sg']}> . @prefix id: <{PREFIXES['id']}> ."
        "id:Later a sg:ArmsDeal ; sg:supplier id:Rosoboronexport ; sg:recipient id:SSB ;"
        "  sg:item id:S400 . id:Signed a sg:Contract ; sg:ofDeal id:Later ;"
        '  sg:actor id:SSB , id:Rosoboronexport ; sg:date [ sg:edtf "2026-03-15" ] .',
        graph.store,
    )
    for one, days in (
        (open_perspective(graph.store, "everyone"), ("2020-12-14", "2020-12-13", "2020-12-20")),
        (open_perspective(graph.store, "turkey", own), ("2026-03-20", "2026-03-14", "2026-03-15")),
    ):
        said = []
        for day in map(dt.date.fromisoformat, days):
            for rule in law.rules.values():
                known = assess(one.store, law, rule, day, graphs=one.graphs, told=remembered(one))
                alone = assess(one.store, law, rule, day, graphs=one.graphs)
                assert known == alone, (one.viewpoint, one.scenario, rule.name, day)
                said.append([(found.case, found.statuses) for found in alone])
        first, second = (said[at * len(law.rules) : (at + 1) * len(law.rules)] for at in (0, 1))
        assert first != second


def test_what_two_viewpoints_have_in_common_is_asked_once(graph: Graph, law: Law) -> None:
    asked = 0

    class Counting:
        def __init__(self, store: object) -> None:
            self._store = store

        def __getattr__(self, name: str) -> object:
            nonlocal asked
            asked += name == "query"
            return getattr(self._store, name)

    store = Counting(graph.store)
    counts = []
    for name in ("sources", "turkey", "united-states", "turkey"):
        graphs = open_perspective(graph.store, name).graphs
        one = Perspective(store, graphs, name)  # type: ignore[arg-type]
        before = asked
        for rule in law.rules.values():
            assess(one.store, law, rule, DAYS[1], graphs=graphs, told=remembered(one))
        counts.append(asked - before)
    assert counts[0] > 200
    assert 0 < counts[1] < counts[0] / 3
    assert 0 < counts[2] < counts[0] / 3
    assert counts[3] == 0


def test_of_a_graph_that_tells_much_it_is_forgotten(
    graph: Graph, law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembering, "_MOST_ROWS", 10)
    one = open_perspective(graph.store)
    known = remembered(one)
    assess(one.store, law, law.rule("caatsa-231-a"), DAYS[1], told=known)
    assert known.rows > 10
    there = open_perspective(graph.store, scenario="destroy")
    on_top = remembered(there)
    assert on_top.rows == 0  # nor is it kept by what is supposed on it
    assess(there.store, law, law.rule("caatsa-231-a"), DAYS[1], told=on_top)
    assert on_top.rows > 10
    assert remembered(there) is not on_top
    assert remembered(one) is not known
    assert remembered(one).rows == 0
