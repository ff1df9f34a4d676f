"""Errors as HTTP answers: one table from class to status, one media type.

Every error leaves as ``application/problem+json`` (RFC 9457) with ``type``, ``title``, ``status``
and ``detail``, or, for a browser, as a page that says the same. Nothing else in the gateway chooses
a status.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from sanctiongraph.errors import (
    BadInput,
    BadQuery,
    BuildBusy,
    ClientGone,
    DeadlineExceeded,
    EvaluationFailed,
    Forbidden,
    MemoryExceeded,
    NotBuilt,
    NotFound,
    Overloaded,
    RemoteFailed,
    ResultTooLarge,
    SanctiongraphError,
    StoreAway,
    TooManyRequests,
    Unauthorized,
    WorkerLost,
)
from sanctiongraph.vocabulary import BASE

PROBLEM_JSON: Final = "application/problem+json"
#: Longer ones are not repeated in what is answered.
_LONGEST_PATH: Final = 200

#: A problem as a page for the request at work, by status, title and detail; none for a program.
AsPage = Callable[[int, str, str], Response | None]
_AS_PAGE: Final = "sanctiongraph.problems.as_page"

_log = logging.getLogger(__name__)


class NotAcceptable(SanctiongraphError):
    """No format that the client accepts fits the result."""


class PayloadTooLarge(SanctiongraphError):
    """The request is longer than this endpoint reads."""


class DatasetTooLarge(SanctiongraphError):
    """The dataset that the request describes is larger than this endpoint puts together."""


class UnsupportedMediaType(SanctiongraphError):
    """The body of the request is of a type, charset or coding that this address does not read.

    ``taken`` are the media types that it does read, as a list for a header.
    """

    def __init__(self, message: str, taken: str) -> None:
        super().__init__(message)
        self.taken = taken


class RequestTimeout(SanctiongraphError):
    """The request stopped coming before its end."""


class NotReady(SanctiongraphError):
    """A part that answers queries does not work; ``checks`` say by name which, and why."""

    def __init__(self, message: str, version: str | None, checks: Mapping[str, str]) -> None:
        super().__init__(message)
        self.version = version
        self.checks = checks


class MalformedQuery(BadQuery):
    """A query that the parser refused at a known place; both numbers count from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Kind:
    """What one class of errors is called over HTTP."""

    status: int
    slug: str
    title: str
    headers: Mapping[str, str] = field(default_factory=dict)


#: The first class that fits decides, so the special ones come before their bases.
KINDS: Final[tuple[tuple[type[SanctiongraphError], Kind], ...]] = (
    (MalformedQuery, Kind(400, "malformed-query", "The query does not parse")),
    (BadQuery, Kind(400, "bad-query", "The query cannot be evaluated")),
    (BadInput, Kind(400, "bad-request", "The request cannot be used")),
    (
        Unauthorized,
        Kind(401, "unauthorized", "A token is needed", {"WWW-Authenticate": "Bearer"}),
    ),
    (Forbidden, Kind(403, "forbidden", "Understood, and not done here")),
    (NotFound, Kind(404, "not-found", "Not found")),
    (NotAcceptable, Kind(406, "not-acceptable", "No format fits")),
    (RequestTimeout, Kind(408, "request-timeout", "The request did not come to its end")),
    (PayloadTooLarge, Kind(413, "payload-too-large", "The request is too long")),
    (DatasetTooLarge, Kind(413, "dataset-too-large", "The requested dataset is too large")),
    (
        UnsupportedMediaType,
        Kind(
            415,
            "unsupported-media-type",
            "The body cannot be read",
            {"Accept-Encoding": "gzip, identity"},
        ),
    ),
    (TooManyRequests, Kind(429, "too-many-requests", "Too many requests")),
    (ClientGone, Kind(499, "client-gone", "Nobody waits for this any more")),
    (DeadlineExceeded, Kind(503, "deadline-exceeded", "This took longer than it may")),
    (MemoryExceeded, Kind(503, "memory-exceeded", "This needed more memory than it may")),
    (ResultTooLarge, Kind(507, "result-too-large", "The answer is longer than it may be")),
    (WorkerLost, Kind(503, "worker-lost", "The process that worked on this ended")),
    (Overloaded, Kind(503, "overloaded", "Too much waits already")),
    (StoreAway, Kind(503, "store-away", "The store does not answer", {"Retry-After": "5"})),
    (RemoteFailed, Kind(502, "remote-failed", "Another server did not answer")),
    (NotBuilt, Kind(503, "not-built", "No graph is published", {"Retry-After": "10"})),
    (NotReady, Kind(503, "not-ready", "Not ready", {"Retry-After": "1"})),
    (BuildBusy, Kind(503, "build-busy", "A build is at work", {"Retry-After": "10"})),
    (EvaluationFailed, Kind(500, "evaluation-failed", "The engine failed on the query")),
    (SanctiongraphError, Kind(500, "failed", "The request failed")),
)


