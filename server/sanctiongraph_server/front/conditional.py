"""Entity tags and ``If-None-Match`` (RFC 9110, sections 8.8.3 and 13.1.2).

A tag is a hash of the version of the graph and of the request, and names the coding. So a tag that
fits proves that this answer was given before, from the same version to the same request: it can be
confirmed without being found again, also by another worker.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Final

from sanctiongraph_server.front.coding import IDENTITY

_TAG: Final = re.compile(r'(?:W/)?"([\x21\x23-\x7e]*)"')
ANY: Final = "*"


def opaque(version: str, key: Iterable[str | bytes], day: str | None) -> str:
    """What stands between the quotes, but for the coding."""
    digest = hashlib.blake2b(digest_size=15)
    for part in (version, day or "", *key):
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        # Lengths keep apart what would be the same text when written together.
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def tag(opaque: str, coding: str) -> str:
    """The strong tag of a representation."""
    return f'"{opaque}"' if coding == IDENTITY else f'"{opaque}-{coding}"'


def matches(if_none_match: str, opaque: str, codings: Iterable[str]) -> str | None:
    """The coding of a representation that the client has, of those that it takes.

    The comparison is weak. ``*`` is not looked at here.
    """
    known = set(_TAG.findall(if_none_match))
    for coding in codings:
        if tag(opaque, coding)[1:-1] in known:
            return coding
    return None
