"""What a rule makes of a party: its cases, one for each transaction, and what they come to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sanctiongraph.assessment import Assessment, Level, Outcome, assess, strongest
from sanctiongraph.law.cases import case_of
from sanctiongraph.law.rules import Law, Rule
from sanctiongraph.perspective import Perspective


@dataclass(frozen=True, slots=True)
class Answer:
    """A rule applied to every transaction of a party, or to one.

    Without a case the rule does not apply: the graph has no transaction of the party that the rule
    could be asked about as of the day.
    """

    rule: Rule
    party: str
    as_of: dt.date
    perspective: Perspective
    cases: tuple[Assessment, ...]

    @property
    def strongest(self) -> Assessment | None:
        """The case that matters most to the party."""
        return strongest(list(self.cases))

    @property
    def outcome(self) -> Outcome:
        """The outcome of the strongest case."""
        return self.strongest.outcome if self.strongest else Outcome.DOES_NOT_APPLY

    @property
    def level(self) -> Level:
        """The level of the strongest case."""
        return self.strongest.level if self.strongest else Level.NONE


def answer(
    perspective: Perspective,
    law: Law,
    rule: Rule,
    party: str,
    as_of: dt.date,
    *,
    transaction: str | None = None,
) -> Answer:
    """The rule applied to a party as of a day; IRIs in full."""
    case = case_of(rule, party, transaction)
    found = assess(perspective.store, law, rule, as_of, case=case, graphs=perspective.graphs)
    return Answer(rule, party, as_of, perspective, tuple(found))
