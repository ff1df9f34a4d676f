"""A cap on the address space of this process."""

from __future__ import annotations

import os
import resource


def cap(megabytes: int) -> None:
    """Beyond it an allocation fails: Python raises ``MemoryError``, the engine aborts."""
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    # An abort is foreseen; a core file of this size each time is not wanted.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def environment() -> dict[str, str]:
    """What a process is started with that gets a cap.

    The C library otherwise reserves 64 MB of address space for each thread of the engine, which
    would count against it.
    """
    return {**os.environ, "MALLOC_ARENA_MAX": "2"}
