"""The gateway as a WSGI application. This module only wires."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask import Flask, Response, jsonify, request

from sanctiongraph.data import data_folders
from sanctiongraph.errors import BadParameter, SanctiongraphError
from sanctiongraph.library import Library
from sanctiongraph.settings import Settings
from sanctiongraph.tokens import Scope
from sanctiongraph.vocabulary import BASE
from sanctiongraph_server import (
    assessments,
    cross_origin,
    graph_store,
    graphs,
    guard,
    health,
    inquiries,
    llms,
    openapi,
    problems,
    protocol,
    security_headers,
    supposing,
    update,
    update_protocol,
    watching,
)
from sanctiongraph_server.access import Access
from sanctiongraph_server.addresses import allow_list_of
from sanctiongraph_server.cross_origin import VERSION_HEADER
from sanctiongraph_server.current import CurrentGraph
from sanctiongraph_server.description import Describer, Service
from sanctiongraph_server.facts import Facts
from sanctiongraph_server.flask_request import http_request
from sanctiongraph_server.front.application import REFUSED
from sanctiongraph_server.linked import (
    beside,
    dereferencing,
    describing,
    dumps,
    queries,
    reconciling,
)
from sanctiongraph_server.linked.offers import prefers_page
from sanctiongraph_server.negotiation import choose
from sanctiongraph_server.pages import (
    acts,
    choosing,
    comparing,
    querying,
    search,
    showing,
    start,
)
from sanctiongraph_server.pages import supposing as scenario_pages
from sanctiongraph_server.performing import Requests, response
from sanctiongraph_server.protocol import DescriptionRequest, read
from sanctiongraph_server.read_only import ReadOnly
from sanctiongraph_server.read_only import refuse as refuse_writes
from sanctiongraph_server.readers.pool import ReaderPool
from sanctiongraph_server.remote import RemoteGraph, RemoteReaders
from sanctiongraph_server.repeatable import is_repeatable, mark
from sanctiongraph_server.tasks import Performer, Ping, Terms
from sanctiongraph_server.update import Authorize
from sanctiongraph_server.update_protocol import Limits
from sanctiongraph_server.writes import Writes

#: Under this name of ``Flask.extensions`` is what performs tasks.
READERS: Final = "sanctiongraph.readers"
#: Seconds within which a reader has to answer for the gateway to be ready.
_READY_WITHIN: Final = 2.0
#: Addresses whose answers depend on ``Accept``.
_NEGOTIATED: Final = ("/sparql", "/graphs")
#: What bodies an address takes, by the name of its function.
_TAKEN: Final = {
    "sparql": protocol.TAKEN,
    "update.update": update_protocol.TAKEN,
    "graphs.graphs": graph_store.TAKEN,
    "reconciling.reconcile": reconciling.TAKEN,
    **{f"assessments.{name}": supposing.TAKEN for name in assessments.ANSWERS},
    **{
        f"inquiries.{name}": supposing.TAKEN
        for name, inquiry in inquiries.INQUIRIES.items()
        if inquiry.supposes
    },
}


def create_app(
    settings: Settings,
    readers: Performer | None = None,
    watch: watching.Watch | None = None,
    writes: Writes | None = None,
    authorize: Authorize | None = None,
) -> Flask:
    """The application for these settings; ``readers`` takes the place of a pool of processes,
    and ``watch`` is shared with what answers requests before the application.

    ``writes`` makes the changes that ``authorize`` lets pass, by default those with a token;
    without ``writes`` there are none.

    A graph that is not built yet is no error here: the application answers 503 until it is.
    """
    app = Flask(__name__, static_folder=None)
    # One more than is taken: a body without a stated length is cut off there, and has to show.
    app.config["MAX_CONTENT_LENGTH"] = settings.max_query_bytes + 1
    graph, performer = _backing(settings, readers)
    app.extensions[READERS] = performer
    asks = Requests(settings, performer)
    library = Library(data_folders(settings.data).queries, settings.wikidata)
    # What a SERVICE would reach from a store elsewhere is its operator's affair: none is let through.
    allow = guard.NOWHERE if settings.store else allow_list_of(settings)
    problems.install(app, showing.problem)
    showing.install(app, lambda: _version_name(graph))
    watching.install(app, watch or watching.Watch(settings))

    @app.before_request
    def refuse() -> None:
        """What the front found wrong leaves as every other error does."""
        error = request.environ.get(REFUSED)
        if error is not None:
            raise error

    checks = {"reader": lambda: performer.perform(Ping(), Terms(_READY_WITHIN))}
    app.register_blueprint(
        health.blueprint(lambda: _version_name(graph), lambda: _known_name(graph), checks)
    )
    app.register_blueprint(assessments.blueprint(asks, settings.max_query_bytes))
    chosen = {**dict.fromkeys(inquiries.PAGES, choosing.show), "compare": comparing.show}
    app.register_blueprint(inquiries.blueprint(asks, settings.max_query_bytes, chosen))
    app.register_blueprint(dereferencing.blueprint(asks))
    app.register_blueprint(beside.blueprint(asks))
    app.register_blueprint(describing.blueprint(asks))
    app.register_blueprint(dumps.blueprint(asks))
    app.register_blueprint(queries.blueprint(asks, library))
    app.register_blueprint(reconciling.blueprint(asks, settings.max_query_bytes))
    app.register_blueprint(acts.blueprint(asks))
    app.register_blueprint(search.blueprint(asks))
    app.register_blueprint(openapi.blueprint(library))
    app.register_blueprint(llms.blueprint(settings, graph.name))

    def check(text: str, base_iri: str) -> None:
        watching.note_query(text)
        guard.check_update(text, allow, base_iri)

    limits = Limits(settings.max_query_bytes, settings.max_upload_bytes, settings.update_timeout)
    changes: Writes = writes or ReadOnly()
    if authorize is None:
        access = Access(settings.home)
        authorize = (lambda: access.require(Scope.WRITE)) if writes else refuse_writes
    app.register_blueprint(update.blueprint(changes, authorize, check, limits))
    app.register_blueprint(graphs.blueprint(asks.query, response, changes, authorize, limits))
    describer = Describer(Facts(asks.query))

    @app.get("/scenarios")
    def scenarios() -> Response:
        return scenario_pages.show(asks)

    @app.get("/sparql/samples")
    def samples() -> Response:
        return querying.programs()

    @app.route("/sparql", methods=["GET", "POST"])
    @app.route("/viewpoints/<viewpoint>/sparql", methods=["GET", "POST"])
    def sparql(viewpoint: str | None = None) -> Response:
        endpoint = request.base_url
        if querying.wanted():
            return querying.show(asks, library, endpoint, viewpoint)
        asked = read(http_request(endpoint, settings.max_query_bytes), settings.max_query_bytes)
        if viewpoint is not None:
            if asked.viewpoint not in {None, viewpoint}:
                raise BadParameter("viewpoint= names another viewpoint than the address")
            asked = replace(asked, viewpoint=viewpoint)
        choice = choose(asked.accept, asked.format)
        if isinstance(asked, DescriptionRequest):
            federated = bool(settings.service_allow) and not settings.store
            service = Service(
                endpoint, request.url_root, asked.viewpoint, writes is not None, federated
            )
            return mark(response(describer.describe(service, choice)))
        watching.note_query(asked.query)
        answered = response(asks.query(asked, choice))
        return mark(answered) if is_repeatable(asked.query) else answered

    start_page = start.starting(asks, settings)

    @app.get("/")
    def index() -> Response:
        if prefers_page(request.headers.get("Accept"), ()):
            shown = start_page()
            shown.vary.add("Accept")
            return shown
        name = graph.name()
        found = jsonify(
            name="sanctiongraph",
            version=name,
            sparql=request.base_url + "sparql",
            update=request.base_url + "update",
            graphs=request.base_url + "graphs",
            health=request.base_url + "healthz",
            openapi=request.base_url + "openapi.json",
            queries=request.base_url + "queries",
            reconcile=request.base_url + "reconcile",
            void=request.base_url + "void",
            dump=request.base_url + "dump.nq.gz",
            documentation=BASE,
        )
        found.headers[VERSION_HEADER] = name
        found.vary.add("Accept")
        return mark(found)

    @app.after_request
    def finish(response: Response) -> Response:
        if VERSION_HEADER not in response.headers:
            named = _known_name if request.path in health.INDEPENDENT else _version_name
            if name := named(graph):
                response.headers[VERSION_HEADER] = name
        security_headers.add(response)
        if request.path.startswith(_NEGOTIATED) or request.path.endswith("/sparql"):
            response.vary.add("Accept")
        if response.status_code in {201, 204} or (
            request.method == "OPTIONS" and response.status_code == 200
        ):
            del response.headers["Content-Type"]  # there is nothing that it would be the type of
        if request.method == "OPTIONS" and (taken := _TAKEN.get(request.endpoint or "")):
            response.headers["Accept-Post"] = taken
        return cross_origin.allow(response)

    return app


def _backing(
    settings: Settings, readers: Performer | None
) -> tuple[CurrentGraph | RemoteGraph, Performer]:
    """What names the graph that is current, and what performs tasks on it."""
    if settings.store:
        remote = RemoteGraph.of(settings)
        return remote, readers or RemoteReaders(remote, settings)
    return CurrentGraph(settings.home), readers or ReaderPool(settings)


def _version_name(graph: CurrentGraph | RemoteGraph) -> str | None:
    try:
        return graph.name()
    except SanctiongraphError:  # the answer is that error already
        return None


def _known_name(graph: CurrentGraph | RemoteGraph) -> str | None:
    """The same, without asking a store elsewhere: what it said last."""
    return graph.known if isinstance(graph, RemoteGraph) else _version_name(graph)
