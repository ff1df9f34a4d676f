"""Has derived what follows from writes, in a process beside, and applied if nothing was written since.

Twice it is tried while writing goes on; the third time the keeper's own thread does it, and writes
wait.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import TimeoutError as Late
from pathlib import Path
from typing import Final

from sanctiongraph.errors import SanctiongraphError
from sanctiongraph.live import LIVE, WORKING
from sanctiongraph.record import DERIVED
from sanctiongraph.settings import Settings
from sanctiongraph.snapshots import hold_newest
from sanctiongraph_server import memory
from sanctiongraph_server.writer.child import Child, WriterEnded
from sanctiongraph_server.writer.deriver import ERROR
from sanctiongraph_server.writer.progress import Progress

#: Seconds that a derivation, or applying it, may take.
_LONGEST: Final = 600
#: Attempts before writes have to wait, and before it is given up until something is written.
_ATTEMPTS: Final = 2
_MOST_ATTEMPTS: Final = 6
_OUTPUT: Final = "deriving"
#: Queries and writes come before what follows, but for writes that wait for it.
_NICE: Final = 5

_log = logging.getLogger(__name__)


class Underivable(Exception):
    """Nothing can be derived; the message says why."""


class Deriving:
    """A thread that finds what follows, and the keeper's turn to apply it (``turn``)."""

    def __init__(
        self,
        settings: Settings,
        progress: Progress,
        writer: Callable[[], Child],
        wake: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._progress = progress
        self._writer = writer
        self._wake = wake
        #: What the keeper's thread has to do between changes.
        self._due: Callable[[], None] | None = None
        self._done = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def turn(self) -> None:
        """Called by the keeper's thread between changes, when none is at work."""
        if (due := self._due) is not None:
            self._due = None
            try:
                due()
            finally:
                self._done.set()

    def _run(self) -> None:
        missed = 0
        while True:
            self._progress.wait(lambda counts: counts.made > counts.derived)
            threading.Event().wait(self._settings.derive_seconds)
            try:
                missed = 0 if self._once(hold=missed >= _ATTEMPTS) else missed + 1
                if missed >= _MOST_ATTEMPTS:
                    raise Underivable(f"the writer ended {missed} times")
            except Exception as error:
                _log.exception("deriving failed")
                self._progress.failed(self._progress.counts.made, f"deriving failed: {error!r}")
                missed = 0

    def _once(self, hold: bool) -> bool:
        """Derives and applies; returns whether that is done, or cannot be done."""
        if hold:
            return self._by_keeper(lambda: self._derive(lambda apply: apply(), nice=0))
        return self._derive(self._by_keeper, nice=_NICE)

    def _by_keeper(self, work: Callable[[], bool]) -> bool:
        """The outcome of work that the keeper's thread does between changes."""
        outcome: list[bool] = []
        self._done.clear()
        self._due = lambda: outcome.append(work())
        self._wake()
        self._done.wait()
        return bool(outcome and outcome[0])

    def _derive(self, applied_by: Callable[[Callable[[], bool]], bool], nice: int) -> bool:
        made = self._progress.counts.made
        if not self._progress.wait(lambda counts: counts.published >= made, timeout=60):
            return False
        # Of more changes than this the snapshot may hold some; then it is seen to be out of date.
        count = self._progress.counts.published
        output = self._settings.home / LIVE / _OUTPUT
        shutil.rmtree(output, ignore_errors=True)
        output.mkdir()
        try:
            self._find(output, nice)
        except Underivable as error:
            _log.error("what follows from the writes cannot be derived: %s", error)
            self._progress.failed(count, str(error))
            return True
        return applied_by(lambda: self._apply(count, output))

    def _find(self, output: Path, nice: int) -> None:
        """Has the difference written to a folder. Raises ``Underivable``."""
        held = hold_newest(self._settings.home)
        try:
            module = "sanctiongraph_server.writer.deriver"
            folder = held.snapshot.folder
            working = (self._settings.home / WORKING).resolve()
            paths = (folder / "store", folder / DERIVED, output, working)
            given = (os.getpid(), *paths, self._settings.query_memory_mb, nice)
            command = [sys.executable, "-m", module, *map(str, given)]
            ended = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                env=memory.environment(),
                timeout=_LONGEST,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Underivable(f"it takes longer than {_LONGEST} s") from error
        finally:
            held.release()
        if ended.returncode:
            told = output / ERROR
            if told.exists():
                raise Underivable(told.read_text("utf-8"))
            raise Underivable(
                f"the deriver ended with {ended.returncode}: it may need more memory than"
                f" {self._settings.query_memory_mb} MB"
            )

    def _apply(self, count: int, output: Path) -> bool:
        """Applies a difference, unless something was written since."""
        if self._progress.counts.made != count:
            return False
        try:
            answer = self._writer().ask({"do": "follow", "folder": str(output)}).result(_LONGEST)
        except WriterEnded:
            return False
        except (SanctiongraphError, Late) as error:
            _log.error("what follows could not be applied: %s", error)
            self._progress.failed(count, str(error))
            return True
        self._progress.derived(count, answer["name"])
        return True
