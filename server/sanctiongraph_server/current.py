"""The name of the graph that is current."""

from __future__ import annotations

from pathlib import Path

from sanctiongraph.snapshots import Identity, identity, newest


class CurrentGraph:
    """Looks which snapshot is newest at each request (one or two ``stat``), and opens nothing."""

    def __init__(self, home: Path) -> None:
        self._home = home
        # Replaced as a whole, so that any thread may read it.
        self._known: tuple[Identity | None, str] | None = None

    def name(self) -> str:
        """The name of the newest snapshot. Raises ``NotBuilt``."""
        which, known = identity(self._home), self._known
        if known is None or which != known[0]:
            known = self._known = which, newest(self._home).name
        return known[1]
