"""What whoever performs tasks has open, wherever the store is: see ``tasks.Opened``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sanctiongraph.reasoner import Reasoner
from sanctiongraph.settings import Settings
from sanctiongraph.snapshots import Snapshot
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph_server.tasks import Opened, R


class OpenStore:
    """A store of one version, and what is made from it when it is asked for."""

    def __init__(
        self, settings: Settings, snapshot: Snapshot, store: GraphStore, folder: Path | None
    ) -> None:
        self.settings = settings
        self.snapshot = snapshot
        self.store = store
        #: Where the files of the version are; ``None`` where the store is elsewhere.
        self.folder = folder
        self._reasoner: Reasoner | None = None
        self._made: dict[Callable[[Opened], Any], Any] = {}

    def reasoner(self) -> Reasoner:
        """Law and axioms are read once a version."""
        if self._reasoner is None:
            self._reasoner = Reasoner.of(self.store, self.snapshot.name)
        return self._reasoner

    def once(self, make: Callable[[Opened], R]) -> R:
        """What a function makes of the store, kept as long as this is."""
        if make not in self._made:
            self._made[make] = make(self)
        made: R = self._made[make]
        return made
