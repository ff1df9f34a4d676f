"""A thread that writes the log, many lines at a time, so that no request waits for who reads it.

Where nobody reads for long, lines are lost, and counted.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Final, Generic, TypeVar

from sanctiongraph_server import metrics

L = TypeVar("L")

#: Lines that wait to be written, at the most: a few megabytes.
MOST_WAITING: Final = 10_000
#: Seconds in which lines gather before they are written.
_GATHER: Final = 0.05
#: Seconds that the end of the process waits for the last lines.
_LAST: Final = 1.0


class LogWriter(Generic[L]):
    """Writes lines to a stream; ``text_of`` makes their text there, and ``lost`` says how many
    were lost. Any thread may use it.
    """

    def __init__(
        self, stream: IO[str], text_of: Callable[[L], str], lost: Callable[[int], L]
    ) -> None:
        self._stream = stream
        self._text_of = text_of
        self._word_of = lost
        self._waiting: list[L] = []
        self._lost = 0
        #: Guards what is above, and what follows.
        self._told = threading.Condition()
        self._at_once = False
        self._asked_for = 0
        self._written = 0
        threading.Thread(target=self._write, name="log", daemon=True).start()

    def take(self, line: L, at_once: bool = False) -> None:
        """Has the line written after those before it."""
        with self._told:
            if len(self._waiting) >= MOST_WAITING:
                self._lost += 1
                metrics.log_line_lost()
                return
            if self._lost:
                self._waiting.append(self._word_of(self._lost))
                self._lost = 0
            self._waiting.append(line)
            if at_once:
                self._at_once = True
            if len(self._waiting) == 1 or at_once:  # otherwise it is about to wake
                self._told.notify_all()

    def flush(self) -> None:
        """Waits until what there is has been written, but not for long."""
        with self._told:
            self._asked_for += 1
            until, self._at_once = self._asked_for, True
            self._told.notify_all()
            self._told.wait_for(lambda: self._written >= until, _LAST)

    def _write(self) -> None:
        while True:
            with self._told:
                self._told.wait_for(lambda: self._waiting or self._at_once)
                self._told.wait_for(lambda: self._at_once, _GATHER)
                lines, self._waiting, self._at_once = self._waiting, [], False
                asked_for = self._asked_for
            with suppress(OSError, ValueError):  # nobody will read it any more
                self._stream.write("".join(map(self._text_of, lines)))
                self._stream.flush()
            with self._told:
                self._written = asked_for
                self._told.notify_all()
