"""What a reader has open: the newest snapshot, held, and what is made from it when asked for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from pyoxigraph import Store

from sanctiongraph.errors import NotBuilt
from sanctiongraph.reasoner import Reasoner
from sanctiongraph.settings import Settings
from sanctiongraph.snapshots import Identity, Snapshot, hold_newest, identity
from sanctiongraph_server.tasks import Opened, R

#: How often opening is tried where a newer snapshot takes the place of the one being opened.
_ATTEMPTS: Final = 5


class OpenSnapshot:
    """See ``tasks.Opened``. ``close`` lets go of the snapshot, so that it can be removed."""

    def __init__(self, settings: Settings, which: Identity | None) -> None:
        self.settings = settings
        self.which = which
        self._held = hold_newest(settings.home)
        self.snapshot: Snapshot = self._held.snapshot
        self.store: Store = self.snapshot.open()
        self._reasoner: Reasoner | None = None
        self._made: dict[Callable[[Opened], Any], Any] = {}

    def reasoner(self) -> Reasoner:
        """Law and axioms are read once a snapshot."""
        if self._reasoner is None:
            self._reasoner = Reasoner.of(self.store, self.snapshot.name)
        return self._reasoner

    def once(self, make: Callable[[Opened], R]) -> R:
        """What a function makes of the snapshot, kept as long as it is open."""
        if make not in self._made:
            self._made[make] = make(self)
        made: R = self._made[make]
        return made

    def close(self) -> None:
        """The store closes when nothing refers to it, so nothing here does any more."""
        self._reasoner = None
        self._made.clear()
        del self.store
        self._held.release()


class Desk:
    """Opens the newest snapshot, and leaves it for a newer one between two tasks."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._opened: OpenSnapshot | None = None

    def opened(self) -> OpenSnapshot:
        """The newest snapshot.

        Raises ``NotBuilt`` where there is none or it cannot be opened. One that is open already
        goes on serving while its folder is being replaced.
        """
        which = identity(self.settings.home)
        if self._opened is not None:
            if which in (None, self._opened.which):
                return self._opened
            self._close()
        self._opened = self._open()
        return self._opened

    def leave_stale(self) -> None:
        """Goes over to the newest snapshot, if it is another."""
        which = identity(self.settings.home)
        if self._opened is not None and which not in (None, self._opened.which):
            self._close()
            with suppress(NotBuilt):  # whoever asks next is told
                self.opened()

    def _open(self) -> OpenSnapshot:
        for _ in range(_ATTEMPTS):
            which = identity(self.settings.home)
            try:
                return OpenSnapshot(self.settings, which)
            except (NotBuilt, OSError, RuntimeError, ValueError) as error:
                # It may have been removed between finding and holding it.
                if which != identity(self.settings.home):
                    continue
                if isinstance(error, NotBuilt):
                    raise
                raise NotBuilt(
                    f"the graph in {self.settings.home} cannot be opened ({error}): run"
                    " sanctiongraph build --force"
                ) from error
        raise NotBuilt("the graph changes too fast to be opened: try again")

    def _close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None
