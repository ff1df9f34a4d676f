"""A gateway that takes writes, over a small graph of its own."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from sanctiongraph.settings import from_environment
from sanctiongraph.tokens import Scope, create
from sanctiongraph_server.writer.client import WriterClient

from ..conftest import NQUADS, SERVE, end, free_port, publish_nquads, started

EX = "http://example.org/"


@dataclass
class Running:
    """A gateway, and ways to it."""

    home: Path
    process: subprocess.Popen[str]
    client: httpx.Client
    token: str
    writes: WriterClient

    def update(self, text: str, **parameters: float) -> httpx.Response:
        return self.client.post(
            "/update",
            content=text,
            params=parameters,
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/sparql-update",
            },
        )

    def keeper(self) -> int:
        """The number of its process."""
        return _keeper(self.process.pid)[0]

    def select(self, query: str) -> list[list[str]]:
        answer = self.client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
        assert answer.status_code == 200, answer.text
        return [line.split(",") for line in answer.text.split("\r\n")[1:] if line]

    def ask(self, pattern: str) -> bool:
        answer = self.client.get(
            "/sparql",
            params={"query": f"ASK {{ {pattern} }}"},
            headers={"Accept": "application/sparql-results+json"},
        )
        found: bool = answer.json()["boolean"]
        return found


Start = Callable[..., Running]


def begin(home: Path, **environment: str) -> Running:
    _, token = create(home, Scope.WRITE)
    variables = {
        "SANCTIONGRAPH_HOME": str(home),
        "SANCTIONGRAPH_RATE_LIMIT": "0",
        "SANCTIONGRAPH_DERIVE_SECONDS": "86400",
        **{f"SANCTIONGRAPH_{name}": value for name, value in environment.items()},
    }
    port = free_port()
    process = started([SERVE, "--port", str(port)], variables)
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)
    writes = WriterClient(_keeper(process.pid)[1], from_environment(variables))
    running = Running(home, process, client, token, writes)
    until(lambda: _answers(running))
    return running


def _answers(running: Running) -> bool:
    try:
        running.client.get("/healthz")
    except httpx.TransportError:
        return False
    return running.writes.status() is not None


def finish(running: Running) -> None:
    running.client.close()
    if running.process.poll() is None:
        end(running.process)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a gateway with these settings, on a home folder that may be given."""
    running: list[Running] = []

    def one_more(home: Path | None = None, **environment: str) -> Running:
        if home is None:
            home = tmp_path / "home"
            publish_nquads(home, NQUADS, "a" * 64)
        running.append(begin(home, **environment))
        return running[-1]

    yield one_more
    for one in running:
        finish(one)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One that the tests of a module share, so each writes what no other looks at."""
    home = tmp_path_factory.mktemp("writing") / "home"
    publish_nquads(home, NQUADS, "a" * 64)
    running = begin(home)
    yield running
    finish(running)


def _keeper(pid: int) -> tuple[int, Path]:
    """The keeper's number, and its socket, which it was told on its command line."""
    found: list[tuple[int, Path]] = []

    def look() -> bool:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
                if b"sanctiongraph_server.writer.service" in words:
                    found.append((int(child), Path(words[4].decode())))
        return bool(found)

    until(look)
    return found[0]


def until(true: Callable[[], bool], seconds: float = 240) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.05)
