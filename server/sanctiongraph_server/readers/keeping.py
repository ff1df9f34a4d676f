"""The readers of one worker: handed out, and ended when their time is up.

Any thread may use this, the event loop among them: nothing here waits for a reader but
``error_of``.
"""

from __future__ import annotations

import atexit
import logging
import math
import os
import threading
import time
from dataclasses import dataclass
from typing import Final

from sanctiongraph.errors import MemoryExceeded, SanctiongraphError
from sanctiongraph.settings import Settings
from sanctiongraph_server import metrics
from sanctiongraph_server.carried import raised
from sanctiongraph_server.readers.endings import error_of
from sanctiongraph_server.readers.frames import PeerGone, Reply
from sanctiongraph_server.readers.handle import Handle
from sanctiongraph_server.readers.household import Household
from sanctiongraph_server.readers.lanes import Job, Lanes, Verdict

#: Readers kept ready beyond those that may work or be paused at a time, so that replacing one costs nobody.
SPARE: Final = 2
#: Seconds that a long task goes on before it is the turn of one that is paused.
QUANTUM: Final = 0.2

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadersState:
    """What the readers are at."""

    running: int
    waiting: int
    free: int


def readers_of(settings: Settings) -> int:
    """Processes that a worker keeps: for as many tasks as run, for as many that are paused, and spare."""
    return 2 * settings.readers + SPARE


