"""A cap on the address space of this process."""

from __future__ import annotations

import resource


def cap(megabytes: int) -> None:
    """Beyond it an allocation fails: Python raises ``MemoryError``, the engine aborts."""
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    # An abort is foreseen; a core file of this size each time is not wanted.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
