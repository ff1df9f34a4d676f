"""Whether a page for people or data for machines is the answer, by ``Accept``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

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
