"""Where the parts of a drawing of neighbours stand: the thing in the middle, two columns beside it.

Columns and not a ring: names are long, and here none lies over another.
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
_LINES_MIDDLE: Final = 5
_LINE: Final = 17


@dataclass(frozen=True, slots=True)
class Box:
    """A neighbour with its place; ``path`` is the line from the middle to it."""

    neighbour: Neighbour
    x: int
    y: int
    width: int
    height: int
    name: str
    ways: str
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
    rows = max(1, -(-len(beside) // 2))
    lines = textwrap.wrap(neighbours.thing.text, _LETTERS_MIDDLE)
    if len(lines) > _LINES_MIDDLE:
        lines = [
            *lines[: _LINES_MIDDLE - 1],
            _short(lines[_LINES_MIDDLE - 1] + " …", _LETTERS_MIDDLE),
        ]
    middle_height = len(lines) * _LINE + 20
    height = max(rows * _ROW, middle_height) + 2 * _MARGIN
    centre = height // 2
    top = (height - rows * _ROW) // 2
    x = (WIDTH - _MIDDLE) // 2
    most = max((one.links for one in beside), default=1)
    boxes = []
    for number, one in enumerate(beside):
        left = number % 2 == 0
        y = top + number // 2 * _ROW
        box_x = _MARGIN if left else WIDTH - _MARGIN - _BOX
        boxes.append(
            Box(
                neighbour=one,
                x=box_x,
                y=y + 4,
                width=_BOX,
                height=_ROW - 8,
                name=_short(one.thing.text, _LETTERS),
                ways=_short(_ways(one), _LETTERS_BELOW),
                path=_path(
                    x if left else x + _MIDDLE,
                    centre,
                    box_x + _BOX if left else box_x,
                    y + _ROW // 2,
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
        lines=tuple((first + number * _LINE, line) for number, line in enumerate(lines)),
        boxes=tuple(boxes),
    )


def _path(x: int, y: int, to_x: int, to_y: int) -> str:
    half = (x + to_x) // 2
    return f"M{x} {y}C{half} {y} {half} {to_y} {to_x} {to_y}"


def _ways(one: Neighbour) -> str:
    more = f" and {one.more_ways} more" if one.more_ways else ""
    return ", ".join(one.ways) + more


def _short(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"
