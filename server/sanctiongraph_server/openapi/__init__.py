"""The description of every address that is not SPARQL: OpenAPI 3.1, at ``/openapi.json``.

It is made from the tables by which the addresses work, so it cannot name a parameter that there is
not; the tests hold every answer against it.
"""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, Response, current_app, jsonify

from sanctiongraph.library import Library
from sanctiongraph_server.openapi import gateway, linked, pages, reconciliation
from sanctiongraph_server.openapi.document import document

#: A variable part of an address, as Flask writes it.
_VARIABLE: Final = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


def blueprint(library: Library) -> Blueprint:
    """The address of the description; ``library`` has the queries that are addresses."""
    found = Blueprint("openapi", __name__)

    @found.get("/openapi.json")
    def openapi() -> Response:
        addresses = {_VARIABLE.sub(r"{\1}", rule.rule) for rule in current_app.url_map.iter_rules()}
        described = (
            *gateway.operations(),
            *linked.operations(library),
            *reconciliation.operations(),
            *pages.operations(),
        )
        return jsonify(document(addresses, described, {**linked.SCHEMAS, **reconciliation.SCHEMAS}))

    return found
