"""Rows as every layout gives them, and the lines of a file that they are read from.

Each line, or record, of a file ends in exactly one of the things that are here: a row, a bad row with
its reason, or what is no row (a preamble, a header, the mark of the end). Nothing is skipped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sanctiongraph.errors import BadData
from sanctiongraph.registers.specs import Field, Layout

#: Longest line of a file that is read.
_LONGEST: Final = 1_000_000

Fields = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its lines, its fields, and the digest of all that the register says in it."""

    line: int
    lines: int
    fields: Fields
    digest: str
    #: Which record of the file it is, where lines do not tell records apart.
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that cannot be read, and why."""

    line: int
    lines: int
    reason: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class NoRow:
    """A line that is no row: ``what`` it is."""

    line: int
    lines: int
    what: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """Something that was read before and turns out to belong to no row, and why."""

    line: int
    reason: str
    number: int | None = None


Item = Row | Bad | NoRow | Left


def position(item: Item) -> int:
    """Where an item is in its file: by this an import goes on that was broken off."""
    return item.line if item.number is None else item.number


def fields_of(values: Mapping[str, list[str]], layout: Layout, made: Mapping[str, Field]) -> Fields:
    """The fields that a row gives, and those that the mapping makes of them."""
    found = {name: _given(cells, layout) for name, cells in values.items()}
    for name, field in made.items():
        if field.spares(found):
            continue
        parts = list(found.get(field.source, ()))
        if field.find is not None:
            parts = [
                match.group(match.re.groups and 1)
                for part in parts
                for match in field.find.finditer(part)
            ]
        if field.split is not None:
            parts = [one for part in parts for one in part.split(field.split)]
        found[name] = _given(parts, layout)
    return {name: cells for name, cells in found.items() if cells}


def _given(cells: list[str], layout: Layout) -> tuple[str, ...]:
    """What is given in the cells, without spaces around it, each value once."""
    stripped = (cell.strip() for cell in cells)
    return tuple(dict.fromkeys(cell for cell in stripped if cell and cell not in layout.empty))


def digest_of(values: Mapping[str, list[str]]) -> str:
    """The digest of all that the register says in a row."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def lines_of(path: Path, layout: Layout) -> Iterator[tuple[int, str | None]]:
    """Lines with their numbers from 1; ``None`` for one that is too long or in no known encoding."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise BadData(f"{path}: {error.strerror}") from error
    with file:
        number = 0
        while content := file.readline(_LONGEST):
            number += 1
            whole = content
            while not whole.endswith(b"\n") and (whole := file.readline(_LONGEST)):
                content = b""  # longer than any row: read on to its end
            content = content.removeprefix(b"\xef\xbb\xbf") if number == 1 else content
            yield number, _decoded(content.rstrip(b"\r\n"), layout) if content else None


def _decoded(content: bytes, layout: Layout) -> str | None:
    for encoding in layout.encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def unread(layout: Layout) -> str:
    """Why a line has no text."""
    return f"it cannot be read in {' or '.join(layout.encodings)}, or is longer than {_LONGEST:,} bytes"
