"""The log: one line of JSON for each request and for each error of our own, on standard error.

A line never has the text of a query, a token or the address of a client. The query is named by a
hash, so the same query can be recognised; the client by a pseudonym that holds as long as its key.

No request waits for whoever reads the log: a thread writes what has gathered. Where nobody reads
for long, lines are lost, counted, and the next line says how many.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import logging
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import fields as fields_of
from typing import IO, Final

from sanctiongraph_server import metrics

_requests: Final = logging.getLogger("sanctiongraph.requests")
_LONGEST_PATH: Final = 200
#: Lines that wait to be written, at the most: a few megabytes.
MOST_WAITING: Final = 10_000
#: Seconds in which lines gather before they are written; errors are not waited for.
_GATHER: Final = 0.05
#: Seconds that the end of the process waits for the last lines.
_LAST: Final = 1.0


@dataclass(frozen=True, slots=True)
class RequestLine:
    """What is said of one request; what is not known is left out."""

    method: str
    #: Without parameters.
    path: str
    status: int
    milliseconds: float
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


_FIELDS: Final = tuple(one.name for one in fields_of(RequestLine))


def query_hash(text: str) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of a query's text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def write(line: RequestLine) -> None:
    """Writes the line of a request."""
    if _requests.isEnabledFor(logging.INFO):
        values = {name: getattr(line, name) for name in _FIELDS}
        fields = {name: value for name, value in values.items() if value is not None}
        fields["path"] = line.path[:_LONGEST_PATH]
        # Made here: a logger would look for the place in the code that a line comes from.
        record = logging.LogRecord(_requests.name, logging.INFO, "", 0, "request", None, None)
        record.fields = fields
        _requests.handle(record)


def configure(stream: IO[str] | None = None) -> None:
    """Sends everything that this process logs to the stream; for a process that serves."""
    handler = _Gathering(stream or sys.stderr)
    handler.setFormatter(_Json())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    _requests.setLevel(logging.INFO)


def flush() -> None:
    """Waits until what was logged has been written, but not for long."""
    for handler in logging.getLogger().handlers:
        handler.flush()


class _Gathering(logging.Handler):
    """Hands lines to a thread that writes them, many at a time."""

    def __init__(self, stream: IO[str]) -> None:
        super().__init__()
        self._stream = stream
        self._waiting: list[str] = []
        self._lost = 0
        #: Guards what is above, and what follows.
        self._told = threading.Condition()
        self._at_once = False
        self._asked_for = 0
        self._written = 0
        threading.Thread(target=self._write, name="log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record) + "\n"
        with self._told:
            if len(self._waiting) >= MOST_WAITING:
                self._lost += 1
                metrics.log_line_lost()
                return
            if self._lost:
                word = f"{self._lost} lines were lost: nobody read the log in time"
                self._waiting.append(self.format(_warning(word)) + "\n")
                self._lost = 0
            self._waiting.append(line)
            if record.levelno >= logging.WARNING:
                self._at_once = True
            if len(self._waiting) == 1 or self._at_once:  # otherwise it is about to wake
                self._told.notify_all()

    def flush(self) -> None:
        """Waits until what there is has been written, but not for long."""
        with self._told:
            self._asked_for += 1
            until, self._at_once = self._asked_for, True
            self._told.notify_all()
            self._told.wait_for(lambda: self._written >= until, _LAST)

    def _write(self) -> None:
        while True:
            with self._told:
                self._told.wait_for(lambda: self._waiting or self._at_once)
                self._told.wait_for(lambda: self._at_once, _GATHER)
                lines, self._waiting, self._at_once = self._waiting, [], False
                asked_for = self._asked_for
            with suppress(OSError, ValueError):  # nobody will read it any more
                self._stream.write("".join(lines))
                self._stream.flush()
            with self._told:
                self._written = asked_for
                self._told.notify_all()


def _warning(text: str) -> logging.LogRecord:
    return logging.LogRecord(__name__, logging.WARNING, "", 0, text, None, None)


class _Json(logging.Formatter):
    """A record as one line; an exception's trace is a field of it."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line: dict[str, object] = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
        }
        fields = getattr(record, "fields", None)
        if fields is None:
            line |= {"logger": record.name, "message": record.getMessage()}
        else:
            line |= fields
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
