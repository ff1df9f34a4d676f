"""The store that clients' writes go to, made from a build at the first write; ``docs/gateway.md``.

``live/`` below the home folder has one owner, who holds its lock. ``live/working`` points to the
folder with the store, what it was made from (``base/``) and the record of what in it was derived;
so that all three change together when another build is published.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, Store

from sanctiongraph.difference import Difference
from sanctiongraph.digests import Digests
from sanctiongraph.durable import point, sync_folder, sync_log, sync_tree, write_file
from sanctiongraph.errors import BuildBusy, EvaluationFailed, NotBuilt
from sanctiongraph.journal import begin, note
from sanctiongraph.published import Published, current
from sanctiongraph.record import DERIVED, PLAIN, digest
from sanctiongraph.snapshots import POINTER, Snapshot, SnapshotFacts
from sanctiongraph.transaction import change

LIVE: Final = "live"
WORKING: Final = Path(LIVE) / "working"
_WORKINGS: Final = Path(LIVE) / "workings"
SNAPSHOTS: Final = Path(LIVE) / "snapshots"
#: Below the working folder: the store as it was when everything derived last followed.
FOLLOWED: Final = "followed"
_UNFINISHED: Final = ".unfinished"
_LOCK: Final = "live.lock"

Sync = Callable[[Path], None]


def lock(home: Path, patience: float = 0) -> int:
    """The handle of the lock on ``live/``; it is let go when no process has the handle open.

    Raises ``BuildBusy`` where somebody else holds it after ``patience`` seconds.
    """
    home.mkdir(parents=True, exist_ok=True)
    handle = os.open(home / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= until:
                os.close(handle)
                raise BuildBusy(f"the graph in {home} is being served: end that first") from error
            time.sleep(0.02)
        else:
            return handle


@contextlib.contextmanager
def locked(home: Path) -> Iterator[None]:
    """Holds ``live/``; raises ``BuildBusy`` where somebody else does."""
    handle = lock(home)
    try:
        yield
    finally:
        os.close(handle)


def base_of(home: Path) -> str | None:
    """The build that the live store was made from; ``None`` where nothing was ever written."""
    pointer = home / WORKING
    return pointer.readlink().name if pointer.is_symlink() else None


class Live:
    """The live store, open. Whoever makes one holds the lock."""

    def __init__(self, home: Path, sync: Sync = sync_log, first: int = 1) -> None:
        """Opens the live store below ``home``, which is made where there is none.

        ``sync`` brings the write-ahead log to the disk; snapshots are numbered from ``first`` or
        higher. Raises ``NotBuilt`` where no graph is
        published, ``EvaluationFailed`` where the store cannot be opened.
        """
        self._home = home
        self._sync = sync
        # Snapshots are taken while a change is at work, and none while the store is replaced.
        self._publishing = threading.Lock()
        (home / SNAPSHOTS).mkdir(parents=True, exist_ok=True)
        (home / _WORKINGS).mkdir(exist_ok=True)
        self._clean()
        if base_of(home) is None:
            make_working(home, current(home))
        self.store = self._open()
        self._number = max(first - 1, self._last_number())

    @property
    def folder(self) -> Path:
        """The folder of the store, its base and its record."""
        return (self._home / WORKING).resolve()

    @property
    def base(self) -> str:
        """The build that the store goes back to."""
        return self.folder.name

    def note(self, quads: Iterable[Quad] | None) -> None:
        """Takes note of quads that are about to be written or removed; ``None`` where that may be any."""
        note(self.folder, quads)

    def publish(self, derived: str | None) -> Snapshot:
        """Makes what is committed durable, and a snapshot of it the newest.

        ``derived`` names the snapshot up to which everything derived has followed; ``None`` is the
        new one itself. It is on the disk, and readers find it, when this returns.
        """
        with self._publishing:
            self._sync(self.folder / "store")
            self._number += 1
            name = f"{self.base}-{self._number}"
            facts = SnapshotFacts(name, self.base, self._number, derived or name)
            work = self._home / SNAPSHOTS / _UNFINISHED
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir()
            self.store.backup(str(work / "store"))
            if (self.folder / DERIVED).exists():
                os.link(self.folder / DERIVED, work / DERIVED)
            facts.write(work)
            snapshot = Snapshot(work, name, facts.derived)
            snapshot.open().query("ASK { ?s ?p ?o }")  # whole, or it does not open
            sync_tree(work, linked=False)
            folder = work.with_name(name)
            work.rename(folder)
            sync_folder(folder.parent)
            point(self._home / POINTER, folder)
            self._prune()
            return Snapshot(folder, name, facts.derived)

    def prune(self) -> None:
        """Removes the snapshots that are not the newest and that nobody reads."""
        with self._publishing:
            self._prune()

    def follow(self, found: Difference) -> Snapshot:
        """Applies what a derivation found, in one transaction, and publishes it.

        While it is not certain whether the transaction was made, the record holds both what was
        derived before and what is now: a derived quad must never be taken for an asserted one.
        """
        path = self.folder / DERIVED
        before = Digests.read(path)
        before.changed(found.newly, ()).write(path)
        dropped = "; ".join(f"DROP SILENT GRAPH {NamedNode(one)}" for one in found.emptied)
        change(self.store, removed=found.removed, added=found.added, last=dropped)
        self._sync(self.folder / "store")
        # Only now is it certain; and what is published, and backed up, has the exact record.
        before.changed(found.newly, found.no_longer).write(path)
        snapshot = self.publish(None)
        self._keep_followed(snapshot, found.plain)
        return snapshot

    def _keep_followed(self, snapshot: Snapshot, plain: bool) -> None:
        """Keeps the snapshot, by links, for the next derivation to go out from."""
        work = self.folder / f"{FOLLOWED}{_UNFINISHED}"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        snapshot.open().backup(str(work / "store"))
        os.link(snapshot.folder / DERIVED, work / DERIVED)
        if plain:
            (work / PLAIN).touch()
        sync_tree(work, linked=False)
        kept = self.folder / FOLLOWED
        shutil.rmtree(kept, ignore_errors=True)
        work.rename(kept)
        # Only now: the journal may say too much, and never too little.
        begin(self.folder)

    def carry_over(self) -> bool:
        """Where another build is published, makes it the base and applies clients' changes to it.

        Returns whether there was one. Derived data is then that of the build: what follows from
        the changes has to be derived. Raises ``NotBuilt``.
        """
        published = current(self._home)
        if published.version.name == self.base:
            return False
        with self._publishing:
            added, removed = self._changes()
            make_working(self._home, published, lambda folder: _changed(folder, added, removed))
            self.store = self._open()
            self._clean()
            return True

    def _changes(self) -> tuple[list[Quad], list[Quad]]:
        """What clients have asserted, and what they have removed of what the base asserts."""
        folder = self.folder
        base = Store.read_only(str(folder / "base" / "store"))
        # All of them in memory: every quad is looked up.
        record, of_base = (
            frozenset(Digests.read(path / DERIVED)) for path in (folder, folder / "base")
        )
        added = [
            quad
            for quad in self.store
            if (one := digest(quad)) not in record and (one in of_base or quad not in base)
        ]
        removed = [quad for quad in base if digest(quad) not in of_base and quad not in self.store]
        return added, removed

    def _open(self) -> Store:
        try:
            return Store(str(self.folder / "store"))
        except OSError as error:
            raise EvaluationFailed(f"the live store cannot be opened: {error}") from error

    def _clean(self) -> None:
        """Removes what a process that was killed has left behind, and stores out of use."""
        shutil.rmtree(self._home / SNAPSHOTS / _UNFINISHED, ignore_errors=True)
        used = base_of(self._home)
        for path in (self._home / _WORKINGS).iterdir():
            if path.name != used:
                shutil.rmtree(path, ignore_errors=True)

    def _last_number(self) -> int:
        """The highest number that a snapshot was given."""
        numbers = [0]
        for folder in (self._home / SNAPSHOTS).iterdir():
            with contextlib.suppress(NotBuilt):
                numbers.append(SnapshotFacts.read(folder).number)
        return max(numbers)

    def _prune(self) -> None:
        pointer = self._home / POINTER
        newest = pointer.resolve().name
        for folder in (self._home / SNAPSHOTS).iterdir():
            if folder.name != newest:
                _remove_unheld(folder)


def make_working(
    home: Path, published: Published, prepare: Callable[[Path], None] = lambda _: None
) -> None:
    """Makes a live store from a build and, in one rename, the one in use.

    ``prepare`` may change it in its folder before that. What it is made of is linked, not copied.
    """
    work = home / _WORKINGS / _UNFINISHED
    shutil.rmtree(work, ignore_errors=True)
    (work / "base").mkdir(parents=True)
    built = published.open()
    for folder in (work, work / "base"):
        built.backup(str(folder / "store"))
        if (record := published.folder / DERIVED).exists():
            write_file(folder / DERIVED, record.read_bytes())
    shutil.copy(published.folder / "version.json", work / "base")
    if (published.folder / PLAIN).exists():
        (work / "base" / PLAIN).touch()
    begin(work)
    prepare(work)
    sync_tree(work)
    folder = work.with_name(published.version.name)
    shutil.rmtree(folder, ignore_errors=True)
    work.rename(folder)
    sync_folder(folder.parent)
    point(home / WORKING, folder)


def _changed(folder: Path, added: list[Quad], removed: list[Quad]) -> None:
    note(folder, [*added, *removed])
    store = Store(str(folder / "store"))
    change(store, removed=removed, added=added)
    store.flush()


def _remove_unheld(folder: Path) -> None:
    """Removes a snapshot unless somebody holds it.

    It is moved aside under the lock, so that a reader who waits for the lock finds it gone.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        aside = folder.with_name(f"{_UNFINISHED}-{folder.name.removeprefix(_UNFINISHED + '-')}")
        folder.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)
    except BlockingIOError:
        pass
    finally:
        os.close(handle)
