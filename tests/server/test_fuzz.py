"""Some hundred odd requests; ``benchmarks/fuzz.py`` sends ten thousand."""

from __future__ import annotations

import http.server

import pytest

from benchmarks.fuzz import fault, run
from benchmarks.odd_requests import Request, Target, request

from . import servers
from .servers import replying


def test_nothing_fails(address: str) -> None:
    statuses, faults = run(Target(address), seed=7, numbers=range(150))
    assert not faults
    assert sum(statuses.values()) == 150
    statuses, faults = run(Target(address, ("/sparql",)), seed=8, numbers=range(350))
    assert not faults
    assert statuses.get(200, 0) > 10
    assert statuses.get(400, 0) > 10


def test_a_request_follows_from_its_seed_and_number() -> None:
    target = Target("http://127.0.0.1:1", token="t")
    wires = [request(target, 1, number).wire() for number in range(200)]
    assert wires == [request(target, 1, number).wire() for number in range(200)]
    assert len(set(wires)) > 190


def dropping(handler: http.server.BaseHTTPRequestHandler, _: bytes) -> None:
    handler.close_connection = True


@pytest.mark.parametrize(
    "answer",
    [
        replying(b'{"status": 500}', "application/problem+json", 500),
        replying(b"oops", "text/html", 400),
        replying(b"oops", "application/problem+json", 400),
        replying(b'{"status": 404, "type": "", "title": "", "detail": ""}',
                 "application/problem+json", 400),
        replying(b"Traceback (most recent call last)"),
        dropping,
    ],
)  # fmt: skip
def test_what_is_wrong_is_seen(answer: servers.Answer) -> None:
    with servers.serving() as server:
        server.tell("/sparql", answer)
        sent = Request("POST", "/sparql", (("Host", "x"),), b"", False)
        assert fault(Target(server.address), sent)[1]
