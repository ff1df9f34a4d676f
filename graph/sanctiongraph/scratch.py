"""Folders that a process works in for a while; whatever is left of them when it ends is removed.

A process holds a lock on its own folder. One that was killed holds none any more, so the next that
needs a folder in the same place removes what it left.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

#: Below the home folder.
NAME: Final = "scratch"


class _Place:
    """Where folders are made; one a process."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.own: tuple[int, Path] | None = None


_PLACE: Final = _Place()


def use(folder: Path) -> None:
    """Has folders made below ``folder``, which is made when it is needed.

    It should be where the graph is: then a copy of a store shares its files.
    """
    if folder != _PLACE.folder:
        _PLACE.folder, _PLACE.own = folder, None


def new_folder() -> Path:
    """The name of a folder to make, in the place that is in use, else where temporary files go.

    Raises ``OSError`` where neither can be written to.
    """
    if _PLACE.folder is not None:
        with contextlib.suppress(OSError):
            return _new_in(_PLACE.folder)
    shared = Path(tempfile.gettempdir()) / f"sanctiongraph-{os.getuid()}"
    shared.mkdir(mode=0o700, exist_ok=True)
    if shared.is_symlink() or shared.stat().st_uid != os.getuid():
        raise PermissionError(f"{shared} is somebody else's")
    return _new_in(shared)


def _new_in(place: Path) -> Path:
    # A process that was forked off has not the folder of the one that it comes from.
    if _PLACE.own is None or _PLACE.own[0] != os.getpid():
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        sweep(place)
        _PLACE.own = os.getpid(), _locked(place)
    return Path(tempfile.mkdtemp(dir=_PLACE.own[1])) / "store"


def sweep(place: Path) -> None:
    """Removes the folders of processes that have ended."""
    for folder in _folders(place):
        try:
            handle = os.open(folder, os.O_RDONLY)
        except OSError:  # another one was quicker, or it is not for us to remove
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # its process is at work
            pass
        finally:
            os.close(handle)


def _folders(place: Path) -> Iterator[Path]:
    with contextlib.suppress(FileNotFoundError):
        for entry in os.scandir(place):
            if entry.is_dir(follow_symlinks=False):
                yield Path(entry.path)


def _locked(place: Path) -> Path:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=place))
        handle = os.open(folder, os.O_RDONLY)  # closed, and so unlocked, by the end of the process
        fcntl.flock(handle, fcntl.LOCK_EX)
        with contextlib.suppress(FileNotFoundError):  # removed before the lock was there
            if os.path.samestat(os.fstat(handle), folder.stat()):
                atexit.register(shutil.rmtree, folder, ignore_errors=True)
                return folder
        os.close(handle)
