"""Four values for what is known of a condition, and how they combine.

After Belnap: established, refuted, disputed (both) and unknown (neither). Unlike in his lattice, a
conjunction of disputed and unknown is disputed, never refuted: a lawyer must see the dispute.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import Enum


class Status(Enum):
    """What is known of a condition, an exception or a whole rule."""

    ESTABLISHED = "established"
    REFUTED = "refuted"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"


_ALL_OF = (Status.REFUTED, Status.DISPUTED, Status.UNKNOWN, Status.ESTABLISHED)
_ANY_OF = (Status.ESTABLISHED, Status.DISPUTED, Status.UNKNOWN, Status.REFUTED)


def of(established: bool, refuted: bool) -> Status:
    """The status of a condition for which these patterns matched."""
    if established:
        return Status.DISPUTED if refuted else Status.ESTABLISHED
    return Status.REFUTED if refuted else Status.UNKNOWN


def all_of(parts: Iterable[Status]) -> Status:
    """The first of refuted, disputed, unknown, established that occurs; established of nothing."""
    found = tuple(parts)
    return next((status for status in _ALL_OF if status in found), Status.ESTABLISHED)


def any_of(parts: Iterable[Status]) -> Status:
    """The first of established, disputed, unknown, refuted that occurs; refuted of nothing."""
    found = tuple(parts)
    return next((status for status in _ANY_OF if status in found), Status.REFUTED)


def negate(status: Status) -> Status:
    """Established and refuted change places; the others stay."""
    if status is Status.ESTABLISHED:
        return Status.REFUTED
    return Status.ESTABLISHED if status is Status.REFUTED else status


def at_least(number: int, parts: Iterable[Status]) -> Status:
    """Whether at least ``number`` of the parts hold.

    The same as ``any_of`` over ``all_of`` of every choice of ``number`` parts, without making the
    choices: with one it is ``any_of``, with all of them ``all_of``.
    """
    counted = Counter(parts)
    established, unknown = counted[Status.ESTABLISHED], counted[Status.UNKNOWN]
    disputed = counted[Status.DISPUTED]
    if established >= number:
        return Status.ESTABLISHED
    if disputed and established + disputed + unknown >= number:
        return Status.DISPUTED
    if established + unknown >= number:
        return Status.UNKNOWN
    return Status.REFUTED
