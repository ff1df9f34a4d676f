"""What the library needs of a store that it only reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Triple,
)

#: The answer to a query, whichever form the query has.
Results = QuerySolutions | QueryBoolean | QueryTriples


class GraphStore(Protocol):
    """A dataset to ask. pyoxigraph's ``Store`` is one, and so is ``remote.RemoteStore``.

    The default graph is the accepted graph. Who asks may keep what it was told: the store does not
    change while it is asked.
    """

    def query(
        self,
        query: str,
        /,
        *,
        base_iri: str | None = None,
        prefixes: dict[str, str] | None = None,
        default_graph: NamedNode
        | BlankNode
        | DefaultGraph
        | list[NamedNode | BlankNode | DefaultGraph]
        | None = None,
        named_graphs: list[NamedNode | BlankNode] | None = None,
    ) -> Results:
        """The answer to a SPARQL query; ``prefixes`` are declared where the query does not.

        ``default_graph`` and ``named_graphs`` are the dataset in place of the store's own. Raises
        ``SyntaxError`` for a query that does not parse.
        """
        ...

    def quads_for_pattern(
        self,
        subject: NamedNode | BlankNode | Triple | None,
        predicate: NamedNode | None,
        object: NamedNode | BlankNode | Literal | Triple | None,
        graph_name: NamedNode | BlankNode | DefaultGraph | None = None,
        /,
    ) -> Iterator[Quad]:
        """The quads with these terms; ``None`` is any term, and for the graph any graph."""
        ...

    def named_graphs(self) -> Iterator[NamedNode | BlankNode]:
        """The names of the named graphs."""
        ...

    def contains_named_graph(self, graph_name: NamedNode | BlankNode | DefaultGraph, /) -> bool:
        """Whether there is a graph of that name."""
        ...

    def __contains__(self, key: Any, /) -> bool:
        """Whether a quad is in the store."""
        ...

    def __hash__(self) -> int:
        """By identity: what is made of a store is kept by the store."""
        ...
