"""What differs between stores that speak SPARQL 1.1, in one place.

A ``Dialect`` says where the accepted graph lies, how requests are put, and what of a query has to
be said in other words. Why each of Virtuoso's is there is listed in ``docs/scaling.md``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from pyoxigraph import NamedNode

from sanctiongraph.errors import BadData, BadInput, DeadlineExceeded, RemoteFailed, StoreAway
from sanctiongraph.stores.connection import Connection, shown
from sanctiongraph.stores.rewriting import (
    comparisons_in_two,
    durations_as_numbers,
    filters_as_tests,
    graphs_by_group,
    without_graphs,
)
from sanctiongraph.stores.truths import booleans_as_numbers, truth_columns
from sanctiongraph.vocabulary import PREFIXES

#: The graph that the accepted graph lies in where the store has no default graph of its own.
ACCEPTED_GRAPH: Final = NamedNode(PREFIXES["graph"] + "accepted")
#: The graph in which a store keeps what it holds (``record``).
RECORD_GRAPH: Final = NamedNode(PREFIXES["graph"] + "store")


_XSD: Final = PREFIXES["xsd"]
#: Within which a store has to tell what it is: that is no work.
_SECONDS_TO_TELL: Final = 10.0


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a store takes queries, updates and whole graphs."""

    query: str
    update: str
    graphs: str


def _nothing(_: str) -> bool:
    return False


def _as_it_is(body: bytes, _: str) -> bytes:
    return body


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one kind of store is spoken to."""

    name: str
    #: Last parts of the addresses for queries, updates and graphs.
    paths: tuple[str, str, str]
    #: The named graph that stands for the default graph, where the store's own default graph is
    #: something else (of Virtuoso: the union of all graphs).
    accepted: NamedNode | None = None
    #: Graphs of the store itself, which are no data.
    system_graphs: tuple[str, ...] = ()
    #: The ``Server`` header begins with this.
    server: str | None = None
    #: Credentials go by Digest (RFC 7616), not by Basic.
    digest: bool = False
    #: An update request is made whole or not at all, whatever number of operations it has.
    atomic_updates: bool = False
    #: Longest text of an update and of a piece of a graph, in bytes.
    longest_update: int = 4_000_000
    longest_piece: int = 4_000_000
    #: Name of the parameter that gives a query its time in milliseconds.
    timeout_parameter: str | None = None
    #: The format in which a store gives solutions best.
    solutions: str = "application/sparql-results+json"
    #: Says a query in words that the store understands rightly; the graphs are those to hide.
    rewrite: Callable[[str, tuple[str, ...]], str] | None = None
    #: Whether a query is one that the store is known to answer wrongly, so that it is evaluated here.
    misunderstands: Callable[[str], bool] = _nothing
    #: Whether a refusal says that the store's own compiler failed: then, too, it is evaluated here.
    gave_up: Callable[[str], bool] = _nothing
    #: Makes of the answer to a query what the standards say it should be.
    read: Callable[[bytes, str], bytes] = _as_it_is

    def addresses(self, url: str) -> Addresses:
        """The addresses of a store: ``url`` is that of queries, or what stands before its path."""
        parts = urlsplit(url)
        path = parts.path.rstrip("/")
        base = path.removesuffix(self.paths[0])
        query, update, graphs = (
            urlunsplit((parts.scheme, parts.netloc, base + one, "", "")) for one in self.paths
        )
        return Addresses(query, update, graphs)

    def written(self, query: str) -> str:
        """The query in the words of the store."""
        if self.rewrite is None:
            return query
        hidden = () if self.accepted is None else (self.accepted.value, RECORD_GRAPH.value)
        return self.rewrite(query, (*hidden, *self.system_graphs))


def _for_virtuoso(query: str, hidden: tuple[str, ...]) -> str:
    try:
        query = comparisons_in_two(filters_as_tests(graphs_by_group(query)))
        return without_graphs(durations_as_numbers(booleans_as_numbers(query)), hidden)
    except BadData:  # a bracket that does not close: the parser tells where
        return query


def _virtuoso_misunderstands(query: str) -> bool:
    # The order of a subquery is lost where DISTINCT puts a list together.
    return re.search(r"\bGROUP_CONCAT\s*\(\s*DISTINCT\b", query, re.IGNORECASE) is not None


def _virtuoso_gave_up(message: str) -> bool:
    return re.search(r"Virtuoso \w+ Error (SP031|SQ\d+)", message) is not None


def _from_virtuoso(body: bytes, query: str) -> bytes:
    # The labels of blank nodes are addresses of its own, which no label may be.
    body = body.replace(b"<bnode>nodeID://", b"<bnode>")
    # A truth value comes as a number.
    names = "|".join(sorted(truth_columns(query)))
    number = f'(<binding name="(?:{names})"><literal datatype="{_XSD})integer">([01])<'.encode()
    return re.sub(number, _truth, body) if names else body


def _truth(match: re.Match[bytes]) -> bytes:
    return match[1] + b'boolean">' + (b"true" if match[2] == b"1" else b"false") + b"<"


#: Nothing but the standards: a default graph of its own, and no promise about updates.
STANDARD: Final = Dialect("standard", ("/query", "/update", "/data"))
OXIGRAPH: Final = Dialect(
    "oxigraph", ("/query", "/update", "/store"), server="Oxigraph", atomic_updates=True
)
VIRTUOSO: Final = Dialect(
    "virtuoso",
    ("/sparql", "/sparql-auth", "/sparql-graph-crud-auth"),
    accepted=ACCEPTED_GRAPH,
    system_graphs=(
        "http://www.openlinksw.com/schemas/virtrdf#",
        "http://localuriqaserver/sparql",
        "http://www.w3.org/ns/ldp#",
        "http://www.w3.org/2002/07/owl#",
    ),
    server="Virtuoso",
    digest=True,
    # Its compiler takes 10,000 lines of its own code a statement, and a triple is some of them.
    longest_update=100_000,
    longest_piece=2_000_000,
    timeout_parameter="timeout",
    solutions="application/sparql-results+xml",
    rewrite=_for_virtuoso,
    misunderstands=_virtuoso_misunderstands,
    gave_up=_virtuoso_gave_up,
    read=_from_virtuoso,
)
DIALECTS: Final = {one.name: one for one in (OXIGRAPH, VIRTUOSO, STANDARD)}


def named(name: str) -> Dialect:
    """The dialect of that name. Raises ``BadInput`` with those that there are."""
    if name not in DIALECTS:
        raise BadInput(
            f"SANCTIONGRAPH_STORE_DIALECT is {name!r}: it is one of {', '.join(DIALECTS)}"
        )
    return DIALECTS[name]


def detected(url: str, connection: Connection) -> Dialect:
    """The dialect of the store at an address, by what it calls itself.

    Raises ``StoreAway`` where it is not reached or does not answer soon, ``RemoteFailed`` where it
    does not say what it is.
    """
    try:
        # Behind a login it says so as well, and how to log in depends on what it is.
        reply = connection.read("GET", url, refused=True, timeout=_SECONDS_TO_TELL)
    except DeadlineExceeded as error:
        raise StoreAway(str(error)) from error
    server = reply.headers.get("server", "")
    for dialect in DIALECTS.values():
        if dialect.server and server.lower().startswith(dialect.server.lower()):
            return dialect
    raise RemoteFailed(
        f"{shown(url)} does not say what kind of store it is (Server: {server or 'nothing'}): set"
        f" SANCTIONGRAPH_STORE_DIALECT to one of {', '.join(DIALECTS)}; see docs/scaling.md"
    )
