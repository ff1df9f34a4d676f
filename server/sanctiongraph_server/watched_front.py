"""The front counts requests by client; what it answers from its cache is watched as Flask's are."""

from __future__ import annotations

from sanctiongraph_server import metrics
from sanctiongraph_server.front.application import After, Before
from sanctiongraph_server.front.exchange import Asked, Reply
from sanctiongraph_server.logs import RequestLine
from sanctiongraph_server.watching import Watch

#: The route of such an answer in the metrics.
_ROUTE = "cache"


def admitting(watch: Watch) -> Before:
    """Counts a request by its client; raises ``TooManyRequests``."""

    def admit(asked: Asked) -> None:
        watch.admit(watch.client_of(asked), asked.path)

    return admit


def telling(watch: Watch) -> After:
    """Writes the line of an answer and counts it."""

    def tell(asked: Asked, reply: Reply, seconds: float) -> None:
        metrics.cache_asked(True)
        client = watch.pseudonym(watch.client_of(asked))
        line = RequestLine(
            asked.method, asked.path, reply.status, seconds, len(reply.body), client, cached=True
        )
        watch.answered(_ROUTE, line)

    return tell
