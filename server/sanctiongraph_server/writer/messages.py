"""Changes as frames."""

from __future__ import annotations

from typing import Final

from pyoxigraph import RdfFormat

from sanctiongraph_server.writer.frames import Header
from sanctiongraph_server.writes import AddToGraph, Change, DeleteGraph, PutGraph, Update

_FORMATS: Final = {
    "json-ld": RdfFormat.JSON_LD,
    "streaming-json-ld": RdfFormat.STREAMING_JSON_LD,
    "n3": RdfFormat.N3,
    "n-quads": RdfFormat.N_QUADS,
    "n-triples": RdfFormat.N_TRIPLES,
    "rdf-xml": RdfFormat.RDF_XML,
    "trig": RdfFormat.TRIG,
    "turtle": RdfFormat.TURTLE,
}
_PAYLOADS: Final[dict[str, type[PutGraph | AddToGraph]]] = {"put": PutGraph, "add": AddToGraph}


def encoded(change: Change) -> tuple[Header, bytes]:
    """The change as header and payload."""
    if isinstance(change, Update):
        return {"kind": "update", "base_iri": change.base_iri}, change.text.encode("utf-8")
    if isinstance(change, DeleteGraph):
        return {"kind": "delete", "graph": change.graph}, b""
    kind = next(name for name, cls in _PAYLOADS.items() if isinstance(change, cls))
    name = next(name for name, one in _FORMATS.items() if one == change.format)
    header = {"kind": kind, "graph": change.graph, "format": name, "base_iri": change.base_iri}
    return header, change.payload


def decoded(header: Header, payload: bytes) -> Change:
    """The change that ``encoded`` was given."""
    kind = header["kind"]
    if kind == "update":
        return Update(payload.decode("utf-8"), header["base_iri"])
    if kind == "delete":
        return DeleteGraph(header["graph"])
    format = _FORMATS[header["format"]]
    return _PAYLOADS[kind](header["graph"], payload, format, header["base_iri"])
