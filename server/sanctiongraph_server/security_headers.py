"""Headers that tell a browser what not to do with an answer; on every one, errors as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Response

#: Scripts only from here and never inline: what a label or a wording holds cannot run. Styles may
#: be inline, since the editor and the drawings set them, and a style reads nothing.
_CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

#: For what other pages show in a frame, such as a preview: it has neither scripts nor forms.
FRAMED: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors *"
)

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
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

    One that says itself who may frame it keeps to that.
    """
    framed = "Content-Security-Policy" in response.headers
    for name, value in HEADERS.items():
        if not (framed and name == "X-Frame-Options"):
            response.headers.setdefault(name, value)
    return response
