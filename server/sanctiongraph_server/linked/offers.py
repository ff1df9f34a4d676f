"""Whether a page for people or data for machines is the answer, by ``Accept``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flask import Response, request

from sanctiongraph_server.negotiation import Format, parse_accept

HTML: Final = "text/html; charset=utf-8"
_PAGES: Final = ("text/html", "application/xhtml+xml")


def prefers_page(accept: str | None, others: Iterable[Format]) -> bool:
    """Whether the client names pages, and would not rather have one of the other formats.

    A client that takes anything is no browser: browsers name ``text/html``.
    """
    return names_page(accept, (name for one in others for name in (one.media_type, *one.aliases)))


def names_page(accept: str | None, others: Iterable[str]) -> bool:
    """The same, for what else there is by its media types."""
    ranges = parse_accept(accept or "")
    page = max(ranges.get(name, 0.0) for name in _PAGES)
    return page > 0 and page >= max((ranges.get(name, 0.0) for name in others), default=0.0)


def page_at(address: str) -> Response:
    """303 to the page of another address that shows this too, with the same parameters.

    ``address`` may name a place on that page.
    """
    path, hash_sign, place = address.partition("#")
    asked = request.query_string.decode("ascii", "replace")
    there = f"{path}?{asked}" if asked else path
    location = there + hash_sign + place
    told = Response(f"{location}\n", 303, {"Location": location}, content_type="text/plain")
    told.vary.add("Accept")
    return told
