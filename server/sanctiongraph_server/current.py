"""Which graph is current: its name at once, its sizes when a reader has counted them."""

from __future__ import annotations

from pathlib import Path

from sanctiongraph.snapshots import Identity, identity, newest
from sanctiongraph_server.tasks import Performer, Sizes, SnapshotSizes, Terms


class CurrentGraph:
    """Looks which snapshot is newest at each request (one or two ``stat``), and opens nothing."""

    def __init__(self, home: Path, readers: Performer) -> None:
        self._home = home
        self._readers = readers
        # Each replaced as a whole, so that any thread may read them.
        self._name: tuple[Identity | None, str] | None = None
        self._sizes: tuple[Identity | None, SnapshotSizes] | None = None

    def name(self) -> str:
        """The name of the newest snapshot. Raises ``NotBuilt``."""
        which, known = identity(self._home), self._name
        if known is None or which != known[0]:
            known = self._name = which, newest(self._home).name
        return known[1]

    def sizes(self, terms: Terms) -> SnapshotSizes:
        """The sizes of the newest snapshot, counted once. Raises as ``Performer`` does."""
        which, known = identity(self._home), self._sizes
        if known is None or which != known[0]:
            known = self._sizes = which, self._readers.perform(Sizes(), terms)
        return known[1]
