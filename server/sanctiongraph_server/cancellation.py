"""Word that nobody waits for an answer any more, passed from the front to whoever works on it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

#: Under this key of the WSGI environ the front leaves the ``Cancellation`` of a request.
ENVIRON_KEY: Final = "sanctiongraph.cancellation"


class Cancellation:
    """Of one request, given by whoever notices that the client has gone; any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancelled = False
        # By a number of its own each, so that the same callback may be registered twice.
        self._callbacks: dict[int, Callable[[], None]] = {}
        self._registered = 0

    @property
    def cancelled(self) -> bool:
        """Whether ``cancel`` was called; once true, it stays so."""
        return self._cancelled

    def cancel(self) -> None:
        """Calls, in this thread, everything that is registered; a second time does nothing."""
        with self._lock:
            if self._cancelled:
                return
            self._cancelled = True
            callbacks = list(self._callbacks.values())
            self._callbacks.clear()
        for callback in callbacks:
            callback()

    def when_cancelled(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Registers what to call, once; it has to be quick and must not raise.

        Where the cancellation has been given already, it is called at once. Returns a function
        that takes the registration back. A callback that is being called at that moment goes on.
        """
        with self._lock:
            if not self._cancelled:
                number = self._registered
                self._registered += 1
                self._callbacks[number] = callback
                return lambda: self._forget(number)
        callback()
        return lambda: None

    def _forget(self, number: int) -> None:
        with self._lock:
            self._callbacks.pop(number, None)
