"""Runs a WSGI application (PEP 3333) for one request, and takes its whole answer.

The answer is collected before anything is sent: an application that fails in the middle gives an
error and no broken answer with status 200.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from typing import IO, Any, Final

from sanctiongraph_server.front.bodies import Body
from sanctiongraph_server.front.exchange import Asked, Headers, Reply, without

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]

_STATUS: Final = re.compile(r"([1-5][0-9]{2})(?: .*)?", re.DOTALL)
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
#: What the server can send; it takes text, so bytes beyond ASCII would go out as others.
_VALUE: Final = re.compile(r"[\t\x20-\x7e]*")
#: Of one connection, not of the answer (RFC 9110, section 7.6.1): the server decides them.
_OF_THE_CONNECTION: Final = ("connection", "keep-alive", "transfer-encoding", "upgrade", "trailer")


def environ_of(asked: Asked, body: Body, errors: IO[str] | None = None) -> Environ:
    """The environ of a request; text is bytes read as Latin-1, as PEP 3333 has it."""
    name, _, port = asked.server.rpartition(":")
    client, _, client_port = asked.client.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": asked.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _latin(asked.path),
        "QUERY_STRING": _latin(asked.query_string),
        "CONTENT_LENGTH": str(body.length),
        "SERVER_NAME": name.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": "HTTP/1.0"
        if asked.http_version == "1"
        else f"HTTP/{asked.http_version}",
        "REMOTE_ADDR": client.strip("[]"),
        "REMOTE_PORT": client_port,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": asked.scheme,
        "wsgi.input": body.file,
        # All of the body is there, so reading to its end is safe.
        "wsgi.input_terminated": True,
        "wsgi.errors": errors or sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for header, value in asked.headers.items():
        if header == "content-type":
            environ["CONTENT_TYPE"] = value
        elif header != "content-length":
            environ["HTTP_" + header.upper().replace("-", "_")] = value
    return environ


def _latin(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8").decode("latin-1")


class BrokenApplication(Exception):
    """The application does not keep to PEP 3333."""


class _Answering:
    """What ``start_response`` is told, and what is written through it."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.headers: Headers = []
        self.chunks: list[bytes] = []

    def start(
        self, status: str, headers: Headers, exc_info: Any = None
    ) -> Callable[[bytes], object]:
        if self.status is not None and exc_info is None:
            raise BrokenApplication("start_response was called twice")
        match = _STATUS.fullmatch(status)
        if match is None:
            raise BrokenApplication(f"no status: {status!r}")
        for name, value in headers:
            if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
                raise BrokenApplication(f"no header: {name!r}: {value!r}")
        # Nothing has been sent, so an error replaces what was begun.
        self.status, self.headers = int(match[1]), list(headers)
        return self.chunks.append


def run(application: Application, environ: Environ) -> Reply:
    """The answer of the application.

    Raises what the application raises, and ``BrokenApplication``; ``close`` is called in any case.
    """
    answering = _Answering()
    chunks = application(environ, answering.start)
    try:
        answering.chunks.extend(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    if answering.status is None:
        raise BrokenApplication("start_response was not called")
    headers = without(answering.headers, *_OF_THE_CONNECTION)
    if environ["REQUEST_METHOD"] == "HEAD":
        return Reply(answering.status, headers, b"")
    body = answering.chunks[0] if len(answering.chunks) == 1 else b"".join(answering.chunks)
    return Reply(answering.status, without(headers, "content-length"), body)
