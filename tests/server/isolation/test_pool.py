"""The readers of one worker: deadlines, caps, the queue, cancellation, and snapshots that change."""

from __future__ import annotations

import fcntl
import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sanctiongraph_server import metrics
from sanctiongraph_server.cancellation import ENVIRON_KEY, Cancellation
from sanctiongraph_server.readers.keeping import SPARE, ReadersState
from sanctiongraph_server.readers.pool import ReaderPool

from ...clock import within
from ..conftest import publish_nquads
from .conftest import (
    ENDLESS,
    SMALL,
    SMALL_ANSWER,
    TRIPLES,
    application,
    eventually,
    nquads,
    open_files,
    ready,
)

READERS = 2
#: Ends by itself after a second or so of one processor.
SLOW = "SELECT (COUNT(*) AS ?n) { { SELECT ?a { ?a ?b ?c } LIMIT 400 } ?d ?e ?f }"
SLOW_ANSWER = str(400 * TRIPLES)
#: The same in 900 rows, so that its answer leaves as an open file.
SLOW_AND_LONG = "SELECT * { { SELECT * { ?a ?b ?c } LIMIT 900 } { %s } }" % SLOW  # noqa: UP031
ALL = "SELECT * { ?s ?p ?o }"


@pytest.fixture(scope="module")
def running(graph: Path) -> Iterator[tuple[Flask, ReaderPool]]:
    settings = {"READERS": str(READERS), "QUEUE": "2", "MAX_TIMEOUT": "120", "TIMEOUT": "60"}
    with application(graph, MAX_RESULT_BYTES="3000000", QUERY_MEMORY_MB="1024", **settings) as up:
        yield up


@pytest.fixture
def client(running: tuple[Flask, ReaderPool]) -> FlaskClient:
    return running[0].test_client()


@pytest.fixture
def pool(running: tuple[Flask, ReaderPool]) -> ReaderPool:
    assert eventually(lambda: at_rest(running[1].state()))
    return running[1]


def at_rest(state: ReadersState) -> bool:
    """Whether nothing runs or waits and all readers are there."""
    return state == ReadersState(0, 0, 2 * READERS + SPARE)


def asked(client: FlaskClient, query: str, timeout: float | None = None, **more: object):  # type: ignore[no-untyped-def]
    form = {"query": query, "format": "csv"} | ({"timeout": str(timeout)} if timeout else {})
    environ = {ENVIRON_KEY: more["cancellation"]} if "cancellation" in more else {}
    return client.post("/sparql", data=form, environ_overrides=environ)


def in_background(*calls) -> list[threading.Thread]:  # type: ignore[no-untyped-def]
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    return threads


@contextmanager
def endless(client: FlaskClient, many: int) -> Iterator[Cancellation]:
    """While so many endless queries are asked; they are called off at the end, however it comes."""
    cancellation = Cancellation()
    threads = in_background(*[lambda: asked(client, ENDLESS, 60, cancellation=cancellation)] * many)
    try:
        yield cancellation
    finally:
        cancellation.cancel()
        for thread in threads:
            thread.join()


def stepped_back() -> float:
    """How many were stopped for others, and began anew."""
    found = re.search(r'killed_total\{cause="stepped-back"\} (\S+)', metrics.page(None).decode())
    return float(found[1]) if found else 0.0


def settled(pool: ReaderPool, waiting: int) -> bool:
    """Whether in the end all readers run and so many wait.

    Not only so many wait: what has just been asked waits before the second reader is given away.
    """

    def is_so() -> bool:
        state = pool.state()
        return (state.running, state.waiting) == (READERS, waiting)

    return eventually(is_so)


def right(client: FlaskClient) -> bool:
    response = asked(client, SMALL)
    assert response.status_code == 200, response.text
    return response.text.split("\r\n")[1] == SMALL_ANSWER


def test_at_the_deadline_a_query_ends_and_the_next_is_answered(
    client: FlaskClient, pool: ReaderPool
) -> None:
    begun = time.monotonic()
    response = asked(client, ENDLESS, 0.5)
    took = time.monotonic() - begun
    assert response.status_code == 503
    assert response.content_type == "application/problem+json"
    assert response.json["type"].endswith("deadline-exceeded")
    assert response.json["seconds"] == 0.5
    assert "0.5 s" in response.json["detail"]
    assert 0.5 <= took < within(3)
    assert right(client)
    assert eventually(lambda: at_rest(pool.state()))


