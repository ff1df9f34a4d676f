"""Who gets a reader when: pure bookkeeping, which the pool guards with its lock.

Nobody can tell beforehand whether a query is short. So every task gets a reader in its turn, and
one that has had its slice of time counts as long from then on. Where somebody waits, at most half of
the readers are left to long ones: the youngest of the others is paused, with its reader, and another
reader takes its place. So short tasks always find readers that change hands after a slice. Long ones
that are paused take turns with those that go on.

Where nobody waits as many long ones go on as the machine has processors for, which they show by
what they get of one: others of the machine, such as other workers, are not known here.

A task that is paused keeps its memory, so only so many are. Beyond them one is stopped, and waits
in the long lane to begin anew. It has used the processor in vain: so none is stopped before it has
had twice what the tasks that ended of late needed, up to a bound.

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

#: Seconds of the processor that make a task long.
SLICE: Final = 0.025
#: Seconds of the processor before which no task is stopped: at the least, and at most; else twice
#: what the tasks that ended of late had of it.
LEAST_CHANCE: Final = SLICE
_LARGEST_CHANCE: Final = 0.25
#: What a long task gets of a processor, at the most where too many go on, and at the least where one
#: more may.
_CROWDED: Final = 0.7
_ALONE: Final = 0.95
#: How much one task weighs beside those before it: a single large one, such as the first of a
#: reader, says little.
_WEIGHT: Final = 0.25
#: Seconds after which a task no longer keeps others from beginning: most are done by then. At the
#: least, and at most; else twice what the tasks that ended of late had of the processor.
SHORTEST_TURN: Final = 0.02
_LONGEST_TURN: Final = 0.1
#: Seconds for whoever finds the queue full to come again.
_COME_AGAIN: Final = 1


class Verdict(Enum):
    """Why a task does not go on."""

    LATE = auto()
    CANCELLED = auto()
    #: Others wait, and it has had its chance: it begins anew later.
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
    #: Whether it has had its chance to end, so that it may be stopped for others.
    had_its_chance: bool = False
    #: When it last went on after a pause.
    on_since: float = 0.0
    #: Whether its reply has begun to come, so that it is left alone.
    replying: bool = False
    #: Whether it has had its turn, so that another may begin.
    turn_over: bool = False
    #: Whether a reader was lost on it already.
    lost_before: bool = False


class Lanes:
    """Readers that are free, jobs that wait, run and are paused.

    At most ``readers`` run at a time, and ``at_once`` of those have their turn; ``most_paused`` are
    paused.
    """

    def __init__(
        self,
        readers: int,
        most_waiting: int,
        at_once: int | None = None,
        most_paused: int | None = None,
    ) -> None:
        self._readers = readers
        self._most_paused = readers if most_paused is None else most_paused
        self._at_once = at_once or readers
        self._most_waiting = most_waiting
        self._most_long = max(1, readers // 2)
        #: Long ones that go on where nobody waits, from ``at_once`` to ``readers``.
        self._room = readers
        #: The one used last is used next: its memory is warm.
        self.free: list[Handle] = []
        self.waiting: deque[Job] = deque()
        self.long_waiting: deque[Job] = deque()
        self.running: list[Job] = []
        #: The one that has been so for longest comes first. Each keeps its reader.
        self.paused: deque[Job] = deque()
        #: What the tasks that ended of late had of the processor, in the mean. Not by the clock: what
        #: waits for others would make them wait longer.
        self._had = 0.0

    def turn(self) -> float:
        """Seconds after which a task no longer keeps others from beginning."""
        return min(_LONGEST_TURN, max(SHORTEST_TURN, 2 * self._had))

    def chance(self) -> float:
        """Seconds of the processor that a task has before it may be stopped for others."""
        return min(_LARGEST_CHANCE, max(LEAST_CHANCE, 2 * self._had))

    def ended(self, seconds: float) -> None:
        """Takes note of how much of the processor a task had that ended with a result."""
        self._had += _WEIGHT * (min(seconds, _LARGEST_CHANCE) - self._had)

    def admit(self, job: Job) -> None:
        """Lets a new job wait. Raises ``Overloaded`` where too many do."""
        waiting = self.many_waiting()
        if waiting - (self._readers - len(self.running)) >= self._most_waiting:
            raise Overloaded(
                f"{waiting} queries wait for a reader already: try again in a moment", _COME_AGAIN
            )
        self.waiting.append(job)

    def many_waiting(self) -> int:
        """How many jobs wait, in both lanes or paused."""
        return len(self.waiting) + len(self.long_waiting) + len(self.paused)

    def again(self, job: Job) -> None:
        """Lets a job wait that was admitted before, and begins anew."""
        if job.long_since is None:
            self.waiting.appendleft(job)
        else:
            self.long_waiting.append(job)

    def all(self) -> list[Job]:
        """All jobs on their way."""
        return [*self.waiting, *self.long_waiting, *self.running, *self.paused]

    def remove(self, job: Job) -> None:
        """Forgets a job that waits, runs or is paused."""
        for jobs in (self.waiting, self.long_waiting, self.running, self.paused):
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

    def got(self, share: float) -> None:
        """Takes note of how much of a processor a long task got in its turn."""
        if share < _CROWDED:
            self._room = max(self._at_once, self._room - 1)
        elif share > _ALONE:
            self._room = min(self._readers, self._room + 1)

    def go_on(self) -> Job | None:
        """The paused job that runs again, if it is the turn of one."""
        long_waiting = self.long_waiting[0] if self.long_waiting and self.free else None
        if not self.paused or not self._may_run_long():
            return None
        if long_waiting and (long_waiting.long_since or 0) < (self.paused[0].long_since or 0):
            return None
        return self._on(self.paused.popleft())

    def pause(self) -> Job | None:
        """The job that is paused for others, if one has to be."""
        long = self._long()
        if len(self.paused) >= self._most_paused:
            return None
        if len(long) <= self._room and not (self.free and self._next_short() and self._too_many()):
            return None
        self.running.remove(long[0])
        self.paused.append(long[0])
        return long[0]

    def take_turns(self, job: Job) -> Job | None:
        """The paused job that runs in place of this one, which is paused; ``None`` if none is."""
        if job not in self.running or job.replying or job.verdict is not None or not self.paused:
            return None
        self.running.remove(job)
        self.paused.append(job)
        return self._on(self.paused.popleft())

    def to_reply(self, job: Job) -> bool:
        """Leaves a job alone from now on; whether it was paused, and runs again."""
        job.replying = True
        if job not in self.paused:
            return False
        self.paused.remove(job)
        self._on(job)
        return True

    def to_step_back(self) -> list[Job]:
        """The jobs that have to be stopped so that those who wait get their turn."""
        if len(self.paused) < self._most_paused:
            return []
        return [job for job in self._long() if job.had_its_chance][: self._too_many()]

    def _too_many(self) -> int:
        """How many long jobs are to make way for those who wait."""
        if not self.waiting or len(self.running) < self._readers:
            return 0
        ending = sum(job.verdict is not None for job in self.running)
        return max(0, min(len(self.waiting) - ending, len(self._long()) - self._most_long))

    def _long(self) -> list[Job]:
        """The long jobs that run and could make way, the youngest first."""
        long = [job for job in self.running if _is_long(job) and not job.replying]
        return sorted(long, key=lambda job: job.long_since or 0.0, reverse=True)

    def _on(self, job: Job) -> Job:
        self.running.append(job)
        return job

    def _may_run_long(self) -> bool:
        long = sum(job.long_since is not None for job in self.running)
        most = self._most_long if self.waiting else self._readers
        return long < min(most, self._room) and len(self.running) < self._readers

    def _next_short(self) -> Job | None:
        begun = sum(not job.turn_over for job in self.running)
        return self.waiting[0] if self.waiting and begun < self._at_once else None

    def _next(self) -> Job | None:
        if self.long_waiting and self._may_run_long():
            return self.long_waiting.popleft()
        return self.waiting.popleft() if self._next_short() else None


def _is_long(job: Job) -> bool:
    return job.verdict is None and job.long_since is not None
