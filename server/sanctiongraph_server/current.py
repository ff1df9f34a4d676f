"""The graph that is current now, opened once and again when there is a newer snapshot or build."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import QuerySolutions, Store

from sanctiongraph.errors import NotBuilt
from sanctiongraph.published import Version, current
from sanctiongraph.snapshots import Held, Identity, hold_newest, identity


@dataclass(frozen=True, slots=True)
class Opened:
    """An open store and what it is."""

    store: Store
    #: Of the build that it is or goes back to.
    version: Version
    #: Name of the snapshot or build.
    name: str
    #: Triples of the default graph, which is the accepted graph.
    accepted: int
    identity: Identity | None = field(repr=False)
    held: Held = field(repr=False)


class CurrentGraph:
    """Hands out the newest snapshot below ``home``, or else the published build.

    A new one is seen by the next request: each looks once or twice at what the pointers lead to
    (a ``stat``, some microseconds) and opens the store again when it is another file.
    Requests at work keep the store they began with; it is closed when the last one lets go.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._opened: Opened | None = None

    def opened(self) -> Opened:
        """The current graph.

        Raises ``NotBuilt`` where none is published or it cannot be opened. A graph that is open
        already goes on serving while its folder is being replaced.
        """
        opened, which = self._opened, identity(self._home)
        if opened is not None and which in (None, opened.identity):
            return opened
        with self._lock:
            opened = self._opened
            if opened is None or opened.identity != which:
                opened = self._opened = self._open(which)
            return opened

    def _open(self, which: Identity | None) -> Opened:
        held = hold_newest(self._home)
        snapshot = held.snapshot
        try:
            store = snapshot.open()
            rows = store.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
        except (OSError, RuntimeError) as error:
            raise NotBuilt(
                f"the graph in {snapshot.folder} cannot be opened ({error}): run sanctiongraph"
                " build --force"
            ) from error
        assert isinstance(rows, QuerySolutions)
        accepted = int(next(rows)["n"].value)
        version = current(self._home).version
        return Opened(store, version, snapshot.name, accepted, which, held)