def test_a_query_that_needs_too_much_memory_ends_itself_alone(
    client: FlaskClient, pool: ReaderPool
) -> None:
    response = asked(client, "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f", 110)
    assert response.status_code == 503
    assert response.json["type"].endswith("memory-exceeded"), response.json
    assert "1024 MB" in response.json["detail"]
    assert right(client)
    assert ready(pool)


def test_an_answer_longer_than_may_be_is_no_answer(client: FlaskClient) -> None:
    response = asked(client, "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 50000")
    assert response.status_code == 507
    assert response.json["type"].endswith("result-too-large")
    assert right(client)


def test_a_large_answer_is_whole(client: FlaskClient, pool: ReaderPool) -> None:
    files = open_files()
    for query, rows in ((ALL, TRIPLES), ("SELECT * {?a ?b ?c . ?d ?e ?f} LIMIT 20000", 20_000)):
        with closing(asked(client, query)) as response:
            assert response.status_code == 200
            lines = response.data.splitlines()
            assert len(lines) == rows + 1
            assert len(response.data) == int(response.headers["Content-Length"])
    assert len(response.data) > 1 << 20  # which went through an open file
    head = client.head("/sparql", query_string={"query": query, "format": "csv"})
    assert int(head.headers["Content-Length"]) == len(response.data)
    head.close()
    assert eventually(lambda: open_files() <= files)
    assert ready(pool)


def test_beyond_the_queue_queries_are_refused_at_once(
    client: FlaskClient, pool: ReaderPool
) -> None:
    with endless(client, READERS + 2):
        assert settled(pool, waiting=2)
        response = asked(client, SMALL)
        assert response.status_code == 503
        assert response.json["type"].endswith("overloaded")
        assert int(response.headers["Retry-After"]) >= 1
    assert right(client)


def test_waiting_counts_against_the_deadline(client: FlaskClient, pool: ReaderPool) -> None:
    with endless(client, READERS + 1):
        # One of the three is paused for the others.
        assert settled(pool, waiting=1)
        begun = time.monotonic()
        response = asked(client, ENDLESS, 1)
        assert response.status_code == 503
        assert time.monotonic() - begun < within(3)


def test_short_queries_get_a_reader_though_endless_ones_have_them_all(
    client: FlaskClient, pool: ReaderPool
) -> None:
    with endless(client, READERS) as cancellation:
        assert settled(pool, waiting=0)
        for _ in range(5):
            assert right(client)
        assert not cancellation.cancelled
        assert pool.state().running >= 1


def test_whoever_is_paused_is_answered_in_turn_and_begins_nothing_anew(
    client: FlaskClient, pool: ReaderPool
) -> None:
    stopped = stepped_back()
    answers: list[str] = []
    threads = in_background(
        *[lambda: answers.append(asked(client, SLOW, 110).text.split()[1])] * (READERS + 2)
    )
    assert settled(pool, waiting=2)
    while any(thread.is_alive() for thread in threads):
        if pool.state().waiting < 2:  # the queue is full otherwise
            assert right(client)
        time.sleep(0.02)
    assert answers == [SLOW_ANSWER] * (READERS + 2)
    assert stepped_back() == stopped


def test_a_long_query_ends_beside_endless_ones(client: FlaskClient, pool: ReaderPool) -> None:
    with endless(client, READERS) as cancellation:
        assert settled(pool, waiting=0)
        assert asked(client, SLOW, 60).text.split()[1] == SLOW_ANSWER
        assert not cancellation.cancelled


def test_a_reader_that_is_paused_is_ended_at_its_deadline(
    client: FlaskClient, pool: ReaderPool
) -> None:
    with endless(client, READERS):
        assert settled(pool, waiting=0)
        found = []
        threads = in_background(*[lambda: found.append(asked(client, ENDLESS, 1))] * 2)
        for thread in threads:
            thread.join(within(4))
    assert [response.status_code for response in found] == [503, 503]
    assert {response.json["type"].rpartition("/")[2] for response in found} == {"deadline-exceeded"}


