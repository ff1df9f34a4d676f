"""Which version of the graph is the newest, and up to which everything derived has followed."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sanctiongraph import snapshots
from sanctiongraph.errors import NotBuilt

_REMEMBERED: Final = 64


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest version: its identity, its name, and what its derived triples follow from."""

    identity: snapshots.Identity
    name: str
    derived: str


class Versions:
    """Looks once a request, which takes one or two ``stat`` calls. For one thread.

    Without a home folder no version is known, so nothing is kept.
    """

    def __init__(self, home: Path | None) -> None:
        self._home = home
        self._newest: Newest | None = None
        self._derived: OrderedDict[str, str] = OrderedDict()

    def newest(self) -> Newest | None:
        """The newest version; ``None`` where there is none or it is being switched right now."""
        if self._home is None or (identity := snapshots.identity(self._home)) is None:
            return None
        if self._newest is None or self._newest.identity != identity:
            try:
                found = snapshots.newest(self._home)
            except NotBuilt:
                return None
            if snapshots.identity(self._home) != identity:
                return None
            self._newest = Newest(identity, found.name, found.derived)
            self._derived[found.name] = found.derived
            while len(self._derived) > _REMEMBERED:
                self._derived.popitem(last=False)
        return self._newest

    def derived(self, name: str) -> str | None:
        """What the derived triples of a version follow from, if it was the newest not long ago."""
        return self._derived.get(name)
