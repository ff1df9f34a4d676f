"""Any page may read every answer: the data is public and there is nothing to log in to."""

from __future__ import annotations

from typing import Final

from flask import Response, request

VERSION_HEADER: Final = "Sanctiongraph-Version"
DERIVED_HEADER: Final = "Sanctiongraph-Derived"
_DAY_IN_SECONDS: Final = "86400"
#: On every answer but that to OPTIONS.
ALWAYS: Final = (
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        f"{VERSION_HEADER}, {DERIVED_HEADER}, ETag, Accept-Encoding, Accept-Post, Allow,"
        " Link, Location, Repr-Digest, Retry-After, Sanctiongraph-Truncated, WWW-Authenticate",
    ),
)


def allow(response: Response) -> Response:
    """Adds the headers of the Fetch standard's CORS protocol, to errors as well.

    ``*`` for the request's headers leaves out ``Authorization``, so that is named.
    """
    response.headers["Access-Control-Allow-Origin"] = "*"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
        response.headers["Access-Control-Allow-Headers"] = "*, Authorization"
        response.headers["Access-Control-Max-Age"] = _DAY_IN_SECONDS
    else:
        response.headers.update(ALWAYS)
    return response
