"""The real graph behind one real server, shared by the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sanctiongraph import Graph

from ...real import real_home
from ..conftest import SERVE, free_port
from ..front.conftest import served

PUBLIC = "https://data.example.org/graph/"


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return real_home(tmp_path_factory)


@pytest.fixture(scope="session")
def real_graph(real: Path) -> Graph:
    return Graph.open(real)


@pytest.fixture(scope="session")
def linked(real: Path) -> Iterator[httpx.Client]:
    port = free_port()
    command = [SERVE, "--port", str(port), "--workers", "1", "--readers", "2"]
    with (
        served(
            command,
            port,
            SANCTIONGRAPH_HOME=str(real),
            SANCTIONGRAPH_PUBLIC_URL=PUBLIC,
            SANCTIONGRAPH_TIMEOUT="120",
            SANCTIONGRAPH_MAX_TIMEOUT="120",
        ) as address,
        httpx.Client(base_url=address, timeout=150) as client,
    ):
        yield client
