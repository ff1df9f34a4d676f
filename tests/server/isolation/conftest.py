"""A made-up graph on which queries can run away, servers with short deadlines, and their processes."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from flask import Flask

from sanctiongraph.errors import NotBuilt, Overloaded, Stopped
from sanctiongraph.settings import from_environment
from sanctiongraph_server.app import READERS, create_app
from sanctiongraph_server.readers.pool import ReaderPool
from sanctiongraph_server.tasks import Ping, Terms

from ..conftest import EX, end, free_port, publish_nquads, start, wait_until_up

NODES = 2_000
#: Triples of the graph: a label, and links by seven predicates, of each node.
TRIPLES = 4 * NODES

#: Never ends, and never has a first result.
ENDLESS = (
    """SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?a) = CONCAT(STR(?d), STR(?g))) }"""
)
#: Small, with one right answer.
SMALL = f"SELECT ?l {{ <{EX}s7> <{EX}label> ?l }}"
SMALL_ANSWER = "node 7"


def nquads(first: str = "node") -> str:
    lines = []
    for node in range(NODES):
        lines.append(f'<{EX}s{node}> <{EX}label> "{first} {node}" .\n')
        for link in range(3):
            other = (node * 31 + link * 977 + 1) % NODES
            lines.append(f"<{EX}s{node}> <{EX}p{(node + link) % 7}> <{EX}s{other}> .\n")
    return "".join(lines)


@pytest.fixture(scope="session")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runaway")
    publish_nquads(folder, nquads(), "e" * 64)
    return folder


class Server:
    """A served graph and the processes behind it."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process = process
        self.address = address

    def client(self) -> httpx.Client:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        return httpx.Client(base_url=self.address, timeout=30, limits=limits)

    def workers(self) -> list[int]:
        return [one for one in children(self.process.pid) if not writes(one)]

    def nurseries(self) -> list[int]:
        return [one for worker in self.workers() for one in children(worker)]

    def readers(self) -> list[int]:
        return [one for nursery in self.nurseries() for one in children(nursery)]

    def until_ready(self) -> None:
        """Waits until readers answer."""
        with self.client() as client:
            asked = {"query": SMALL}
            assert eventually(lambda: client.get("/sparql", params=asked).status_code == 200, 60)


@contextlib.contextmanager
def serving(home: Path, **settings: str) -> Iterator[Server]:
    """``sanctiongraph serve`` with these settings, up to its end."""
    port = free_port()
    given = {
        # Answers from memory would tell nothing of readers.
        "CACHE_MB": "0",
        "WORKERS": "1",
        "MAX_QUERY_BYTES": "1000000",
        "MAX_MERGED_TRIPLES": "200000",
        **settings,
    }
    process = start(home, port, **{f"SANCTIONGRAPH_{name}": value for name, value in given.items()})
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(process, address)
        server = Server(process, address)
        server.until_ready()
        yield server
    finally:
        end(process)


@contextlib.contextmanager
def application(home: Path, **settings: str) -> Iterator[tuple[Flask, ReaderPool]]:
    """The application in this process, with readers of its own that are up, and their end."""
    given = {f"SANCTIONGRAPH_{name}": value for name, value in settings.items()}
    app = create_app(from_environment({"SANCTIONGRAPH_HOME": str(home), **given}))
    pool = app.extensions[READERS]
    assert isinstance(pool, ReaderPool)
    try:
        pool.start()
        assert ready(pool, 30)
        yield app, pool
    finally:
        pool.close()


def ready(pool: ReaderPool, seconds: float = 1.0) -> bool:
    """Whether within that time a reader answers from a graph."""
    try:
        pool.perform(Ping(), Terms(seconds))
    except (Stopped, Overloaded, NotBuilt):
        return False
    return True


def children(pid: int) -> list[int]:
    """Processes whose parent this is, zombies left out."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
                if int(parent) == pid and state != "Z":
                    found.append(int(folder.name))
    return found


def writes(pid: int) -> bool:
    """Whether a process is the writer's keeper."""
    with contextlib.suppress(OSError):
        return b"sanctiongraph_server.writer" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def eventually(true: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether it becomes true within the time, which is meant for a busy machine."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
