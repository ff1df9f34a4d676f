"""A WSGI application behind the real front and the real server, to see what passes between them.

``/echo`` answers with what it was given; the other addresses each do one thing that an application
may do, or does wrong. What happens behind the client's back is left in the folder ``SEEN``.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sanctiongraph.errors import TooManyRequests
from sanctiongraph.settings import from_environment
from sanctiongraph_server.cancellation import ENVIRON_KEY, Cancellation
from sanctiongraph_server.front.application import REFUSED, Front
from sanctiongraph_server.front.exchange import Asked, Reply
from sanctiongraph_server.repeatable import MARK

SEEN = Path(os.environ.get("SEEN", "."))
_counted = 0
_lock = threading.Lock()


def application(environ: dict[str, Any], start: Any) -> Any:
    refused = environ.get(REFUSED)
    if refused is not None:
        start("400 Refused", [("Content-Type", "text/plain")])
        return [f"{type(refused).__name__}: {refused}".encode()]
    name = environ["PATH_INFO"].strip("/").partition("/")[0]
    return ANSWERS.get(name, echo)(environ, start)


def echo(environ: dict[str, Any], start: Any) -> list[bytes]:
    body = environ["wsgi.input"].read()
    told = {key: value for key, value in environ.items() if isinstance(value, str)}
    told["sha256"] = hashlib.sha256(body).hexdigest()
    told["read"] = str(len(body))
    start("200 OK", [("Content-Type", "application/json"), ("X-Two", "1"), ("X-Two", "2")])
    return [json.dumps(told).encode()]


def slow(environ: dict[str, Any], start: Any) -> list[bytes]:
    """Works until it is cancelled, or for a long time."""
    name = environ["QUERY_STRING"]
    cancellation: Cancellation = environ[ENVIRON_KEY]
    gone = threading.Event()
    cancellation.when_cancelled(gone.set)
    (SEEN / f"{name}-begun").touch()
    gone.wait(30)
    (SEEN / f"{name}-{'cancelled' if cancellation.cancelled else 'ended'}").touch()
    start("200 OK", [])
    return [b"late"]


class _Chunks:
    def __init__(self, chunks: Iterator[bytes], name: str) -> None:
        self._chunks, self._name = chunks, name

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks

    def close(self) -> None:
        (SEEN / f"{self._name}-closed").touch()


def lazy(environ: dict[str, Any], start: Any) -> _Chunks:
    def chunks() -> Iterator[bytes]:
        write = start("201 Created", [("Content-Type", "text/plain"), ("Content-Length", "999")])
        write(b"written ")
        yield b"and "
        yield b""
        yield b"yielded"

    return _Chunks(chunks(), environ["QUERY_STRING"])


def breaks(environ: dict[str, Any], start: Any) -> _Chunks:
    """Fails after it has said 200 and begun."""

    def chunks() -> Iterator[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        yield b"secret beginning"
        raise ZeroDivisionError("secret reason")

    return _Chunks(chunks(), environ["QUERY_STRING"])


def raises(_environ: dict[str, Any], _start: Any) -> list[bytes]:
    raise ZeroDivisionError("secret reason")


def replaces(_environ: dict[str, Any], start: Any) -> list[bytes]:
    """Begins an answer and makes it an error."""
    start("200 OK", [("X-Begun", "1")])
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        start("502 Bad Gateway", [("Content-Type", "text/plain")], sys.exc_info())
    return [b"replaced"]


def twice(_environ: dict[str, Any], start: Any) -> list[bytes]:
    start("200 OK", [])
    start("200 OK", [])
    return [b"secret"]


def silent(_environ: dict[str, Any], _start: Any) -> list[bytes]:
    return [b"secret"]


def splits(_environ: dict[str, Any], start: Any) -> list[bytes]:
    """A header that would be two."""
    start("200 OK", [("X-Header", "a\r\nSet-Cookie: b")])
    return [b"secret"]


def nothing(_environ: dict[str, Any], start: Any) -> list[bytes]:
    start("204 No Content", [("X-Kept", "1")])
    return []


def counted(environ: dict[str, Any], start: Any) -> list[bytes]:
    """Another answer each time, with the mark and the headers that the address asks for."""
    global _counted
    with _lock:
        _counted += 1
        number = _counted
    asked = json.loads(environ.get("HTTP_X_ANSWER", "{}"))
    headers = [
        ("Content-Type", asked.get("type", "text/plain")),
        *map(tuple, asked.get("headers", [])),
    ]
    if asked.get("mark"):
        headers.append((MARK, asked["mark"]))
    start(asked.get("status", "200 OK"), headers)
    return [f"{number} ".encode() + b"x" * asked.get("length", 0)]


ANSWERS = {
    one.__name__: one
    for one in (slow, lazy, breaks, raises, replaces, twice, silent, splits, nothing, counted)
}


def admit(asked: Asked) -> None:
    if "x-refuse" in asked.headers:
        raise TooManyRequests("too often", 7)


def tell(asked: Asked, reply: Reply, seconds: float) -> None:
    assert seconds >= 0
    with (SEEN / "told").open("a") as file:
        file.write(f"{asked.query_string} {reply.status} {len(reply.body)}\n")


if "SEEN" in os.environ:
    app = Front(application, from_environment(), [admit], [tell])
