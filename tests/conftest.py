"""The real data as a published graph, which the processes of a run share."""

from __future__ import annotations

import pytest

from sanctiongraph import Graph

from .real import real_home


@pytest.fixture(scope="session")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return Graph.open(real_home(tmp_path_factory))
