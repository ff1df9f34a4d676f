"""The real graph behind one real server, shared by the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sanctiongraph import Graph

from ...real import real_home
from ..conftest import end, free_port, start, wait_until_up

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
    process = start(
        real,
        port,
        SANCTIONGRAPH_WORKERS="1",
        SANCTIONGRAPH_READERS="2",
        SANCTIONGRAPH_PUBLIC_URL=PUBLIC,
        SANCTIONGRAPH_TIMEOUT="120",
        SANCTIONGRAPH_MAX_TIMEOUT="120",
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(process, address)
        with httpx.Client(base_url=address, timeout=150) as client:
            yield client
    finally:
        end(process)
