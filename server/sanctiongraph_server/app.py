"""The gateway as a WSGI application. This module only wires."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask import Flask, Response, jsonify, request

from sanctiongraph.errors import BadParameter, NotBuilt
from sanctiongraph.settings import Settings
from sanctiongraph.vocabulary import BASE
from sanctiongraph_server import (
    assessments,
    cross_origin,
    graph_store,
    graphs,
    guard,
    inquiries,
    problems,
    protocol,
    update,
    update_protocol,
)
from sanctiongraph_server.cross_origin import VERSION_HEADER
from sanctiongraph_server.current import CurrentGraph
from sanctiongraph_server.description import Describer, Service
from sanctiongraph_server.evaluation import Answer, Evaluator, InProcess
from sanctiongraph_server.facts import Facts
from sanctiongraph_server.flask_request import http_request
from sanctiongraph_server.negotiation import choose
from sanctiongraph_server.protocol import DescriptionRequest, read
from sanctiongraph_server.read_only import ReadOnly, refuse
from sanctiongraph_server.update import Authorize, Check
from sanctiongraph_server.update_protocol import Limits
from sanctiongraph_server.writes import Writes

#: Addresses whose answers depend on ``Accept``.
_NEGOTIATED: Final = ("/sparql", "/graphs")
#: What bodies an address takes, by the name of its function.
_TAKEN: Final = {
    "sparql": protocol.TAKEN,
    "update.update": update_protocol.TAKEN,
    "graphs.graphs": graph_store.TAKEN,
}


def _check(update: str, base_iri: str) -> None:  # noqa: ARG001
    guard.check(update)


def create_app(
    settings: Settings,
    evaluator: Evaluator | None = None,
    writes: Writes | None = None,
    authorize: Authorize = refuse,
    check: Check = _check,
) -> Flask:
    """The application for these settings; ``evaluator`` replaces the evaluation in this process.

    ``writes`` makes the changes that ``authorize`` lets pass; without it there are none. ``check``
    is what updates have to pass.

    A graph that is not built yet is no error here: the application answers 503 until it is.
    """
    app = Flask(__name__, static_folder=None)
    # One more than is taken: a body without a stated length is cut off there, and has to show.
    app.config["MAX_CONTENT_LENGTH"] = settings.max_query_bytes + 1
    graph = CurrentGraph(settings.home)
    evaluates = evaluator or InProcess(graph, settings.max_merged_triples)
    problems.install(app)
    reasoners = assessments.Reasoners(graph)
    app.register_blueprint(assessments.blueprint(reasoners))
    app.register_blueprint(inquiries.blueprint(reasoners))

    limits = Limits(settings.max_query_bytes, settings.max_upload_bytes, settings.update_timeout)
    changes = writes or ReadOnly()
    app.register_blueprint(update.blueprint(changes, authorize, check, limits))
    app.register_blueprint(
        graphs.blueprint(evaluates.evaluate, _response, changes, authorize, limits)
    )
    describer = Describer(Facts(evaluates.evaluate))

    @app.route("/sparql", methods=["GET", "POST"])
    @app.route("/viewpoints/<viewpoint>/sparql", methods=["GET", "POST"])
    def sparql(viewpoint: str | None = None) -> Response:
        endpoint = request.base_url
        asked = read(http_request(endpoint, settings.max_query_bytes), settings.max_query_bytes)
        if viewpoint is not None:
            if asked.viewpoint not in {None, viewpoint}:
                raise BadParameter("viewpoint= names another viewpoint than the address")
            asked = replace(asked, viewpoint=viewpoint)
        choice = choose(asked.accept, asked.format)
        if isinstance(asked, DescriptionRequest):
            federated = bool(settings.service_allow)
            service = Service(
                endpoint, request.url_root, asked.viewpoint, writes is not None, federated
            )
            answer = describer.describe(service, choice)
        else:
            answer = evaluates.evaluate(asked, choice)
        return _response(answer)

    @app.get("/healthz")
    def health() -> Response:
        version = graph.opened().version
        return jsonify(status="ok", version=version.name, triples=version.triples)

    @app.get("/")
    def index() -> Response:
        return jsonify(
            name="sanctiongraph",
            version=graph.opened().version.name,
            sparql=request.base_url + "sparql",
            update=request.base_url + "update",
            graphs=request.base_url + "graphs",
            health=request.base_url + "healthz",
            documentation=BASE,
        )

    @app.after_request
    def finish(response: Response) -> Response:
        if VERSION_HEADER not in response.headers and (name := _version_name(graph)):
            response.headers[VERSION_HEADER] = name
        response.headers["X-Content-Type-Options"] = "nosniff"
        if request.path.startswith(_NEGOTIATED) or request.path.endswith("/sparql"):
            response.vary.add("Accept")
        if request.method == "OPTIONS" or response.status_code in {201, 204}:
            del response.headers["Content-Type"]  # there is nothing that it would be the type of
        if request.method == "OPTIONS" and (taken := _TAKEN.get(request.endpoint or "")):
            response.headers["Accept-Post"] = taken
        return cross_origin.allow(response)

    return app


def _response(answer: Answer) -> Response:
    headers = {VERSION_HEADER: answer.version}
    return Response(answer.body, 200, headers, content_type=answer.content_type)


def _version_name(graph: CurrentGraph) -> str | None:
    try:
        return graph.opened().version.name
    except NotBuilt:
        return None
