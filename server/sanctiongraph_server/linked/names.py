"""The index of names of a snapshot: one file below the home folder, which all readers share.

Building takes more than a reader should: 0.6 s of a processor for 58,000 triples. Whoever needs
the index first builds it; a file of another snapshot is removed then.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import suppress
from pathlib import Path

from sanctiongraph.names.index import FORM, NameIndex
from sanctiongraph.reconciliation import Service
from sanctiongraph_server.tasks import Opened

_FOLDER = "names"


def service(opened: Opened) -> Service:
    """The reconciliation service over a snapshot; made once, by ``opened.once``."""
    return Service(opened.store, opened.once(index))


def index(opened: Opened) -> NameIndex:
    """The index of its names; made once, by ``opened.once``.

    From its file, written if need be; in memory where there is nowhere to write.
    """
    if opened.settings.store:
        return NameIndex.build(opened.store)
    path = opened.settings.home / _FOLDER / f"{opened.snapshot.name}-{FORM}.sqlite"
    with suppress(sqlite3.Error):
        return NameIndex.open(path)
    try:
        _write(opened, path)
        return NameIndex.open(path)
    except (OSError, sqlite3.Error):
        return NameIndex.build(opened.store)


def _write(opened: Opened, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    # Under a name of its own: two readers may be at it, and the last one's file stays.
    with tempfile.TemporaryDirectory(prefix="unfinished-", dir=path.parent) as folder:
        unfinished = Path(folder) / path.name
        NameIndex.build(opened.store, unfinished).close()
        unfinished.replace(path)
    for other in path.parent.glob("*.sqlite"):
        if other != path:
            other.unlink(missing_ok=True)
