"""A register's file as rows, one at a time: CSV with all that publishers do to it, and JSON lines.

Each line of a file ends in exactly one of the things that are yielded here: a row, a bad row with
its reason, or a line that is no row (a preamble, a header, the mark of the end). Nothing is skipped.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sanctiongraph.errors import BadData
from sanctiongraph.registers.mapping import Field, Joined, Layout, MappingFile

#: Longest line, and most lines of a row with line breaks in quotes: beyond, a quote was not closed.
_LONGEST: Final = 1_000_000
_MOST_LINES: Final = 100

Fields = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its lines, its fields, and the digest of all that the register says in it."""

    line: int
    lines: int
    fields: Fields
    digest: str


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that cannot be read, and why."""

    line: int
    lines: int
    reason: str


@dataclass(frozen=True, slots=True)
class NoRow:
    """A line that is no row: ``what`` it is."""

    line: int
    lines: int
    what: str


Item = Row | Bad | NoRow


class Beside:
    """The rows of the files beside the main one, by the entry that they belong to.

    They are on the disk, in a temporary database, so that memory does not grow with them.
    """

    def __init__(self) -> None:
        self._db = sqlite3.connect("")
        self._db.execute("CREATE TABLE cell (file TEXT, key TEXT, cells TEXT, used INTEGER)")
        self._joined: dict[str, Joined] = {}
        self.bad: list[tuple[str, Bad]] = []
        #: Rows of each file.
        self.rows: dict[str, int] = {}

    def read(self, name: str, path: Path, layout: Layout) -> None:
        """Reads one of the files. Raises ``BadData`` where there is no such file."""
        joined = layout.joined[name]
        self._joined[name] = joined
        by = joined.columns.index(joined.by)
        self.rows[name] = 0
        for line, lines, cells in _csv_rows(path, layout, len(joined.columns)):
            if isinstance(cells, str):
                self.bad.append((name, Bad(line, lines, cells)))
            elif not _is_end(cells, layout) and any(cells):
                self.rows[name] += 1
                row = (name, cells[by].strip(), json.dumps(cells))
                self._db.execute("INSERT INTO cell VALUES (?, ?, ?, 0)", row)
        self._db.execute("CREATE INDEX IF NOT EXISTS cell_key ON cell (key)")

    def of(self, key: str) -> dict[str, list[str]]:
        """The columns of the rows that belong to an entry."""
        found: dict[str, list[str]] = {}
        rows = self._db.execute("SELECT file, cells FROM cell WHERE key = ? ORDER BY rowid", (key,))
        for file, cells in rows.fetchall():
            for column, cell in zip(self._joined[file].columns, json.loads(cells), strict=True):
                if column != self._joined[file].by:
                    found.setdefault(column, []).append(cell)
        if found:
            self._db.execute("UPDATE cell SET used = 1 WHERE key = ?", (key,))
        return found

    def left(self) -> dict[str, int]:
        """How many rows of each file belong to no entry that was read."""
        rows = self._db.execute("SELECT file, COUNT(*) FROM cell WHERE used = 0 GROUP BY file")
        return dict(rows.fetchall())


def read_items(path: Path, mapping: MappingFile, beside: Beside) -> Iterator[Item]:
    """The lines of a file, as rows or what else they are.

    Raises ``BadData`` where the file cannot be opened or has no header line as the mapping says.
    """
    if mapping.layout.format == "json-lines":
        yield from _json_items(path, mapping)
    else:
        yield from _csv_items(path, mapping, beside)


def _csv_items(path: Path, mapping: MappingFile, beside: Beside) -> Iterator[Item]:
    layout = mapping.layout
    names = layout.columns or layout.header
    began = not layout.header
    header = tuple(cell.strip() for cell in layout.header)
    by = {joined.by for joined in layout.joined.values()}
    for line, lines, cells in _csv_rows(path, layout, len(names)):
        if not began:
            began = not isinstance(cells, str) and tuple(cell.strip() for cell in cells) == header
            yield NoRow(line, lines, "header" if began else "preamble")
        elif isinstance(cells, str):
            yield Bad(line, lines, cells)
        elif _is_end(cells, layout):
            yield NoRow(line, lines, "end mark")
        elif not any(cell.strip() for cell in cells):
            yield NoRow(line, lines, "empty line")
        elif len(cells) != len(names):
            yield Bad(line, lines, f"it has {len(cells)} cells, not {len(names)}")
        else:
            values = {name: [cell] for name, cell in zip(names, cells, strict=True)}
            for column in by:
                values |= beside.of(values[column][0].strip())
            yield Row(line, lines, _fields(values, layout, mapping.fields), _digest(values))
    if not began:
        raise BadData(f"{path}: no line has the columns {', '.join(layout.header)}")


def _json_items(path: Path, mapping: MappingFile) -> Iterator[Item]:
    for line, text in _lines(path, mapping.layout):
        if text is None:
            yield Bad(line, 1, _unread(mapping.layout))
        elif not text.strip():
            yield NoRow(line, 1, "empty line")
        else:
            values = _entity(text)
            if isinstance(values, str):
                yield Bad(line, 1, values)
            else:
                fields = _fields(values, mapping.layout, mapping.fields)
                ordered = {name: sorted(found) for name, found in values.items()}
                yield Row(line, 1, fields, _digest(ordered))


def _entity(text: str) -> dict[str, list[str]] | str:
    """The properties of an entity of FollowTheMoney, or why it is none.

    The publisher's own times of looking are no part of what it says, and left out.
    """
    try:
        entity = json.loads(text)
    except ValueError as error:
        return f"it is not JSON: {error}"
    if not isinstance(entity, dict):
        return "it is no JSON object"
    values = {}
    for name in ("id", "schema"):
        if not isinstance(entity.get(name), str) or not entity[name]:
            return f"it has no {name}"
        values[name] = [entity[name]]
    if isinstance(entity.get("caption"), str):
        values["caption"] = [entity["caption"]]
    properties = entity.get("properties")
    if not isinstance(properties, dict):
        return "it has no properties"
    for name, found in properties.items():
        listed = found if isinstance(found, list) else [found]  # one alone is as good as a list
        if not all(isinstance(one, str) for one in listed):
            return f"its property {name} is neither text nor a list of texts"
        values.setdefault(name, listed)
    return values


def _fields(values: Mapping[str, list[str]], layout: Layout, made: Mapping[str, Field]) -> Fields:
    found = {name: _given(cells, layout) for name, cells in values.items()}
    for name, field in made.items():
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


def _digest(values: Mapping[str, list[str]]) -> str:
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _is_end(cells: list[str], layout: Layout) -> bool:
    return layout.end is not None and cells == [layout.end]


def _csv_rows(path: Path, layout: Layout, width: int) -> Iterator[tuple[int, int, list[str] | str]]:
    """Each row's first line, how many lines it has, and its cells or why it has none."""
    waiting = _Ahead(_lines(path, layout))
    started = not layout.header
    while (first := waiting.take()) is not None:
        line, text = first
        if text is None:
            yield line, 1, _unread(layout)
            continue
        cells, lines = _cells(text, layout, waiting)
        if started and layout.join and not isinstance(cells, str) and 1 < len(cells) < width:
            cells, more = _continued(cells, width, layout, waiting)
            lines += more
        if not started and not isinstance(cells, str):
            started = len(cells) == width
        yield line, lines, cells