def test_a_long_answer_is_whole_though_its_reader_is_paused(
    client: FlaskClient, pool: ReaderPool
) -> None:
    answers: list[str] = []
    with endless(client, READERS):
        assert settled(pool, waiting=0)
        threads = in_background(lambda: answers.append(asked(client, SLOW_AND_LONG, 60).text))
        threads[0].join()
    (answer,) = answers
    assert len(answer.splitlines()) == 901
    assert answer.endswith("\r\n")


def test_when_the_client_has_gone_its_query_is_stopped(
    client: FlaskClient, pool: ReaderPool
) -> None:
    cancellation = Cancellation()
    statuses: list[int] = []
    threads = in_background(
        lambda: statuses.append(asked(client, ENDLESS, 60, cancellation=cancellation).status_code)
    )
    assert eventually(lambda: pool.state().running == 1)
    cancellation.cancel()
    threads[0].join(10)
    assert statuses == [499]
    assert eventually(lambda: at_rest(pool.state()))


def test_when_the_client_has_gone_its_query_leaves_the_queue(
    client: FlaskClient, pool: ReaderPool
) -> None:
    one = Cancellation()
    statuses: list[int] = []
    with endless(client, READERS + 1):
        assert settled(pool, waiting=1)
        threads = in_background(
            lambda: statuses.append(asked(client, ENDLESS, 60, cancellation=one).status_code)
        )
        assert settled(pool, waiting=2)
        one.cancel()
        threads[0].join(10)
        assert statuses == [499]


def test_a_client_that_went_before_its_query_began(client: FlaskClient, pool: ReaderPool) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    assert asked(client, SMALL, cancellation=cancellation).status_code == 499
    assert at_rest(pool.state())


def held(folder: Path) -> bool:
    """Whether anybody has the snapshot open; asked as the one asks who would remove it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def holders(folder: Path) -> dict[int, int]:
    """Who has the snapshot open: processes, and the hundredths of a second that each has worked."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            if any(file.readlink() == folder for file in (process / "fd").iterdir()):
                fields = (process / "stat").read_text().rpartition(")")[2].split()
                found[int(process.name)] = int(fields[11]) + int(fields[12])
    return found


def at_work(folder: Path, before: dict[int, int]) -> int:
    """How many have worked for a tenth of a second and more since then."""
    return sum(now - before.get(one, now) > 10 for one, now in holders(folder).items())


def test_snapshots_change_under_queries_and_are_let_go(tmp_path: Path) -> None:
    old = publish_nquads(tmp_path, nquads(), "a" * 64).folder
    with application(tmp_path, READERS="2", TIMEOUT="100", MAX_TIMEOUT="100") as (app, pool):
        client = app.test_client()
        assert eventually(lambda: len(holders(old)) == pool.state().free == 2 * READERS + SPARE)
        before = holders(old)
        found = []
        threads = in_background(lambda: found.append(asked(client, SLOW)))
        with endless(client, 1):
            assert eventually(lambda: at_work(old, before) == 2)
            new = publish_nquads(tmp_path, nquads("new") + nquads("node"), "b" * 64).folder
            # Whoever asks now sees what is new; who asked before, what was there.
            response = asked(client, SMALL)
            assert response.headers["Sanctiongraph-Version"] == "b" * 16
            assert "new 7" in response.text
            threads[0].join()
            assert found[0].headers["Sanctiongraph-Version"] == "a" * 16
            assert found[0].text.split()[1] == SLOW_ANSWER
            # Nobody asks anything else, so those that are free go over; the endless query stays.
            assert eventually(lambda: len(holders(old)) == 1)
            assert held(old)
            assert pool.state().running == 1
        assert eventually(lambda: not held(old))
        assert held(new)
    assert eventually(lambda: not held(new))


def test_readiness(tmp_path: Path) -> None:
    publish_nquads(tmp_path, nquads(), "a" * 64)
    with application(tmp_path, READERS="1") as (_, pool):
        assert ready(pool)
        (tmp_path / "current").unlink()
        # What is open goes on being served.
        assert ready(pool)
    assert not ready(pool)
