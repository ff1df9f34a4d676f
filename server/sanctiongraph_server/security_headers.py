"""Headers that tell a browser what not to do with an answer; on every one, errors as well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from flask import Response

#: Scripts and styles only from here and never inline: what a label or a wording holds cannot run,
#: nor paint over what is around it.
_POLICY: Final[Mapping[str, str]] = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}

#: The styles that the libraries of ``frontend/libraries.toml`` put into a page as text, by their
#: hashes: the editor's columns that can be resized, and its hints at what is expected; the graph.
EDITOR_STYLES: Final = (
    "'unsafe-hashes'",  # the hints are attributes, for which a hash alone does not count
    "'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='",
    "'sha256-EntWS0hFrz2vH7susM+dPUxvHlL6sBswmM8K80E5oUk='",
)
GRAPH_STYLES: Final = ("'sha256-pgvDUBa4IjFA2yuSJ2cqcyxmNYJMborsd0ORcRv9vw8='",)


def policy(styles: Iterable[str] = ()) -> str:
    """The content security policy, for a page with styles of a library beyond our own."""
    parts = {**_POLICY, "style-src": " ".join((_POLICY["style-src"], *styles))}
    return "; ".join(f"{name} {value}" for name, value in parts.items())


#: For what other pages show in a frame, such as a preview: it has neither scripts nor forms.
FRAMED: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors *"
)

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": policy(),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Addresses hold queries, which are nobody else's business.
    "Referrer-Policy": "same-origin",
    # The data is public: any page may use it.
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def add(response: Response) -> Response:
    """Adds the headers that the response does not have already.

    One that other pages may frame keeps to that.
    """
    framed = response.headers.get("Content-Security-Policy") == FRAMED
    for name, value in HEADERS.items():
        if not (framed and name == "X-Frame-Options"):
            response.headers.setdefault(name, value)
    return response
