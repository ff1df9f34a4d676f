"""A reader as its worker has it: a socket, a number, and what it said when it died."""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from typing import Final

#: How much nicer a reader is once its task has become long: beside one that is not, a third of the
#: processor is left to it. Nicer still, and it would starve on a machine that is busy otherwise.
_NICER: Final = 5
_LAST_WORDS: Final = 1 << 16
#: With the number of a process this makes the clock of its processor (clock_getcpuclockid(3)).
_OF_ALL_THREADS: Final = 2


class Handle:
    """Of one reader. One thread at a time talks to it; any may kill it."""

    def __init__(self, end: socket.socket, says: int, pid: int) -> None:
        self.end = end
        self.pid = pid
        #: Whether its priority was lowered, which only the privileged can take back.
        self.nicer = False
        #: Whether its number was let go, so that it may mean another process.
        self.reaped = False
        self._says = says
        self._waits = select.poll()
        self._waits.register(end, select.POLLIN)

    def waits(self, seconds: float) -> bool:
        """Whether within that time it sends something, or ends."""
        return bool(self._waits.poll(max(0.0, seconds) * 1000))

    def processor(self) -> float:
        """Seconds of the processor that it took so far; where that is not known, of the clock."""
        if sys.platform != "linux" or self.reaped:
            return time.monotonic()
        try:
            return time.clock_gettime(~self.pid << 3 | _OF_ALL_THREADS)
        except OSError:
            return time.monotonic()

    def make_nicer(self) -> None:
        """Lets everybody else go first. All its threads are meant, so its group is named."""
        self.nicer = True
        with suppress(OSError):
            os.setpriority(os.PRIO_PGRP, self.pid, _NICER)

    def make_usual(self) -> None:
        """Takes that back, where it may be: whoever may not has to do without the reader."""
        if self.nicer:
            with suppress(OSError):
                os.setpriority(os.PRIO_PGRP, self.pid, os.getpriority(os.PRIO_PROCESS, 0))
                self.nicer = False

    def kill(self) -> None:
        """Ends it at once, also where it is paused."""
        self._send(signal.SIGKILL)

    def pause(self) -> None:
        """Has it stand still; it keeps its memory."""
        self._send(signal.SIGSTOP)

    def go_on(self) -> None:
        """Ends a pause."""
        self._send(signal.SIGCONT)

    def _send(self, what: signal.Signals) -> None:
        if not self.reaped:
            with suppress(OSError):
                os.kill(self.pid, what)

    def last_words(self) -> str:
        """What it, or the engine, wrote to its standard error so far."""
        try:
            return os.read(self._says, _LAST_WORDS).decode("utf-8", "replace")
        except OSError:
            return ""

    def close(self) -> None:
        """Lets go of the connection, which ends an idle reader as well."""
        self.end.close()
        says, self._says = self._says, -1
        if says >= 0:
            os.close(says)
