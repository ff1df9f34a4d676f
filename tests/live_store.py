"""A writable store in memory in the place of readers and writer: for tests of what HTTP says alone."""

from __future__ import annotations

import threading
from pathlib import Path

from pyoxigraph import Store

from sanctiongraph.reasoner import Reasoner
from sanctiongraph.settings import Settings
from sanctiongraph.snapshots import Snapshot
from sanctiongraph_server.guard import NOWHERE
from sanctiongraph_server.tasks import R, Task, Terms
from sanctiongraph_server.writer.changes import apply
from sanctiongraph_server.writes import Change, Receipt


class LiveStore:
    """``Performer`` and ``Writes`` over one store, in the calling thread."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store()
        self.snapshot = Snapshot(Path(), "0", "0")
        self.folder = None
        self._lock = threading.Lock()
        self._changes = 0

    def reasoner(self) -> Reasoner:
        return Reasoner.of(self.store, self.snapshot.name)

    def perform(self, task: Task[R], terms: Terms) -> R:  # noqa: ARG002
        return task.perform(self)

    def apply(self, change: Change, timeout: float | None = None) -> Receipt:  # noqa: ARG002
        with self._lock:
            existed = apply(self.store, change, NOWHERE, 0.0)
            self._changes += 1
            self.snapshot = Snapshot(Path(), str(self._changes), "0")
            return Receipt(self.snapshot.name, existed)
