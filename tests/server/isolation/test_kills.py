"""Processes that somebody else ends: no wrong answer, no lost capacity, nothing left behind."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from .conftest import ENDLESS, SMALL, SMALL_ANSWER, TRIPLES, Server, eventually, serving

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
READERS = 2


def test_readers_killed_under_load(graph: Path) -> None:
    answers: Counter[str] = Counter()
    stop = threading.Event()

    def ask(server: Server, query: str, answer: str) -> None:
        with server.client() as client:
            while not stop.is_set():
                response = client.get("/sparql", params={"query": query, "format": "csv"})
                if response.status_code == 200:
                    assert response.text.split("\r\n")[1] == answer
                    answers["right"] += 1
                else:
                    assert response.status_code == 503, response.text
                    assert response.json()["type"].endswith("worker-lost")
                    answers["lost"] += 1

    with serving(graph, READERS=str(READERS), TIMEOUT="20") as server:
        failures: list[BaseException] = []

        def asked(*arguments: str) -> None:
            try:
                ask(server, *arguments)
            except BaseException as error:
                failures.append(error)

        threads = [
            threading.Thread(target=asked, args=arguments)
            for arguments in ((SMALL, SMALL_ANSWER), (COUNT, str(TRIPLES))) * 2
        ]
        for thread in threads:
            thread.start()
        killed = 0
        until = time.monotonic() + 4
        while time.monotonic() < until or killed < 10:
            time.sleep(0.1)
            if readers := server.readers():
                with suppress(ProcessLookupError):
                    os.kill(random.choice(readers), signal.SIGKILL)
                    killed += 1
        stop.set()
        for thread in threads:
            thread.join()
        assert failures == []
        assert answers["right"] > 50
        # A task is tried twice, so that it takes two kills to lose it.
        assert answers["lost"] <= killed / 4
        assert eventually(lambda: len(server.readers()) == 2 * READERS + 2)
        with server.client() as client:
            for _ in range(10):
                assert SMALL_ANSWER in client.get("/sparql", params={"query": SMALL}).text


def test_the_nursery_killed(graph: Path) -> None:
    with serving(graph, READERS="1", TIMEOUT="20") as server, server.client() as client:
        (nursery,) = server.nurseries()
        readers = server.readers()
        os.kill(nursery, signal.SIGKILL)
        assert SMALL_ANSWER in client.get("/sparql", params={"query": SMALL}).text
        # A reader that was at work may have answered before it ended as well.
        assert eventually(lambda: server.nurseries() not in ([], [nursery]))
        assert eventually(lambda: not any(Path(f"/proc/{one}").exists() for one in readers))


def test_a_reader_that_breaks_off_by_itself(graph: Path) -> None:
    """As where the engine overflows its stack: told honestly, and not tried again."""
    settings = {"READERS": "1", "TIMEOUT": "100", "MAX_TIMEOUT": "100"}
    with serving(graph, **settings) as server, server.client() as client:
        found: list[httpx.Response] = []
        asking = threading.Thread(
            target=lambda: found.append(client.get("/sparql", params={"query": ENDLESS}))
        )
        asking.start()
        assert eventually(lambda: _busy(server))
        (busy,) = [one for one in server.readers() if _works(one)]
        os.kill(busy, signal.SIGSEGV)
        asking.join()
        assert found[0].status_code == 503
        assert found[0].json()["type"].endswith("worker-lost")
        assert "nests too deeply" in found[0].json()["detail"]
        assert SMALL_ANSWER in client.get("/sparql", params={"query": SMALL}).text


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_readers_end_with_their_worker(graph: Path, how: signal.Signals) -> None:
    settings = {"READERS": "2", "TIMEOUT": "100", "MAX_TIMEOUT": "100"}
    with serving(graph, **settings) as server, server.client() as client:
        threading.Thread(target=_asked_in_vain, args=(server,)).start()
        # Of readers that work it is asked most: they are not looking.
        assert eventually(lambda: _busy(server))
        before = [*server.nurseries(), *server.readers()]
        assert len(before) == 1 + 2 * 2 + 2
        if how is signal.SIGKILL:
            for worker in server.workers():
                os.kill(worker, how)
        else:
            os.kill(server.process.pid, how)
        assert eventually(lambda: not any(_lives(one) for one in before))
        if how is signal.SIGKILL:  # the worker is started anew, with readers of its own
            assert eventually(lambda: _answers(client))


def _asked_in_vain(server: Server) -> None:
    with server.client() as client, suppress(httpx.HTTPError):
        client.get("/sparql", params={"query": ENDLESS})


def _busy(server: Server) -> bool:
    return any(_works(reader) for reader in server.readers())


def _works(reader: int) -> bool:
    """Whether it has worked for three tenths of a second: on a task, not on its start."""
    with suppress(OSError):
        fields = Path(f"/proc/{reader}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) > 0.3 * os.sysconf("SC_CLK_TCK")
    return False


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _answers(client: httpx.Client) -> bool:
    try:
        return SMALL_ANSWER in client.get("/sparql", params={"query": SMALL}).text
    except httpx.HTTPError:
        return False
