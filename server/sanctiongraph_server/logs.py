"""The log: one line of JSON for each request and for each error of our own, on standard error.

A line never has the text of a query, a token or the address of a client. The query is named by a
hash, so the same query can be recognised; the client by a pseudonym that holds as long as its key.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sys
import time
from functools import lru_cache
from typing import IO, Final, NamedTuple

from sanctiongraph_server.log_writer import LogWriter

_LONGEST_PATH: Final = 200
_text: Final = json.JSONEncoder(ensure_ascii=False).encode


class RequestLine(NamedTuple):
    """What is said of one request; what is not known is left out."""

    method: str
    #: Without parameters.
    path: str
    status: int
    seconds: float
    bytes: int | None
    #: A pseudonym: see ``clients``.
    client: str
    #: ``query_hash`` of the query or update.
    query: str | None = None
    rows: int | None = None
    #: The version of the graph that was seen.
    version: str | None = None
    #: Whether the answer came from the cache.
    cached: bool | None = None


#: A line as it is written, or a request and when it was answered, in seconds since 1970.
_Line = str | tuple[float, RequestLine]


def query_hash(text: str) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of a query's text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class _Log:
    """Where the lines of this process go; nowhere until ``configure``."""

    writer: LogWriter[_Line] | None = None


def configure(stream: IO[str] | None = None) -> None:
    """Sends everything that this process logs to the stream; for a process that serves."""
    _Log.writer = LogWriter(stream or sys.stderr, _text_of, _lost)
    root = logging.getLogger()
    root.handlers[:] = [_Handler(_Log.writer)]
    root.setLevel(logging.WARNING)


def write(line: RequestLine) -> None:
    """Writes the line of a request."""
    if _Log.writer is not None:
        _Log.writer.take((time.time(), line))


def flush() -> None:
    """Waits until what was logged has been written, but not for long."""
    if _Log.writer is not None:
        _Log.writer.flush()


class _Handler(logging.Handler):
    def __init__(self, writer: LogWriter[_Line]) -> None:
        super().__init__()
        self._writer = writer

    def emit(self, record: logging.LogRecord) -> None:
        self._writer.take(self.format(record), at_once=True)

    def format(self, record: logging.LogRecord) -> str:
        """A record as one line; an exception's trace is a field of it."""
        message = _said(record.created, record.levelname, record.name, record.getMessage())
        if record.exc_info:
            message["trace"] = logging.Formatter().formatException(record.exc_info)
        return _text(message) + "\n"


def _said(moment: float, level: str, name: str, message: str) -> dict[str, str]:
    return {"time": _time(moment), "level": level.lower(), "logger": name, "message": message}


def _lost(number: int) -> str:
    word = f"{number} lines were lost: nobody read the log in time"
    return _text(_said(time.time(), "WARNING", __name__, word)) + "\n"


def _text_of(line: _Line) -> str:
    if isinstance(line, str):
        return line
    moment, of = line
    # Made by hand: this is done for every request, and takes a third of the time.
    known = "".join(
        f', "{name}": {_text(value)}'
        for name, value in (("query", of.query), ("rows", of.rows), ("version", of.version))
        if value is not None
    )
    cached = "" if of.cached is None else f', "cached": {"true" if of.cached else "false"}'
    length = "" if of.bytes is None else f', "bytes": {of.bytes}'
    return (
        f'{{"time": "{_time(moment)}", "level": "info", "method": {_text(of.method)}, '
        f'"path": {_text(of.path[:_LONGEST_PATH])}, "status": {of.status}, '
        f'"milliseconds": {of.seconds * 1000:.2f}{length}, "client": {_text(of.client)}'
        f"{known}{cached}}}\n"
    )


def _time(moment: float) -> str:
    second = int(moment)
    return f"{_second(second)}.{int((moment - second) * 1000):03}Z"


@lru_cache(maxsize=4)
def _second(number: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(number))
