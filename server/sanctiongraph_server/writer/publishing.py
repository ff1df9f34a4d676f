"""Publishes what was made, and only then acknowledges it: changes made meanwhile share the next one."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sanctiongraph.errors import WorkerLost
from sanctiongraph_server.carried import told
from sanctiongraph_server.writer.child import Child, WriterEnded
from sanctiongraph_server.writer.frames import Header
from sanctiongraph_server.writer.progress import Progress

#: Seconds that a snapshot may take, and how often it is tried with a new writer.
_LONGEST: Final = 60
_TRIES: Final = 3

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """A change that was made and has to be acknowledged."""

    answer: Callable[[Header], None]
    existed: bool


class Publisher:
    """One thread. ``writer`` gives the writer there is, or a new one."""

    def __init__(self, writer: Callable[[], Child], progress: Progress) -> None:
        self._writer = writer
        self._progress = progress
        self._made: list[Made] = []
        self._due = False
        self._busy = False
        self._changed = threading.Condition()
        threading.Thread(target=self._run, daemon=True).start()

    def add(self, made: Made | None = None) -> None:
        """Has what is in the store published, and that change acknowledged."""
        with self._changed:
            self._due = True
            if made:
                self._made.append(made)
            self._changed.notify_all()

    def settle(self, timeout: float) -> None:
        """Waits until nothing is being published, but not longer."""
        with self._changed:
            self._changed.wait_for(lambda: not self._busy, timeout)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._due)
                made, self._made, self._due, self._busy = self._made, [], False, True
            answer = self._publish()
            with self._changed:
                self._busy = False
                self._changed.notify_all()
            for one in made:
                one.answer({**answer, "existed": one.existed} if "version" in answer else answer)

    def _publish(self) -> Header:
        error: Exception | None = None
        for _ in range(_TRIES):
            count = self._progress.counts.made
            child: Child | None = None
            try:
                child = self._writer()
                asked = {"do": "publish", "derived": self._progress.derived_name}
                name = child.ask(asked).result(_LONGEST)["name"]
            except WriterEnded:
                time.sleep(0.01)
            except TimeoutError as late:
                error = late
                if child:
                    child.kill()
            except Exception as failed:  # the thread has to go on: others wait for it
                error = failed
                break
            else:
                self._progress.published(count)
                return {"version": name}
        _log.error("what was written could not be published: %s", error)
        return told(WorkerLost(f"the change was made, but could not be published ({error})"))
