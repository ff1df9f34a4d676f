"""A client that goes away is noticed, and only then."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from ...clock import within
from .conftest import Telling, told

PATIENCE = within(6)


def appeared(path: Path, patience: float = PATIENCE) -> bool:
    begun = time.monotonic()
    while time.monotonic() - begun < patience:
        if path.exists():
            return True
        time.sleep(0.01)
    return False


def ask(telling: Telling, name: str, method: str = "GET", rest: bytes = b"\r\n") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", telling.port), timeout=30)
    connection.sendall(f"{method} /slow?{name} HTTP/1.1\r\nHost: h\r\n".encode() + rest)
    assert appeared(telling.seen / f"{name}-begun")
    return connection


@pytest.mark.parametrize("after", [0.0, 0.3])
def test_a_client_that_goes_is_noticed(telling: Telling, after: float) -> None:
    name = f"gone{after}"
    connection = ask(telling, name)
    time.sleep(after)
    connection.close()
    begun = time.monotonic()
    assert appeared(telling.seen / f"{name}-cancelled")
    assert time.monotonic() - begun < within(1)  # which is the promise


def test_one_that_sent_a_body(telling: Telling) -> None:
    connection = ask(telling, "body", "POST", b"Content-Length: 3\r\n\r\nabc")
    connection.close()
    assert appeared(telling.seen / "body-cancelled")


def test_one_that_is_cut_off(telling: Telling) -> None:
    connection = ask(telling, "reset")
    linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"  # no farewell: the connection is reset
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    connection.close()
    assert appeared(telling.seen / "reset-cancelled")


def test_its_neighbour_is_left_alone(telling: Telling) -> None:
    staying, going = ask(telling, "staying"), ask(telling, "going")
    going.close()
    assert appeared(telling.seen / "going-cancelled")
    time.sleep(0.3)
    assert not (telling.seen / "staying-cancelled").exists()
    staying.close()
    assert appeared(telling.seen / "staying-cancelled")


def test_the_end_of_the_server_does_not_wait_for_ever(tmp_path: Path, home: Path) -> None:
    with told(tmp_path, home) as server:
        connection = ask(server, "ending")
    # It has ended within the time that it has for that, though the request was at work.
    connection.close()
    assert not (tmp_path / "ending-ended").exists()
