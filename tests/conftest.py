"""The real data, built once a test process into a folder of its own: it takes about two seconds."""

from __future__ import annotations

import pytest

from sanctiongraph import Graph
from sanctiongraph.build import build
from sanctiongraph.data import data_folders


@pytest.fixture(scope="session")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    home = tmp_path_factory.mktemp("published")
    build(data_folders(), home)
    return Graph.open(home)
