"""The gateway over a store across the network: queries and changes forwarded to it.

Guard checks come first, since what a store would do with a ``SERVICE`` is its operator's affair.
The version is read anew for each request: other gateways may write to the same store.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, QueryBoolean, RdfFormat, Store, parse, serialize

from sanctiongraph.errors import (
    BadData,
    BadQuery,
    DeadlineExceeded,
    NotFound,
    RemoteFailed,
    WorkerLost,
)
from sanctiongraph.law.tokens import TOKEN
from sanctiongraph.settings import Settings
from sanctiongraph.stores.opening import open_store
from sanctiongraph.stores.record import StoredVersion, count_change, counting, read_version
from sanctiongraph.stores.remote import RemoteStore
from sanctiongraph.stores.writing import add_to_graph, put_graph, send, update
from sanctiongraph.vocabulary import PREFIXES
from sanctiongraph_server import engine_errors, guard
from sanctiongraph_server.current import Opened
from sanctiongraph_server.datasets import dataset_of
from sanctiongraph_server.evaluation import Answer, written
from sanctiongraph_server.negotiation import Choice
from sanctiongraph_server.protocol import QueryRequest
from sanctiongraph_server.writes import AddToGraph, Change, DeleteGraph, PutGraph, Receipt, Update

_REACHES_OUT: Final = re.compile(r"LOAD|SERVICE", re.IGNORECASE)
_OPERATIONS: Final = frozenset("INSERT DELETE LOAD CLEAR CREATE DROP COPY MOVE ADD".split())
_ACCEPTED: Final = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


class RemoteGraph:
    """What ``CurrentGraph`` is for a published graph: the graph that the store holds now."""

    def __init__(self, store: RemoteStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._opened: Opened | None = None

    @classmethod
    def of(cls, settings: Settings) -> RemoteGraph:
        """The graph of the store that the settings name. Raises as ``open_store`` does."""
        return cls(
            open_store(settings, timeout=settings.max_timeout, most_bytes=settings.max_result_bytes)
        )

    @property
    def store(self) -> RemoteStore:
        """The store, which remembers nothing of what it held before."""
        return self._store.again()

    def opened(self) -> Opened:
        """The store as it is now, and its version.

        What a version was found to hold is remembered as long as the store has that version. Raises
        ``NotBuilt`` where nothing was put into it, ``BuildBusy`` while a build is, ``RemoteFailed``.
        """
        version = read_version(self._store)
        with self._lock:
            opened = self._opened
            if opened is None or opened.version != version:
                opened = self._opened = Opened(self._store.again(), version, self._accepted(), None)
            return opened

    def version(self) -> StoredVersion:
        """The version that the store has now. Raises as ``opened`` does."""
        return read_version(self._store)

    def _accepted(self) -> int:
        rows = self._store.again().query(_ACCEPTED)
        if isinstance(rows, QueryBoolean):
            raise RemoteFailed("the store answers a SELECT with a truth value")
        return int(next(rows)["n"].value)


class RemoteEvaluator:
    """Evaluates queries in the store; an ``Evaluator``.

    Several default graphs are merged here, as they are for an embedded store, and so is the format
    written here: the store is asked for the one that it does best.
    """

    def __init__(self, graph: RemoteGraph, most_copied: int, timeout: float) -> None:
        self._graph = graph
        self._most_copied = most_copied
        self._timeout = timeout

    def evaluate(
        self, request: QueryRequest, choice: Choice, timeout: float | None = None
    ) -> Answer:
        """See ``Evaluator``; ``timeout`` is in seconds.

        Raises ``RemoteFailed`` where the store does not answer, ``DeadlineExceeded`` and
        ``ResultTooLarge`` as well.
        """
        guard.check(request.query)
        version = self._graph.version()
        store = self._graph.store.again(timeout or self._timeout)
        with engine_errors.told(request.query):
            dataset = dataset_of(request, store, self._most_copied)
            results = dataset.store.query(
                request.query,
                base_iri=request.endpoint,
                prefixes=PREFIXES,
                default_graph=dataset.default,  # type: ignore[arg-type]
                named_graphs=dataset.named,  # type: ignore[arg-type]
            )
            body, content_type = written(results, choice)
        return Answer(body, content_type, version.name)


class RemoteWrites:
    """Forwards changes; a ``Writes``. One after the other within this process.

    Where the store makes an update whole or not at all, so is every change, together with its
    count in the record. Elsewhere the count is raised before the change, so that no answer from
    before it is taken for one from after it. What follows from a change is not derived: a build is.
    """

    def __init__(self, graph: RemoteGraph, timeout: float) -> None:
        self._graph = graph
        self._timeout = timeout
        self._lock = threading.Lock()

    def apply(self, change: Change, timeout: float | None = None) -> Receipt:
        """See ``Writes``. A change of which it is not known whether it was made is ``WorkerLost``."""
        seconds = timeout or self._timeout
        with self._lock:
            self._graph.version()  # nothing is written to a store that holds no build
            existed = True if isinstance(change, Update) else self._exists(change.graph)
            if isinstance(change, DeleteGraph) and not existed:
                raise NotFound(f"there is no graph {change.graph}")
            make = self._change(change)
            try:
                make(seconds)
            except DeadlineExceeded as error:
                raise WorkerLost(f"{error}: it is not known whether the change was made") from error
            return Receipt(self._graph.version().name, existed)

    def _exists(self, name: str | None) -> bool:
        return name is None or self._graph.store.contains_named_graph(NamedNode(name))

    def _change(self, change: Change) -> Callable[[float], None]:
        """What makes the change, once everything in it is known to parse."""
        store = self._graph.store
        if isinstance(change, Update):
            text = _checked(change)
            return lambda seconds: self._update(store, text, seconds)
        if isinstance(change, DeleteGraph):
            graph = f"GRAPH <{change.graph}>" if change.graph else "DEFAULT"
            if store.dialect.atomic_updates:
                return lambda seconds: self._update(store, f"DROP SILENT {graph}", seconds)
            return lambda seconds: self._counted(
                store, lambda: send(store, "DELETE", change.graph or "", timeout=seconds)
            )
        triples = _triples(change)
        name = change.graph or ""
        if store.dialect.atomic_updates:
            block = f"GRAPH <{name}> {{ {triples.decode()} }}" if name else triples.decode()
            cleared = f"DROP SILENT GRAPH <{name}>" if name else "DROP SILENT DEFAULT"
            steps = [cleared] if isinstance(change, PutGraph) else []
            if name:
                steps.append(f"CREATE SILENT GRAPH <{name}>")
            text = " ;\n".join([*steps, f"INSERT DATA {{ {block} }}"])
            return lambda seconds: self._update(store, text, seconds)
        put = put_graph if isinstance(change, PutGraph) else add_to_graph
        return lambda _: self._counted(
            store, lambda: put(store, name, triples.splitlines(keepends=True))
        )

    def _update(self, store: RemoteStore, text: str, seconds: float) -> None:
        if store.dialect.atomic_updates:
            update(store, _then(text, counting()), timeout=seconds)
        else:
            self._counted(store, lambda: update(store, text, timeout=seconds))

    def _counted(self, store: RemoteStore, make: Callable[[], object]) -> None:
        count_change(store)
        make()


def _checked(change: Update) -> str:
    """The update with its prefixes and base declared. Raises ``BadQuery`` for one that does not parse."""
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    text = f"BASE <{change.base_iri}>\n{declared}{change.text}"
    if _REACHES_OUT.search(
        text
    ):  # parsing is making it, here over nothing: the store tells as well
        return text
    try:
        Store().update(text)
    except SyntaxError as error:
        raise BadQuery(f"the update does not parse: {error}") from error
    except (OSError, RuntimeError, ValueError):
        pass  # it parses; over nothing it fails, over the store's data it may not
    return text


def _then(text: str, more: str) -> str:
    """Both updates in one request, whatever the first ends with: a comment, say, or a semicolon."""
    tokens = TOKEN.findall(text)
    while tokens and (tokens[-1].isspace() or tokens[-1].startswith("#") or tokens[-1] == ";"):
        tokens.pop()
    joint = "\n;\n" if any(token.upper() in _OPERATIONS for token in tokens) else "\n"
    return "".join(tokens) + joint + more


def _triples(change: PutGraph | AddToGraph) -> bytes:
    """The payload as N-Triples. Raises ``BadData`` for what does not parse or names other graphs."""
    try:
        quads = list(parse(change.payload, format=change.format, base_iri=change.base_iri))
    except (SyntaxError, ValueError) as error:
        raise BadData(f"the payload does not parse: {error}") from error
    if any(not isinstance(quad.graph_name, DefaultGraph) for quad in quads):
        raise BadData("the payload names graphs of its own: send triples")
    return serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES) or b""
