"""The gateway as a WSGI application. This module only wires."""

from __future__ import annotations

from flask import Flask, Response, jsonify, request

from sanctiongraph.errors import BadParameter, SanctiongraphError
from sanctiongraph.settings import Settings
from sanctiongraph.vocabulary import BASE
from sanctiongraph_server import assessments, cross_origin, inquiries, problems
from sanctiongraph_server.cross_origin import VERSION_HEADER
from sanctiongraph_server.current import CurrentGraph, Openable
from sanctiongraph_server.description import describe
from sanctiongraph_server.evaluation import Answer, Evaluator, InProcess
from sanctiongraph_server.negotiation import choose
from sanctiongraph_server.protocol import DescriptionRequest, HttpRequest, read
from sanctiongraph_server.remote import RemoteEvaluator, RemoteGraph


def create_app(settings: Settings, evaluator: Evaluator | None = None) -> Flask:
    """The application for these settings; ``evaluator`` replaces the evaluation in this process.

    A graph that is not built yet is no error here: the application answers 503 until it is.
    """
    app = Flask(__name__, static_folder=None)
    # One more than is taken: a body without a stated length is cut off there, and has to show.
    app.config["MAX_CONTENT_LENGTH"] = settings.max_query_bytes + 1
    graph: Openable
    if settings.store:
        graph = RemoteGraph.of(settings)
        evaluates = evaluator or RemoteEvaluator(
            graph, settings.max_merged_triples, settings.timeout
        )
    else:
        graph = CurrentGraph(settings.home)
        evaluates = evaluator or InProcess(graph, settings.max_merged_triples)
    problems.install(app)
    reasoners = assessments.Reasoners(graph)
    app.register_blueprint(assessments.blueprint(reasoners))
    app.register_blueprint(inquiries.blueprint(reasoners))

    @app.route("/sparql", methods=["GET", "POST"])
    def sparql() -> Response:
        if not request.host:  # what Werkzeug makes of a Host header that is none
            raise BadParameter("the Host header names no host")
        endpoint = request.base_url
        asked = read(_http_request(endpoint), settings.max_query_bytes)
        choice = choose(asked.accept, asked.format)
        if isinstance(asked, DescriptionRequest):
            answer = describe(graph.opened(), endpoint, choice)
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
            health=request.base_url + "healthz",
            documentation=BASE,
        )

    @app.after_request
    def finish(response: Response) -> Response:
        if VERSION_HEADER not in response.headers and (name := _version_name(graph)):
            response.headers[VERSION_HEADER] = name
        response.headers["X-Content-Type-Options"] = "nosniff"
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


def _response(answer: Answer) -> Response:
    headers = {VERSION_HEADER: answer.version}
    return Response(answer.body, 200, headers, content_type=answer.content_type)


def _version_name(graph: Openable) -> str | None:
    try:
        return graph.opened().version.name
    except SanctiongraphError:  # the answer is that error already
        return None
