"""The real data as a published graph, which the processes of a run share."""

from __future__ import annotations

import pytest
from hypothesis import settings

from sanctiongraph import Graph

from .real import real_home

# An example that is slow because the machine is busy is no failure; what has a bound measures it.
settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")


@pytest.fixture(scope="session")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return Graph.open(real_home(tmp_path_factory))
