"""Two sides of a comparison: from where each looks, and in what they conclude differently."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sanctiongraph.assessment import Assessment
from sanctiongraph.causes import Rested
from sanctiongraph.dated import Dated
from sanctiongraph.law.cases import party_of, transaction_of
from sanctiongraph.law.rules import Rule
from sanctiongraph.perspective import Perspective
from sanctiongraph.resting import Aspects


@dataclass(frozen=True, slots=True)
class Side:
    """From where one side looks, and as of when."""

    perspective: Perspective
    as_of: dt.date

    def describe(self) -> str:
        """In words, for a heading."""
        supposed = f", supposing {self.perspective.scenario}" if self.perspective.scenario else ""
        return f"{self.perspective.viewpoint}{supposed}, as of {self.as_of.isoformat()}"

    def to_json(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "viewpoint": self.perspective.viewpoint,
            "scenario": self.perspective.scenario,
            "as_of": self.as_of.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """One rule and case of which the two sides conclude differently.

    ``left`` and ``right`` have what differs only: ``case``, ``outcome``, ``level``, and conditions
    by their IRI. ``left_rests`` and ``right_rests`` are what only that side believes or supposes and
    without which it would conclude otherwise. Where the sides differ in the day alone,
    ``changed_on`` are the days between the two on which the outcome or level changed, and ``dates``
    those that made aspects of it change.
    """

    rule: Rule
    case: Mapping[str, str]
    left_case: Assessment | None
    right_case: Assessment | None
    left: Aspects
    right: Aspects
    left_rests: tuple[Rested, ...] = ()
    right_rests: tuple[Rested, ...] = ()
    changed_on: tuple[dt.date, ...] = ()
    dates: tuple[Dated, ...] = ()

    @property
    def party(self) -> str:
        """The party of the case."""
        return party_of(self.rule, self.case)

    @property
    def transaction(self) -> str | None:
        """The transaction of the case, where the rule asks for one."""
        return transaction_of(self.rule, self.case)
