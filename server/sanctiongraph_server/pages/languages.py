"""The language of labels, which ``lang`` in an address chooses: so what one sees can be shared.

The words of the pages themselves are English.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sanctiongraph.errors import BadParameter
from sanctiongraph_server.deadlines import TIMEOUT

LANG: Final = "lang"
#: By code, as each calls itself; the first is the one without ``lang``.
LANGUAGES: Final[Mapping[str, str]] = {"en": "English", "tr": "Türkçe"}
DEFAULT: Final = next(iter(LANGUAGES))
#: Parameters that every page takes.
COMMON: Final = (LANG, TIMEOUT)


def language_of(given: Mapping[str, str]) -> str:
    """The language that the parameters of a request ask for. Raises ``BadParameter``."""
    code = given.get(LANG) or DEFAULT
    if code not in LANGUAGES:
        raise BadParameter(f"lang is {code!r}: it is one of {', '.join(LANGUAGES)}")
    return code


@lru_cache(maxsize=4096)
def in_language(address: str, code: str) -> str:
    """An address of the gateway with ``lang`` for this language; another host's as it is."""
    if not address.startswith("/") or address.startswith("//"):
        return address
    if code == DEFAULT and f"{LANG}=" not in address:
        return address  # most links of most pages
    scheme, host, path, query, fragment = urlsplit(address)
    pairs = [
        (name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != LANG
    ]
    if code != DEFAULT:
        pairs.append((LANG, code))
    return urlunsplit((scheme, host, path, urlencode(pairs), fragment))
