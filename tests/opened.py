"""The newest snapshot, opened as readers open it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Store

from sanctiongraph.snapshots import Snapshot, hold_newest


@contextlib.contextmanager
def opened_newest(home: Path) -> Iterator[tuple[Snapshot, Store]]:
    """The store to read below ``home``, opened and held. Raises ``NotBuilt`` where there is none."""
    held = hold_newest(home)
    try:
        yield held.snapshot, held.snapshot.open()
    finally:
        held.release()
