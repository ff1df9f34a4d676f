"""What has to change for a formula to come out as wanted: the minimal sets of conditions.

A formula is first written so that negation stands at conditions only; then a set of literals
(this condition established, that one refuted) is worked out for every way to satisfy it. Exact:
every minimal set is found, and none that is not minimal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from sanctiongraph.law.algebra import Status
from sanctiongraph.law.rules import AllOf, AnyOf, AtLeast, Formula, Test

#: Conditions, each with the status that it is to have.
ChangeSet = frozenset[tuple[str, Status]]

_NOTHING: ChangeSet = frozenset()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A condition that is to have a status."""

    literal: tuple[str, Status]


@dataclass(frozen=True, slots=True)
class _Some:
    """At least ``number`` of the parts: all of them, one of them, or in between."""

    number: int
    parts: tuple[_Wanted | _Some, ...]


def to_apply(
    formula: Formula, exceptions: Sequence[Formula], statuses: Mapping[str, Status]
) -> list[ChangeSet]:
    """The minimal changes by which the formula is established and every exception refuted."""
    parts = (_positive(formula), *(_negative(one) for one in exceptions))
    return _minimal_changes(_Some(len(parts), parts), statuses)


def not_to_apply(
    formula: Formula, exceptions: Sequence[Formula], statuses: Mapping[str, Status]
) -> list[ChangeSet]:
    """The minimal changes by which the formula is refuted or some exception established."""
    parts = (_negative(formula), *(_positive(one) for one in exceptions))
    return _minimal_changes(_Some(1, parts), statuses)


def _positive(formula: Formula) -> _Wanted | _Some:
    if isinstance(formula, Test):
        return _Wanted((formula.condition, Status.ESTABLISHED))
    return _Some(_needed(formula), tuple(_positive(part) for part in formula.parts))


def _negative(formula: Formula) -> _Wanted | _Some:
    """That the formula is refuted: so many parts are that too few are left to establish it."""
    if isinstance(formula, Test):
        return _Wanted((formula.condition, Status.REFUTED))
    number = len(formula.parts) - _needed(formula) + 1
    return _Some(number, tuple(_negative(part) for part in formula.parts))


def _needed(formula: AllOf | AnyOf | AtLeast) -> int:
    if isinstance(formula, AtLeast):
        return formula.number
    return len(formula.parts) if isinstance(formula, AllOf) else 1


def _minimal_changes(wanted: _Some, statuses: Mapping[str, Status]) -> list[ChangeSet]:
    literals = set(_literals(wanted))
    # What is as wanted costs nothing; it is carried along only where another part of the formula
    # wants the opposite, so that the two are not taken together.
    free = {
        literal
        for literal in literals
        if statuses.get(literal[0]) is literal[1] and _opposite(literal) not in literals
    }
    found = (
        frozenset(one for one in way if statuses.get(one[0]) is not one[1])
        for way in _ways(wanted, free)
    )
    return sorted(_smallest(found), key=lambda one: (len(one), sorted(str(item) for item in one)))


def _ways(wanted: _Wanted | _Some, free: set[tuple[str, Status]]) -> list[ChangeSet]:
    """Every smallest set of literals that satisfies it, without those that are free."""
    if isinstance(wanted, _Wanted):
        return [_NOTHING] if wanted.literal in free else [frozenset([wanted.literal])]
    ways = [_ways(part, free) for part in wanted.parts]
    met = sum(one == [_NOTHING] for one in ways)
    still = max(wanted.number - met, 0)
    rest = [one for one in ways if one != [_NOTHING]]
    return _smallest(joined for chosen in combinations(rest, still) for joined in _joined(chosen))


def _joined(parts: Sequence[list[ChangeSet]]) -> Iterable[ChangeSet]:
    """One way of each part taken together, wherever they do not want opposites."""
    joined = [_NOTHING]
    for part in parts:
        joined = _smallest(
            one | other
            for one in joined
            for other in part
            if not any(_opposite(literal) in one for literal in other)
        )
    return joined


def _smallest(sets: Iterable[ChangeSet]) -> list[ChangeSet]:
    """The sets that contain no other of them."""
    kept: list[ChangeSet] = []
    for one in sorted(set(sets), key=len):
        if not any(other <= one for other in kept):
            kept.append(one)
    return kept


def _literals(wanted: _Wanted | _Some) -> Iterator[tuple[str, Status]]:
    if isinstance(wanted, _Wanted):
        yield wanted.literal
    else:
        for part in wanted.parts:
            yield from _literals(part)


def _opposite(literal: tuple[str, Status]) -> tuple[str, Status]:
    other = Status.REFUTED if literal[1] is Status.ESTABLISHED else Status.ESTABLISHED
    return literal[0], other
