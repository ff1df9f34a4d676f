"""What an answer is kept under: everything in a request that it may depend on."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from sanctiongraph_server.front.bodies import Body
from sanctiongraph_server.front.exchange import Asked
from sanctiongraph_server.negotiation import parse_accept

Key = tuple[str | bytes, ...]

#: Longer headers are not worth to be remembered.
_LONGEST_HEADER: Final = 2_000


def key_of(asked: Asked, body: Body) -> Key | None:
    """The key; ``None`` for a request that is not answered from memory.

    Those are all but reading ones: GET, HEAD, and POST of a query. One with ``Authorization`` is
    left out: what it is given may depend on who asks.
    """
    headers = asked.headers
    if "authorization" in headers:
        return None
    accept = headers.get("accept", "")
    if len(accept) > _LONGEST_HEADER:
        return None
    address: tuple[str, ...] = (
        headers.get("host", ""),
        asked.scheme,
        asked.path,
        asked.query_string,
        _normal(accept),
    )
    if asked.method in {"GET", "HEAD"}:
        return address
    if asked.method != "POST" or not asked.path.endswith("/sparql") or body.digest is None:
        return None
    if "content-encoding" in headers:
        return None
    return (*address, headers.get("content-type", ""), body.digest)


@lru_cache(maxsize=1024)
def _normal(accept: str) -> str:
    """Media ranges and weights in one order: how they are written makes no difference."""
    return ",".join(f"{name};{weight}" for name, weight in sorted(parse_accept(accept).items()))


def size_of(key: Key) -> int:
    """Bytes that the key takes, roughly."""
    return sum(len(part) for part in key)
