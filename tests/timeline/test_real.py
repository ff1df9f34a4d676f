"""Timelines of the real data: SSB's way to the sanctions, and every rule against day-by-day asking."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from sanctiongraph import Graph
from sanctiongraph.assessment import Level, Outcome, assess
from sanctiongraph.law.rules import read_law
from sanctiongraph.law.telling import Told
from sanctiongraph.perspective import open_perspective
from sanctiongraph.timeline import overall, timelines, to_json
from sanctiongraph.vocabulary import term

SSB = term("id:SSB").value
DELIVERY = term("id:TurkeyS400Delivery").value
#: Parts of the rules, each a test, so that the processes of a run can share them.
_PARTS = 5


def test_ssb_is_eligible_with_the_delivery_and_sanctioned_from_14_december_2020(
    graph: Graph,
) -> None:
    law = read_law(graph.store)
    rule = law.rule("caatsa-231-a")
    perspective = open_perspective(graph.store)
    (line,) = timelines(perspective, law, rule, party=SSB, transaction=DELIVERY)
    assert [(one.since, one.level) for one in line.periods] == [
        (None, Level.NONE),
        (dt.date(2019, 7, 12), Level.ELIGIBLE),
        (dt.date(2020, 12, 14), Level.SANCTIONED),
    ]
    assert [one.case for one in line.periods] == [False, True, True]
    assert line.on(dt.date(2020, 12, 13)).outcome is Outcome.DOES_NOT_APPLY
    assert line.on(dt.date(2020, 12, 14)).outcome is Outcome.APPLIES
    assert line.to_text().splitlines()[-1].split() == [
        "from",
        "2020-12-14",
        "applies,",
        "sanctioned",
    ]


def test_a_party_has_a_timeline_over_all_its_transactions(graph: Graph) -> None:
    law = read_law(graph.store)
    rule = law.rule("caatsa-231-a")
    perspective = open_perspective(graph.store)
    begun = time.process_time()
    found = timelines(perspective, law, rule, party=SSB)
    assert time.process_time() - begun < 1
    whole = overall(found)
    assert whole is not None
    assert whole.periods[-1].since == dt.date(2020, 12, 14)
    assert [one.level for one in whole.periods][-2:] == [Level.ELIGIBLE, Level.SANCTIONED]
    told = to_json(found, rule=rule, party=SSB, perspective=perspective)
    assert told["party"] == "SSB"
    assert told["overall"][-1] == {
        "from": "2020-12-14", "until": None, "outcome": "applies", "level": "sanctioned", "case": True,
    }  # fmt: skip
    assert overall([]) is None


@pytest.mark.parametrize("part", range(_PARTS))
@pytest.mark.parametrize("viewpoint", ["sources", "everyone"])
def test_every_rule_is_the_same_asked_on_days_around_each_change(
    graph: Graph, viewpoint: str, part: int
) -> None:
    law = read_law(graph.store)
    perspective = open_perspective(graph.store, viewpoint)
    # Without dates no day stands for others: what has the day in its question is asked for each anew.
    told = Told()
    every = [dt.date(2016, 6, 1) + dt.timedelta(days=37 * n) for n in range(110)]
    for rule in list(law.rules.values())[part::_PARTS]:
        lines = {(o.party, o.transaction): o for o in timelines(perspective, law, rule)}
        changes = {p.since for one in lines.values() for p in one.periods if p.since}
        days = {day + dt.timedelta(days=n) for day in changes for n in (-1, 0)}
        for day in sorted(days | set(every[:: 1 if len(lines) < 3 else 5])):
            found = {
                (one.party, one.transaction): (one.outcome, one.level)
                for one in assess(
                    perspective.store, law, rule, day, graphs=perspective.graphs, told=told
                )
            }
            held = {case: line.on(day) for case, line in lines.items()}
            expected = {case: (p.outcome, p.level) for case, p in held.items() if p.case}
            assert expected == found, (rule.name, day)