class _Ahead:
    """Lines, of which the next may be looked at before it is taken."""

    def __init__(self, lines: Iterator[tuple[int, str | None]]) -> None:
        self._lines = lines
        self._kept: list[tuple[int, str | None]] = []

    def take(self) -> tuple[int, str | None] | None:
        return self._kept.pop(0) if self._kept else next(self._lines, None)

    def peek(self, number: int) -> str | None:
        """The text of the next line but ``number``; ``None`` where there is none."""
        while len(self._kept) <= number:
            found = next(self._lines, None)
            if found is None:
                return None
            self._kept.append(found)
        return self._kept[number][1]

    def drop(self, number: int) -> None:
        del self._kept[:number]


def _cells(text: str, layout: Layout, waiting: _Ahead) -> tuple[list[str] | str, int]:
    """The cells of a row that begins with this text, and how many lines it has."""
    taken = 0
    while True:
        try:
            parsed = next(csv.reader([text], delimiter=layout.delimiter, strict=True), [])
            waiting.drop(taken)
            return parsed, taken + 1
        except csv.Error as error:
            is_open = "unexpected end" in str(error)
            following = waiting.peek(taken) if is_open and taken < _MOST_LINES else None
            if following is None:
                quote = is_open or taken  # what came behind is of other rows
                return f"it is not CSV: {'a quote is opened and not closed' if quote else error}", 1
            text = f"{text}\n{following}"
            taken += 1


def _continued(
    cells: list[str], width: int, layout: Layout, waiting: _Ahead
) -> tuple[list[str] | str, int]:
    """A row with too few cells, taken together with the next line where that makes it whole."""
    following = waiting.peek(0)
    if following is not None:
        try:
            more = next(csv.reader([following], delimiter=layout.delimiter, strict=True), [])
        except csv.Error:
            more = []
        if more and len(cells) + len(more) - 1 == width:
            waiting.drop(1)
            return [*cells[:-1], f"{cells[-1]} {more[0]}".strip(), *more[1:]], 1
    return cells, 0


def _lines(path: Path, layout: Layout) -> Iterator[tuple[int, str | None]]:
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


def _unread(layout: Layout) -> str:
    return f"it cannot be read in {' or '.join(layout.encodings)}, or is longer than {_LONGEST:,} bytes"
