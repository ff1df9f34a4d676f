"""All cases of a rule: distinct lines of its truth table, and which case has which line."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sanctiongraph.assessment import Assessment, Level, Outcome
from sanctiongraph.law.rules import Rule

#: The values of a rule's variables, in their order, and the number of the line.
NumberedCase = tuple[tuple[str, ...], int]


class Listing(Protocol):
    """Where the cases are kept."""

    def counts(self) -> Iterable[tuple[int, int]]:
        """The number of each line, and how many cases have it."""

    def cases(self) -> Iterator[NumberedCase]:
        """The cases in the order of their terms."""


@dataclass(frozen=True, slots=True)
class AllCases:
    """A rule applied to all its cases as of a day.

    ``lines`` are the assessments that differ in more than their case, which they lack.
    Iterating gives every case with its assessment, made as it is asked for, in the order of the
    cases' terms.
    """

    rule: Rule
    as_of: dt.date
    viewpoint: str
    lines: Sequence[Assessment]
    listing: Listing

    def __iter__(self) -> Iterator[Assessment]:
        for case, number in self.listing.cases():
            yield replace(self.lines[number], case=dict(zip(self.rule.asks, case, strict=True)))

    def __len__(self) -> int:
        return sum(count for _, count in self.listing.counts())

    def summary(self) -> dict[tuple[Outcome, Level], int]:
        """How many cases have each outcome and level."""
        found: Counter[tuple[Outcome, Level]] = Counter()
        for number, count in self.listing.counts():
            found[self.lines[number].outcome, self.lines[number].level] += count
        return dict(found)


@dataclass(frozen=True, slots=True)
class Listed:
    """Cases in memory."""

    numbered: Sequence[NumberedCase]

    def counts(self) -> Iterable[tuple[int, int]]:
        """The number of each line, and how many cases have it."""
        return Counter(number for _, number in self.numbered).items()

    def cases(self) -> Iterator[NumberedCase]:
        """The cases in the order of their terms."""
        return iter(self.numbered)


def from_assessments(
    rule: Rule, as_of: dt.date, viewpoint: str, found: Iterable[Assessment]
) -> AllCases:
    """Assessments that were made one by one."""
    lines: list[Assessment] = []
    known: dict[tuple[int, Outcome, Level], int] = {}
    numbered: list[NumberedCase] = []
    for one in found:
        key = (id(one.statuses), one.outcome, one.level)
        if key not in known:
            known[key] = len(lines)
            lines.append(replace(one, case={}))
        numbered.append((tuple(one.case.values()), known[key]))
    return AllCases(rule, as_of, viewpoint, tuple(lines), Listed(numbered))
