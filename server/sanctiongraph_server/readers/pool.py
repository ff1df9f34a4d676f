"""Performs tasks in the readers of a worker: for a thread that waits, or for the event loop."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from sanctiongraph.errors import SanctiongraphError
from sanctiongraph.settings import Settings
from sanctiongraph_server.carried import raised
from sanctiongraph_server.readers import frames
from sanctiongraph_server.readers.endings import refusal
from sanctiongraph_server.readers.frames import PeerGone, Reply
from sanctiongraph_server.readers.handle import Handle
from sanctiongraph_server.readers.keeping import QUANTUM, Readers, ReadersState
from sanctiongraph_server.readers.lanes import SLICE, Job
from sanctiongraph_server.readers.looping import LoopTold, readable
from sanctiongraph_server.tasks import Task, Terms

R = TypeVar("R")

#: Seconds after which a reader at work lets everybody else go first.
_NICER_AFTER: Final = 1.0
#: Seconds for handing a task over, at the least.
_LEAST: Final = 0.001
#: Seconds in which what has begun to come is there: replies are small, or a file that is there.
_GRACE: Final = 0.5


class ReaderPool:
    """Performs tasks in readers: see ``tasks.Performer``. Any thread may use it.

    Making one costs nothing; the readers are started by the first use, or by ``start``.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._readers = Readers(settings)

    def start(self) -> None:
        """Has the readers made in the background."""
        self._readers.start()

    def close(self) -> None:
        """Ends all readers; tasks at work end with ``WorkerLost``."""
        self._readers.close()

    def state(self) -> ReadersState:
        """How many tasks run and wait, and how many readers are free."""
        return self._readers.state()

    def perform(self, task: Task[R], terms: Terms) -> R:
        """The result of the task: see ``tasks.Performer``."""
        told = threading.Event()
        job = Job(time.monotonic() + terms.seconds, told)
        frame = frames.packed(task)
        with self._begun(job, terms):
            while True:
                if not told.wait(max(0.0, job.deadline - time.monotonic())):
                    self._readers.late(job)
                reader = self._reader_of(job, terms)
                reply, error = self._converse(job, reader, frame), None
                if reply is None and job.verdict is None:
                    error = self._readers.error_of(reader)
                if not self._readers.over(job, reader, reply, error):
                    break
        result: R = self._result(job, reply, error, terms)
        return result

    async def perform_on_loop(self, task: Task[R], terms: Terms, aside: Executor) -> R:
        """The same for the event loop, where nothing waits but in ``await``.

        ``aside`` has threads for what takes longer: seeing why a reader ended.
        """
        loop = asyncio.get_running_loop()
        told = LoopTold(loop)
        job = Job(time.monotonic() + terms.seconds, told)
        frame = frames.packed(task)
        with self._begun(job, terms):
            while True:
                if not await told.told(job.deadline - time.monotonic()):
                    self._readers.late(job)
                reader = self._reader_of(job, terms)
                reply, error = await self._converse_on_loop(job, reader, frame, aside), None
                if reply is None and job.verdict is None:
                    error = await loop.run_in_executor(aside, self._readers.error_of, reader)
                if not self._readers.over(job, reader, reply, error):
                    break
        result: R = self._result(job, reply, error, terms)
        return result

    @contextmanager
    def _begun(self, job: Job, terms: Terms) -> Iterator[None]:
        """While the job is on its way; it listens to whoever may call it off."""
        self.start()
        forget = None
        if terms.cancellation is not None:
            forget = terms.cancellation.when_cancelled(lambda: self._readers.call_off(job))
        try:
            self._readers.admit(job)
            yield
        except BaseException:
            self._readers.abandoned(job)
            raise
        finally:
            if forget is not None:
                forget()

    def _reader_of(self, job: Job, terms: Terms) -> Handle:
        """The reader that it was given. Raises where it was given a verdict before."""
        if job.reader is None:
            raise refusal(job.verdict, terms.seconds, self._settings, began=False)
        return job.reader

    def _converse(self, job: Job, reader: Handle, frame: bytes) -> Reply | None:
        """The reply; ``None`` where the reader ended, or was ended for a verdict."""
        try:
            reader.end.settimeout(max(_LEAST, job.deadline - time.monotonic()))
            frames.send(reader.end, frame)
            if self._waits(job, reader):
                self._leave_alone(job)
                reader.end.settimeout(_GRACE)
                return frames.receive_reply(reader.end)
        except TimeoutError:
            pass
        except PeerGone:
            return None
        self._readers.late(job)
        return None

    def _waits(self, job: Job, reader: Handle) -> bool:
        """Whether a reply, or the end of the reader, comes before the deadline."""
        patience = _Patience(self._readers, job, reader)
        at = patience.first()
        while at < job.deadline:
            if reader.waits(at - time.monotonic()):
                return True
            at = patience.over()
        return reader.waits(job.deadline - time.monotonic())

    async def _converse_on_loop(
        self, job: Job, reader: Handle, frame: bytes, aside: Executor
    ) -> Reply | None:
        patience = _Patience(self._readers, job, reader)
        try:
            # The frame fits into the socket, so nothing is waited for.
            if reader.end.gettimeout() != _GRACE:
                reader.end.settimeout(_GRACE)
            frames.send(reader.end, frame)
            if await readable(reader.end, patience.first(), patience.over, job.deadline):
                self._leave_alone(job)
                begun = frames.begin(reader.end)
                if begun.is_whole():
                    return frames.receive_reply(reader.end, begun)
                # Its reader has to be given the processor in between, for which the loop does not wait.
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(aside, frames.receive_reply, reader.end, begun)
        except TimeoutError:
            pass
        except PeerGone:
            return None
        self._readers.late(job)
        return None

    def _leave_alone(self, job: Job) -> None:
        """Only what is long can have been paused in the middle of its reply."""
        if job.long_since is not None:
            self._readers.to_reply(job)

    def _result(
        self, job: Job, reply: Reply | None, error: SanctiongraphError | None, terms: Terms
    ) -> Any:
        if reply is None:
            raise error or refusal(job.verdict, terms.seconds, self._settings, began=True)
        if reply.told is not None:
            raise raised(reply.told)
        if reply.bug is not None:
            raise RuntimeError(f"a reader failed:\n{reply.bug}")
        return reply.result


class _Patience:
    """How long a reader at work is left alone.

    A task is long when its reader has had a slice of the processor, so that nobody's is long only
    because the machine is busy; or when it takes very long by the clock.
    """

    def __init__(self, readers: Readers, job: Job, reader: Handle) -> None:
        self._readers, self._job, self._reader = readers, job, reader
        self._begun = time.monotonic()
        job.had = reader.processor()
        self._chance = readers.chance()
        #: Moment of the last look, and what the reader had had of the processor.
        self._last = self._begun, job.had

    def first(self) -> float:
        """The first moment to look at it."""
        return self._begun + self._readers.turn()

    def over(self) -> float:
        """Looks at it; the next moment to do so."""
        now, nicer = time.monotonic(), self._begun + _NICER_AFTER
        if not self._job.turn_over:
            self._readers.turn_over(self._job)
            return now + SLICE
        processor = self._reader.processor()
        had = processor - self._job.had
        if had < SLICE and now < nicer:
            return min(now + 2 * SLICE, nicer)
        if now >= nicer and not self._reader.nicer:
            self._reader.make_nicer()
        (before, at_that), self._last = self._last, (now, processor)
        whole = before > self._begun and self._job.on_since < before
        share = (processor - at_that) / (now - before) if whole else None
        self._readers.slice_over(self._job, had >= self._chance or now >= nicer, share)
        return now + QUANTUM
