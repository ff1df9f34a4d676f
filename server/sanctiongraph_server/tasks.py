"""What can be asked of a reader, as values that travel to it, and on which terms.

A task is a small dataclass that knows how to perform itself on an open snapshot. Flask makes it,
a reader performs it; nothing else crosses between them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol, TypeVar, cast

from sanctiongraph.reasoner import Reasoner
from sanctiongraph.settings import Settings
from sanctiongraph.snapshots import Snapshot
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph_server.cancellation import Cancellation
from sanctiongraph_server.light import light
from sanctiongraph_server.spool import Sink, Spool

R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")


class Opened(Protocol):
    """A snapshot as a reader has it open; it does not change while a task is performed."""

    @property
    def settings(self) -> Settings:
        """What the operator chose."""
        ...

    @property
    def snapshot(self) -> Snapshot:
        """Which one it is."""
        ...

    @property
    def store(self) -> GraphStore:
        """Its store, read-only."""
        ...

    @property
    def folder(self) -> Path | None:
        """Where its files are; ``None`` where the store is elsewhere."""
        ...

    def reasoner(self) -> Reasoner:
        """The reasoner over it, made when it is first asked for."""
        ...

    def once(self, make: Callable[[Opened], R]) -> R:
        """What a function makes of it, made when it is first asked for."""
        ...


class Task(Protocol[R_co]):
    """Something to be worked out from the graph. Has to be picklable, and its result as well."""

    def perform(self, opened: Opened) -> R_co:
        """The result. May raise any ``SanctiongraphError``, which reaches whoever asked."""
        ...


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a task may take, in seconds, waiting included, and who may call it off."""

    seconds: float
    cancellation: Cancellation | None = None


class Performer(Protocol):
    """Has tasks performed."""

    def perform(self, task: Task[R], terms: Terms) -> R:
        """The result of the task.

        Raises what the task raises, and ``DeadlineExceeded``, ``MemoryExceeded``,
        ``ResultTooLarge``, ``ClientGone``, ``WorkerLost`` or ``Overloaded``.
        """
        ...


@light
@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, and which snapshot gave it.

    What goes with one is in a subclass, also marked ``light``: inside another value a large answer
    would not reach whoever asked, since only that of a ``Reply`` itself leaves as an open file.
    """

    body: bytes | Spool
    content_type: str
    version: str
    #: Name of the snapshot up to which everything derived has followed.
    derived: str

    def whole(self) -> bytes:
        """All of its bytes; a file that they are in is given back, so only once."""
        if isinstance(self.body, bytes):
            return self.body
        try:
            return self.body.read()
        finally:
            self.body.close()


def answered(opened: Opened, content_type: str, write: Callable[[IO[bytes]], object]) -> Answer:
    """An answer from what ``write`` writes. Raises ``ResultTooLarge``."""
    with Sink(opened.settings.max_result_bytes) as sink:
        write(cast(IO[bytes], sink))
        body = sink.taken()
    return Answer(body, content_type, opened.snapshot.name, opened.snapshot.derived)


def answered_in_json(opened: Opened, value: Any) -> Answer:
    """An answer in JSON: one line, names in their order, all of it ASCII. Raises ``ResultTooLarge``."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":")) + "\n"
    return answered(opened, "application/json", lambda sink: sink.write(text.encode("ascii")))


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader made for a page, and which snapshot it saw."""

    #: Name of the snapshot.
    version: str
    #: Name of the snapshot up to which everything derived has followed.
    derived: str


def seen_of(opened: Opened) -> tuple[str, str]:
    """Both names of an open snapshot, with which every ``Seen`` begins."""
    return opened.snapshot.name, opened.snapshot.derived


@dataclass(frozen=True, slots=True)
class Ping:
    """Whether a reader answers."""

    def perform(self, opened: Opened) -> str:
        """Name of the snapshot that it has open."""
        return opened.snapshot.name
