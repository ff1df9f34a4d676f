"""The graph with the example queries, by the name that a client has for it.

Clients look in ``<endpoint>/.well-known/sparql-examples``, and know the endpoint by the address at
which they reach it; the dataset has one name for the graph (``description.examples``), as it is the
same wherever it is served.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urljoin

from pyoxigraph import NamedNode

from sanctiongraph.binding import with_other_iris
from sanctiongraph.description.examples import EXAMPLES_GRAPH, WELL_KNOWN
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph_server.protocol import QueryRequest


def by_its_name(request: QueryRequest, store: GraphStore, public_url: str) -> QueryRequest:
    """The request with the graph called as the store calls it.

    A graph that clients wrote under one of its other names stays what it is.
    """
    said = (request.query, *request.default_graphs, *request.named_graphs)
    if not any(WELL_KNOWN in one for one in said):
        return request
    known = EXAMPLES_GRAPH.value
    names = {
        name: known
        for endpoint in (request.endpoint, f"{public_url}sparql")
        for name in (endpoint + WELL_KNOWN, urljoin(endpoint, WELL_KNOWN))
        if any(name in one for one in said) and not store.contains_named_graph(NamedNode(name))
    }
    return replace(
        request,
        query=with_other_iris(request.query, names),
        default_graphs=tuple(names.get(one, one) for one in request.default_graphs),
        named_graphs=tuple(names.get(one, one) for one in request.named_graphs),
    )
