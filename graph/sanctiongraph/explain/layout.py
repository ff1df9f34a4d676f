"""Text in two columns: what is found on the left, on whose word on the right."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_WIDTH: Final = 112
_RIGHT: Final = 64
_GAP: Final = 2


@dataclass(frozen=True, slots=True)
class Row:
    """A line, wrapped where it is long. ``hang`` is how far its further lines are indented more."""

    left: str
    right: str = ""
    indent: int = 0
    hang: int = 0


def laid_out(rows: Iterable[Row]) -> str:
    """The rows as text; a row without a right side takes the whole width."""
    lines: list[str] = []
    for row in rows:
        lines.extend(_lines(row))
    return "\n".join(lines) + "\n"


def _lines(row: Row) -> list[str]:
    if not row.left and not row.right:
        return [""]
    width = _RIGHT - _GAP if row.right else _WIDTH
    left = _wrapped(row.left, width, row.indent, row.hang) or [""]
    right = _wrapped(row.right, _WIDTH - _RIGHT)
    height = max(len(left), len(right))
    left += [""] * (height - len(left))
    right += [""] * (height - len(right))
    return [
        f"{one:<{_RIGHT}}{other}".rstrip() if other else one
        for one, other in zip(left, right, strict=True)
    ]


def _wrapped(text: str, width: int, indent: int = 0, hang: int = 0) -> list[str]:
    if indent + len(text) <= width and text == " ".join(text.split()):
        return [" " * indent + text] if text else []  # most are so short, and wrapping takes long
    return textwrap.wrap(
        text,
        width,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hang),
        break_long_words=False,
        break_on_hyphens=False,
    )
