"""Queries to ``/sparql`` that are answered on the event loop, without Flask.

The answer is the one that the application would give, to the last header. Whatever is out of the
ordinary (pages, descriptions, long texts, everything that is an error) is left to the application.
"""

from __future__ import annotations

import time
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final

from werkzeug.sansio.utils import get_host

from sanctiongraph.errors import SanctiongraphError
from sanctiongraph.settings import Settings
from sanctiongraph_server import cross_origin, logs, metrics, rows, security_headers
from sanctiongraph_server.cancellation import Cancellation
from sanctiongraph_server.cross_origin import DERIVED_HEADER, VERSION_HEADER
from sanctiongraph_server.deadlines import seconds
from sanctiongraph_server.evaluation import Query
from sanctiongraph_server.front.bodies import Body
from sanctiongraph_server.front.exchange import Asked, Reply
from sanctiongraph_server.http_request import HttpRequest
from sanctiongraph_server.logs import RequestLine
from sanctiongraph_server.negotiation import Choice, choose
from sanctiongraph_server.protocol import QueryRequest, read
from sanctiongraph_server.readers.pool import ReaderPool
from sanctiongraph_server.repeatable import Repeatable, is_repeatable
from sanctiongraph_server.tasks import Answer, Terms
from sanctiongraph_server.watching import Watch

_PATH: Final = "/sparql"
#: Bytes of a query: a longer one would take too long on the loop, and its task may not fit into
#: the socket of a reader at once.
_LONGEST: Final = 1 << 15
_HEADERS: Final = [
    ("Vary", "Accept"),
    *security_headers.HEADERS.items(),
    *cross_origin.ALWAYS,
]


@dataclass(frozen=True, slots=True)
class PlainQuery:
    """A query, the format for its answer, and the seconds that it has."""

    asked: QueryRequest
    choice: Choice
    seconds: float


class PlainQueries:
    """See ``front.application.Direct``."""

    def __init__(self, settings: Settings, pool: ReaderPool, watch: Watch) -> None:
        self._settings = settings
        self._pool = pool
        self._watch = watch

    def read(self, asked: Asked, body: Body) -> PlainQuery | None:
        """The query of a request; ``None`` for what the application is to answer."""
        if asked.path != _PATH or asked.method not in {"GET", "POST"}:
            return None
        headers = asked.headers
        accept = headers.get("accept")
        if "html" in (accept or "").lower() or "html" in asked.query_string.lower():
            return None  # it may be for a page
        if len(asked.query_string) + body.length > _LONGEST or "content-encoding" in headers:
            return None
        host = get_host(asked.scheme, headers.get("host"))
        if not host:
            return None
        request = HttpRequest(
            method=asked.method,
            query_string=asked.query_string.encode("utf-8"),
            content_type=headers.get("content-type"),
            content_encoding=None,
            body=_bytes_of(body),
            accept=accept,
            endpoint=f"{asked.scheme}://{host}{_PATH}",
        )
        settings = self._settings
        try:
            query = read(request, settings.max_query_bytes)
            if not isinstance(query, QueryRequest):
                return None
            choice = choose(query.accept, query.format)
            allowed = seconds(query.timeout, settings.timeout, settings.max_timeout)
        except SanctiongraphError:
            return None  # the application finds the same, and says it
        return PlainQuery(query, choice, allowed)

    def query(self, what: PlainQuery) -> str:
        """The text of the query."""
        return what.asked.query

    async def answer(self, what: PlainQuery, cancellation: Cancellation, aside: Executor) -> Answer:
        """The answer to a query. Raises as ``Query.perform`` and ``Performer`` do."""
        task = Query(what.asked, what.choice, time.monotonic() + what.seconds)
        return await self._pool.perform_on_loop(task, Terms(what.seconds, cancellation), aside)

    def reply(
        self, asked: Asked, what: PlainQuery, answer: Answer, begun: float, looked_up: bool
    ) -> tuple[Reply, Repeatable | None]:
        """See ``front.application.Direct``: as the application does it."""
        body = answer.whole()
        headers = [
            ("Content-Type", answer.content_type),
            (VERSION_HEADER, answer.version),
            (DERIVED_HEADER, answer.derived),
            *_HEADERS,
        ]
        repeatable = Repeatable(answer.version) if is_repeatable(what.asked.query) else None
        if repeatable is not None and looked_up:
            metrics.cache_asked(False)
        line = RequestLine(
            method=asked.method,
            path=asked.path,
            status=200,
            seconds=time.perf_counter() - begun,
            bytes=len(body),
            client=self._watch.pseudonym(self._watch.client_of(asked)),
            query=logs.query_hash(what.asked.query),
            rows=rows.count(body, answer.content_type),
            version=answer.version,
        )
        self._watch.answered(_PATH, line)
        return Reply(200, headers, body), repeatable


def _bytes_of(body: Body) -> bytes:
    data = body.file.read()
    body.file.seek(0)
    return data
