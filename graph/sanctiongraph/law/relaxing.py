"""How the patterns of rules compare dates with ``$asOf``.

A pattern is relaxed: a filter with ``$asOf`` is left out and what it compares is asked for instead,
and a ``FILTER NOT EXISTS`` with ``$asOf`` inside is looked for as if it were to be found. What it
finds then is at least what it finds on any day.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal

from sanctiongraph.errors import BadData
from sanctiongraph.law import durations
from sanctiongraph.law.tokens import AS_OF, MOST_PATTERNS, TOKEN, VARIABLE, closed
from sanctiongraph.vocabulary import term

_CONSTANT: Final = re.compile(r"""["'](\d{4}-\d\d-\d\d)["']""")
_ONE_DAY: Final = dt.timedelta(days=1)


def as_of_literal(day: dt.date) -> Literal:
    """The term for ``$asOf`` in the patterns of rules."""
    return Literal(day.isoformat(), datatype=term("xsd:date"))


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A pattern without its comparisons with ``$asOf``, and the variables that these compare."""

    pattern: str
    days: tuple[str, ...]


@lru_cache(maxsize=MOST_PATTERNS)
def relax(pattern: str) -> tuple[Relaxed, ...]:
    """The pattern itself first, relaxed, then one for each ``EXISTS`` in it that compares.

    Raises ``BadData`` where ``$asOf`` is used in another way than ``docs/law.md`` allows.
    """
    kept: list[str] = []
    days: dict[str, None] = {}
    inner: list[Relaxed] = []
    tokens = [token for token in TOKEN.findall(pattern) if not token.startswith("#")]
    at = 0
    while at < len(tokens):
        if tokens[at].upper() != "FILTER":
            kept.append(tokens[at])
            at += 1
            continue
        end = closed(tokens, at)
        if not any(AS_OF.fullmatch(token) for token in tokens[at:end]):
            kept += tokens[at:end]
        else:
            kept.append(
                " FILTER(true) "
            )  # in its place, so that what stands around it still parses
            names, groups = _compared(tokens[at:end])
            days.update(dict.fromkeys(names))
            inner += [one for group in groups for one in relax(group)]
        at = end
    if any(AS_OF.fullmatch(token) for token in kept):
        raise BadData(f"$asOf stands outside a FILTER in the pattern {pattern.strip()!r}")
    outer = "".join(kept)
    return (
        Relaxed(outer, tuple(days)),
        *(Relaxed(f"{outer} FILTER(true) {one.pattern}", one.days) for one in inner),
    )


def _compared(tokens: list[str]) -> tuple[list[str], list[str]]:
    """The variables of a filter's expression, and the texts of the graph patterns in it."""
    names: list[str] = []
    groups: list[str] = []
    at = 0
    while at < len(tokens):
        if tokens[at] == "{":
            end = closed(tokens, at)
            groups.append("".join(tokens[at + 1 : end - 1]))
            at = end
            continue
        if VARIABLE.fullmatch(tokens[at]) and not AS_OF.fullmatch(tokens[at]):
            names.append(tokens[at][1:])
        at += 1
    return names, groups


def named_days(pattern: str) -> set[dt.date]:
    """The days that a pattern itself names."""
    return {dt.date.fromisoformat(day) for day in _CONSTANT.findall(pattern)}


@lru_cache(maxsize=MOST_PATTERNS)
def shifts(pattern: str) -> frozenset[tuple[int, int]]:
    """By how many months and days a pattern moves a day, either way.

    Raises ``BadData`` for a duration that is not of whole days.
    """
    found = {(0, 0)}
    for one in durations.named_in(pattern):
        found |= {(one.months, one.days), (-one.months, -one.days)}
    return frozenset(found)


def moved(days: Iterable[dt.date], by: Iterable[tuple[int, int]]) -> set[dt.date]:
    """Each day, the day after, and the same moved; months have their ends, so with days to spare."""
    found = set()
    for day in days:
        for months, more in by:
            margin = range(-4, 5) if months else range(2)
            for step in margin:
                try:
                    found.add(_months_on(day, months) + dt.timedelta(days=more + step))
                except (OverflowError, ValueError):
                    continue  # before the first or after the last day of the calendar
    return found


def _months_on(day: dt.date, months: int) -> dt.date:
    if not months:
        return day
    years, month = divmod(day.month - 1 + months, 12)
    first = dt.date(day.year + years, month + 1, 1)
    following = dt.date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first.replace(day=min(day.day, (following - _ONE_DAY).day))
