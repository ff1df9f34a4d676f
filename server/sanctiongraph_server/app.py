"""The gateway as a WSGI application. This module only wires."""

from __future__ import annotations

import time
from typing import Final

from flask import Flask, Response, jsonify, request

from sanctiongraph.errors import BadParameter, NotBuilt
from sanctiongraph.settings import Settings
from sanctiongraph.vocabulary import BASE
from sanctiongraph_server import (
    assessments,
    cross_origin,
    health,
    inquiries,
    openapi,
    problems,
    rows,
    security_headers,
    watching,
)
from sanctiongraph_server.cross_origin import VERSION_HEADER
from sanctiongraph_server.current import CurrentGraph
from sanctiongraph_server.description import describe
from sanctiongraph_server.evaluation import Query
from sanctiongraph_server.front.application import REFUSED
from sanctiongraph_server.negotiation import choose
from sanctiongraph_server.performing import Requests, response
from sanctiongraph_server.protocol import DescriptionRequest, HttpRequest, read
from sanctiongraph_server.readers.pool import ReaderPool
from sanctiongraph_server.repeatable import is_repeatable, mark
from sanctiongraph_server.tasks import Answer, Performer, Ping, Terms

#: Under this name of ``Flask.extensions`` is what performs tasks.
READERS: Final = "sanctiongraph.readers"
#: Seconds within which a reader has to answer for the gateway to be ready.
_READY_WITHIN: Final = 2.0


def create_app(
    settings: Settings,
    readers: Performer | None = None,
    watch: watching.Watch | None = None,
) -> Flask:
    """The application for these settings; ``readers`` takes the place of a pool of processes,
    and ``watch`` is shared with what answers requests before the application.

    A graph that is not built yet is no error here: the application answers 503 until it is.
    """
    app = Flask(__name__, static_folder=None)
    # One more than is taken: a body without a stated length is cut off there, and has to show.
    app.config["MAX_CONTENT_LENGTH"] = settings.max_query_bytes + 1
    performer = readers or ReaderPool(settings)
    app.extensions[READERS] = performer
    graph = CurrentGraph(settings.home, performer)
    asks = Requests(settings, performer)
    problems.install(app)

    @app.before_request
    def refuse() -> None:
        """What the front found wrong leaves as every other error does."""
        error = request.environ.get(REFUSED)
        if error is not None:
            raise error

    watching.install(app, watch or watching.Watch(settings))
    checks = {"reader": lambda: performer.perform(Ping(), Terms(_READY_WITHIN))}
    app.register_blueprint(health.blueprint(lambda: _version_name(graph), checks))
    app.register_blueprint(assessments.blueprint(asks))
    app.register_blueprint(inquiries.blueprint(asks))
    app.register_blueprint(openapi.blueprint())

    @app.route("/sparql", methods=["GET", "POST"])
    def sparql() -> Response:
        if not request.host:  # what Werkzeug makes of a Host header that is none
            raise BadParameter("the Host header names no host")
        endpoint = request.base_url
        asked = read(_http_request(endpoint), settings.max_query_bytes)
        choice = choose(asked.accept, asked.format)
        if isinstance(asked, DescriptionRequest):
            return mark(response(describe(graph.sizes(asks.terms(None)), endpoint, choice)))
        watching.note_query(asked.query)
        terms = asks.terms(asked.timeout)
        task = Query(asked, choice, time.monotonic() + terms.seconds)
        answer = performer.perform(task, terms)
        note_rows(answer)
        answered = response(answer)
        return mark(answered) if is_repeatable(asked.query) else answered

    @app.get("/")
    def index() -> Response:
        name = graph.name()
        found = jsonify(
            name="sanctiongraph",
            version=name,
            sparql=request.base_url + "sparql",
            health=request.base_url + "healthz",
            openapi=request.base_url + "openapi.json",
            documentation=BASE,
        )
        found.headers[VERSION_HEADER] = name
        return mark(found)

    @app.after_request
    def finish(response: Response) -> Response:
        if VERSION_HEADER not in response.headers and (name := _version_name(graph)):
            response.headers[VERSION_HEADER] = name
        security_headers.add(response)
        if request.path == "/sparql":
            response.vary.add("Accept")
        return cross_origin.allow(response)

    return app


def _http_request(endpoint: str) -> HttpRequest:
    return HttpRequest(
        method=request.method,
        query_string=request.query_string,
        content_type=request.headers.get("Content-Type"),
        content_encoding=request.headers.get("Content-Encoding"),
        body=request.get_data(cache=False) if request.method == "POST" else b"",
        accept=request.headers.get("Accept"),
        endpoint=endpoint,
    )


def note_rows(answer: Answer) -> None:
    """Has the rows of an answer counted for its line in the log; those of a large one are not."""
    body = answer.body
    watching.note_rows(rows.count(body, answer.content_type) if isinstance(body, bytes) else None)


def _version_name(graph: CurrentGraph) -> str | None:
    try:
        return graph.name()
    except NotBuilt:
        return None
