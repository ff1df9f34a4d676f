"""The quads that writes may have changed since everything derived last followed.

A line a quad is appended before a write is made, and is on the disk before it is: so the journal may
name quads that did not change, and lacks none that did. A write of which it cannot be told what it
changes leaves a line that says so. The journal begins anew when everything derived has followed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse

from sanctiongraph.asserted import as_stored
from sanctiongraph.durable import write_file

#: Name of the file, below the folder of the live store.
JOURNAL: Final = "journal"
_ANYTHING: Final = b"*\n"
#: Quads of one write beyond which deriving everything anew costs no more.
_MOST: Final = 100_000


def begin(folder: Path) -> None:
    """Lets the journal begin anew."""
    write_file(folder / JOURNAL, b"")


def note(folder: Path, quads: Iterable[Quad] | None) -> None:
    """Adds quads that are about to change; ``None`` where that may be any."""
    some = None if quads is None else list(islice(quads, _MOST + 1))
    with (folder / JOURNAL).open("ab") as file:
        if some is None or len(some) > _MOST:
            file.write(_ANYTHING)
        else:
            file.writelines(f"{quad} .\n".encode() for quad in some)
        file.flush()
        os.fdatasync(file.fileno())


def noted(folder: Path) -> set[Quad] | None:
    """The quads that may have changed; ``None`` where that may be any, or nobody took note."""
    try:
        content = (folder / JOURNAL).read_bytes()
    except FileNotFoundError:
        return None
    if content.startswith(_ANYTHING) or b"\n" + _ANYTHING in content:
        return None
    try:
        return set(as_stored(parse(content, format=RdfFormat.N_QUADS, lenient=True)))
    except SyntaxError:  # a line that a power cut broke off
        return None
