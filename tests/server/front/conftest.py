"""Two real servers: one with the gateway behind the front, one with an application that tells."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from ..conftest import NQUADS, SERVE, end, free_port, publish_nquads, started, wait_until_up

ROOT = Path(__file__).parents[3]
SERVE_APPLICATION = """
import sys
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
Granian("tests.server.front.applications:app", "127.0.0.1", int(sys.argv[1]),
        interface=Interfaces.RSGI, http=HTTPModes.http1, websockets=False,
        log_level=LogLevels.error, workers_kill_timeout=2).serve()
"""


@dataclass(frozen=True, slots=True)
class Telling:
    """The server with the application that tells, and the folder in which it leaves marks."""

    address: str
    port: int
    seen: Path


@contextmanager
def served(command: list[str], port: int, **environment: str) -> Iterator[str]:
    process = started(command, {"SANCTIONGRAPH_RATE_LIMIT": "0", **environment}, cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(process, address)
        yield address
    finally:
        end(process)


@contextmanager
def told(seen: Path, home: Path) -> Iterator[Telling]:
    """The server with the application that tells, which leaves its marks in ``seen``."""
    port = free_port()
    environment = {
        "SEEN": str(seen),
        "SANCTIONGRAPH_HOME": str(home),
        "SANCTIONGRAPH_MAX_QUERY_BYTES": "100000",
        "SANCTIONGRAPH_MAX_UPLOAD_BYTES": "3000000",
        "SANCTIONGRAPH_CACHE_MB": "1",
        "SANCTIONGRAPH_READERS": "2",
        "SANCTIONGRAPH_QUEUE": "3",
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    }
    with served([SERVE_APPLICATION, str(port)], port, **environment) as address:
        yield Telling(address, port, seen)


@pytest.fixture(scope="session")
def telling(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Iterator[Telling]:
    with told(tmp_path_factory.mktemp("seen"), home) as server:
        yield server


@pytest.fixture(scope="session")
def teller(telling: Telling) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=telling.address, timeout=30) as opened:
        yield opened


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway with one worker, and its home, to publish other versions in."""

    address: str
    home: Path

    def publish(self, letter: str, more: str = "") -> str:
        """Publishes the small graph with more statements; returns the name of the version."""
        publish_nquads(self.home, NQUADS + more, letter * 64)
        return letter * 16


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    publish_nquads(tmp_path, NQUADS, "a" * 64)
    port = free_port()
    with served(
        [SERVE, "--port", str(port), "--workers", "1"], port, SANCTIONGRAPH_HOME=str(tmp_path)
    ) as address:
        yield Gateway(address, tmp_path)