def kind_of(error: SanctiongraphError) -> Kind:
    """The row of the table for this error."""
    return next(kind for cls, kind in KINDS if isinstance(error, cls))


def install(app: Flask, as_page: AsPage) -> None:
    """Makes every error of the application leave as a problem, or as a page where there is one."""
    app.extensions[_AS_PAGE] = as_page
    app.register_error_handler(SanctiongraphError, _from_own)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(Exception, _from_unforeseen)


def _from_own(error: SanctiongraphError) -> Response:
    kind = kind_of(error)
    more: dict[str, object] = {}
    if isinstance(error, MalformedQuery):
        more = {"line": error.line, "column": error.column}
    elif isinstance(error, DeadlineExceeded):
        more = {"seconds": error.seconds}
    elif isinstance(error, NotReady):
        more = {"version": error.version, "checks": dict(error.checks)}
    headers = dict(kind.headers)
    if isinstance(error, Overloaded | TooManyRequests):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, UnsupportedMediaType):
        headers["Accept"] = headers["Accept-Post"] = error.taken
    return _answer(kind.status, kind.slug, kind.title, str(error), more, headers)


def _from_http(error: HTTPException) -> Response:
    """What Flask itself finds wrong: no such address, a method that is not allowed."""
    status = error.code or 500
    if status == 413:
        return _from_own(PayloadTooLarge("the body is longer than this endpoint reads"))
    if status == 404:
        path = request.path if len(request.path) <= _LONGEST_PATH else "this address"
        return _from_own(NotFound(f"there is nothing at {path}: / and /openapi.json say what is"))
    title = error.name
    headers = {
        name: value
        for name, value in error.get_headers()
        if name.lower() not in {"content-type", "content-length"}
    }
    detail = error.description or title
    if status == 405:
        detail = f"this address takes {headers.get('Allow', 'no method')}"
    return _answer(status, title.lower().replace(" ", "-"), title, detail, {}, headers)


def _from_unforeseen(error: Exception) -> Response:
    """A bug: the log has the trace, the client a number to name it by."""
    number = f"urn:uuid:{uuid.uuid4()}"
    _log.error("unforeseen error %s", number, exc_info=error)
    return _answer(
        500,
        "internal-error",
        "An error of this server",
        f"an unforeseen error; the server's log has it as {number}",
        {"instance": number},
        {},
    )


def _answer(
    status: int,
    slug: str,
    title: str,
    detail: str,
    more: Mapping[str, object],
    headers: Mapping[str, str],
) -> Response:
    page: AsPage = current_app.extensions[_AS_PAGE]
    answer = page(status, title, detail)
    if answer is None:
        body = document(status, slug, title, detail, more)
        answer = Response(body, content_type=PROBLEM_JSON)
    answer.status_code = status
    answer.headers.extend(dict(headers))
    answer.vary.add("Accept")
    return answer


def document(
    status: int, slug: str, title: str, detail: str, more: Mapping[str, object] | None = None
) -> bytes:
    """A problem as bytes, for whoever answers without Flask as well."""
    problem = {
        "type": f"{BASE}problem/{slug}",
        "title": title,
        "status": status,
        "detail": detail,
        **(more or {}),
    }
    return (json.dumps(problem, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
