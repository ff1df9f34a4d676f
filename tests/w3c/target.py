"""A server under test: what the tests do with it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryResultsFormat,
    RdfFormat,
    parse_query_results,
    serialize,
)

from .http import Client, Response
from .manifests import Data
from .rdf import quads
from .servers import Server

_EVERYTHING = "SELECT ?s ?p ?o ?g { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"


class Target:
    """Sends queries and updates over one connection and keeps in mind what the store holds."""

    def __init__(self, server: Server, root: Path) -> None:
        self.server = server
        self.root = root
        self.client = Client(server.root)
        self._held: Data | None = None

    def hold(self, data: Data, renamed: dict[str, str] | None = None) -> None:
        """Makes the store hold this and nothing else; ``renamed`` are IRIs to write otherwise."""
        if data == self._held and not renamed:
            return
        graphs: dict[str, list[Quad]] = {"": [], **{name: [] for name, _ in data.named}}
        for quad in quads(self.root, data):
            name = "" if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value
            graphs.setdefault(name, []).append(quad)
        default = _lines(graphs.pop(""))
        creations = "".join(f"CREATE SILENT GRAPH <{name}> ;\n" for name in graphs)
        blocks = default + "".join(
            f"GRAPH <{name}> {{ {_lines(held)} }}\n" for name, held in graphs.items()
        )
        for before, after in (renamed or {}).items():
            blocks = blocks.replace(f"<{before}>", f"<{after}>")
        answer = self.update(f"DROP ALL ;\n{creations}INSERT DATA {{\n{blocks}\n}}")
        if answer.status >= 300:
            raise RuntimeError(f"the data of a test was not taken: {answer.told()}")
        self._held = None if renamed else data

    def query(self, text: str, accept: str) -> Response:
        """The answer to a query, by direct POST."""
        headers = {"Content-Type": "application/sparql-query", "Accept": accept}
        return self.client.send("POST", self.server.query, headers, text.encode())

    def update(self, text: str) -> Response:
        """The answer to an update, by direct POST."""
        self._held = None
        headers = {"Content-Type": "application/sparql-update", **self.server.headers}
        return self.client.send("POST", self.server.update, headers, text.encode())

    def forget(self) -> None:
        """The store may hold anything now."""
        self._held = None

    def everything(self) -> list[Quad]:
        """All that the store holds."""
        answer = self.query(_EVERYTHING, "application/sparql-results+json")
        rows = parse_query_results(answer.body, format=QueryResultsFormat.JSON)
        return [
            Quad(row["s"], row["p"], row["o"], DefaultGraph() if row["g"] is None else row["g"])
            for row in rows  # type: ignore[union-attr]
        ]

    def graph_address(self, graph: str | None) -> str:
        """Where the Graph Store Protocol finds a graph."""
        named = "default" if graph is None else "graph=" + quote(NamedNode(graph).value, safe="")
        return f"{self.server.graphs}?{named}"


def _lines(held: list[Quad]) -> str:
    """The triples as N-Triples, which is what INSERT DATA takes, too."""
    written = serialize((quad.triple for quad in held), format=RdfFormat.N_TRIPLES)
    assert written is not None
    return written.decode("utf-8")
