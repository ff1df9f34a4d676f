"""What a service description says of the graph, asked by SPARQL and kept for a version."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, QuerySolution

from sanctiongraph.errors import Stopped
from sanctiongraph_server import asking
from sanctiongraph_server.asking import Evaluate
from sanctiongraph_server.tasks import Answer

#: Named graphs that a description names: a claim is one, so there can be very many.
MOST_GRAPHS: Final = 100
#: How often the facts are asked for again because the graph changed meanwhile.
_MOST_TRIES: Final = 3

_ACCEPTED: Final = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
_NAMED: Final = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
_GRAPHS: Final = "SELECT (COUNT(*) AS ?n) { GRAPH ?g {} }"
# The ones that are not claims come first: there are few, and they are what one looks for.
_NAMES: Final = f"""
SELECT ?g {{ GRAPH ?g {{}} }}
ORDER BY CONTAINS(STR(?g), "/claim/") ?g LIMIT {MOST_GRAPHS}"""
_VIEWPOINTS: Final = """
SELECT ?v (SAMPLE(?name) AS ?label) {
  { ?v a sg:Viewpoint } UNION { GRAPH graph:viewpoints { ?v a sg:Viewpoint } }
  OPTIONAL { { ?v rdfs:label ?name } UNION { GRAPH graph:viewpoints { ?v rdfs:label ?name } }
             FILTER(LANG(?name) = "en") }
} GROUP BY ?v ORDER BY ?v"""


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of one version; a count that took too long is none."""

    version: str
    #: The version up to which everything derived has followed.
    derived: str
    accepted: int | None
    triples: int | None
    graphs: int | None
    #: The IRIs of the first named graphs.
    graph_names: tuple[str, ...]
    #: IRI and English label of each viewpoint.
    viewpoints: tuple[tuple[str, str | None], ...]


class Facts:
    """Asks for the facts, and again only when the version is another."""

    def __init__(self, evaluate: Evaluate) -> None:
        self._evaluate = evaluate
        self._lock = threading.Lock()
        self._known: Fact | None = None

    def current(self) -> Fact:
        """The facts of the current version; raises what an evaluator raises."""
        known, newest = self._known, asking.holds(self._evaluate, "ASK {}")[1]
        if known is not None and known.version == newest.version:
            return known
        with self._lock:
            if self._known is not None and self._known.version == newest.version:
                return self._known
            for _ in range(_MOST_TRIES):
                found, whole = self._gathered(newest)
                if whole:
                    self._known = found
                    break
                newest = asking.holds(self._evaluate, "ASK {}")[1]
            return found

    def _gathered(self, newest: Answer) -> tuple[Fact, bool]:
        """The facts, and whether all of them are of the version of this answer."""
        versions = {newest.version}

        def rows(query: str) -> list[QuerySolution]:
            found, seen = asking.rows(self._evaluate, query)
            versions.add(seen.version)
            return found

        def count(query: str) -> int | None:
            try:
                return int(rows(query)[0]["n"].value)
            except Stopped:
                return None

        accepted, named = count(_ACCEPTED), count(_NAMED)
        fact = Fact(
            version=newest.version,
            derived=newest.derived,
            accepted=accepted,
            triples=None if accepted is None or named is None else accepted + named,
            graphs=count(_GRAPHS),
            graph_names=tuple(_iris(rows(_NAMES), "g")),
            viewpoints=tuple(
                (
                    row["v"].value,
                    label.value if isinstance(label := row["label"], Literal) else None,
                )
                for row in rows(_VIEWPOINTS)
                if isinstance(row["v"], NamedNode)
            ),
        )
        return fact, len(versions) == 1


def _iris(rows: list[QuerySolution], name: str) -> Iterator[str]:
    for row in rows:
        if isinstance(term := row[name], NamedNode):
            yield term.value
