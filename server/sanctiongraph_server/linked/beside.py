"""What is beside a thing, to be taken elsewhere: ``/neighbours.svg`` and ``/neighbours.json``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from flask import Blueprint, Response, jsonify, render_template, request

from sanctiongraph.given import iri
from sanctiongraph_server.cross_origin import DERIVED_HEADER, VERSION_HEADER
from sanctiongraph_server.linked.drawing import drawn
from sanctiongraph_server.linked.neighbours import Neighbours, ShowNeighbours
from sanctiongraph_server.pages.languages import COMMON, language_of
from sanctiongraph_server.parameters import parameters
from sanctiongraph_server.performing import Requests
from sanctiongraph_server.repeatable import mark

THING: Final = "thing"
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

    return found


def _finished(answer: Response, beside: Neighbours) -> Response:
    answer.headers[VERSION_HEADER] = beside.version
    answer.headers[DERIVED_HEADER] = beside.derived
    return mark(answer)
