"""What passes Flask by is seen by the hooks, and what the front refuses leaves as Flask's errors do."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from sanctiongraph.errors import BadInput, Overloaded
from sanctiongraph.settings import from_environment
from sanctiongraph_server.app import create_app
from sanctiongraph_server.front import bodies
from sanctiongraph_server.front.application import REFUSED
from sanctiongraph_server.problems import RequestTimeout

from .conftest import Telling
from .test_bridge import WRITER
from .test_gone import appeared, ask
from .test_kept import NOW, counted

#: Readers, queue and spare threads of the server, as its settings have them.
AT_WORK = 2 + 3 + 16


def test_hooks_see_what_flask_does_not(teller: httpx.Client, telling: Telling) -> None:
    first = counted(teller, "/hooks?hooked", mark=NOW)
    counted(teller, "/hooks?hooked", mark=NOW)
    tag = {"If-None-Match": first.headers["ETag"]}
    counted(teller, "/hooks?hooked", mark=NOW, send=tag)
    expected = [f"hooked 200 {len(first.content)}", "hooked 304 0"]

    def told() -> list[str]:
        lines = (telling.seen / "told").read_text().splitlines()
        return [line for line in lines if "hooked" in line]

    assert eventually(lambda: told() == expected), told()  # it is told after the answer is sent


def test_a_hook_refuses_what_is_kept(teller: httpx.Client) -> None:
    first = counted(teller, "/refused", mark=NOW)
    refused = counted(teller, "/refused", mark=NOW, send={"X-Refuse": "1"})
    assert refused.text == "TooManyRequests: too often"
    assert counted(teller, "/refused", mark=NOW).content == first.content


def test_more_at_work_than_can_be_are_refused_and_others_served(
    telling: Telling, teller: httpx.Client
) -> None:
    counted(teller, "/before", mark=NOW)
    waiting: list[socket.socket] = []
    try:
        for number in range(AT_WORK):
            waiting.append(ask(telling, f"busy{number}"))
        assert teller.get("/echo").text.startswith("Overloaded: ")
        assert counted(teller, "/before", mark=NOW).status_code == 200
    finally:
        for connection in waiting:
            connection.close()
    for number in range(AT_WORK):
        assert appeared(telling.seen / f"busy{number}-cancelled")
    for _ in range(100):
        if teller.get("/echo").headers["Content-Type"] == "application/json":
            return
        time.sleep(0.1)
    raise AssertionError("nothing is answered any more")


def test_refusals_are_problems(home: Path) -> None:
    client = create_app(from_environment({"SANCTIONGRAPH_HOME": str(home)})).test_client()
    for error, status in (
        (Overloaded("later", 3), 503),
        (BadInput("no"), 400),
        (RequestTimeout("slow"), 408),
    ):
        answer = client.get("/sparql?query=ASK{}", environ_overrides={REFUSED: error})
        assert answer.status_code == status
        assert answer.content_type == "application/problem+json"
        assert answer.json["detail"] == str(error)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers.get("Retry-After") == ("3" if status == 503 else None)


def test_a_body_that_stops_coming_is_not_waited_for() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"abc"
        await asyncio.sleep(60)

    async def read() -> None:
        await bodies.read(chunks(), {"content-length": "50000"}, 50_000, silence=0.2)

    with pytest.raises(RequestTimeout, match="nothing for"):
        asyncio.run(read())


def test_a_body_that_comes_too_slowly_is_not_waited_for() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        while True:
            yield b"a"
            await asyncio.sleep(0.1)

    async def read() -> None:
        await bodies.read(chunks(), {"content-length": "10000"}, 10_000, silence=1)

    begun = time.monotonic()
    with pytest.raises(RequestTimeout, match="too slowly"):
        asyncio.run(read())
    assert 1.4 < time.monotonic() - begun < 60


def test_more_bodies_than_can_be_at_work_are_not_read_at_a_time(
    telling: Telling, teller: httpx.Client
) -> None:
    head = (
        b"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\nAuthorization: Bearer t\r\n\r\nabc"
    )

    def sent() -> httpx.Response:
        return teller.post("/echo", content=b"x", headers=WRITER)

    sending: list[socket.socket] = []

    def one_more() -> None:
        sending.append(socket.create_connection(("127.0.0.1", telling.port)))
        sending[-1].sendall(head)

    def refused() -> bool:
        """One of those before may have come while the last question was read, and be refused."""
        if sent().status_code == 400:
            return True
        one_more()
        return False

    try:
        for _ in range(AT_WORK):
            one_more()
        assert eventually(refused)
        assert sent().text.startswith("Overloaded: ")
        assert teller.post("/echo", content=b"x").status_code == 200
        assert teller.get("/echo").status_code == 200
    finally:
        for connection in sending:
            connection.close()
    assert eventually(lambda: sent().status_code == 200)


def eventually(true: Callable[[], bool]) -> bool:
    for _ in range(100):
        if true():
            return True
        time.sleep(0.1)
    return False
