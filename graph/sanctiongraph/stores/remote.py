"""A store across the network: SPARQL 1.1 Protocol and Graph Store Protocol over one connection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

from sanctiongraph.errors import BadQuery, RemoteFailed
from sanctiongraph.stores.connection import Connection, Reply, shown
from sanctiongraph.stores.dialects import RECORD_GRAPH, Addresses, Dialect
from sanctiongraph.stores.graphstore import Results
from sanctiongraph.stores.merging import merged
from sanctiongraph.stores.rewriting import form, names_dataset, with_prefixes
from sanctiongraph.vocabulary import PREFIXES

_DEFAULT: Final = DefaultGraph()
#: An empty default graph: the standard has no name for it.
_NOTHING: Final = PREFIXES["graph"] + "nothing"
_N_TRIPLES: Final = "application/n-triples"
#: Quads that are kept in memory, at about half a kilobyte each.
_MOST_KEPT: Final = 200_000
#: Subjects that are asked about at once: a query has to stay short enough for every store.
_MOST_AHEAD: Final = 400
#: Triples that are copied at most to answer here what a store cannot answer.
MOST_COPIED: Final = 500_000
#: What Virtuoso calls the one column of its answer to an ASK.
_ASKED: Final = "__ASK_RETVAL"

Subject = NamedNode | BlankNode | Triple | None
Object = NamedNode | BlankNode | Literal | Triple | None
GraphName = NamedNode | BlankNode | DefaultGraph
_Pattern = tuple[Subject, NamedNode | None, Object, GraphName | None]


class RemoteStore:
    """A ``GraphStore`` at an address. What it was told it keeps, so make a new one for new data.

    ``timeout`` is the time of one query in seconds; without it, the connection's.
    """

    def __init__(
        self,
        connection: Connection,
        dialect: Dialect,
        addresses: Addresses,
        *,
        timeout: float | None = None,
    ) -> None:
        self.connection = connection
        self.dialect = dialect
        self.addresses = addresses
        self._timeout = timeout
        self._kept: dict[_Pattern, tuple[Quad, ...]] = {}
        self._kept_size = 0
        #: All that is said of some subjects, asked for at once.
        self._ahead: dict[NamedNode, tuple[Quad, ...]] = {}
        self._copying = threading.Lock()
        self._copy: Store | None = None
        self._names: tuple[NamedNode | BlankNode, ...] | None = None

    def again(self, timeout: float | None = None) -> RemoteStore:
        """The same store without what was told before."""
        return RemoteStore(self.connection, self.dialect, self.addresses, timeout=timeout)

    def query(
        self,
        query: str,
        /,
        *,
        base_iri: str | None = None,
        prefixes: dict[str, str] | None = None,
        default_graph: GraphName | list[GraphName] | None = None,
        named_graphs: list[NamedNode | BlankNode] | None = None,
    ) -> Results:
        """See ``GraphStore``; a query that does not parse raises ``SyntaxError``.

        Raises ``RemoteFailed``, ``DeadlineExceeded`` and ``ResultTooLarge`` as a ``Connection``
        does, and ``BadQuery`` for a dataset that the store cannot put together.
        """

        def here() -> Results:
            return self._copied().query(
                query,
                base_iri=base_iri,
                prefixes=prefixes,
                default_graph=default_graph,
                named_graphs=named_graphs,
            )

        if self.dialect.misunderstands(query):
            return here()
        text = with_prefixes(query, prefixes or {})
        if base_iri is not None:
            text = f"BASE <{base_iri}>\n{text}"
        asked = form(query)
        text, graphs = self._dataset(text, default_graph, named_graphs)
        solutions = asked in {"SELECT", "ASK"}
        reply = self._ask(text, graphs, self.dialect.solutions if solutions else _N_TRIPLES)
        if reply.fine:
            return self._results(asked, reply, query)
        # The store's own parser comes second to ours, which tells the place.
        if reply.status == 400:
            _check_parses(query, base_iri, prefixes)
        if self.dialect.gave_up(reply.text):
            return here()
        raise RemoteFailed(
            f"{shown(self.addresses.query)} could not answer the query ({reply.status}): {reply.text}"
        )

    def quads_for_pattern(
        self,
        subject: Subject,
        predicate: NamedNode | None,
        object: Object,
        graph_name: GraphName | None = None,
        /,
    ) -> Iterator[Quad]:
        """See ``GraphStore``. A blank node is found by the label that the store gave it."""
        if isinstance(subject, NamedNode) and subject in self._ahead:
            return _fitting(self._ahead[subject], predicate, object, graph_name)
        pattern = (subject, predicate, object, graph_name)
        found = self._kept.get(pattern)
        if found is None:
            found = tuple(self._found(pattern))
            if self._kept_size + len(found) > _MOST_KEPT:
                self._kept, self._kept_size = {}, 0
            if len(found) <= _MOST_KEPT:
                self._kept[pattern] = found
                self._kept_size += len(found) + 1
        return iter(found)

    def look_ahead(self, subjects: Iterable[NamedNode]) -> None:
        """Asks for all that is said of some subjects, in a few questions instead of one for each.

        What is asked of them after that is told from here.
        """
        wanted = [one for one in dict.fromkeys(subjects) if one not in self._ahead]
        for begin in range(0, len(wanted), _MOST_AHEAD):
            named = wanted[begin : begin + _MOST_AHEAD]
            found: dict[NamedNode, list[Quad]] = {one: [] for one in named}
            values = f"VALUES ?s {{ {' '.join(map(str, named))} }}"
            for quad in self._found((None, None, None, None), values):
                if isinstance(quad.subject, NamedNode):
                    found[quad.subject].append(quad)
            size = sum(map(len, found.values()))
            if self._kept_size + size > _MOST_KEPT:
                self._kept, self._ahead, self._kept_size = {}, {}, 0
            self._ahead |= {one: tuple(quads) for one, quads in found.items()}
            self._kept_size += size + len(named)

    def texts_in(
        self, graph: NamedNode, subjects: tuple[NamedNode, ...], predicate: NamedNode
    ) -> dict[str, str]:
        """The values of a predicate of some subjects, by their IRIs; asked of the store each time."""
        named = " ".join(map(str, subjects))
        where = f"VALUES ?s {{ {named} }} GRAPH {graph} {{ ?s {predicate} ?o }}"
        return {row[0].value: row[1].value for row in self._rows("?s ?o", where)}

    def named_graphs(self) -> Iterator[NamedNode | BlankNode]:
        """See ``GraphStore``; what a store keeps for itself is not among them."""
        if self._names is None:
            names = [row[0] for row in self._rows("?g", "GRAPH ?g { ?s ?p ?o }", group="?g")]
            hidden = self._hidden()
            self._names = tuple(
                name
                for name in names
                if isinstance(name, NamedNode | BlankNode) and name not in hidden
            )
        return iter(self._names)

    def contains_named_graph(self, graph_name: GraphName, /) -> bool:
        """See ``GraphStore``; an empty graph counts as none."""
        if isinstance(graph_name, DefaultGraph):
            return True
        return graph_name in tuple(self.named_graphs())

    def __contains__(self, key: Any, /) -> bool:
        quad: Quad = key
        found = self.quads_for_pattern(quad.subject, quad.predicate, quad.object, quad.graph_name)
        return next(found, None) is not None

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def _copied(self) -> Store:
        """The whole dataset in memory, for queries that the store itself cannot answer."""
        with self._copying:
            if self._copy is None:
                (count,) = self._rows("(COUNT(*) AS ?n)", "GRAPH ?g { ?s ?p ?o }")[0]
                if int(count.value) > MOST_COPIED:
                    raise RemoteFailed(
                        f"{shown(self.addresses.query)} cannot answer this query, and it holds"
                        f" {int(count.value):,} triples, more than the {MOST_COPIED:,} that would be"
                        " copied to answer it here: put it in other words"
                    )
                copy = Store()
                copy.bulk_extend(self._found((None, None, None, None)))
                self._copy = copy
            return self._copy

    # How a query is put

    def _dataset(
        self,
        text: str,
        default: GraphName | list[GraphName] | None,
        named: list[NamedNode | BlankNode] | None,
    ) -> tuple[str, dict[str, list[str]]]:
        """The query and the parameters that together name the dataset."""
        accepted = self.dialect.accepted
        if default is not None and not isinstance(default, list):
            default = [default]
        if default is None and named is None:
            own = accepted is not None and not names_dataset(text)
            return text, {"default-graph-uri": [accepted.value]} if own and accepted else {}
        wanted = [_DEFAULT] if default is None else default
        names = [one for one in wanted if isinstance(one, NamedNode)]
        if any(isinstance(one, DefaultGraph) for one in wanted):
            if accepted is not None:
                names.insert(0, accepted)
            elif named is not None:
                raise BadQuery("this store cannot name its default graph beside named ones")
            else:
                return (merged(text, names) if names else text), {}
        graphs = {"default-graph-uri": [one.value for one in names] or [_NOTHING]}
        if named:
            graphs["named-graph-uri"] = [one.value for one in named]
        return text, graphs

    def _ask(self, text: str, graphs: dict[str, list[str]], accept: str) -> Reply:
        sent: dict[str, str | list[str]] = {"query": self.dialect.written(text), **graphs}
        if self.dialect.timeout_parameter:
            seconds = self._timeout or self.connection.timeout
            sent[self.dialect.timeout_parameter] = str(int(seconds * 1000))
        return self.connection.read(
            "POST",
            self.addresses.query,
            form=sent,
            headers={"Accept": accept},
            timeout=self._timeout,
        )

    def _results(self, asked: str, reply: Reply, query: str) -> Results:
        limit = reply.headers.get("x-sparql-maxrows")
        body = self.dialect.read(reply.body, query)
        if asked not in {"SELECT", "ASK"}:
            return _triples(self._readable(lambda: [*parse(body, format=RdfFormat.N_TRIPLES)]))
        format = QueryResultsFormat.from_media_type(reply.media_type)
        found: QuerySolutions | QueryBoolean = self._readable(
            lambda: parse_query_results(body, format=format)
        )
        if isinstance(found, QueryBoolean):
            return found
        if limit and body.count(b"<result>") >= int(limit):
            raise RemoteFailed(
                f"{shown(self.addresses.query)} cuts answers off at {limit} rows: raise"
                " ResultSetMaxRows in its configuration"
            )
        if asked == "ASK" and [one.value for one in found.variables] == [_ASKED]:
            row = next(found, None)  # no row at all is its other way to say no
            return _boolean(row is not None and row[_ASKED].value in {"1", "true"})
        return found

    def _readable(self, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except (SyntaxError, ValueError) as error:
            raise RemoteFailed(
                f"{shown(self.addresses.query)} answers with what cannot be read: {error}"
            ) from error

    # How quads are found

    def _found(self, pattern: _Pattern, among: str = "") -> Iterator[Quad]:
        """The quads of a pattern; ``among`` are values that its variables may have, as SPARQL."""
        *ends, graph = pattern
        # A blank node in a query is a variable, so it is asked for as one and picked out here.
        given = [
            None if one is None or isinstance(one, BlankNode | Triple) else one for one in ends
        ]
        texts = [str(one) if one else f"?{name}" for one, name in zip(given, "spo", strict=True)]
        open_to = [name for one, name in zip(given, "spo", strict=True) if one is None]
        triple = " ".join(texts)
        hidden = self._hidden()
        for name, where in self._where(triple, graph):
            asked = [*open_to, *(["g"] if name is None else [])]
            variables = " ".join(f"?{one}" for one in asked) or "(1 AS ?found)"
            for row in self._rows(variables, f"{among} {where}"):
                values = dict(zip(asked, row, strict=False))
                found: list[Any] = [
                    values.get(key, one) for one, key in zip(given, "spo", strict=True)
                ]
                in_graph = name or values["g"]
                if name is None and in_graph in hidden:
                    if in_graph != self.dialect.accepted:
                        continue
                    in_graph = _DEFAULT
                if all(one is None or one == other for one, other in zip(ends, found, strict=True)):
                    yield Quad(found[0], found[1], found[2], in_graph)

    def _where(self, triple: str, graph: GraphName | None) -> list[tuple[GraphName | None, str]]:
        """Groups to ask, each with the graph that its rows are of, if that is known."""
        accepted = self.dialect.accepted
        in_default = f"GRAPH {accepted} {{ {triple} }}" if accepted else triple
        if graph is None:
            anywhere: tuple[None, str] = (None, f"GRAPH ?g {{ {triple} }}")
            return [anywhere] if accepted else [(_DEFAULT, triple), anywhere]
        if isinstance(graph, DefaultGraph):
            return [(_DEFAULT, in_default)]
        return [(graph, f"GRAPH {graph} {{ {triple} }}")]

    def _rows(self, variables: str, where: str, *, group: str = "") -> list[tuple[Any, ...]]:
        text = f"SELECT {variables} WHERE {{ {where} }}{group and f' GROUP BY {group}'}"
        reply = self.connection.read(
            "POST",
            self.addresses.query,
            form={"query": text},
            headers={"Accept": self.dialect.solutions},
            timeout=self._timeout,
        )
        if not reply.fine:
            raise RemoteFailed(
                f"{shown(self.addresses.query)} could not answer ({reply.status}): {reply.text}"
            )
        solutions = self._results("SELECT", reply, text)
        if not isinstance(solutions, QuerySolutions):
            raise RemoteFailed(f"{shown(self.addresses.query)} answers a SELECT with no rows")
        # Rows are read as they are asked for, so this is where what cannot be read shows.
        rows: list[tuple[Any, ...]] = self._readable(lambda: [tuple(row) for row in solutions])
        return rows

    def _hidden(self) -> frozenset[NamedNode]:
        own = (RECORD_GRAPH, *map(NamedNode, self.dialect.system_graphs))
        return frozenset((*own, self.dialect.accepted) if self.dialect.accepted else own)


def _fitting(
    quads: Iterable[Quad], predicate: NamedNode | None, object: Object, graph_name: GraphName | None
) -> Iterator[Quad]:
    return (
        quad
        for quad in quads
        if predicate in (None, quad.predicate)
        and object in (None, quad.object)
        and graph_name in (None, quad.graph_name)
    )


def _check_parses(query: str, base_iri: str | None, prefixes: dict[str, str] | None) -> None:
    """Raises ``SyntaxError`` for what does not parse. What does is evaluated over nothing."""
    Store().query(f"{query}", base_iri=base_iri, prefixes=prefixes)


def _boolean(value: bool) -> QueryBoolean:
    text = f'{{"head": {{}}, "boolean": {str(value).lower()}}}'
    found = parse_query_results(text, format=QueryResultsFormat.JSON)
    assert isinstance(found, QueryBoolean)
    return found


def _triples(quads: list[Quad]) -> QueryTriples:
    store = Store()
    store.extend(quads)
    found = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert isinstance(found, QueryTriples)
    return found
