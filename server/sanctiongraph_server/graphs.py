"""``/graphs`` over HTTP: SPARQL 1.1 Graph Store HTTP Protocol."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, request

from sanctiongraph.errors import NotFound
from sanctiongraph_server import asking, graph_store
from sanctiongraph_server.asking import Evaluate
from sanctiongraph_server.cross_origin import VERSION_HEADER
from sanctiongraph_server.deadlines import TIMEOUT, seconds
from sanctiongraph_server.flask_request import http_request
from sanctiongraph_server.graph_store import Target
from sanctiongraph_server.http_request import Fields, HttpRequest, address_fields, one
from sanctiongraph_server.negotiation import choose
from sanctiongraph_server.protocol import QueryRequest
from sanctiongraph_server.tasks import Answer
from sanctiongraph_server.update import Authorize
from sanctiongraph_server.update_protocol import Limits
from sanctiongraph_server.writes import AddToGraph, DeleteGraph, PutGraph, Receipt, Writes

# What RFC 3986 lets stand in a path.
_IN_PATHS: Final = "/:@!$&'()*+,;=~"
_MOST_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request with its parameters and the graph that it is about."""

    http: HttpRequest
    given: Fields
    target: Target


#: An answer over HTTP.
Respond = Callable[[Answer], Response]


def blueprint(
    evaluate: Evaluate, respond: Respond, writes: Writes, authorize: Authorize, limits: Limits
) -> Blueprint:
    """The graph store at ``/graphs``, and its graphs below that address."""
    found = Blueprint("graphs", __name__)

    def graphs(path: str = "") -> Response:
        if request.method in {"GET", "HEAD"}:
            return respond(_read(evaluate, _asked(path, limits)))
        authorize()
        asked = _asked(path, limits)
        graph = asked.target.graph
        timeout = seconds(one(asked.given, TIMEOUT), limits.seconds, limits.seconds)
        if request.method == "DELETE":
            return _written(asked.target, writes.apply(DeleteGraph(graph), timeout))
        base = graph or asked.http.endpoint
        sent = graph_store.payload(asked.http, base, limits.body)
        kind = PutGraph if request.method == "PUT" else AddToGraph
        receipt = writes.apply(kind(graph, sent.body, sent.format, base), timeout)
        return _written(asked.target, receipt)

    methods = ["GET", "PUT", "POST", "DELETE"]
    found.add_url_rule("/graphs", view_func=graphs, methods=methods)
    found.add_url_rule("/graphs/<path:path>", view_func=graphs, methods=methods)
    return found


def _asked(path: str, limits: Limits) -> _Asked:
    address = request.url_root + "graphs"
    own = f"{address}/{quote(path, safe=_IN_PATHS)}" if path else address
    http = http_request(own, limits.body)
    given = address_fields(http, limits.address)
    fresh = f"{address}/{uuid.uuid4()}"
    return _Asked(http, given, graph_store.target(http, given, address, fresh))


def _read(evaluate: Evaluate, asked: _Asked) -> Answer:
    """The graph in the format that the client takes; raises ``NotFound`` where it is not there.

    Whether it is there and what it holds are of one version of the store.
    """
    choice = choose(asked.http.accept, one(asked.given, "format"))
    choice.for_graph()
    graph = asked.target.graph
    if graph is None:
        return evaluate(_query(asked, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"), choice)
    whole = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
    for _ in range(_MOST_TRIES):
        there, seen = asking.holds(evaluate, f"ASK {{ GRAPH <{graph}> {{}} }}")
        if not there:
            raise NotFound(f"there is no graph <{graph}>")
        answer = evaluate(_query(asked, whole), choice)
        if answer.version == seen.version:
            break
    return answer


def _query(asked: _Asked, query: str) -> QueryRequest:
    timeout = one(asked.given, TIMEOUT)
    return QueryRequest(query, asked.http.endpoint, (), (), asked.http.accept, None, timeout)


def _written(target: Target, receipt: Receipt) -> Response:
    """201 for a graph that was not there, else 204 (sections 5.3 to 5.5)."""
    headers = {VERSION_HEADER: receipt.version}
    if receipt.existed:
        return Response(status=204, headers=headers)
    headers["Location"] = target.graph if target.new and target.graph else request.url
    return Response(status=201, headers=headers)
