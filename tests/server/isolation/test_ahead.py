"""A reader learns ahead what pages ask of a graph: once a graph and a day, when nobody asks anything."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sanctiongraph.settings import from_environment
from sanctiongraph_server import ahead, metrics
from sanctiongraph_server.ahead import Ahead, Learn, Sides
from sanctiongraph_server.inquiries import Inquired
from sanctiongraph_server.readers.keeping import SPARE
from sanctiongraph_server.readers.pool import ReaderPool
from sanctiongraph_server.tasks import Task, Terms

from ...real import real_home
from ..conftest import publish_nquads
from .conftest import application, children, eventually, nquads
from .test_pool import endless

TERMS = Terms(60)


def counted(outcome: str) -> float:
    """How many graphs were learned so far, by how much."""
    start = f'sanctiongraph_learned_ahead_total{{outcome="{outcome}"}} '
    lines = metrics.page(None).decode().splitlines()
    return next((float(one.removeprefix(start)) for one in lines if one.startswith(start)), 0.0)


def looking(home: Path, pool: ReaderPool, seconds: str = "0.01", **more: Any) -> Ahead:
    given = {"SANCTIONGRAPH_HOME": str(home), "SANCTIONGRAPH_AHEAD_SECONDS": seconds}
    return Ahead(from_environment(given), pool, **more)


def worked() -> int:
    """Hundredths of a second of a processor that the readers of this process had so far."""
    readers = [one for nursery in children(os.getpid()) for one in children(nursery)]
    fields = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in readers]
    return sum(int(one[11]) + int(one[12]) for one in fields)


def looks(one: Ahead) -> Iterator[bool]:
    """What it says each time that it looks."""
    while True:
        time.sleep(0.02)
        yield one.look()


def test_a_graph_is_learned_once_when_it_stands(tmp_path: Path) -> None:
    publish_nquads(tmp_path, nquads(), "a" * 64)
    with application(tmp_path, READERS="2") as (_, pool):
        found = looks(looking(tmp_path, pool))
        before = counted("whole")
        assert [next(found) for _ in range(4)] == [False, True, False, False]
        publish_nquads(tmp_path, nquads("new"), "b" * 64)
        assert not next(found)  # what has only just come may soon be another
        assert eventually(lambda: next(found), 120)
        assert not any(next(found) for _ in range(4))
        assert counted("whole") == before + 2
        later = looks(looking(tmp_path, pool, "100"))
        assert not any(next(later) for _ in range(4))


def test_it_takes_a_part_of_the_time_however_often_there_is_another_graph(tmp_path: Path) -> None:
    def slow() -> Iterator[Task[Any]]:
        time.sleep(0.3)
        yield from ()

    publish_nquads(tmp_path, nquads(), "a" * 64)
    with application(tmp_path, READERS="1") as (_, pool):
        found = looks(looking(tmp_path, pool, pages=lambda _: slow()))
        assert eventually(lambda: next(found), 120)
        ended = time.monotonic()
        publish_nquads(tmp_path, nquads("new"), "b" * 64)
        assert eventually(lambda: next(found), 120)
        assert time.monotonic() - ended > 2


def test_who_asks_comes_first(tmp_path: Path) -> None:
    publish_nquads(tmp_path, nquads(), "a" * 64)
    with application(tmp_path, READERS="2") as (app, pool):
        found = looks(looking(tmp_path, pool))
        with endless(app.test_client(), 1):
            assert eventually(lambda: pool.state().running == 1)
            assert not any(next(found) for _ in range(5))
        assert eventually(lambda: next(found), 120)


def test_of_what_takes_too_long_a_part_is_learned(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "_MOST_SECONDS", 0.0)
    home = real_home(tmp_path_factory)
    with application(home, READERS="1") as (_, pool):
        found = looks(looking(home, pool))
        before = counted("part")
        assert eventually(lambda: next(found), 120)
        assert counted("part") == before + 1


def test_what_takes_no_graph_is_no_fault(tmp_path: Path) -> None:
    publish_nquads(tmp_path, nquads(), "a" * 64)
    with application(tmp_path, READERS="1") as (_, pool):
        found = looks(looking(tmp_path, pool))
        pool.close()
        before = counted("failed")
        assert eventually(lambda: next(found), 120)
        assert counted("failed") == before + 1


def test_what_was_learned_is_not_worked_out_again(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = real_home(tmp_path_factory)
    with application(home, READERS="1") as (_, pool):

        def answered(day: str) -> tuple[bytes, int]:
            """The table of options, and the hundredths of a second that readers worked for it."""
            before = worked()
            body = pool.perform(Inquired("options", {"as_of": day}), TERMS).whole()
            return body, worked() - before

        assert eventually(lambda: pool.state().free == 2 + SPARE)
        day = dt.date(2026, 2, 1)
        sides = pool.perform(Sides(), TERMS)
        assert sides[0] == ("sources", None)
        assert {("turkey", None), ("sources", "destroy")} <= set(sides)
        for side in sides:
            while not pool.perform(Learn(side, day), TERMS):
                pass
        learned, after = answered("2026-02-01")
        fresh, _ = answered("2026-06-01")
        _, anew = answered("2020-12-20")
        assert after < anew / 2
        assert learned.replace(b"2026-02-01", b"2026-06-01") == fresh
