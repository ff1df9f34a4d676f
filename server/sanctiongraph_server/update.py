"""``/update`` over HTTP: SPARQL 1.1 Protocol, section 2.2."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, request

from sanctiongraph_server import update_protocol
from sanctiongraph_server.cross_origin import VERSION_HEADER
from sanctiongraph_server.flask_request import http_request
from sanctiongraph_server.update_dataset import with_dataset
from sanctiongraph_server.update_protocol import Limits
from sanctiongraph_server.writes import Update, Writes

#: Lets the request at work pass, or raises ``Unauthorized`` or ``Forbidden``.
Authorize = Callable[[], None]
#: Lets a text with its base IRI pass to the engine, or raises ``Forbidden`` or ``BadQuery``.
Check = Callable[[str, str], None]


def blueprint(writes: Writes, authorize: Authorize, check: Check, limits: Limits) -> Blueprint:
    """The address for updates; an update is checked as the engine gets it."""
    found = Blueprint("update", __name__)

    @found.route("/update", methods=["POST"])
    def update() -> Response:
        authorize()
        asked = update_protocol.read(http_request(request.base_url, limits.body), limits)
        text = with_dataset(asked)
        check(text, asked.endpoint)
        receipt = writes.apply(Update(text, asked.endpoint), asked.timeout)
        return Response(status=204, headers={VERSION_HEADER: receipt.version})

    return found
