"""Backup and restore: the dataset as one archive, consistent while it is served.

The archive is a compressed tar file. ``manifest.json`` comes first and has the SHA-256 of every
other file. ``base.nq`` is the build, ``dataset.nq`` what it has become by writes; both are N-Quads
with the blank nodes' names in the store, since the records of what was derived (``record``)
go by them. Tokens are not in it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pyoxigraph import RdfFormat, Store, parse

from sanctiongraph.canonical import write_canonical
from sanctiongraph.durable import sync_folder
from sanctiongraph.errors import BadData, BadInput, NotBuilt
from sanctiongraph.journal import note
from sanctiongraph.live import LIVE, WORKING, Live, locked, make_working
from sanctiongraph.published import Version, building, publish
from sanctiongraph.record import DERIVED
from sanctiongraph.snapshots import SnapshotFacts, hold_newest

_MANIFEST: Final = "manifest.json"
_FORM: Final = 1
_BASE: Final = "base.nq"
_BASE_RECORD: Final = "base.derived"
_DATASET: Final = "dataset.nq"
_RECORD: Final = "dataset.derived"
_FILES: Final = (_BASE, _BASE_RECORD, _DATASET, _RECORD)


@dataclass(frozen=True, slots=True)
class Backup:
    """What an archive holds."""

    #: The snapshot or build that it was made from, and the build that goes back to.
    name: str
    base: str
    #: UTC, to the second.
    created: str


def backup(home: Path, target: Path, *, force: bool = False) -> tuple[Path, Backup]:
    """Writes the newest snapshot below ``home`` to an archive; returns its path.

    ``target`` is a file, or a folder in which the file is named after the snapshot. Raises
    ``NotBuilt`` where there is no graph, ``BadInput`` where the file is there already.
    """
    held = hold_newest(home)
    snapshot = held.snapshot
    written = (snapshot.folder / "snapshot.json").exists()
    facts = SnapshotFacts.read(snapshot.folder) if written else None
    # Resolved once: another build may be carried over meanwhile.
    base = (home / WORKING).resolve() / "base" if facts else snapshot.folder
    version = json.loads((base / "version.json").read_text("utf-8"))
    about = Backup(snapshot.name, facts.base if facts else snapshot.name, _now())
    if about.base != Version(**version).name:
        raise NotBuilt("another build was published at this moment: make the backup again")
    path = target / f"sanctiongraph-{about.name}.tar.gz" if target.is_dir() else target
    if path.exists() and not force:
        raise BadInput(f"{path} is there already: give another name, or --force")
    work = path.with_name(f".{path.name}.unfinished")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        for folder, dump, record in (
            (base, _BASE, _BASE_RECORD),
            (snapshot.folder, _DATASET, _RECORD),
        ):
            if facts is None and dump == _DATASET:
                continue  # nothing was written: the build is all there is
            store = Store.read_only(str(folder / "store"))
            store.dump(str(work / dump), format=RdfFormat.N_QUADS)
            if (folder / DERIVED).exists():
                shutil.copyfile(folder / DERIVED, work / record)
        manifest = {
            "form": _FORM,
            "name": about.name,
            "base": about.base,
            "created": about.created,
            "number": facts.number if facts else 0,
            "derived": snapshot.derived,
            "version": version,
            "files": {one.name: _sha256(one) for one in sorted(work.iterdir())},
        }
        (work / _MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
        archive = work / "archive"
        with tarfile.open(archive, "w:gz", compresslevel=6) as tar:
            for name in (_MANIFEST, *manifest["files"]):
                tar.add(work / name, name, filter=_nobody)
        with archive.open("rb") as file:
            os.fsync(file.fileno())
        archive.chmod(0o600)
        archive.replace(path)
        sync_folder(path.parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        held.release()
    return path, about


def restore(home: Path, path: Path, *, force: bool = False) -> Backup:
    """Makes what an archive holds the graph below ``home``: the build and what was written to it.

    Everything is verified before anything is changed. Raises ``BadData`` for a file that is no
    whole archive, ``BadInput`` where there is a graph already and no ``force``, ``BuildBusy``
    where the folder is being served or built in.
    """
    with locked(home), building(home) as work:
        if not force and ((home / "current").is_symlink() or (home / WORKING).is_symlink()):
            raise BadInput(
                f"there is a graph in {home}: give another --home, or --force to lose that graph"
            )
        manifest = _unpacked(path, work)
        version = Version(**manifest["version"])
        number = max(manifest["number"], _newest_number(home))
        build, written = work / "build", _DATASET in manifest["files"]
        build.mkdir()
        _load(work / _BASE, build / "store")
        write_canonical(Store.read_only(str(build / "store")), build / "dataset.nq")
        if (work / _BASE_RECORD).exists():
            shutil.copyfile(work / _BASE_RECORD, build / DERIVED)
        if written:
            _load(work / _DATASET, work / "store")
        shutil.rmtree(home / LIVE, ignore_errors=True)
        published = publish(home, build, version)
        if written:
            (home / LIVE / "workings").mkdir(parents=True)
            make_working(home, published, lambda folder: _put(work, folder))
            live = Live(home, first=number + 1)
            own = manifest["derived"] == manifest["name"]
            live.publish(None if own else manifest["derived"])
        return Backup(manifest["name"], manifest["base"], manifest["created"])


def _put(work: Path, folder: Path) -> None:
    """Puts the written store and its record in the place of the build's."""
    note(folder, None)
    shutil.rmtree(folder / "store")
    (work / "store").rename(folder / "store")
    (folder / DERIVED).unlink(missing_ok=True)
    if (work / _RECORD).exists():
        (work / _RECORD).rename(folder / DERIVED)


def _unpacked(path: Path, work: Path) -> dict[str, Any]:
    """The manifest; the other files are in ``work`` and as the manifest says."""
    try:
        with tarfile.open(path, "r:gz") as tar:
            first = tar.next()
            content = tar.extractfile(first) if first and first.name == _MANIFEST else None
            if content is None:
                raise BadData(f"{path} is no backup of this program: its manifest is missing")
            manifest: dict[str, Any] = json.loads(content.read())
            if manifest["form"] != _FORM:
                raise BadData(f"{path} was made by a newer version of this program: use that one")
            while (member := tar.next()) is not None:
                source = tar.extractfile(member) if member.name in _FILES else None
                if source is None:
                    raise BadData(f"{path} holds {member.name!r}, which no backup has")
                with (work / member.name).open("wb") as file:
                    shutil.copyfileobj(source, file)
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise BadData(f"{path} is no whole backup: {error}") from error
    for name, sha256 in manifest["files"].items():
        found = work / name
        if name not in _FILES or not found.exists() or _sha256(found) != sha256:
            raise BadData(f"{path} is damaged: {name} is not what its manifest says")
    return manifest


def _load(dump: Path, store: Path) -> None:
    """Loads N-Quads, blank nodes by their names; the bulk loader would name them anew."""
    opened = Store(str(store))
    opened.bulk_extend(parse(path=str(dump), format=RdfFormat.N_QUADS, lenient=True))
    opened.flush()


def _newest_number(home: Path) -> int:
    """Names of snapshots are not used again: clients know answers by them."""
    try:
        return SnapshotFacts.read((home / LIVE / "snapshot").resolve()).number
    except NotBuilt:
        return 0


def _nobody(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the names of whoever makes the backup."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _now() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
