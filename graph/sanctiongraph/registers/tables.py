"""A CSV file as rows of cells, with all that publishers do to it: preambles, marks, broken quotes."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sanctiongraph.registers.rows import lines_of, unread
from sanctiongraph.registers.specs import Layout

#: Most lines of a row with line breaks in quotes: beyond, a quote was not closed.
_MOST_LINES: Final = 100


def is_end(cells: list[str], layout: Layout) -> bool:
    """Whether a line is the mark of the end of a file."""
    return layout.end is not None and cells == [layout.end]


def cells_of(path: Path, layout: Layout, width: int) -> Iterator[tuple[int, int, list[str] | str]]:
    """Each row's first line, how many lines it has, and its cells or why it has none."""
    waiting = _Ahead(lines_of(path, layout))
    started = not layout.header
    while (first := waiting.take()) is not None:
        line, text = first
        if text is None:
            yield line, 1, unread(layout)
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
