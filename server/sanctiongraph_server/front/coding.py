"""Content codings: which the client takes (RFC 9110, section 12.5.3), and the coding itself."""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from typing import Final

import zstandard

from sanctiongraph_server.problems import NotAcceptable

IDENTITY: Final = "identity"
#: Where the client does not mind, the first: zstd is about as small, in a quarter of the time.
_OFFERED: Final = ("zstd", "gzip")
#: A shorter answer fits into one packet as it is.
SHORTEST: Final = 1_000
_GZIP_LEVEL: Final = 5
_ZSTD_LEVEL: Final = 3

_MEMBER: Final = re.compile(
    r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:;\s*[qQ]\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?"
)
_COMPRESSIBLE: Final = re.compile(
    r"text/.*|image/svg\+xml|application/(?:.*\+(?:json|xml)|json|xml|javascript|n-triples"
    r"|n-quads|trig|sparql-query|sparql-update|yaml)"
)


@lru_cache(maxsize=1024)
def accepted(header: str | None) -> tuple[str, ...]:
    """The codings that the client takes, best first; ``identity`` unless it is refused.

    Without a header only ``identity``, though any would be allowed: such clients do not decode.
    Members that are no coding are left out.
    """
    weights: dict[str, float] = {}
    for member in (header or "").split(","):
        match = _MEMBER.fullmatch(member)
        if match is not None:
            weight = float(match[2]) if match[2] else 1.0
            name = match[1].lower().removeprefix("x-")
            weights[name] = max(weight, weights.get(name, 0.0))
    others = weights.get("*", 0.0)
    ranked = [(weights.get(name, others), name) for name in _OFFERED]
    # Not named, it is allowed and comes last; ``*;q=0`` refuses it as well.
    least = 0.0 if weights.get("*") == 0.0 else 1e-4
    ranked.append((weights.get(IDENTITY, least), IDENTITY))
    return tuple(name for weight, name in sorted(ranked, key=lambda one: -one[0]) if weight > 0)


def pick(codings: tuple[str, ...], content_type: str | None, length: int) -> str:
    """The coding of an answer: none for one that is short or is compressed already.

    Raises ``NotAcceptable`` where the client takes no coding that there is.
    """
    if not codings:
        raise NotAcceptable("Accept-Encoding refuses all there is: identity, gzip and zstd")
    worthwhile = length >= SHORTEST and compressible(content_type)
    return IDENTITY if not worthwhile and IDENTITY in codings else codings[0]


def compressible(content_type: str | None) -> bool:
    """Whether answers of this type get shorter."""
    media_type = (content_type or "").partition(";")[0].strip().lower()
    return _COMPRESSIBLE.fullmatch(media_type) is not None


def encoded(body: bytes, coding: str) -> bytes:
    """The body in that coding; the same bytes each time."""
    if coding == "gzip":
        return gzip.compress(body, _GZIP_LEVEL, mtime=0)
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(body)
    return body
