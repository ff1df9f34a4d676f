"""Readers learn ahead what pages ask of a graph, while nobody asks anything.

The rules ask some hundred questions of a graph, which takes a reader a second or two, and most of
what pages and inquiries show is made of the answers. The reader used last is used next, so it is
this one that learns them, for today: how things are, as each viewpoint has it, and where each option
is taken.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from sanctiongraph.errors import SanctiongraphError
from sanctiongraph.perspective import open_perspective
from sanctiongraph.remembering import assessments, remembered
from sanctiongraph.scenario import scenarios
from sanctiongraph.settings import Settings
from sanctiongraph.snapshots import Identity, identity
from sanctiongraph.viewpoints import SOURCES, viewpoints
from sanctiongraph_server import metrics
from sanctiongraph_server.readers.pool import ReaderPool
from sanctiongraph_server.tasks import Opened, Task, Terms

#: Seconds that a graph may take to be learned; of a large one only the beginning is.
_MOST_SECONDS: Final = 20.0
#: Seconds after which a task hands its reader back: so others get it, and it stays one that is kept.
_SLICE: Final = 0.3
#: Of the time a worker learns one part in so many, however often there is another graph.
_RARELY: Final = 10
#: Seconds between two looks at whether there is another graph or another day.
_LOOK: Final = 0.5

#: A viewpoint and what is supposed on it, by their names.
Side = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Sides:
    """From where pages look at a graph."""

    def perform(self, opened: Opened) -> list[Side]:
        """See ``tasks.Task``."""
        names = [one.name for one in viewpoints(opened.store) if one.name != SOURCES]
        options = [one.name for one in scenarios(opened.store) if one.about]
        return [
            (SOURCES, None),
            *((SOURCES, name) for name in options),
            *((name, None) for name in names),
        ]


@dataclass(frozen=True, slots=True)
class Learn:
    """What all rules conclude as of a day; what is known already takes no time."""

    side: Side
    day: dt.date

    def perform(self, opened: Opened) -> bool:
        """See ``tasks.Task``. Whether it was all: it ends early and is to be asked again."""
        until = time.monotonic() + _SLICE
        law = opened.reasoner().law
        perspective = open_perspective(opened.store, *self.side)
        told = remembered(perspective)
        for rule in law.rules.values():
            if time.monotonic() > until:
                return False
            assessments(perspective, law, rule, self.day, told=told)
        return True


class Ahead:
    """Has a worker's readers learn each graph that stands for a while.

    ``first`` is done in the worker itself before anything else. ``counts`` and ``pages``, as of a
    day, are tasks whose results are not wanted, but what a reader keeps of them. Those that take more
    than a second may cost the reader, so they come early.
    """

    def __init__(
        self,
        settings: Settings,
        pool: ReaderPool,
        first: Callable[[], None] = lambda: None,
        counts: Iterable[Task[Any]] = (),
        pages: Callable[[dt.date], Iterable[Task[Any]]] = lambda _: (),
    ) -> None:
        self._settings = settings
        self._pool = pool
        self._first, self._counts, self._pages = first, tuple(counts), pages
        #: What was looked at last, since when, and what was learned last.
        self._seen: tuple[Identity | None, dt.date] | None = None
        self._since = 0.0
        self._learned: tuple[Identity | None, dt.date] | None = None
        self._not_before = 0.0

    def start(self) -> None:
        """Does so in the background, unless the settings say never."""
        if self._settings.ahead_seconds:
            threading.Thread(target=self._go_on, name="ahead", daemon=True).start()

    def _go_on(self) -> None:
        self._pause()
        self._first()
        while True:
            self._pause()
            self.look()

    def _pause(self) -> None:
        time.sleep(min(_LOOK, self._settings.ahead_seconds))

    def look(self) -> bool:
        """Has the graph learned, if its time has come; whether it was."""
        now = time.monotonic()
        there = identity(self._settings.home), dt.datetime.now(dt.UTC).date()
        if there != self._seen:
            self._seen, self._since = there, now
        stands = now - self._since >= self._settings.ahead_seconds
        due = stands and now >= self._not_before and there != self._learned
        if there[0] is None or not due or not self._is_idle():
            return False
        self._learned = there  # a second try would end as the first
        try:
            outcome = self._learn(there[1])
        except SanctiongraphError:  # whoever asks the same is told
            outcome = "failed"
        metrics.learned_ahead(outcome)
        ended = time.monotonic()
        self._not_before = ended + (_RARELY - 1) * (ended - now)
        return True

    def _is_idle(self) -> bool:
        state = self._pool.state()
        return not state.running and not state.waiting

    def _learn(self, day: dt.date) -> str:
        terms = Terms(self._settings.timeout)
        taken = 0.0
        for number, side in enumerate(self._pool.perform(Sides(), terms)):
            whole = False
            while not whole:
                while not self._is_idle():
                    time.sleep(_LOOK)
                begun = time.monotonic()
                whole = self._pool.perform(Learn(side, day), terms)
                taken += time.monotonic() - begun
                if taken > _MOST_SECONDS:
                    return "part"
            if number == 0:  # so the graph is none of those that take minutes to be counted
                for task in self._counts:
                    self._pool.perform(task, terms)
        for page in self._pages(day):
            self._pool.perform(page, terms)
        return "whole"
