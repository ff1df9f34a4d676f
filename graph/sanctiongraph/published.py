"""The folder of published graphs: ``versions/<hash>/`` and the pointer ``current``.

A version is complete before the pointer is switched, in one ``rename``; so a reader sees the old
graph or the new one, and an interrupted build leaves the old one in place.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from sanctiongraph.durable import point, sync_folder, sync_tree
from sanctiongraph.errors import BuildBusy, NotBuilt


@dataclass(frozen=True, slots=True)
class Version:
    """What is known of a published graph. Times in seconds."""

    #: SHA-256 of the canonical N-Quads.
    sha256: str
    #: SHA-256 over the files that the build read and the program that read them.
    fingerprint: str
    triples: int
    graphs: int
    claims: int
    entailed: int
    assemble_seconds: float
    load_seconds: float
    #: What the build did: everything anew and why, or what of the files had changed.
    how: str = ""

    @property
    def name(self) -> str:
        """A short name, good enough to cite."""
        return self.sha256[:16]


@dataclass(frozen=True, slots=True)
class Published:
    """A published graph on disk."""

    folder: Path
    version: Version

    def open(self) -> Store:
        """The store, read-only; it stays valid when a newer version is published."""
        return Store.read_only(str(self.folder / "store"))

    @property
    def dump(self) -> Path:
        """The canonical N-Quads of the whole dataset."""
        return self.folder / "dataset.nq"


def current(home: Path) -> Published:
    """The graph that is published below ``home``.

    Raises ``NotBuilt`` where there is none.
    """
    pointer = home / "current"
    try:
        folder = pointer.resolve(strict=True)
        version = Version(**json.loads((folder / "version.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise NotBuilt(f"no graph is published in {home}: run sanctiongraph build") from error
    return Published(folder, version)


@contextlib.contextmanager
def building(home: Path) -> Iterator[Path]:
    """A fresh folder to build in, held by one process at a time; what is left in it is removed.

    Raises ``BuildBusy`` where another build is at work.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildBusy(f"another build is at work in {home}: wait for it to end") from error
        work = home / "unfinished"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def load(nquads: Path, store: Path) -> None:
    """Bulk-loads canonical N-Quads, which are known to be valid, into a new on-disk store."""
    opened = Store(str(store))
    opened.bulk_load(path=str(nquads), format=RdfFormat.N_QUADS, lenient=True)
    opened.flush()


def publish(home: Path, work: Path, version: Version) -> Published:
    """Makes the finished build in ``work`` the published graph.

    What was published before is kept beside it, since a reader may be opening it; what is older
    is removed.
    """
    (work / "version.json").write_text(json.dumps(asdict(version), indent=1) + "\n", "utf-8")
    sync_tree(work)
    versions = home / "versions"
    versions.mkdir(exist_ok=True)
    folder = _not_there_yet(versions, version.name)
    work.rename(folder)
    sync_folder(versions)
    pointer = home / "current"
    kept = {folder.name, pointer.resolve().name}
    point(pointer, folder)
    for path in versions.iterdir():
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)
    return Published(folder, version)


def _not_there_yet(versions: Path, name: str) -> Path:
    """A folder for a version; built again, a version never takes the place of what is published."""
    names = (name if number == 1 else f"{name}-{number}" for number in itertools.count(1))
    return next(path for name in names if not (path := versions / name).exists())
