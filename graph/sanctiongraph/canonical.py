"""Canonical N-Quads: one text, and so one hash, for one dataset.

Quads with blank nodes (the ontology's lists) go through RDF Dataset Canonicalization (RDFC-1.0);
all others are their own canonical form. Lines are sorted by code point.
"""

from __future__ import annotations

import bisect
import hashlib
import heapq
import mmap
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Quad,
    RdfFormat,
    Store,
    parse,
    serialize,
)

from sanctiongraph.incremental.change import NotBoundedError

#: Bytes of lines that are in memory at once while they are sorted: of each line, twice as many.
_AT_ONCE: Final = 512 * 1024 * 1024


def write_canonical(store: Store, path: Path, at_once: int = _AT_ONCE) -> str:
    """Writes the store's canonical N-Quads to ``path``; returns their SHA-256 in hexadecimal.

    Lines are sorted ``at_once`` bytes at a time, in files beside it, and merged.
    """
    with TemporaryDirectory(dir=path.parent) as name, ExitStack() as opened:
        folder = Path(name)
        store.dump(str(folder / "dump"), format=RdfFormat.N_QUADS)
        runs: list[Path] = []
        last: list[bytes] = []
        blank: list[bytes] = []
        with (folder / "dump").open("rb") as file:
            while lines := file.readlines(at_once):
                if last:
                    runs.append(_sorted_run(last, folder / f"run-{len(runs)}"))
                blank += [line for line in lines if b"_:" in line]
                last = [line for line in lines if b"_:" not in line]
        (folder / "dump").unlink()
        last += _labelled(blank)
        last.sort()
        parts = [opened.enter_context(run.open("rb")) for run in runs]
        with path.open("wb") as file:
            file.writelines(heapq.merge(*parts, last) if parts else last)
    return _sha256(path)


def _sorted_run(lines: list[bytes], path: Path) -> Path:
    lines.sort()
    with path.open("wb") as file:
        file.writelines(lines)
    return path


def _labelled(blank: list[bytes]) -> list[bytes]:
    """Lines with blank nodes, those under their canonical names."""
    if not blank:
        return []
    labelled = Dataset(parse(b"".join(blank), format=RdfFormat.N_QUADS))
    labelled.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return (serialize(labelled, format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)


def write_changed(before: Path, path: Path, added: Iterable[Quad], removed: Iterable[Quad]) -> str:
    """Writes canonical N-Quads that differ from others by quads without blank nodes, as
    ``write_canonical`` does. Raises ``NotBoundedError`` for a blank node.
    """
    new, old = _lines(added), _lines(removed)
    with (
        before.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text,
        path.open("wb") as target,
    ):
        lines, done = _Lines(text), 0
        for line in sorted(new | old):
            at = lines.start_of(bisect.bisect_left(lines, line))
            target.write(text[done:at])
            done = at
            if line in new:
                target.write(line)
            elif text[at : at + len(line)] == line:
                done += len(line)
            else:
                raise ValueError(f"no line of {before}: {line!r}")
        target.write(text[done:])
    return _sha256(path)


def _lines(quads: Iterable[Quad]) -> set[bytes]:
    lines = set()
    for quad in quads:
        line = f"{quad} .\n".encode()
        if b"_:" in line and any(isinstance(end, BlankNode) for end in (quad.subject, quad.object)):
            raise NotBoundedError("a blank node has changed")
        lines.add(line)
    return lines


class _Lines:
    """The lines of a text by the places of their bytes: the line at a place is the one around it."""

    def __init__(self, text: mmap.mmap) -> None:
        self._text = text

    def __len__(self) -> int:
        return len(self._text)

    def __getitem__(self, place: int) -> bytes:
        start = self._text.rfind(b"\n", 0, place) + 1
        return self._text[start : self._text.find(b"\n", place) + 1]

    def start_of(self, place: int) -> int:
        """Where the line at a place begins; the end of the text for the place after the last."""
        if place >= len(self._text):
            return len(self._text)
        return self._text.rfind(b"\n", 0, place) + 1


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
