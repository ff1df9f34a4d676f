"""Which few of several things a conclusion rests on: each set of them is left out in turn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, TypeVar

#: What a conclusion says, by name: ``case``, ``outcome``, ``level``, and conditions by their IRI.
Aspects = Mapping[str, str]

T = TypeVar("T")

#: How many things are left out together at the most.
_MOST_TOGETHER: Final = 2


def minimal_sets(
    things: Sequence[T],
    names: Collection[str],
    before: Aspects,
    drawn: Callable[[tuple[T, ...]], Aspects],
    most_paired: int | None = None,
) -> Iterator[tuple[tuple[T, ...], Aspects]]:
    """The minimal sets of one or two things without which any of the named aspects is otherwise.

    ``before`` is the conclusion, and ``drawn`` draws it without some of the things. With each set comes what it then
    says of the aspects that differ; an aspect that rests on a single thing is not looked for among
    pairs. Of more than ``most_paired`` things no pairs are tried.
    """
    open_to = set(names)
    for size in range(1, _MOST_TOGETHER + 1):
        if not open_to or (size > 1 and most_paired is not None and len(things) > most_paired):
            return
        sought = set(open_to)
        for left_out in combinations(things, size):
            after = drawn(left_out)
            changed = {name for name in sought if after.get(name) != before.get(name)}
            if changed:
                yield left_out, {name: after.get(name, "") for name in names if name in changed}
                open_to -= changed
