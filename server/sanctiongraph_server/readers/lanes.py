"""Who gets a reader when: pure bookkeeping, which the pool guards with its lock.

Nobody can tell beforehand whether a query is short. So every task gets a reader in its turn, and
one that has had its slice of time counts as long from then on. Long tasks go on as long as nobody
waits. But where somebody does, at most half of the readers are left to long ones: the youngest of
the others is stopped and waits for its turn in the long lane, from its beginning. So short tasks
always find readers that change hands after a slice.

A task that is stopped has used the processor in vain. Where the tasks that end of late need more
than a slice, the slice grows with them, so that those which would soon have ended are left alone.

Only as many tasks as there are processors begin at a time: several that share one would each find
its caches cold. After a turn the next begins beside them.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final, Protocol

from sanctiongraph.errors import Overloaded
from sanctiongraph_server.readers.handle import Handle

#: Seconds after which it is looked whether a task is long: half of them on the processor make it
#: so. At the least, and at most; else four times what the tasks that ended of late had of it.
SHORTEST_SLICE: Final = 0.05
_LONGEST_SLICE: Final = 0.5
#: How much one task weighs beside those before it: a single large one, such as the first of a
#: reader, says little.
_WEIGHT: Final = 0.25
#: Seconds after which a task no longer keeps others from beginning: most are done by then. At the
#: least, and at most; else twice what the tasks that ended of late had of the processor.
SHORTEST_TURN: Final = 0.03
_LONGEST_TURN: Final = 0.1
#: Seconds for whoever finds the queue full to come again.
_COME_AGAIN: Final = 1


class Verdict(Enum):
    """Why a task does not go on."""

    LATE = auto()
    CANCELLED = auto()
    #: Others wait, and it has had its slice: it goes on later.
    STEPS_BACK = auto()
    CLOSED = auto()


class Told(Protocol):
    """A sign for whoever waits; any thread gives it."""

    def set(self) -> None:
        """Gives it."""

    def clear(self) -> None:
        """Takes it back."""


@dataclass(eq=False, slots=True)
class Job:
    """A task on its way."""

    #: In seconds of the monotonic clock.
    deadline: float
    #: Set when it is given a reader or a verdict.
    told: Told = field(default_factory=threading.Event)
    reader: Handle | None = None
    #: Seconds of the processor that its reader had had before it.
    had: float = 0.0
    verdict: Verdict | None = None
    #: Since when it counts as long; it stays so when it begins anew.
    long_since: float | None = None
    #: Whether it has had its turn, so that another may begin.
    turn_over: bool = False
    #: Whether a reader was lost on it already.
    lost_before: bool = False


class Lanes:
    """Readers that are free, jobs that wait and jobs that run.

    At most ``readers`` run at a time, and ``at_once`` of those have their turn.
    """

    def __init__(self, readers: int, most_waiting: int, at_once: int | None = None) -> None:
        self._readers = readers
        self._at_once = at_once or readers
        self._most_waiting = most_waiting
        self._most_long = max(1, readers // 2)
        #: The one used last is used next: its memory is warm.
        self.free: list[Handle] = []
        self.waiting: deque[Job] = deque()
        self.long_waiting: deque[Job] = deque()
        self.running: list[Job] = []
        #: What the tasks that ended of late had of the processor, in the mean. Not by the clock: what
        #: waits for others would make them wait longer.
        self._had = 0.0

    def turn(self) -> float:
        """Seconds after which a task no longer keeps others from beginning."""
        return min(_LONGEST_TURN, max(SHORTEST_TURN, 2 * self._had))

    def slice(self) -> float:
        """Seconds after which it is looked whether a task is long."""
        return min(_LONGEST_SLICE, max(SHORTEST_SLICE, 4 * self._had))

    def ended(self, seconds: float) -> None:
        """Takes note of how much of the processor a task had that ended with a result."""
        self._had += _WEIGHT * (min(seconds, _LONGEST_SLICE) - self._had)

    def admit(self, job: Job) -> None:
        """Lets a new job wait. Raises ``Overloaded`` where too many do."""
        waiting = self.many_waiting()
        if waiting - (self._readers - len(self.running)) >= self._most_waiting:
            raise Overloaded(
                f"{waiting} queries wait for a reader already: try again in a moment", _COME_AGAIN
            )
        self.waiting.append(job)

    def many_waiting(self) -> int:
        """How many jobs wait, in both lanes."""
        return len(self.waiting) + len(self.long_waiting)

    def again(self, job: Job) -> None:
        """Lets a job wait that was admitted before, and begins anew."""
        if job.long_since is None:
            self.waiting.appendleft(job)
        else:
            self.long_waiting.append(job)

    def remove(self, job: Job) -> None:
        """Forgets a job that waits or runs."""
        for jobs in (self.waiting, self.long_waiting, self.running):
            if job in jobs:
                jobs.remove(job)

    def assign(self) -> bool:
        """Gives the next free reader to whoever's turn it is; whether there was such a pair."""
        if not self.free or len(self.running) >= self._readers:
            return False
        job = self._next()
        if job is None:
            return False
        job.reader = self.free.pop()
        self.running.append(job)
        job.told.set()
        return True

    def to_step_back(self) -> list[Job]:
        """The jobs that have to be stopped so that those who wait get their turn."""
        if not self.waiting or len(self.running) < self._readers:
            return []
        ending = [job for job in self.running if job.verdict is not None]
        long = [job for job in self.running if job.verdict is None and job.long_since is not None]
        many = min(len(self.waiting) - len(ending), len(long) - self._most_long)
        youngest_first = sorted(long, key=lambda job: job.long_since or 0.0, reverse=True)
        return youngest_first[: max(0, many)]

    def _next(self) -> Job | None:
        long = sum(job.long_since is not None for job in self.running)
        if self.long_waiting and long < self._most_long:
            return self.long_waiting.popleft()
        begun = sum(not job.turn_over for job in self.running)
        return self.waiting.popleft() if self.waiting and begun < self._at_once else None
