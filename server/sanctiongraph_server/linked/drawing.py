"""Where the parts of a drawing of neighbours stand: the thing in the middle, two columns beside it.

Columns and not a ring: names are long, and here none lies over another. A name has as many lines as
it needs, and both boxes of a row are as high as the longer of their names asks for.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Final

from sanctiongraph_server.linked.neighbours import Neighbour, Neighbours

WIDTH: Final = 760
_BOX: Final = 250
_MIDDLE: Final = 160
_ROW: Final = 50
_MARGIN: Final = 8
#: Letters of a line of a box, and of the middle, at the sizes of the template.
_LETTERS: Final = 30
_LETTERS_BELOW: Final = 40
_LETTERS_MIDDLE: Final = 19
_MOST_LINES: Final = 5
_LINE: Final = 17


@dataclass(frozen=True, slots=True)
class Box:
    """A neighbour with its place; ``path`` is the line from the middle to it.

    ``lines`` are those of its name, each with its height in the drawing, and ``below`` is that of
    ``ways``.
    """

    neighbour: Neighbour
    x: int
    y: int
    width: int
    height: int
    lines: tuple[tuple[int, str], ...]
    ways: str
    below: int
    path: str
    weight: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing: the middle with its lines of text, and the boxes."""

    neighbours: Neighbours
    width: int
    height: int
    x: int
    y: int
    middle_width: int
    middle_height: int
    lines: tuple[tuple[int, str], ...]
    boxes: tuple[Box, ...]


def drawn(neighbours: Neighbours) -> Drawing:
    """The drawing of a thing with its neighbours: those with most links stand highest."""
    beside = neighbours.beside
    names = [_lines(one.thing.text, _LETTERS) for one in beside]
    rows = [
        _ROW + (max(map(len, names[at : at + 2])) - 1) * _LINE for at in range(0, len(names), 2)
    ]
    lines = _lines(neighbours.thing.text, _LETTERS_MIDDLE)
    middle_height = len(lines) * _LINE + 20
    height = max(sum(rows), middle_height) + 2 * _MARGIN
    centre = height // 2
    top = (height - sum(rows)) // 2
    x = (WIDTH - _MIDDLE) // 2
    most = max((one.links for one in beside), default=1)
    boxes = []
    for number, (one, name) in enumerate(zip(beside, names, strict=True)):
        left = number % 2 == 0
        row = number // 2
        y = top + sum(rows[:row]) + 4
        box_x = _MARGIN if left else WIDTH - _MARGIN - _BOX
        boxes.append(
            Box(
                neighbour=one,
                x=box_x,
                y=y,
                width=_BOX,
                height=rows[row] - 8,
                lines=_placed(y + 18, name),
                ways=_short(_ways(one), _LETTERS_BELOW),
                below=y + 17 + len(name) * _LINE,
                path=_path(
                    x if left else x + _MIDDLE,
                    centre,
                    box_x + _BOX if left else box_x,
                    y + rows[row] // 2 - 4,
                ),
                weight=round(1 + 2.5 * one.links / most, 1),
            )
        )
    first = centre - (len(lines) - 1) * _LINE // 2 + 5
    return Drawing(
        neighbours=neighbours,
        width=WIDTH,
        height=height,
        x=x,
        y=centre - middle_height // 2,
        middle_width=_MIDDLE,
        middle_height=middle_height,
        lines=_placed(first, lines),
        boxes=tuple(boxes),
    )


def _lines(text: str, letters: int) -> list[str]:
    """Lines of a name; of one that has very many, the last tells that there are more."""
    lines = textwrap.wrap(text, letters) or [""]
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], _short(lines[_MOST_LINES - 1] + " …", letters)]
    return lines


def _placed(first: int, lines: list[str]) -> tuple[tuple[int, str], ...]:
    return tuple((first + number * _LINE, line) for number, line in enumerate(lines))


def _path(x: int, y: int, to_x: int, to_y: int) -> str:
    half = (x + to_x) // 2
    return f"M{x} {y}C{half} {y} {half} {to_y} {to_x} {to_y}"


def _ways(one: Neighbour) -> str:
    more = f" and {one.more_ways} more" if one.more_ways else ""
    return ", ".join(one.ways) + more


def _short(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"
