"""What has to be on the disk before it counts: syncing files and folders, and switching pointers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def sync_tree(folder: Path, *, linked: bool = True) -> None:
    """Syncs every file below the folder, and the folders.

    Without ``linked`` files that have another name elsewhere are left out: of a backup those are
    the engine's tables, which it syncs when it writes them.
    """
    for path in folder.rglob("*"):
        if path.is_dir():
            sync_folder(path)
        elif linked or path.stat().st_nlink == 1:
            with path.open("rb") as file:
                os.fsync(file.fileno())
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Syncs the names in a folder, not what they name."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_log(store: Path) -> None:
    """Syncs the write-ahead log of an open store: the engine does not do that at a commit."""
    for path in store.glob("*.log"):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fdatasync(handle)
        finally:
            os.close(handle)


def write_file(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Writes a file so that whoever looks sees the old content or the new, even after a power cut."""
    with written(path, mode) as file:
        file.write(content)


@contextmanager
def written(path: Path, mode: int = 0o644) -> Iterator[IO[bytes]]:
    """A file to write to; as ``path``, and on the disk, when all is written, as ``write_file``."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    sync_folder(path.parent)


def point(pointer: Path, target: Path) -> None:
    """Lets the symbolic link ``pointer`` lead to ``target``, below its folder, in one rename."""
    new = pointer.with_name(pointer.name + ".new")
    new.unlink(missing_ok=True)
    new.symlink_to(target.relative_to(pointer.parent))
    new.replace(pointer)
    sync_folder(pointer.parent)
