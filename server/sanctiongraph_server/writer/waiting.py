"""The changes that wait for the writer, within bounds of number and size."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from sanctiongraph.errors import Overloaded
from sanctiongraph_server.writer.frames import Header

#: Seconds after which it is worth to ask again.
_RETRY_AFTER: Final = 1


@dataclass(eq=False, slots=True)
class Waiting:
    """A change of a client, until it is answered."""

    change: Header
    payload: bytes
    #: Seconds that it has, and when they are over by the monotonic clock.
    seconds: float
    answer: Callable[[Header], None]
    deadline: float = field(init=False)

    def __post_init__(self) -> None:
        self.deadline = time.monotonic() + self.seconds

    @property
    def left(self) -> float:
        """Seconds until its deadline."""
        return self.deadline - time.monotonic()


class Queue:
    """First come, first served. Any thread may use it."""

    def __init__(self, most: int, most_bytes: int) -> None:
        self._most = max(1, most)
        self._most_bytes = most_bytes
        self._waiting: deque[Waiting] = deque()
        self._bytes = 0
        self._changed = threading.Condition()

    def __len__(self) -> int:
        return len(self._waiting)

    def admit(self, size: int) -> None:
        """Raises ``Overloaded`` where a change of that many bytes may not wait as well."""
        with self._changed:
            if len(self._waiting) >= self._most:
                raise Overloaded(
                    f"{len(self._waiting)} changes wait for the writer already: try again later",
                    _RETRY_AFTER,
                )
            if self._waiting and self._bytes + size > self._most_bytes:
                raise Overloaded(
                    f"{self._bytes} bytes of changes wait for the writer already: try again later",
                    _RETRY_AFTER,
                )

    def put(self, one: Waiting) -> None:
        """Raises ``Overloaded`` as ``admit`` does."""
        with self._changed:
            self.admit(len(one.payload))
            self._waiting.append(one)
            self._bytes += len(one.payload)
            self._changed.notify()

    def take(self, timeout: float) -> Waiting | None:
        """The change whose turn it is; ``None`` where none came in that many seconds."""
        with self._changed:
            if not self._waiting:
                self._changed.wait(timeout)
            if not self._waiting:
                return None
            one = self._waiting.popleft()
            self._bytes -= len(one.payload)
            return one

    def wake(self) -> None:
        """Lets ``take`` look up, though nothing has come."""
        with self._changed:
            self._changed.notify()

    def remove(self, one: Waiting) -> bool:
        """Takes back a change that still waits; returns whether it did."""
        with self._changed:
            if one not in self._waiting:
                return False
            self._waiting.remove(one)
            self._bytes -= len(one.payload)
            return True
