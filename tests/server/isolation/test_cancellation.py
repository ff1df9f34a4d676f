"""The word that a client has gone, on its own."""

from __future__ import annotations

import threading

from sanctiongraph_server.cancellation import Cancellation


def test_whoever_registered_is_told_once() -> None:
    cancellation = Cancellation()
    told: list[str] = []
    cancellation.when_cancelled(lambda: told.append("a"))
    cancellation.when_cancelled(lambda: told.append("b"))
    assert not cancellation.cancelled
    cancellation.cancel()
    cancellation.cancel()
    assert cancellation.cancelled
    assert told == ["a", "b"]


def test_who_took_it_back_is_not_told() -> None:
    cancellation = Cancellation()
    told: list[str] = []
    take_back = cancellation.when_cancelled(lambda: told.append("a"))
    take_back()
    take_back()
    cancellation.cancel()
    assert told == []


def test_who_comes_late_is_told_at_once() -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    told: list[str] = []
    cancellation.when_cancelled(lambda: told.append("late"))()
    assert told == ["late"]


def test_nobody_is_missed_or_told_twice_while_threads_register() -> None:
    for _ in range(50):
        cancellation = Cancellation()
        told: list[int] = []
        begin = threading.Barrier(9)

        def register(
            number: int,
            cancellation: Cancellation = cancellation,
            told: list[int] = told,
            begin: threading.Barrier = begin,
        ) -> None:
            begin.wait()
            cancellation.when_cancelled(lambda: told.append(number))

        threads = [threading.Thread(target=register, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        begin.wait()
        cancellation.cancel()
        for thread in threads:
            thread.join()
        assert sorted(told) == list(range(8))
