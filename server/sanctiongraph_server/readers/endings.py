"""Why a task ended without a result: what was decided, or how its reader died and its last words."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import Final

from sanctiongraph.errors import (
    ClientGone,
    DeadlineExceeded,
    MemoryExceeded,
    SanctiongraphError,
    Stopped,
    WorkerLost,
)
from sanctiongraph.settings import Settings
from sanctiongraph_server.readers.lanes import Verdict

#: What the engine, the C++ library below it, Python and the system say where memory is wanting.
_NO_MEMORY: Final = (
    "memory allocation of",
    "bad_alloc",
    "annot allocate memory",
    "MemoryError",
    "out of memory",
)


@dataclass(frozen=True, slots=True)
class Status:
    """How a process ended: by which signal, or else with which code."""

    signal: int
    code: int


def memory_exceeded(settings: Settings) -> MemoryExceeded:
    """A task needed more memory than it may."""
    return MemoryExceeded(
        f"this needed more memory than the {settings.query_memory_mb} MB of address space that a"
        " query may have: ask for less at once, or sort and group fewer rows"
    )


def refusal(verdict: Verdict | None, seconds: float, settings: Settings, *, began: bool) -> Stopped:
    """The error of a task that does not go on; without a verdict, its readers were ended twice."""
    match verdict:
        case Verdict.CANCELLED:
            return ClientGone("whoever asked has gone")
        case Verdict.CLOSED:
            return WorkerLost("the server is ending")
        case None:
            return WorkerLost(
                "the process that worked on this was ended from outside, twice: ask again"
            )
    most = settings.max_timeout
    more = f", or more time with timeout= (at most {most:g})" if seconds < most else ""
    if began:
        text = f"this was not done in the {seconds:g} s that it had: ask for less{more}"
    else:
        text = f"no reader was free in the {seconds:g} s that this had: try again later{more}"
    return DeadlineExceeded(text, seconds)


def error_of(
    status: Status | None, last_words: str, settings: Settings
) -> SanctiongraphError | None:
    """The error of the task that the reader was at; ``None`` where somebody else ended the reader."""
    if status is None or status in {Status(signal.SIGKILL, 0), Status(0, 0)}:
        return None
    if any(words in last_words for words in _NO_MEMORY):
        return memory_exceeded(settings)
    if status.signal in {signal.SIGSEGV, signal.SIGBUS}:
        return WorkerLost(
            "the engine's process broke off on this, most likely because it nests too deeply:"
            " ask in parts"
        )
    how = signal.Signals(status.signal).name if status.signal else f"exit code {status.code}"
    return WorkerLost(f"the engine's process broke off on this ({how}); please report it")
