"""Any page may read every answer: the data is public and there is nothing to log in to."""

from __future__ import annotations

from typing import Final

from flask import Response, request

VERSION_HEADER: Final = "Sanctiongraph-Version"
_DAY_IN_SECONDS: Final = "86400"


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
        response.headers["Access-Control-Expose-Headers"] = (
            f"{VERSION_HEADER}, Accept-Encoding, Accept-Post, Allow, ETag, Location, Retry-After,"
            " WWW-Authenticate"
        )
    return response
