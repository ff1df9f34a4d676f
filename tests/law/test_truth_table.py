"""The two ways to a truth table agree: all cases at once, and one case by itself."""

from __future__ import annotations

import datetime as dt

import pytest

from sanctiongraph import Graph
from sanctiongraph.law.truthtable import rows
from sanctiongraph.perspective import open_perspective

DAYS = ("2017-08-02", "2019-12-01", "2020-12-14", "2025-12-06")


@pytest.mark.parametrize("viewpoint", ["sources", "everyone"])
def test_a_case_alone_has_the_row_that_it_has_among_all(graph: Graph, viewpoint: str) -> None:
    law = graph.reasoner.law
    perspective = open_perspective(graph.store, viewpoint)
    compared = 0
    for rule in law.rules.values():
        for day in map(dt.date.fromisoformat, DAYS):
            among_all = rows(perspective.store, law, rule, day, graphs=perspective.graphs)
            for row in among_all[::7]:  # every seventh: one by one they take long
                alone = rows(
                    perspective.store, law, rule, day, case=row.case, graphs=perspective.graphs
                )
                assert alone == [row], (rule.name, day, row.case)
                compared += 1
    assert compared > 100
