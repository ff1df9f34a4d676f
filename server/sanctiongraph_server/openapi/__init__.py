"""The description of every address that is not SPARQL: OpenAPI 3.1, at ``/openapi.json``.

It is made from the tables by which the addresses work, so it cannot name a parameter that there is
not; the tests hold every answer against it.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify

from sanctiongraph_server.openapi.document import document


def blueprint() -> Blueprint:
    """The address of the description."""
    found = Blueprint("openapi", __name__)

    @found.get("/openapi.json")
    def openapi() -> Response:
        addresses = {rule.rule for rule in current_app.url_map.iter_rules()}
        return jsonify(document(addresses))

    return found