class Readers:
    """Making this costs nothing; the processes are started by ``start``."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        #: Told when there is something for the household to do.
        self._work = threading.Condition(self._lock)
        processors = len(os.sched_getaffinity(0))
        at_once = max(1, math.ceil(processors / settings.workers))
        self._lanes = Lanes(settings.readers, settings.queue, at_once)
        self._all: set[Handle] = set()
        self._ended: list[Handle] = []
        self._household: Household | None = None
        self._closed = False

    def start(self) -> None:
        """Has the readers made in the background."""
        with self._lock:
            if self._household is None and not self._closed:
                self._household = Household(self._settings, self)
                self._household.start()
                atexit.register(self.close)

    def close(self) -> None:
        """Ends all readers; tasks at work end with ``WorkerLost``."""
        atexit.unregister(self.close)
        with self._lock:
            self._closed = True
            for job in self._lanes.all():
                self._give(job, Verdict.CLOSED)
            self._work.notify_all()
            self._note()
        if self._household is not None:
            self._household.join()

    def state(self) -> ReadersState:
        """How many tasks run and wait, and how many readers are free."""
        with self._lock:
            lanes = self._lanes
            return ReadersState(len(lanes.running), lanes.many_waiting(), len(lanes.free))

    def admit(self, job: Job) -> None:
        """Lets a job wait for its reader. Raises ``Overloaded`` where too many do."""
        with self._lock:
            if self._closed:
                self._give(job, Verdict.CLOSED)
            if job.verdict is None:
                self._lanes.admit(job)
                self._settle()

    def call_off(self, job: Job) -> None:
        """Nobody waits for it any more."""
        with self._lock:
            self._give(job, Verdict.CANCELLED)

    def late(self, job: Job) -> None:
        """Its deadline has come."""
        with self._lock:
            self._give(job, Verdict.LATE)

    def turn(self) -> float:
        """Seconds after which a task no longer keeps others from beginning."""
        return self._lanes.turn()

    def chance(self) -> float:
        """Seconds of the processor that a task has before it may be stopped for others."""
        return self._lanes.chance()

    def turn_over(self, job: Job) -> None:
        """Another may begin beside it."""
        with self._lock:
            job.turn_over = True
            self._settle()

    def slice_over(self, job: Job, had_its_chance: bool, share: float | None) -> None:
        """It is long from now on, and goes on in turns with those that are paused.

        ``share`` is how much of a processor it got, where it went on all the while.
        """
        with self._lock:
            now = time.monotonic()
            if share is not None and job in self._lanes.running:
                self._lanes.got(share)
            job.long_since = job.long_since or now
            job.had_its_chance |= had_its_chance
            if now - job.on_since >= QUANTUM and (other := self._lanes.take_turns(job)):
                _pause(job)
                _go_on(other)
            self._settle()

    def to_reply(self, job: Job) -> None:
        """Its reply has begun to come: it is left alone until that is there."""
        with self._lock:
            if self._lanes.to_reply(job):
                _go_on(job)

    def abandoned(self, job: Job) -> None:
        """Whoever performed it does so no more: others need its place."""
        with self._lock:
            self._give(job, Verdict.CANCELLED)
            if job.reader is not None:
                self._leave(job, job.reader, None, _LOST)

    def over(
        self, job: Job, reader: Handle, reply: Reply | None, error: SanctiongraphError | None
    ) -> bool:
        """Takes the reader back; whether the job waits anew.

        ``error`` is why the reader ended, where that was its task's doing. A task whose reader
        ended for no reason of its own is performed once more: nothing that a reader does changes
        anything.
        """
        with self._lock:
            self._leave(job, reader, reply, _cause(job, reply, error))
            if reply is not None:
                if reply.told is None and reply.bug is None:
                    self._lanes.ended(reader.processor() - job.had)
                return False
            again = job.verdict is Verdict.STEPS_BACK
            if job.verdict is None and error is None and not job.lost_before:
                again = job.lost_before = True
            if again:
                job.verdict, job.replying, job.had_its_chance = None, False, False
                self._lanes.again(job)
                self._settle()
            return again

    def error_of(self, reader: Handle) -> SanctiongraphError | None:
        """Why a reader ended whose connection broke; ``None`` where somebody else ended it."""
        status = None
        try:
            if self._household is not None:
                status = self._household.reaped(reader)
        except PeerGone:
            # All its readers end with it: the task is not to meet another of them.
            with self._lock:
                while self._lanes.free:
                    self._let_go(self._lanes.free.pop(), _LOST)
        reader.reaped = status is not None
        words = reader.last_words()
        if words:
            _log.warning("a reader ended (%s); it said: %s", status, words)
        return error_of(status, words, self._settings)

    # What follows is called with the lock held.

    def _give(self, job: Job, verdict: Verdict) -> None:
        """Stops a job, unless something else has."""
        if job.verdict not in {None, Verdict.STEPS_BACK}:
            return
        job.verdict = verdict
        if job.reader is not None:
            job.reader.kill()
        else:
            self._lanes.remove(job)
            job.told.set()
            self._note()

    def _leave(self, job: Job, reader: Handle, reply: Reply | None, cause: str | None) -> None:
        """Takes the reader back from the job, and lets go of it unless it is as good as new.

        ``cause`` is why it was ended, where that is worth counting.
        """
        job.reader = None
        job.told.clear()
        self._lanes.remove(job)
        if reply is not None:
            # What it has worked out once for its snapshot is worth more than a new reader.
            reader.make_usual()
        if reply is None or job.verdict is not None or reply.spent or reader.nicer:
            self._let_go(reader, cause)
        else:
            self._lanes.free.append(reader)
        self._settle()

    def _let_go(self, reader: Handle, cause: str | None) -> None:
        if cause is not None:
            metrics.reader_killed(cause)
        reader.kill()
        self._all.discard(reader)
        self._ended.append(reader)
        self._work.notify()

    def _settle(self) -> None:
        """Brings waiting jobs and free readers together, and stops long jobs for the others."""
        free = self._lanes.free
        while True:
            while free and free[-1].waits(0):  # none has anything to say: it has ended
                self._let_go(free.pop(), _LOST)
            if going_on := self._lanes.go_on():
                _go_on(going_on)
            elif not self._lanes.assign():
                if not (pausing := self._lanes.pause()):
                    break
                _pause(pausing)
        for job in self._lanes.to_step_back():
            self._give(job, Verdict.STEPS_BACK)
        self._note()

    def _note(self) -> None:
        """Has the numbers of this worker follow."""
        metrics.queries_waiting(self._lanes.many_waiting())
        metrics.readers_busy(len(self._lanes.running))

    # What follows is for the household: see ``House``.

    def due(self, seconds: float) -> tuple[int, list[Handle]] | None:
        """How many readers are missing, and which were let go of; ``None`` at the end."""
        with self._lock:
            missing = readers_of(self._settings) - len(self._all)
            if not (missing > 0 or self._ended or self._closed):
                self._work.wait(seconds)
            if self._closed:
                return None
            ended = self._ended.copy()
            self._ended.clear()
            for reader in [one for one in self._lanes.free if one.waits(0)]:
                self._lanes.free.remove(reader)
                self._let_go(reader, _LOST)
            return missing, ended

    def welcome(self, reader: Handle) -> None:
        """Takes a new reader."""
        with self._lock:
            self._all.add(reader)
            # Last in turn: it is only just opening the graph.
            self._lanes.free.insert(0, reader)
            self._settle()

    def closed_within(self, seconds: float) -> bool:
        """Whether within that time this was closed."""
        with self._lock:
            return self._work.wait_for(lambda: self._closed, seconds)

    def left(self) -> set[Handle]:
        """The readers that are there."""
        return {*self._all, *self._ended}


def _pause(job: Job) -> None:
    if job.reader is not None:
        job.reader.pause()


def _go_on(job: Job) -> None:
    job.on_since = time.monotonic()
    if job.reader is not None:
        job.reader.go_on()


#: What ended a reader that nobody wanted to end.
_LOST: Final = "lost"
_CAUSES: Final = {
    Verdict.LATE: "deadline",
    Verdict.CANCELLED: "client-gone",
    Verdict.STEPS_BACK: "stepped-back",
}


def _cause(job: Job, reply: Reply | None, error: SanctiongraphError | None) -> str | None:
    """Why the reader of a job was ended, for the metrics; ``None`` where it was not, or all were."""
    if job.verdict is not None:
        return _CAUSES.get(job.verdict)
    if reply is not None:
        error = raised(reply.told) if reply.told is not None else None
    if isinstance(error, MemoryExceeded):
        return "memory"
    return _LOST if reply is None else None
