from __future__ import annotations

import datetime as dt

import pytest
from pyoxigraph import Store

from sanctiongraph import Graph
from sanctiongraph.law.rules import Law, read_law
from sanctiongraph.options import OptionsTable, options_table
from sanctiongraph.perspective import Perspective

#: After the day on which every option of the graph takes effect.
DAY = dt.date(2026, 2, 1)


@pytest.fixture(scope="session")
def store(graph: Graph) -> Store:
    return graph.store


@pytest.fixture(scope="session")
def law(store: Store) -> Law:
    return read_law(store)


@pytest.fixture(scope="session")
def table(store: Store, law: Law) -> OptionsTable:
    return options_table(Perspective(store), law, DAY)
