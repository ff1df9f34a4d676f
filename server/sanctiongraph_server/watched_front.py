"""The front counts requests by client; what it answers from its cache is watched as Flask's are."""

from __future__ import annotations

from sanctiongraph_server import metrics, watching
from sanctiongraph_server.front.application import After, Answered, Before
from sanctiongraph_server.front.exchange import Asked
from sanctiongraph_server.watching import Watch

#: The route of such an answer in the metrics.
_ROUTE = "cache"


def admitting(watch: Watch) -> Before:
    """Counts a request by its client; raises ``TooManyRequests``."""

    def admit(asked: Asked) -> None:
        watch.admit(_client(watch, asked), asked.path)

    return admit


def telling(watch: Watch) -> After:
    """Writes the line of an answer and counts it."""

    def tell(asked: Asked, answered: Answered) -> None:
        metrics.cache_asked(True)
        watch.answered(
            _client(watch, asked),
            watching.Answered(
                method=asked.method,
                path=asked.path,
                route=_ROUTE,
                status=answered.status,
                seconds=answered.seconds,
                bytes=answered.bytes,
                cached=True,
            ),
        )

    return tell


def _client(watch: Watch, asked: Asked) -> str:
    peer = asked.client.rpartition(":")[0].strip("[]")
    return watch.client(peer, asked.headers.get("x-forwarded-for"))
