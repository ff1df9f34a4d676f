"""How long the work at hand may go on asking a store, and whether anybody still waits for it.

It goes with the thread and not with the store: those who share a store have times of their own.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from sanctiongraph.errors import ClientGone, DeadlineExceeded


@dataclass(frozen=True, slots=True)
class _Patience:
    seconds: float
    end: float
    gone: Callable[[], bool]


_PATIENCE: Final[ContextVar[_Patience | None]] = ContextVar("patience", default=None)


@contextlib.contextmanager
def patient(seconds: float, gone: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """All requests inside together have so many seconds; ``gone`` says that nobody waits any more."""
    held = _PATIENCE.set(_Patience(seconds, time.monotonic() + seconds, gone))
    try:
        yield
    finally:
        _PATIENCE.reset(held)


def left(seconds: float) -> float:
    """The seconds of a request that may take ``seconds`` by itself.

    Raises ``DeadlineExceeded`` where the time of all is over, and ``ClientGone``.
    """
    patience = _PATIENCE.get()
    if patience is None:
        return seconds
    if patience.gone():
        raise ClientGone("nobody waits for the answer any more")
    rest = patience.end - time.monotonic()
    if rest <= 0:
        raise DeadlineExceeded(
            f"the store was asked for longer than {patience.seconds:g} seconds", patience.seconds
        )
    return min(seconds, rest)
