"""What a reader has open: the newest snapshot, held, and what is made from it when asked for."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from sanctiongraph import remembering, scratch, supposition
from sanctiongraph.errors import NotBuilt
from sanctiongraph.settings import Settings
from sanctiongraph.snapshots import Identity, hold_newest, identity
from sanctiongraph_server.opened import OpenStore

#: How often opening is tried where a newer snapshot takes the place of the one being opened.
_ATTEMPTS: Final = 5


class OpenSnapshot(OpenStore):
    """See ``tasks.Opened``. ``close`` lets go of the snapshot, so that it can be removed."""

    def __init__(self, settings: Settings, which: Identity | None) -> None:
        self.which = which
        self._held = hold_newest(settings.home)
        snapshot = self._held.snapshot
        super().__init__(settings, snapshot, snapshot.open(), snapshot.folder)

    def close(self) -> None:
        """The store closes when nothing refers to it, so nothing here does any more."""
        self._reasoner = None
        self._made.clear()
        remembering.let_go()
        supposition.let_go()
        del self.store
        self._held.release()


class Desk:
    """Opens the newest snapshot, and leaves it for a newer one between two tasks."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._opened: OpenSnapshot | None = None
        scratch.use(settings.home / scratch.NAME)

    def opened(self) -> OpenSnapshot:
        """The newest snapshot.

        Raises ``NotBuilt`` where there is none or it cannot be opened. One that is open already
        goes on serving while its folder is being replaced.
        """
        if self._opened is not None and self._is_newest(self._opened):
            return self._opened
        self._close()
        self._opened = self._open()
        return self._opened

    def leave_stale(self) -> None:
        """Goes over to the newest snapshot, if one is open and it is another."""
        if self._opened is not None:
            with suppress(NotBuilt):  # whoever asks next is told
                self.opened()

    def _is_newest(self, opened: OpenSnapshot) -> bool:
        return identity(self.settings.home) in (None, opened.which)

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
