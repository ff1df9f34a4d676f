"""Shares of ownership added up through levels, for every stretch of days: values, no graph.

A body is blocked when blocked persons together own a threshold of it or more; it then counts as a
blocked owner itself, with its whole share in what it owns, and a body below the threshold passes
nothing on. That is a least fixpoint, so cycles end it as well. Shares are exact decimals.

An owner counts as not blocked where nothing speaks for it; one that has blocked owners below the
threshold, and room for more of them, is neither. Where the records of one owner's share differ, the
least counts.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

BEGINNING: Final = dt.date.min
END: Final = dt.date.max


@dataclass(frozen=True, slots=True)
class Spell:
    """Days from one until another; the second is no longer in it."""

    begins: dt.date
    ends: dt.date

    def holds(self, day: dt.date) -> bool:
        """Whether the day is one of them."""
        return self.begins <= day < self.ends

    def meets(self, other: Spell) -> bool:
        """Whether they share a day."""
        return self.begins < other.ends and other.begins < self.ends


def spell(begins: str | None, seen: str | None, ends: str | None) -> Spell:
    """From its beginning, or else the day on which it was seen to hold, until its end."""
    first = begins or seen
    return Spell(
        dt.date.fromisoformat(first) if first else BEGINNING,
        dt.date.fromisoformat(ends) if ends else END,
    )


@dataclass(frozen=True, slots=True)
class Holding:
    """An owner's share in a body for a time, and the situation that says so."""

    situation: str
    owner: str
    owned: str
    share: Decimal
    spell: Spell


@dataclass(frozen=True, slots=True)
class Listed:
    """An owner that is blocked for a time, and the situation that says so."""

    situation: str
    owner: str
    spell: Spell


@dataclass(frozen=True, slots=True)
class Sums:
    """How much of a body blocked persons own, and how much others who cannot be blocked."""

    blocked: Decimal
    clear: Decimal


@dataclass(frozen=True, slots=True)
class Sum:
    """What a body's owners add up to for a time, and what was added up: other sums by body."""

    body: str
    spell: Spell
    sums: Sums
    situations: frozenset[str]
    bodies: frozenset[str]


def aggregate(
    shares: Iterable[tuple[str, str, Decimal]], blocked: Iterable[str], threshold: Decimal
) -> dict[str, Sums]:
    """The sums of every body.

    ``shares`` are owner, body and share. An owner may be blocked through its own owners as long
    as those of them who cannot be leave room for the threshold.

    >>> one, half = Decimal(1), Decimal("0.5")
    >>> aggregate([("A", "B", half), ("B", "C", half)], ["A"], half)["C"].blocked
    Decimal('0.5')
    """
    owners: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for owner, owned, share in shares:
        known = owners[owned].get(owner)
        owners[owned][owner] = share if known is None else min(known, share)

    def held(body: str, of: set[str]) -> Decimal:
        return sum((part for owner, part in owners[body].items() if owner in of), Decimal(0))

    listed = set(blocked)
    certain, possible = set(listed), set(listed)
    while more := {body for body in owners if held(body, certain) >= threshold} - certain:
        certain |= more
    possible |= certain
    while (
        more := {
            body
            for body, parts in owners.items()
            if parts.keys() & possible
            and sum((part for owner, part in parts.items() if owner not in possible), Decimal(0))
            <= 1 - threshold
        }
        - possible
    ):
        possible |= more
    return {
        body: Sums(held(body, certain), held(body, set(parts) - possible))
        for body, parts in sorted(owners.items())
    }


def sums_of(
    holdings: Iterable[Holding], blockings: Iterable[Listed], threshold: Decimal
) -> list[Sum]:
    """The sums of every body, for each stretch of time in which they stay the same, in order."""
    found: list[Sum] = []
    for some, of_them in _apart(holdings, blockings):
        found += _spells(some, of_them, threshold)
    return sorted(found, key=lambda one: (one.body, one.spell.begins))


def _apart(
    holdings: Iterable[Holding], blockings: Iterable[Listed]
) -> Iterator[tuple[list[Holding], list[Listed]]]:
    """The holdings in groups that no ownership ties to each other, each with its blockings.

    So the days of one group cost nothing in the others.
    """
    head: dict[str, str] = {}

    def find(body: str) -> str:
        while (above := head.setdefault(body, body)) != body:
            head[body] = head[above]
            body = head[body]
        return body

    held = list(holdings)
    for one in held:
        head[find(one.owner)] = find(one.owned)
    groups: dict[str, tuple[list[Holding], list[Listed]]] = {}
    for one in held:
        groups.setdefault(find(one.owned), ([], []))[0].append(one)
    for blocking in blockings:
        if blocking.owner in head:
            groups[find(blocking.owner)][1].append(blocking)
    yield from groups.values()


def _spells(holdings: list[Holding], blockings: list[Listed], threshold: Decimal) -> list[Sum]:
    """The stretches of time in which the sums of each body stay the same."""
    days = sorted(
        {BEGINNING}
        | {day for one in holdings for day in (one.spell.begins, one.spell.ends)}
        | {day for one in blockings for day in (one.spell.begins, one.spell.ends)}
    )
    last: dict[str, Sum] = {}
    done: list[Sum] = []
    for begins, ends in zip(days, [*days[1:], END], strict=True):
        held = [one for one in holdings if one.spell.holds(begins)]
        listed = [one for one in blockings if one.spell.holds(begins)]
        found = aggregate(
            ((one.owner, one.owned, one.share) for one in held),
            (one.owner for one in listed),
            threshold,
        )
        parts = _added_up(held, listed)
        for body, sums in found.items():
            one = Sum(body, Spell(begins, ends), sums, *parts[body])
            before = last.get(body)
            if before and before.spell.ends == begins and before.sums == sums:
                last[body] = Sum(
                    body,
                    Spell(before.spell.begins, ends),
                    sums,
                    before.situations | one.situations,
                    before.bodies | one.bodies,
                )
            else:
                done += [before] if before else []
                last[body] = one
    return [*done, *last.values()]


def _added_up(
    held: list[Holding], listed: list[Listed]
) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """For each body its owners' shares and blockings, and the owners that have sums themselves."""
    blocked: dict[str, list[str]] = defaultdict(list)
    for blocking in listed:
        blocked[blocking.owner].append(blocking.situation)
    owned = {one.owned for one in held}
    situations: dict[str, set[str]] = defaultdict(set)
    bodies: dict[str, set[str]] = defaultdict(set)
    for one in held:
        situations[one.owned] |= {one.situation, *blocked[one.owner]}
        if one.owner in owned:
            bodies[one.owned].add(one.owner)
    return {body: (frozenset(situations[body]), frozenset(bodies[body])) for body in owned}
