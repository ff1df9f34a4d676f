"""Queries that would run for hours or take all memory, over HTTP, and a neighbour who asks little.

Each ends at its deadline or its memory cap with a problem; the neighbour is answered in a quarter
of a second all the while, where the machine has no other work.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from ...clock import AT_REST
from ..conftest import EX
from .conftest import ENDLESS, SMALL, SMALL_ANSWER, TRIPLES, Server, eventually, serving

#: What they share takes seconds to make.
pytestmark = pytest.mark.xdist_group("runaway")

DEADLINE = 1.0
READERS = 4
MEMORY_MB = 1024
NEIGHBOUR = 0.25

CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
NUMBERS = " ".join(str(number) for number in range(40_000))
SHAPES = {
    "cross product with a filter": f"SELECT * {{ {CROSS} FILTER(?a = ?i && STR(?c) < STR(?g)) }}",
    "streaming": f"SELECT * {{ {CROSS} }}",
    "never matching": ENDLESS,
    "ask": ENDLESS.replace("SELECT *", "ASK"),
    "construct": f"CONSTRUCT {{ ?a ?e ?i }} WHERE {{ {CROSS} }}",
    "order": f"SELECT * {{ {CROSS} }} ORDER BY DESC(?c) ?f LIMIT 10",
    "distinct": f"SELECT DISTINCT ?a ?c ?d ?f {{ {CROSS} }}",
    "group": f"SELECT ?a ?d ?g (COUNT(*) AS ?n) {{ {CROSS} }} GROUP BY ?a ?d ?g",
    "group concat": f"SELECT ?a (GROUP_CONCAT(?c) AS ?all) {{ {CROSS} }} GROUP BY ?a",
    "any to any": f"""SELECT (COUNT(*) AS ?n) {{
        ?a (<{EX}p0>|!<{EX}p0>)* ?b . ?b (<{EX}p1>|!<{EX}p1>)* ?c . ?c !<{EX}p2>* ?a }}""",
    "regex": f"""SELECT * {{ {CROSS}
        FILTER(REGEX(CONCAT(STR(?c), STR(?f)), "(a|aa)+(b|a?){{1,50}}$")) }}""",
    "minus": "SELECT * { ?a ?b ?c MINUS { ?d ?e ?f . ?g ?h ?i } }",
    "optional": "SELECT * { ?a ?b ?c OPTIONAL { ?d ?e ?f OPTIONAL { ?g ?h ?i FILTER(?g = ?z) } } }"
    " ORDER BY ?z",
    "values": f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {NUMBERS} }} VALUES ?y {{ {NUMBERS} }}"
    " FILTER(?x + ?y < 0) }",
    "doubled text": "SELECT (STRLEN(?x7) AS ?n) { BIND('0123456789abcdef' AS ?x0) "
    + " ".join(
        f"BIND(CONCAT({', '.join([f'?x{step}'] * 16)}) AS ?x{step + 1})" for step in range(7)
    )
    + "}",
}
NESTED = {
    "groups": "SELECT * {" + "{" * 390 + "?s ?p ?o" + "}" * 390 + "}",
    "brackets": "SELECT (" + "(" * 5_000 + "1" + ")" * 5_000 + " AS ?x) {}",
    "functions": "SELECT (" + "ABS(" * 3_000 + "1" + ")" * 3_000 + " AS ?x) {}",
    "operators": "SELECT (" + "1 + " * 20_000 + "1 AS ?x) {}",
    "paths": f"SELECT * {{ ?s {'(' * 3_000}<{EX}p0>{')*' * 3_000} ?o }}",
}


@dataclass
class Neighbour:
    """Asks a small query all the time."""

    server: Server
    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __enter__(self) -> Neighbour:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _ask(self) -> None:
        with self.server.client() as client:
            while not self._stop.wait(0.02):
                begun = time.monotonic()
                response = client.get(
                    "/sparql", params={"query": SMALL, "format": "csv", "timeout": 20}
                )
                self.seconds.append(time.monotonic() - begun)
                if response.text.split("\r\n")[1:2] != [SMALL_ANSWER]:
                    self.wrong.append(response.text)

    def check(self, busy: float) -> None:
        """Raises where an answer was wrong or late."""
        assert self.wrong == []
        assert len(self.seconds) > (20 if AT_REST else 5)
        worst = sorted(self.seconds)[-3:]
        print(f"neighbour: {len(self.seconds)} answers, the slowest in {worst}, busy {busy:.1f}")
        assert worst[-1] < NEIGHBOUR * busy, worst


def how_busy() -> float:
    """How many times slower others' work makes this machine, at least."""
    return 1.0 if AT_REST else max(5.0, 3 * (os.getloadavg()[0] - 1) / (os.cpu_count() or 1))


@pytest.fixture(scope="module")
def busy() -> float:
    return how_busy()


@pytest.fixture(scope="module")
def server(graph: Path, busy: float) -> Iterator[Server]:  # noqa: ARG001
    with serving(
        graph,
        READERS=str(READERS),
        TIMEOUT=str(DEADLINE),
        MAX_TIMEOUT="20",
        QUERY_MEMORY_MB=str(MEMORY_MB),
        MAX_RESULT_BYTES="50000000",
        RATE_LIMIT="0",
    ) as served:
        assert eventually(lambda: len(served.readers()) >= READERS)
        yield served


def run_away(server: Server, query: str) -> tuple[httpx.Response, float]:
    with server.client() as client:
        begun = time.monotonic()
        response = client.post("/sparql", data={"query": query})
        return response, time.monotonic() - begun


def check_ended(response: httpx.Response, seconds: float, busy: float) -> None:
    assert 500 < response.status_code < 508, response.text[:200]
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["type"].rpartition("/")[2] in {
        "deadline-exceeded",
        "memory-exceeded",
        "result-too-large",
    }, response.text
    assert seconds < DEADLINE + 0.5 * busy


def resident(server: Server) -> int:
    """Bytes that the readers hold."""
    total = 0
    for reader in server.readers():
        with suppress(OSError):
            resident = int(Path(f"/proc/{reader}/statm").read_text().split()[1])
            total += resident * os.sysconf("SC_PAGE_SIZE")
    return total


def check_all_well(server: Server) -> None:
    assert eventually(lambda: resident(server) < (2 * READERS + 2) * 100 * 1024 * 1024)
    count = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "format": "csv", "timeout": "20"}
    with server.client() as client:
        for _ in range(2 * READERS):
            assert client.get("/sparql", params=count).text.split() == ["n", str(TRIPLES)]


def test_one_after_the_other(server: Server, busy: float) -> None:
    with Neighbour(server) as neighbour:
        for name, query in SHAPES.items():
            response, seconds = run_away(server, query)
            print(f"{name}: {response.status_code} in {seconds:.2f} s: {response.json()['type']}")
            check_ended(response, seconds, busy)
    neighbour.check(busy)
    check_all_well(server)


def test_many_at_a_time(server: Server, busy: float) -> None:
    with Neighbour(server) as neighbour, ThreadPoolExecutor(2 * READERS) as others:
        for response, seconds in others.map(lambda one: run_away(server, one), SHAPES.values()):
            check_ended(response, seconds, busy)
    neighbour.check(busy)
    check_all_well(server)


@pytest.mark.parametrize("name", NESTED)
def test_nested_deeply(server: Server, name: str) -> None:
    response, _ = run_away(server, NESTED[name])
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.status_code in {400, 503}, response.text
    check_all_well(server)
