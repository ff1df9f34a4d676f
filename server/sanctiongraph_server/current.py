"""The published graph that is current now, opened once and again when another is published."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pyoxigraph import QuerySolutions

from sanctiongraph.errors import NotBuilt
from sanctiongraph.published import Version, current
from sanctiongraph.stores.graphstore import GraphStore

_Identity = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Opened:
    """An open store and what it is."""

    store: GraphStore
    version: Version
    #: Triples of the default graph, which is the accepted graph.
    accepted: int
    identity: _Identity | None = field(repr=False)


class Openable(Protocol):
    """Hands out the graph that is current: a published one, or that of a store elsewhere."""

    def opened(self) -> Opened:
        """The current graph. Raises ``NotBuilt`` where there is none."""
        ...


class CurrentGraph:
    """Hands out the graph that ``home/current`` points to.

    A new version is seen by the next request: each looks once at the version file behind the
    pointer (one ``stat``, some microseconds) and opens the store again when it is another file.
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
        opened, identity = self._opened, self._identity()
        if opened is not None and identity in (None, opened.identity):
            return opened
        with self._lock:
            opened = self._opened
            if opened is None or opened.identity != identity:
                opened = self._opened = self._open(identity)
            return opened

    def _open(self, identity: _Identity | None) -> Opened:
        published = current(self._home)
        try:
            store = published.open()
            rows = store.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
        except (OSError, RuntimeError) as error:
            raise NotBuilt(
                f"the graph in {published.folder} cannot be opened ({error}): run sanctiongraph"
                " build --force"
            ) from error
        assert isinstance(rows, QuerySolutions)
        accepted = int(next(rows)["n"].value)
        return Opened(store, published.version, accepted, identity)

    def _identity(self) -> _Identity | None:
        """Which version file is behind the pointer; a rebuild of the same version is another."""
        try:
            stat = (self._home / "current" / "version.json").stat()
        except OSError:
            return None
        return stat.st_dev, stat.st_ino, stat.st_mtime_ns
