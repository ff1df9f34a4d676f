"""Every request that reaches the application: its client's rate, its line in the log, its numbers.

Behind the front, which answers from its cache and refuses, ``Watch.admit`` is called there for
every request, and ``Watch.answered`` for what it answers itself.
"""

from __future__ import annotations

import secrets
import time
from typing import Final

from flask import Flask, Response, g, request

from sanctiongraph.errors import TooManyRequests
from sanctiongraph.settings import Settings
from sanctiongraph_server import logs, metrics
from sanctiongraph_server.clients import client_of, pseudonym
from sanctiongraph_server.cross_origin import VERSION_HEADER
from sanctiongraph_server.front.application import ADMITTED, BEGUN, LOOKED_UP, QUERY
from sanctiongraph_server.front.exchange import Asked
from sanctiongraph_server.logs import RequestLine
from sanctiongraph_server.rates import Rates
from sanctiongraph_server.repeatable import MARK

#: Asked by machines that watch over the gateway, often and from one address.
EXEMPT: Final = frozenset({"/healthz", "/readyz", "/metrics"})


class Watch:
    """Counts and logs the requests of one worker."""

    def __init__(self, settings: Settings) -> None:
        self._trusted_proxies = settings.trusted_proxies
        self._rates = Rates(settings.rate_limit)
        self._key = (settings.log_key or secrets.token_hex(16)).encode()

    def client(self, peer: str, forwarded_for: str | None) -> str:
        """Whose request it is."""
        return client_of(peer, forwarded_for, self._trusted_proxies)

    def client_of(self, asked: Asked) -> str:
        """The same of a request as the front has it."""
        peer = asked.client.rpartition(":")[0].strip("[]")
        return self.client(peer, asked.headers.get("x-forwarded-for"))

    def admit(self, client: str, path: str) -> None:
        """Counts a request; raises ``TooManyRequests``."""
        if path in EXEMPT:
            return
        try:
            self._rates.admit(client)
        except TooManyRequests:
            metrics.rate_limited()
            raise

    def pseudonym(self, client: str) -> str:
        """What the client is called in the log."""
        return pseudonym(client, self._key)

    def answered(self, route: str, line: RequestLine) -> None:
        """Writes the line of a request and counts it; ``route`` as in ``metrics``."""
        metrics.request_answered(route, line.method, line.status, line.seconds)
        logs.write(line)


def note_query(text: str) -> None:
    """The query or update of the request at work, for its line in the log."""
    g.query_hash = logs.query_hash(text)


def note_rows(rows: int | None) -> None:
    """The number of rows in the answer of the request at work."""
    g.rows = rows


def install(app: Flask, watch: Watch) -> None:
    """Watches over the requests of an application."""

    @app.before_request
    def begin() -> None:
        g.begun = request.environ.get(BEGUN, time.perf_counter())
        g.client = watch.client(request.remote_addr or "", request.headers.get("X-Forwarded-For"))
        if query := request.environ.get(QUERY):
            note_query(query)
        # The front has counted all that it lets through, and what it refuses as well.
        if not request.environ.get(ADMITTED):
            watch.admit(g.client, request.path)

    @app.after_request
    def finish(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        if request.environ.get(LOOKED_UP) and MARK in response.headers:
            metrics.cache_asked(False)
        watch.answered(
            route,
            RequestLine(
                method=request.method,
                path=request.path,
                status=response.status_code,
                seconds=time.perf_counter() - g.begun,
                bytes=response.content_length,
                client=watch.pseudonym(g.client),
                query=g.get("query_hash"),
                rows=g.get("rows"),
                version=response.headers.get(VERSION_HEADER),
            ),
        )
        return response
