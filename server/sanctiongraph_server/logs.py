"""The log: one line of JSON for each request and for each error of our own, on standard error.

A line never has the text of a query, a token or the address of a client. The query is named by a
hash, so the same query can be recognised; the client by a pseudonym that holds as long as its key.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import logging
import sys
from dataclasses import dataclass
from dataclasses import fields as fields_of
from typing import IO, Final

_requests: Final = logging.getLogger("sanctiongraph.requests")
_LONGEST_PATH: Final = 200


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
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Json())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    _requests.setLevel(logging.INFO)


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
