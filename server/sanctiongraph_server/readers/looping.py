"""What a thread does by waiting, done by the event loop: a sign between threads, and a socket."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress


class LoopTold:
    """Takes the place of a ``threading.Event`` for whoever waits on the loop; any thread sets it.

    It is made by the loop's own.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._thread = threading.get_ident()
        self._set = False
        self._waiting: asyncio.Future[bool] | None = None

    def set(self) -> None:
        """Wakes whoever waits."""
        self._set = True
        waiting = self._waiting
        if waiting is None:
            return
        if threading.get_ident() == self._thread:
            _wake(waiting, True)
        else:
            with suppress(RuntimeError):  # the loop has ended, and with it whoever waited
                self._loop.call_soon_threadsafe(_wake, waiting, True)

    def clear(self) -> None:
        """It has not been set."""
        self._set = False

    async def told(self, seconds: float) -> bool:
        """Whether it is set within that time."""
        if self._set:
            return True
        waiting = self._waiting = self._loop.create_future()
        timer = self._loop.call_later(max(0.0, seconds), _wake, waiting, False)
        try:
            # It may have been set while the future was not there yet.
            if not self._set:
                await waiting
            return self._set
        finally:
            timer.cancel()
            self._waiting = None


async def readable(
    end: socket.socket, at: float, alarm: Callable[[], float], deadline: float
) -> bool:
    """Whether something comes, or the other end ends, before the deadline.

    ``alarm`` is raised at that moment and whenever it says; moments are of ``time.monotonic``.
    """
    loop = asyncio.get_running_loop()
    come: asyncio.Future[bool] = loop.create_future()
    timer: asyncio.TimerHandle

    def wait_until(at: float) -> None:
        nonlocal timer
        now = time.monotonic()
        if at >= deadline:
            timer = loop.call_later(max(0.0, deadline - now), _wake, come, False)
        else:
            timer = loop.call_later(max(0.0, at - now), raised)

    def raised() -> None:
        wait_until(alarm())

    wait_until(at)
    loop.add_reader(end, _wake, come, True)
    try:
        return await come
    finally:
        loop.remove_reader(end)
        timer.cancel()


def _wake(future: asyncio.Future[bool], value: bool) -> None:
    if not future.done():
        future.set_result(value)
