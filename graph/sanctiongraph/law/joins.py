"""A pattern of a rule asked for all cases at once: joins where ``EXISTS`` would run once a case.

The store evaluates an ``EXISTS`` of two or more triple patterns by a scan for each row, so a truth
table of n cases takes n scans. The same pattern as a query of its own takes one. A ``FILTER NOT
EXISTS`` in it becomes a ``MINUS``, which is the same where both sides share a variable and
everything that its filters look at is bound by its own triples.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Final

from sanctiongraph.binding import parts_of

_VARIABLE: Final = re.compile(r"[?$]([A-Za-z_]\w*)")


def variables(pattern: str) -> set[str]:
    """The names of the variables in a pattern."""
    return set(_VARIABLE.findall(pattern))


def bound(pattern: str) -> set[str]:
    """The names of the variables that the pattern's own triples bind."""
    return variables(parts_of(pattern).triples)


@lru_cache(maxsize=4096)
def joined(pattern: str, given: Collection[str] = frozenset()) -> str:
    """The pattern with ``MINUS`` for ``FILTER NOT EXISTS`` where that is the same.

    ``given`` are variables that what stands before the pattern binds. Raises ``BadData`` as
    ``parts_of`` does.
    """
    outside = bound(pattern) | set(given)
    subtracted = ""
    for inner in parts_of(pattern).absent:
        own = bound(inner)
        if not own & outside or (variables(inner) & outside) - own or not _closed(inner, own):
            continue
        block = re.compile(r"FILTER\s+NOT\s+EXISTS\s*\{\s*" + re.escape(inner) + r"\s*\}", re.I)
        # Something stays in its place, so that what stands around it still parses.
        pattern = block.sub(" FILTER(true) ", pattern, count=1)
        subtracted += f" MINUS {{ {joined(inner)} }}"
    return pattern + subtracted


def _closed(pattern: str, own: set[str]) -> bool:
    """Whether its filters look at nothing but what its own triples bind."""
    absent = parts_of(pattern).absent
    for inner in absent:
        pattern = pattern.replace(inner, "")
    return variables(pattern) <= own
