from __future__ import annotations

import pytest
from pyoxigraph import Store

from sanctiongraph import Graph
from sanctiongraph.law.rules import Law, read_law


@pytest.fixture(scope="session")
def store(graph: Graph) -> Store:
    return graph.store


@pytest.fixture(scope="session")
def law(store: Store) -> Law:
    return read_law(store)
