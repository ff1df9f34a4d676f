"""The keeper: has changes made one after the other, and holds them to their deadlines.

It opens no store itself. One thread hands changes to the writer, another publishes (``publishing``),
a third has derived what follows (``deriving``). A writer that has ended is replaced when it is
needed next.
"""

from __future__ import annotations

import logging
from concurrent.futures import TimeoutError as Late
from typing import Final

from sanctiongraph.errors import (
    BuildBusy,
    DeadlineExceeded,
    MemoryExceeded,
    NotBuilt,
    Overloaded,
    SanctiongraphError,
    WorkerLost,
)
from sanctiongraph.live import SNAPSHOTS, WORKING, base_of
from sanctiongraph.published import current
from sanctiongraph.settings import Settings
from sanctiongraph.snapshots import newest
from sanctiongraph_server.carried import told
from sanctiongraph_server.writer.child import Child, WriterEnded
from sanctiongraph_server.writer.deriving import Deriving
from sanctiongraph_server.writer.progress import Progress
from sanctiongraph_server.writer.publishing import Made, Publisher
from sanctiongraph_server.writer.standing import Standing
from sanctiongraph_server.writer.waiting import Queue, Waiting

#: Seconds between looks at what others may have done to the home folder.
_TICK: Final = 1.0
#: Seconds that carrying over to another build, or applying what was derived, may take.
_LONGEST: Final = 3_600
#: Seconds past a deadline that a snapshot at work is waited for.
_SETTLING: Final = 0.3

_log = logging.getLogger(__name__)

Logs = dict[str, int]


class Keeper:
    """Has changes made. Whoever makes one holds ``lock``."""

    def __init__(self, settings: Settings, lock: int) -> None:
        self._settings = settings
        self._home = settings.home
        self._standing = Standing(settings.home, lock, settings.query_memory_mb)
        self.queue = Queue(settings.queue, 2 * settings.max_upload_bytes)
        self.progress = Progress(self._derived_so_far())
        #: Sizes of the write-ahead logs without the change that is at work.
        self._logs: Logs = {}
        self._refused_build: str | None = None
        self._publisher = Publisher(self._standing.writer, self.progress)
        self._deriving = Deriving(settings, self.progress, self._standing.writer, self.queue.wake)
        if base_of(self._home) is not None:
            # What was committed when the last keeper ended may be in no snapshot.
            self._unknown()

    def run(self) -> None:
        """Works for ever."""
        while True:
            one = None
            try:
                one = self.queue.take(_TICK)
                self._carry_over()
                self._deriving.turn()
                if one is not None:
                    self._make(one)
                else:
                    self._prune()
            except Exception:
                _log.exception("the keeper failed on a change")
                if one is not None:
                    one.answer(told(WorkerLost("the keeper failed: look whether it was made")))

    def _prune(self) -> None:
        """Has snapshots removed that their last reader may have left."""
        folder = self._home / SNAPSHOTS
        if folder.is_dir() and sum(1 for _ in folder.iterdir()) > 1 and self._standing.there:
            self._standing.writer().ask({"do": "prune"})

    def _make(self, one: Waiting) -> None:
        if one.left <= 0:
            one.answer(told(late(one)))
            return
        try:
            child = self._standing.writer(one.left)
        except SanctiongraphError as error:
            one.answer(told(error))
            return
        except Late:
            one.answer(told(late(one)))
            return
        except (WriterEnded, OSError) as error:
            _log.error("the writer cannot be started: %r", error)
            one.answer(told(NotBuilt("the writer cannot be started: the server's log says why")))
            return
        # Only here: once the change is at work, what it adds must show.
        try:
            self._logs = self._read_logs()
        except OSError as error:
            _log.warning("a change is refused: %s", error)
            one.answer(told(Overloaded("the writer lacks what a change takes: try again", 1)))
            return
        order = {"do": "apply", "change": one.change, "until": one.deadline}
        asked = child.ask(order, one.payload)
        overdue = False
        try:
            try:
                answer = asked.result(max(0, one.left))
            except Late:
                overdue = True
                self._publisher.settle(_SETTLING)
                child.kill()
                answer = asked.result(0)  # it may have answered at the last moment
        except SanctiongraphError as error:
            one.answer(told(error))
        except WriterEnded:
            one.answer(told(self._lost(one, child, overdue)))
        else:
            self.progress.made()
            self._publisher.add(Made(one.answer, answer["existed"]))

    def _lost(self, one: Waiting, child: Child, overdue: bool) -> SanctiongraphError:
        """What is known of a change whose writer ended: the engine commits by writing to its log."""
        before = self._logs
        if any(size > before.get(name, 0) for name, size in self._read_logs().items()):
            self._unknown()
            return WorkerLost(
                "the writer ended while the change was being committed: look whether it was made"
            )
        if overdue:
            return late(one)
        if child.aborted:
            return MemoryExceeded(
                f"the change needs more memory than the {self._settings.query_memory_mb} MB that"
                " the writer has: make it in parts"
            )
        return WorkerLost("the writer ended while it was at the change, which was not made")

    def _unknown(self) -> None:
        """Something may have been committed that no snapshot has."""
        self.progress.made()
        self._publisher.add()

    def _carry_over(self) -> None:
        """Has another build made the base of the live store, where one was published."""
        base = base_of(self._home)
        if base is None:
            return
        try:
            name = current(self._home).version.name
            if name in {base, self._refused_build}:
                return
            self._standing.writer().ask({"do": "carry_over"}).result(_LONGEST)
        except (SanctiongraphError, WriterEnded, Late) as error:
            if not isinstance(error, NotBuilt | BuildBusy):
                self._refused_build = name
            _log.error("the writes could not be carried over to the new build: %s", error)
        else:
            self._unknown()

    def _read_logs(self) -> Logs:
        sizes: Logs = {}
        for path in (self._home / WORKING / "store").glob("*.log"):
            try:
                sizes[path.name] = path.stat().st_size
            except FileNotFoundError:
                continue
        return sizes

    def _derived_so_far(self) -> str:
        try:
            return newest(self._home).derived
        except NotBuilt:
            return ""


def late(one: Waiting) -> DeadlineExceeded:
    """The error of a change that took too long."""
    return DeadlineExceeded(
        f"the change was not made: it took longer than the {one.seconds:g} s that it may",
        one.seconds,
    )
