"""A write ends at its deadline or memory cap, and nobody else notices but by waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from sanctiongraph.errors import ClientGone, DeadlineExceeded, MemoryExceeded, Overloaded
from sanctiongraph_server.writes import Update

from ...clock import within
from ..conftest import no_more_files, publish_nquads
from .conftest import EX, Running, Start, begin, finish, until

#: What they share takes seconds to make.
pytestmark = pytest.mark.xdist_group("deadlines")

#: Seconds that runaway updates have here.
SECONDS = 1.5
#: What the machine may be late; the gateway itself may be half a second late.
BUSY = within(3)
_MANY = "".join(f"<{EX}i{n}> <{EX}v> <{EX}o{n % 97}> .\n" for n in range(3_000))
_ANY = "?a ?p ?b . ?c ?q ?d . ?e ?r ?f"

_PRODUCT = [f"VALUES ?{name} {{ {' '.join(map(str, range(10)))} }}" for name in "abcdefghijklmz"]
#: Needs no data, and never ends.
ENDLESS = f"INSERT {{ <{EX}n> <{EX}n> ?n }} WHERE {{ SELECT (COUNT(*) AS ?n) {{ {' '.join(_PRODUCT)} }} }}"
RUNAWAYS = {
    "cross product": f"INSERT {{ ?a <{EX}x> ?f }} WHERE {{ {_ANY} FILTER(?a = ?f && ?b = ?e) }}",
    "deletes nothing": f"DELETE {{ ?a ?p ?b }} INSERT {{ ?c ?q ?d }} WHERE {{ {_ANY} FILTER(?b > ?f) }}",
    "never matches": f"DELETE {{ ?a ?p ?b }} WHERE {{ {_ANY} FILTER(STR(?a) = CONCAT(STR(?d), 'x')) }}",
    "regex": f"INSERT {{ ?a <{EX}x> ?f }} WHERE {{ {_ANY}"
    " FILTER(REGEX(CONCAT(STR(?a), STR(?d), STR(?f)), '(a|aa)+(o|oo)*z$')) }",
    "any path": f"INSERT {{ ?a <{EX}x> ?d }} WHERE {{ ?a (<{EX}v>|^<{EX}v>)* ?b ."
    f" ?c (<{EX}v>|^<{EX}v>)+ ?d . ?d (<{EX}v>|^<{EX}v>)+ ?e FILTER(?a = ?e && ?b = ?c && ?e = <{EX}o1>) }}",
    "aggregate": f"INSERT {{ <{EX}n> <{EX}n> ?n }} WHERE {{ SELECT (COUNT(*) AS ?n) {{ {_ANY} }} }}",
    "second operation": f"INSERT DATA {{ <{EX}half> <{EX}n> 1 }} ;"
    f" DELETE {{ ?a ?p ?b }} WHERE {{ {_ANY} FILTER(?a = ?f && ?b = ?e) }}",
}


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("slow") / "home"
    publish_nquads(home, _MANY, "b" * 64)
    running = begin(home, UPDATE_TIMEOUT=str(SECONDS), WORKERS="1")
    until(lambda: running.update(f"INSERT DATA {{ <{EX}warm> <{EX}n> 1 }}").is_success)
    yield running
    finish(running)


@pytest.mark.parametrize("name", RUNAWAYS)
def test_a_runaway_update_ends_at_its_deadline_and_neighbours_go_on(
    slow: Running, name: str
) -> None:
    until(lambda: slow.update(f"INSERT DATA {{ <{EX}before> <{EX}n> '{name}' }}").is_success)
    size = slow.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    answers = []
    began = time.monotonic()
    thread = threading.Thread(target=lambda: answers.append(slow.update(RUNAWAYS[name])))
    thread.start()
    while thread.is_alive():
        asked = time.monotonic()
        assert slow.ask(f"<{EX}i1> ?p ?o")
        assert time.monotonic() - asked < BUSY
        time.sleep(0.05)
    took = time.monotonic() - began
    answer = answers[0]
    assert answer.status_code == 503, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"].endswith("/deadline-exceeded")
    assert SECONDS <= took < SECONDS + 0.5 + BUSY
    assert slow.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == size
    until(lambda: slow.update(f"INSERT DATA {{ <{EX}after> <{EX}n> '{name}' }}").is_success)
    assert slow.ask(f"<{EX}after> <{EX}n> '{name}'")


def test_a_client_may_lower_the_deadline_and_not_raise_it(slow: Running) -> None:
    runaway = Update(RUNAWAYS["cross product"], EX)
    for asked, had in ((0.4, 0.4), (3_600, SECONDS)):
        began = time.monotonic()
        with pytest.raises(DeadlineExceeded) as caught:
            slow.writes.apply(runaway, asked)
        assert caught.value.seconds == had
        assert time.monotonic() - began < had + BUSY


def test_changes_that_wait_go_on_when_the_one_before_is_ended(slow: Running) -> None:
    ended = threading.Thread(target=lambda: slow.update(RUNAWAYS["cross product"], timeout=0.8))
    ended.start()
    time.sleep(0.3)
    until(lambda: slow.update(f"INSERT DATA {{ <{EX}waited> <{EX}n> 1 }}").is_success)
    ended.join()
    assert slow.ask(f"<{EX}waited> <{EX}n> 1")


def test_an_update_that_needs_too_much_memory_ends_and_changes_nothing(start: Start) -> None:
    gateway = start(QUERY_MEMORY_MB="1024", UPDATE_TIMEOUT="60", WORKERS="1")
    digits = "VALUES ?{0} {{ 0 1 2 3 4 5 6 7 8 9 }}"
    ten_million = " ".join(digits.format(name) for name in "abcdefg")
    huge = (
        f"INSERT {{ ?s <{EX}huge> ?o }} WHERE {{ {ten_million}"
        f" BIND(IRI(CONCAT('{EX}', STR(?a), STR(?b), STR(?c), STR(?d))) AS ?s)"
        f" BIND(CONCAT(STR(?e), STR(?f), STR(?g), '{' and much more' * 200}') AS ?o) }}"
    )
    with pytest.raises(MemoryExceeded):
        gateway.writes.apply(Update(huge, EX))
    assert gateway.update(f"INSERT DATA {{ <{EX}small> <{EX}n> 1 }}").is_success
    assert not gateway.ask(f"?s <{EX}huge> ?o")


def test_beyond_the_queue_changes_are_refused_with_a_time_to_ask_again(start: Start) -> None:
    gateway = start(QUEUE="2", UPDATE_TIMEOUT="60", WORKERS="1")
    assert gateway.update(f"INSERT DATA {{ <{EX}warm> <{EX}n> 1 }}").is_success
    runaway = Update(ENDLESS, EX)
    working = threading.Thread(target=_quietly, args=(gateway, runaway, 6))
    working.start()
    time.sleep(0.5)
    small = [Update(f"INSERT DATA {{ <{EX}q{n}> <{EX}n> 1 }}", EX) for n in range(3)]
    waiting = [threading.Thread(target=gateway.writes.apply, args=(one,)) for one in small[:2]]
    for one in waiting:
        one.start()
    until(lambda: gateway.writes.status().waiting == 2)
    with pytest.raises(Overloaded) as caught:
        gateway.writes.apply(small[2])
    assert caught.value.retry_after >= 1
    for one in [*waiting, working]:
        one.join()
    assert gateway.ask(f"<{EX}q0> ?p ?o . <{EX}q1> ?p ?o")
    assert not gateway.ask(f"<{EX}q2> ?p ?o")


def test_a_change_whose_client_has_gone_leaves_the_queue(start: Start) -> None:
    gateway = start(UPDATE_TIMEOUT="60", WORKERS="1")
    assert gateway.update(f"INSERT DATA {{ <{EX}warm> <{EX}n> 1 }}").is_success
    runaway = Update(ENDLESS, EX)
    working = threading.Thread(target=_quietly, args=(gateway, runaway, 4))
    working.start()
    time.sleep(0.5)
    cancellation = Gone()
    errors: list[BaseException] = []

    def write() -> None:
        try:
            gateway.writes.apply(
                Update(f"INSERT DATA {{ <{EX}gone> <{EX}n> 1 }}", EX), 30, cancellation
            )
        except ClientGone as error:
            errors.append(error)

    waiting = threading.Thread(target=write)
    waiting.start()
    until(lambda: gateway.writes.status().waiting == 1)
    cancellation.cancel()
    until(lambda: gateway.writes.status().waiting == 0)
    waiting.join()
    working.join()
    assert len(errors) == 1
    assert gateway.update(f"INSERT DATA {{ <{EX}later> <{EX}n> 1 }}").is_success
    assert not gateway.ask(f"<{EX}gone> ?p ?o")


class Gone:
    """What the front gives: word that the client has gone."""

    def __init__(self) -> None:
        self._callbacks: list[Callable[[], None]] = []

    def when_cancelled(self, callback: Callable[[], None]) -> Callable[[], None]:
        self._callbacks.append(callback)
        return lambda: None

    def cancel(self) -> None:
        for callback in self._callbacks:
            callback()


def _quietly(gateway: Running, change: Update, timeout: float) -> None:
    with pytest.raises(DeadlineExceeded):
        gateway.writes.apply(change, timeout)


def test_a_keeper_without_open_files_left_takes_writes_again_later(start: Start) -> None:
    running = start(WORKERS="1")
    assert running.update(f"INSERT DATA {{ <{EX}few> <{EX}n> 1 }}").is_success
    with no_more_files(running.keeper()):
        refused = running.update(f"INSERT DATA {{ <{EX}few> <{EX}n> 2 }}")
        assert refused.json()["type"].endswith("overloaded"), refused.text
    assert running.update(f"INSERT DATA {{ <{EX}few> <{EX}n> 3 }}").is_success
    assert not running.ask(f"<{EX}few> <{EX}n> 2")
