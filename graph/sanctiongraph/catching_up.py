"""Brings what was written onto a new build where no gateway is running that would do it."""

from __future__ import annotations

from pathlib import Path

from sanctiongraph.digests import Digests
from sanctiongraph.errors import BuildBusy
from sanctiongraph.following import difference
from sanctiongraph.live import Live, base_of, locked
from sanctiongraph.record import DERIVED
from sanctiongraph.snapshots import Snapshot, newest


def catch_up(home: Path) -> Snapshot | None:
    """Carries what clients wrote over to the published build, with what follows from it.

    Returns the new snapshot; ``None`` where nothing was written or nothing is new, and where a
    gateway has the live store: that does it itself. Raises ``BadData`` where nothing can be
    derived; then the writes are carried over all the same.
    """
    if base_of(home) is None:
        return None
    try:
        with locked(home):
            live = Live(home)
            if not live.carry_over():
                return None
            carried = live.publish(newest(home).derived)
            record = Digests.read(carried.folder / DERIVED)
            found = difference(carried.open(), record, live.folder)
            return live.follow(found)
    except BuildBusy:
        return None
