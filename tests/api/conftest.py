"""The real graph, opened as a user opens it."""

from __future__ import annotations

import pytest

from sanctiongraph import Graph

from ..real import real_home


@pytest.fixture(scope="session")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return Graph.open(real_home(tmp_path_factory))
