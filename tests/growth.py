"""Whether work grows with the length of its input, and no faster."""

from __future__ import annotations

import time
from collections.abc import Callable

#: Seconds of processor time, which others on the machine do not lengthen by much.
_AT_MOST = 20
#: For four times the input: quadratic work takes sixteen times as long.
_FACTOR = 9
#: Seconds below which the clock tells more than the work.
_NOISE = 0.3
_TRIES = 4


def assert_linear(work: Callable[[int], object], size: int) -> None:
    """Does the work for the size and for a quarter of it."""
    quarter = _seconds(work, size // 4)
    taken: list[float] = []
    # Other threads of the process count as well: once in some times is enough.
    while len(taken) < _TRIES and not (taken and min(taken) < _FACTOR * quarter + _NOISE):
        taken.append(_seconds(work, size))
        assert taken[-1] < _AT_MOST
    assert min(taken) < _FACTOR * quarter + _NOISE, (quarter, taken)


def _seconds(work: Callable[[int], object], size: int) -> float:
    begun = time.process_time()
    work(size)
    return time.process_time() - begun
