"""What is beside a thing, to be taken elsewhere, and what rests on a claim.

``/neighbours.svg``, ``/neighbours.json`` and ``/resting``.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from flask import Blueprint, Response, jsonify, render_template, request

from sanctiongraph.given import day, iri
from sanctiongraph_server.cross_origin import DERIVED_HEADER, VERSION_HEADER
from sanctiongraph_server.linked.drawing import drawn
from sanctiongraph_server.linked.neighbours import Neighbours, ShowNeighbours
from sanctiongraph_server.linked.resting import ShowResting
from sanctiongraph_server.pages.languages import COMMON, language_of
from sanctiongraph_server.pages.showing import page
from sanctiongraph_server.parameters import on_a_day, parameters
from sanctiongraph_server.performing import Requests
from sanctiongraph_server.repeatable import mark

THING: Final = "thing"
CLAIM: Final = "claim"
AS_OF: Final = "as_of"
_EXAMPLE: Final = "/resting?claim=claim:turkey-us-caatsa-talks/039"
SVG: Final = "image/svg+xml"


def blueprint(asks: Requests) -> Blueprint:
    """The addresses of drawings and of what they are made from."""
    found = Blueprint("beside", __name__, template_folder="templates")

    def looked_up() -> Neighbours:
        given = parameters((THING,), COMMON, f"{request.path}?thing=SSB")
        return asks.perform(ShowNeighbours(iri(THING, given[THING]), language_of(given)), given)

    @found.get("/neighbours.svg")
    def svg() -> Response:
        beside = looked_up()
        drawing = drawn(beside)
        root = request.url_root.rstrip("/")
        body = render_template("linked/neighbours.svg", drawing=drawing, alone=True, root=root)
        return _finished(Response(body, content_type=f"{SVG}; charset=utf-8"), beside)

    @found.get("/neighbours.json")
    def json() -> Response:
        beside = looked_up()
        return _finished(jsonify(asdict(beside)), beside)

    @found.get("/resting")
    def resting() -> Response:
        given = parameters((CLAIM,), (AS_OF, *COMMON), _EXAMPLE)
        given, today = on_a_day(given, (AS_OF,))
        which = iri(CLAIM, given[CLAIM])
        asked = ShowResting(which, day(AS_OF, given[AS_OF]), language_of(given))
        return page("linked/resting.html", asks.perform(asked, given), today)

    return found


def _finished(answer: Response, beside: Neighbours) -> Response:
    answer.headers[VERSION_HEADER] = beside.version
    answer.headers[DERIVED_HEADER] = beside.derived
    return mark(answer)
