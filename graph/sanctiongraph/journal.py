"""The quads that writes may have changed since everything derived last followed.

A line a quad is appended before a write is made, and is on the disk before it is: so the journal may
name quads that did not change, and lacks none that did. A write of which it cannot be told what it
changes leaves a line that says so. The journal begins anew when everything derived has followed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse

from sanctiongraph.durable import write_file

#: Name of the file, below the folder of the live store.
JOURNAL: Final = "journal"
_ANYTHING: Final = b"*\n"


def begin(folder: Path) -> None:
    """Lets the journal begin anew."""
    write_file(folder / JOURNAL, b"")


def note(folder: Path, quads: Iterable[Quad] | None) -> None:
    """Adds quads that are about to change; ``None`` where that may be any."""
    lines = _ANYTHING if quads is None else b"".join(f"{quad} .\n".encode() for quad in quads)
    handle = os.open(folder / JOURNAL, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(handle, lines)
        os.fdatasync(handle)
    finally:
        os.close(handle)


def noted(folder: Path) -> set[Quad] | None:
    """The quads that may have changed; ``None`` where that may be any, or nobody took note."""
    try:
        content = (folder / JOURNAL).read_bytes()
    except FileNotFoundError:
        return None
    if content.startswith(_ANYTHING) or b"\n" + _ANYTHING in content:
        return None
    try:
        return set(parse(content, format=RdfFormat.N_QUADS, lenient=True))
    except SyntaxError:  # a line that a power cut broke off
        return None
