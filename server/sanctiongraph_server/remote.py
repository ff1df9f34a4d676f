"""The gateway over a store across the network: queries and changes forwarded to it.

Guard checks come first, since what a store would do with a ``SERVICE`` is its operator's affair.
The version is read anew for each request: other gateways may write to the same store.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, parse, serialize

from sanctiongraph.errors import (
    BadData,
    BadQuery,
    NotFound,
    RemoteFailed,
    SanctiongraphError,
    Stopped,
    StoreAway,
    WorkerLost,
)
from sanctiongraph.law.tokens import TOKEN
from sanctiongraph.settings import Settings
from sanctiongraph.snapshots import Snapshot
from sanctiongraph.stores import dialects
from sanctiongraph.stores.connection import NotDone, split
from sanctiongraph.stores.opening import open_store
from sanctiongraph.stores.patience import patient
from sanctiongraph.stores.record import StoredVersion, count_change, counting, read_version
from sanctiongraph.stores.remote import RemoteStore
from sanctiongraph.stores.writing import add_to_graph, put_graph, send, update
from sanctiongraph.vocabulary import PREFIXES
from sanctiongraph_server.evaluation import Evaluation
from sanctiongraph_server.opened import OpenStore
from sanctiongraph_server.tasks import R, Task, Terms
from sanctiongraph_server.writes import AddToGraph, Change, DeleteGraph, PutGraph, Receipt, Update

_REACHES_OUT: Final = re.compile(r"LOAD|SERVICE", re.IGNORECASE)
_OPERATIONS: Final = frozenset("INSERT DELETE LOAD CLEAR CREATE DROP COPY MOVE ADD".split())
#: Seconds for which a store that is away is not asked again, so that nobody waits for it in vain.
_AWAY: Final = 1.0


class RemoteGraph:
    """What ``CurrentGraph`` is for a published graph: the graph that the store holds now.

    ``opening`` is called when the store is first asked for, and again where that fails: a gateway
    starts before its store.
    """

    def __init__(self, opening: Callable[[], RemoteStore]) -> None:
        self._opening = opening
        self._lock = threading.Lock()
        self._store: RemoteStore | None = None
        self._away: tuple[float, str] | None = None
        self._known: str | None = None

    @classmethod
    def of(cls, settings: Settings) -> RemoteGraph:
        """The graph of the store that the settings name, which nothing is asked yet.

        Raises ``BadInput`` for an address or dialect that is none.
        """
        split(settings.store or "")
        if settings.store_dialect:
            dialects.named(settings.store_dialect)
        return cls(
            lambda: open_store(
                settings, timeout=settings.max_timeout, most_bytes=settings.max_result_bytes
            )
        )

    @property
    def store(self) -> RemoteStore:
        """The store, which remembers nothing of what it held before. Raises as ``open_store`` does."""
        return self._opened().again()

    def version(self) -> StoredVersion:
        """The version that the store has now.

        Raises ``NotBuilt`` where nothing was put into it, ``BuildBusy`` while a build is, and
        ``RemoteFailed``; ``StoreAway`` for a moment without asking again.
        """
        self._check_not_away()
        try:
            version = read_version(self._opened())
        except StoreAway as error:
            self._away = time.monotonic() + _AWAY, str(error)
            raise
        self._known = version.name
        return version

    def _opened(self) -> RemoteStore:
        if self._store is None:
            with self._lock:
                self._check_not_away()  # as whoever was first to try may have learned meanwhile
                try:
                    self._store = self._store or self._opening()
                except StoreAway as error:
                    self._away = time.monotonic() + _AWAY, str(error)
                    raise
        return self._store

    def _check_not_away(self) -> None:
        away = self._away
        if away is not None and time.monotonic() < away[0]:
            raise StoreAway(away[1])

    @property
    def known(self) -> str | None:
        """The name of the version that the store had when it was asked last; asks nothing."""
        return self._known

    def name(self) -> str:
        """The name of that version. Raises as ``version`` does."""
        return self.version().name


class RemoteSnapshot(OpenStore):
    """What a task sees of the store: see ``tasks.Opened``.

    It is no snapshot of the store's: what the store is asked, it answers from what it holds then.
    """

    def __init__(self, settings: Settings, version: StoredVersion, store: RemoteStore) -> None:
        # What a SERVICE would reach from there is its operator's affair: none is let through.
        super().__init__(
            replace(settings, service_allow=()),
            Snapshot(Path(), version.name, version.name),
            store,
            folder=None,
        )


class RemoteReaders:
    """Performs tasks in the calling thread, asking the store; a ``Performer``.

    The store holds the deadline, as far as it can, and the connection to it does, for all that a
    task asks together. A reasoner and what it was told are kept as long as the store has the version
    that they are of.
    """

    def __init__(self, graph: RemoteGraph, settings: Settings) -> None:
        self._graph = graph
        self._settings = settings
        self._lock = threading.Lock()
        self._opened: RemoteSnapshot | None = None

    def start(self) -> None:
        """Does nothing: there are no processes to start."""

    def close(self) -> None:
        """Does nothing."""

    def perform(self, task: Task[R], terms: Terms) -> R:
        """See ``Performer``; ``RemoteFailed`` as well."""
        cancellation = terms.cancellation
        with patient(terms.seconds, lambda: cancellation is not None and cancellation.cancelled):
            version = self._graph.version()
            if isinstance(task, Evaluation):
                store = self._graph.store.again(terms.seconds)
                return task.perform(RemoteSnapshot(self._settings, version, store))
            with self._lock:
                if self._opened is None or self._opened.snapshot.name != version.name:
                    self._opened = RemoteSnapshot(self._settings, version, self._graph.store)
                opened = self._opened
            return task.perform(opened)


class RemoteWrites:
    """Forwards changes; a ``Writes``. One after the other within this process.

    Where the store makes an update whole or not at all, so is every change, together with its
    count in the record. Elsewhere the count is raised before the change, so that no answer from
    before it is taken for one from after it, and once more behind it, so that none from the middle
    is either. What follows from a change is not derived: a build is.
    """

    def __init__(self, graph: RemoteGraph, timeout: float) -> None:
        self._graph = graph
        self._timeout = timeout
        self._lock = threading.Lock()

    def apply(self, change: Change, timeout: float | None = None) -> Receipt:
        """See ``Writes``. A change of which it is not known whether it was made is ``WorkerLost``.

        ``RemoteFailed`` where it certainly was not.
        """
        seconds = timeout or self._timeout
        with self._lock:
            self._graph.version()  # nothing is written to a store that holds no build
            existed = True if isinstance(change, Update) else self._exists(change.graph)
            if isinstance(change, DeleteGraph) and not existed:
                raise NotFound(f"there is no graph {change.graph}")
            make = self._change(change)
            try:
                make(seconds)
            except NotDone:
                raise
            except (Stopped, RemoteFailed) as error:
                raise WorkerLost(f"{error}: it is not known whether the change was made") from error
            try:
                return Receipt(self._graph.version().name, existed)
            except SanctiongraphError as error:
                # Any other error would say that nothing was changed.
                raise WorkerLost(
                    f"the change was made, but not its version told: {error}"
                ) from error

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
        lines = triples.splitlines(keepends=True)
        return lambda seconds: self._counted(
            store, lambda: put(store, name, lines, timeout=seconds)
        )

    def _update(self, store: RemoteStore, text: str, seconds: float) -> None:
        if store.dialect.atomic_updates:
            update(store, _then(text, counting()), timeout=seconds)
        else:
            self._counted(store, lambda: update(store, text, timeout=seconds))

    def _counted(self, store: RemoteStore, make: Callable[[], object]) -> None:
        count_change(store)
        make()
        count_change(store)


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
