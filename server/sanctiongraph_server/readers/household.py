"""Who makes the readers of a worker, and sees out those that have ended: one thread, and its nursery."""

from __future__ import annotations

import logging
import threading
import time
from typing import Final, Protocol

from sanctiongraph.settings import Settings
from sanctiongraph_server.readers.endings import Status
from sanctiongraph_server.readers.frames import PeerGone
from sanctiongraph_server.readers.handle import Handle
from sanctiongraph_server.readers.nursery import Nursery

#: Seconds between two looks at the readers that are free.
_LOOK: Final = 1.0
#: Seconds until another try where no reader could be made: at first, and at most.
_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 5.0
#: Seconds between two looks at whether readers that were killed have ended.
_SOON: Final = 0.05
#: Seconds in which the nursery learns that a reader whose connection broke has ended.
_GRACE: Final = 0.5

_log = logging.getLogger(__name__)


class House(Protocol):
    """Whose readers they are."""

    def due(self, seconds: float) -> tuple[int, list[Handle]] | None:
        """How many readers are missing, and which were let go of since this was asked last.

        Waits so long for either; ``None`` when no readers are wanted any more.
        """
        ...

    def welcome(self, reader: Handle) -> None:
        """Takes a new reader."""
        ...

    def closed_within(self, seconds: float) -> bool:
        """Whether within that time no readers are wanted any more."""
        ...

    def left(self) -> set[Handle]:
        """The readers that are there at the end."""
        ...


class Household:
    """Keeps as many readers as are wanted. Making this costs nothing; ``start`` begins."""

    def __init__(self, settings: Settings, house: House) -> None:
        self._settings = settings
        self._house = house
        self._nursery: Nursery | None = None
        self._thread = threading.Thread(target=self._keep, name="readers", daemon=True)

    def start(self) -> None:
        """Has readers made in the background."""
        self._thread.start()

    def join(self) -> None:
        """Waits until all have ended, once no more are wanted."""
        self._thread.join()

    def reaped(self, reader: Handle) -> Status | None:
        """How a reader ended whose connection broke; ``None`` where that is not known.

        Raises ``PeerGone`` where the nursery has ended as well, and with it all that it made.
        """
        nursery, until = self._nursery, time.monotonic() + _GRACE
        status = None
        while nursery is not None and status is None and time.monotonic() < until:
            status = nursery.reap(reader.pid)
            if status is None:
                time.sleep(0.001)
        return status

    def _keep(self) -> None:
        ended: list[Handle] = []
        pause = _PAUSE
        while (due := self._house.due(_SOON if ended else _LOOK)) is not None:
            missing, more = due
            ended += more
            try:
                # First, since it gives open files back, which a new reader takes.
                ended = [reader for reader in ended if not self._seen_out(reader)]
                if missing > 0:
                    self._house.welcome(self._made())
                pause = _PAUSE
            except (OSError, PeerGone) as error:
                _log.warning("readers cannot be made at the moment: %r", error)
                # Of other errors the readers that there are know nothing: they go on.
                if isinstance(error, PeerGone):
                    self._drop_nursery()
                self._house.closed_within(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
        self._drop_nursery()
        for reader in {*self._house.left(), *ended}:
            reader.close()

    def _made(self) -> Handle:
        if self._nursery is None:
            self._nursery = Nursery(self._settings)
        return self._nursery.bear()

    def _seen_out(self, reader: Handle) -> bool:
        """Whether a reader that was let go has ended, and its number and files with it."""
        if not reader.reaped and self._nursery is not None:
            reader.reaped = self._nursery.reap(reader.pid) is not None
        if reader.reaped or self._nursery is None:
            reader.close()
            return True
        return False

    def _drop_nursery(self) -> None:
        """Ends the nursery, and with it the readers that it made."""
        nursery, self._nursery = self._nursery, None
        if nursery is not None:
            nursery.close()
