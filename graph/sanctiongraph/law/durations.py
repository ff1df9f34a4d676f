"""Durations of whole days, months and years: what a pattern moves a day by.

XSD 1.1 part 2, sections 3.4.26 and 3.4.27. Years are twelve months, and months are no number of days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sanctiongraph.errors import BadData
from sanctiongraph.law.tokens import TOKEN

_LEXICAL: Final = re.compile(r"(-?)P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")
_DATATYPE: Final = re.compile(
    r"(?:xsd:|<http://www\.w3\.org/2001/XMLSchema#)(?:dayTimeD|yearMonthD|d)uration>?"
)


@dataclass(frozen=True, slots=True)
class Duration:
    """So many months and so many days, forward or back."""

    months: int
    days: int


def read(text: str) -> Duration | None:
    """The duration of a literal's text; ``None`` where it is none, or has hours or less in it."""
    found = _LEXICAL.fullmatch(text)
    if found is None:
        return None
    years, months, days = (int(part or 0) for part in found.groups()[1:])
    sign = -1 if found[1] else 1
    return Duration(sign * (12 * years + months), sign * days)


def named_in(pattern: str) -> Iterator[Duration]:
    """The durations that a pattern names. Raises ``BadData`` for one that ``read`` does not read."""
    tokens = [token for token in TOKEN.findall(pattern) if not token.isspace()]
    for at, token in enumerate(tokens[:-3]):
        if tokens[at + 1 : at + 3] == ["^", "^"] and _DATATYPE.fullmatch(tokens[at + 3]):
            found = read(token.strip("\"'"))
            if found is None:
                raise BadData(f"{token} is no duration of whole days, months and years")
            yield found
