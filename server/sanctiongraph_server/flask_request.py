"""The request at work, as the protocols read it."""

from __future__ import annotations

from flask import request

from sanctiongraph.errors import BadParameter
from sanctiongraph_server.http_request import HttpRequest


def http_request(endpoint: str, longest_body: int) -> HttpRequest:
    """The request at work; of a body more than ``longest_body`` bytes only one more is read.

    Raises ``BadParameter`` where the Host header is none: addresses are made of it.
    """
    if not request.host:  # what Werkzeug makes of such a header
        raise BadParameter("the Host header names no host")
    # One more than is taken: a body without a stated length is cut off there, and has to show.
    request.max_content_length = longest_body + 1
    return HttpRequest(
        method=request.method,
        query_string=request.query_string,
        content_type=request.headers.get("Content-Type"),
        content_encoding=request.headers.get("Content-Encoding"),
        body=request.get_data(cache=False) if request.method in {"POST", "PUT"} else b"",
        accept=request.headers.get("Accept"),
        endpoint=endpoint,
    )
