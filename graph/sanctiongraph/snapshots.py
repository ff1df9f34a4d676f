"""Which store readers open: the newest snapshot of the live store, or else the published build.

A folder that readers open is never changed. Who reads holds a shared lock on it, so that whoever
removes old snapshots can tell which are still read; see ``docs/gateway.md``.
"""

from __future__ import annotations

import fcntl
import json
import os
import weakref
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Store

from sanctiongraph.errors import NotBuilt
from sanctiongraph.published import current

#: Below the home folder: the pointer to the newest snapshot, absent where nothing was written.
POINTER: Final = Path("live") / "snapshot"
_FACTS: Final = "snapshot.json"

Identity = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class SnapshotFacts:
    """What is written down beside the store of a snapshot."""

    #: ``<version>-<number>``.
    name: str
    #: The build that the live store goes back to.
    base: str
    number: int
    #: Name of the snapshot or build up to which everything derived has followed.
    derived: str

    def write(self, folder: Path) -> None:
        """Writes ``snapshot.json``; syncing is the caller's."""
        (folder / _FACTS).write_text(json.dumps(asdict(self), indent=1) + "\n", "utf-8")

    @classmethod
    def read(cls, folder: Path) -> SnapshotFacts:
        """Raises ``NotBuilt`` where the folder is no whole snapshot."""
        try:
            return cls(**json.loads((folder / _FACTS).read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise NotBuilt(f"{folder} holds no whole snapshot ({error})") from error


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A store that does not change, and what it is."""

    folder: Path
    name: str
    derived: str

    def open(self) -> Store:
        """The store, read-only."""
        return Store.read_only(str(self.folder / "store"))


class Held:
    """A snapshot that is not removed until this is released, collected, or its process has ended."""

    def __init__(self, snapshot: Snapshot, handle: int) -> None:
        self.snapshot = snapshot
        self._end = weakref.finalize(self, os.close, handle)

    def release(self) -> None:
        """Lets the folder be removed; more than once is as good as once."""
        self._end()


def hold_newest(home: Path) -> Held:
    """Holds the store to read below ``home``.

    Between finding the newest and locking it, it may be replaced and removed; then the one that
    replaced it is taken. Raises ``NotBuilt`` where there is none.
    """
    while True:
        snapshot = newest(home)
        if (handle := _lock(snapshot.folder)) is not None:
            return Held(snapshot, handle)


def _lock(folder: Path) -> int | None:
    """A shared lock on the folder; ``None`` where it was removed before the lock was there."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        if os.path.samestat(os.fstat(handle), folder.stat()):
            return handle
    except FileNotFoundError:
        pass
    os.close(handle)
    return None


def newest(home: Path) -> Snapshot:
    """The store to read below ``home``; see ``hold_newest`` for whoever opens it.

    Raises ``NotBuilt`` where there is none.
    """
    pointer = home / POINTER
    while pointer.is_symlink():
        folder = pointer.resolve()
        try:
            facts = SnapshotFacts.read(folder)
        except NotBuilt:
            if pointer.resolve() == folder:
                raise
        else:
            return Snapshot(folder, facts.name, facts.derived)
    published = current(home)
    name = published.version.name
    return Snapshot(published.folder, name, name)


def identity(home: Path) -> Identity | None:
    """Which store is newest, told by one or two ``stat`` calls; ``None`` where there is none."""
    # Asked for at every request: text is put together ten times as fast as paths.
    for path in (f"{home}/live/snapshot/{_FACTS}", f"{home}/current/version.json"):
        try:
            stat = os.stat(path)  # noqa: PTH116
        except OSError:
            continue
        return stat.st_dev, stat.st_ino, stat.st_mtime_ns
    return None
