"""The writer that there is, and a process ready to take its place."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from pathlib import Path

from sanctiongraph_server.writer.child import Child


class Standing:
    """Hands out the writer; where it has ended, the next, which was started beforehand."""

    def __init__(self, home: Path, lock: int, megabytes: int) -> None:
        self._given = home, lock, megabytes
        self._changing = threading.Lock()
        self._writer: Future[Child] | None = None
        self._spare = Child(*self._given)

    @property
    def there(self) -> bool:
        """Whether there is a writer now, with its store open."""
        writer = self._writer
        return writer is not None and writer.done() and not _over(writer)

    def writer(self, timeout: float | None = None) -> Child:
        """The writer, with its store open.

        Raises what opening the store raises, ``WriterEnded`` where it ended at that, ``OSError``
        where no process can be started, and ``TimeoutError`` where the store is not open in time.
        """
        with self._changing:
            if self._writer is None or _over(self._writer):
                self._writer = Future()
                threading.Thread(target=self._open, args=(self._writer,), daemon=True).start()
            writer = self._writer
        return writer.result(timeout)

    def _open(self, opened: Future[Child]) -> None:
        # Starting a process may fail as opening does; whoever waits has to hear of either.
        try:
            spare, self._spare = self._spare, Child(*self._given)
            if spare.ended:  # somebody killed it while it waited
                spare = Child(*self._given)
            spare.open()
        except BaseException as error:
            opened.set_exception(error)
        else:
            opened.set_result(spare)


def _over(writer: Future[Child]) -> bool:
    """Whether it could not open its store, or has ended since."""
    return writer.done() and (writer.exception() is not None or writer.result().ended)
