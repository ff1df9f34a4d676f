"""What a draft left to be done: proposals that nobody reviewed, and values that wait to be filled.

In a file of the graph each is to be cured; in a draft they are counted in notes, since that is
what a draft is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, Quad

from sanctiongraph.check.findings import Finding, Severity
from sanctiongraph.check.parts import Parts
from sanctiongraph.reading import DRAFT_CLAIMS, DRAFT_ENTITIES, TO_FILL
from sanctiongraph.vocabulary import term

_PROPOSED: Final = term("sg:proposed")


def check_proposals(parts: Parts) -> Iterator[Finding]:
    """Claims with ``sg:proposed``, and literals that begin with ``to fill:``."""
    waiting: dict[Path, Counter[str]] = {}
    for file, quads in parts.files:
        drafted = file.path.name in (DRAFT_CLAIMS, DRAFT_ENTITIES)
        seen: set[object] = set()
        for quad in quads:
            message = _message(quad)
            if not message or (quad.subject, message) in seen:
                continue
            seen.add((quad.subject, message))
            if drafted:
                waiting.setdefault(parts.relative(file.path), Counter())[_sort(quad)] += 1
            else:
                yield parts.finding_at(quad, message)
    for path, counted in waiting.items():
        what = " and ".join(f"{number} {sort}" for sort, number in sorted(counted.items()))
        message = f"{what} - a draft: no build reads it until it is reviewed and renamed"
        yield Finding(path, "", message, Severity.NOTE)


def _message(quad: Quad) -> str:
    if quad.predicate == _PROPOSED:
        return "a proposal that nobody has reviewed - correct the claim and take sg:proposed out"
    if isinstance(quad.object, Literal) and quad.object.value.startswith(TO_FILL):
        wanted = quad.object.value.removeprefix(TO_FILL).strip()
        return f"a value waits to be filled - write {wanted}"
    return ""


def _sort(quad: Quad) -> str:
    return "claims to review" if quad.predicate == _PROPOSED else "values to fill"
