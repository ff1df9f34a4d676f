"""From a request to what it does with a graph: SPARQL 1.1 Graph Store HTTP Protocol.

Knows bytes, not Flask, and nothing of the store.

A graph is named by ``?graph=`` with its IRI (section 4.2), by ``?default``, or by the address of
the request itself where that is below the graph store's (section 4.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from sanctiongraph.errors import BadData, BadParameter
from sanctiongraph_server import multipart
from sanctiongraph_server.http_request import (
    Fields,
    HttpRequest,
    check_charset,
    media_type,
    one,
    plain_body,
)
from sanctiongraph_server.multipart import MULTIPART
from sanctiongraph_server.problems import UnsupportedMediaType

#: What a graph can be sent as.
FORMATS: Final[dict[str, RdfFormat]] = {
    "text/turtle": RdfFormat.TURTLE,
    "application/x-turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/xml": RdfFormat.RDF_XML,
    "text/xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
}
#: For ``Accept-Post``: the types themselves, without the names that they also go by.
TAKEN: Final = ", ".join(
    [*dict.fromkeys(format.media_type for format in FORMATS.values()), MULTIPART]
)
_BY_ENDING: Final = {format.file_extension: format for format in FORMATS.values()}
_UNTOLD: Final = frozenset({"", "application/octet-stream", "text/plain"})
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Target:
    """The graph that a request is about."""

    #: ``None`` is the default graph.
    graph: str | None
    #: Whether the graph gets its name by this request.
    new: bool = False


@dataclass(frozen=True, slots=True)
class Payload:
    """A graph as it was sent."""

    body: bytes
    format: RdfFormat


def target(request: HttpRequest, given: Fields, address: str, fresh: str) -> Target:
    """The graph that the request names.

    ``address`` is the graph store's own, and ``fresh`` the name below it that a POST there gives.
    Raises ``BadParameter`` where the request names no graph, more than one, or no IRI.
    """
    graph, default = one(given, "graph"), one(given, "default")
    if default:
        raise BadParameter("default takes no value: write ?default")
    if (graph is not None) + (default is not None) + (request.endpoint != address) > 1:
        raise BadParameter(
            "the request names more than one graph: give one of graph=, default, and an address"
            " below the graph store's"
        )
    if default is not None:
        return Target(None)
    if graph is not None:
        return Target(_absolute(graph, address))
    if request.endpoint != address:
        return Target(_absolute(request.endpoint, address))
    if request.method == "POST":
        return Target(_absolute(fresh, address), new=True)
    raise BadParameter(
        "the request names no graph: give graph= with its IRI, or default. Only a POST needs none:"
        " it makes a new graph"
    )


def _absolute(graph: str, base: str) -> str:
    """The IRI, a relative one resolved against the graph store's address."""
    if graph and not _SCHEME.match(graph):
        graph = urljoin(base, graph)
    try:
        return NamedNode(graph).value
    except ValueError as error:
        raise BadParameter(f"graph {graph!r} is no IRI: {error}") from error


def payload(request: HttpRequest, base_iri: str, longest: int) -> Payload:
    """The graph that the request carries; several parts of a form are one graph.

    Raises ``UnsupportedMediaType`` for a type that is no RDF, ``PayloadTooLarge``, ``BadParameter``
    for a form or coding that is none, and ``BadData`` where one of several parts does not parse.
    What comes as one is not parsed here.
    """
    body = plain_body(request, longest, TAKEN)
    kind, _ = media_type(request.content_type)
    if kind != MULTIPART:
        return Payload(body, _format(request.content_type, None))
    parts = multipart.parts(body, request.content_type or "")
    sent = [Payload(part.body, _format(part.content_type, part.filename)) for part in parts]
    if len(sent) == 1:
        return sent[0]
    triples = (triple for part in sent for triple in _parsed(part, base_iri))
    whole = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert whole is not None  # without an output the bytes are returned
    return Payload(whole, RdfFormat.N_TRIPLES)


def _format(content_type: str | None, filename: str | None) -> RdfFormat:
    """By the media type, or of a file that comes without one by how its name ends."""
    kind, charset = media_type(content_type)
    if filename and kind in _UNTOLD:
        found = _BY_ENDING.get(filename.rpartition(".")[2].lower())
        if found is not None:
            return found
    if kind not in FORMATS:
        raise UnsupportedMediaType(
            f"a graph of type {content_type or 'nothing'!r} is not read: send one of {TAKEN}", TAKEN
        )
    check_charset(charset, TAKEN)
    return FORMATS[kind]


def _parsed(part: Payload, base_iri: str) -> Iterator[Triple]:
    """Blank nodes of different parts are different, whatever they are called."""
    try:
        for quad in parse(
            part.body,
            part.format,
            base_iri=base_iri,
            without_named_graphs=True,
            rename_blank_nodes=True,
        ):
            yield quad.triple
    except (SyntaxError, ValueError) as error:
        raise BadData(f"a part of the form does not parse: {error}") from error
