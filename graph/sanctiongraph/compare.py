"""Two perspectives side by side: which conclusions differ, and what makes the difference.

That is claims which one side alone believes, what a scenario supposes or leaves out of account, and
between two days the dates that lie there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sanctiongraph.assessment import Assessment, assess
from sanctiongraph.assumptions import NOTHING, Assumed
from sanctiongraph.causes import aspects
from sanctiongraph.compare_text import Plain
from sanctiongraph.dated import dates_between
from sanctiongraph.law.cases import case_of
from sanctiongraph.law.rules import Law, Rule
from sanctiongraph.law.telling import Told
from sanctiongraph.remembering import remembered
from sanctiongraph.sides import Difference as Difference
from sanctiongraph.sides import Side as Side
from sanctiongraph.timeline import each_timeline


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two sides conclude; ``compared`` counts the cases of rules that either side has."""

    left: Side
    right: Side
    law: Law
    compared: int
    differences: tuple[Difference, ...]

    def to_json(self) -> dict[str, Any]:
        """As plain values for JSON: things by the names that commands take, claims by short form."""
        plain = Plain(self.left, self.right, self.law, self.differences)
        return {
            "left": self.left.to_json(),
            "right": self.right.to_json(),
            "compared": self.compared,
            "differences": [plain.difference(one) for one in self.differences],
        }

    def to_text(self) -> str:
        """In English, one paragraph a difference."""
        head = (
            f"{self.left.describe()}\nbeside {self.right.describe()}\n"
            f"{len(self.differences)} of {self.compared} conclusions differ"
        )
        plain = Plain(self.left, self.right, self.law, self.differences)
        return "\n\n".join([head, *(plain.text(one) for one in self.differences)]) + "\n"


def compare(
    left: Side,
    right: Side,
    law: Law,
    *,
    rule: Rule | None = None,
    party: str | None = None,
    transaction: str | None = None,
    causes: bool = True,
) -> Comparison:
    """All rules, or one, for all cases, or those that fit, on both sides; IRIs in full.

    Without ``causes`` it is not asked what the differences rest on, which takes most of the time.
    """
    claims = left.perspective.beyond_facts(), right.perspective.beyond_facts()
    own = (
        [c for c in claims[0] if c not in claims[1]],
        [c for c in claims[1] if c not in claims[0]],
    )
    sides = zip((left, right), own, strict=True)
    assumed = [_assumed(law, side, only) for side, only in sides] if causes else []
    told: tuple[Told | None, Told | None] = (None, None)
    if rule is None and party is None:
        told = remembered(left.perspective), remembered(right.perspective)
    compared = 0
    differences = []
    for one in [rule] if rule else [law.rules[iri] for iri in sorted(law.rules)]:
        given = case_of(one, party, transaction)
        found = []
        for case, first, second in _both(left, right, law, one, given, told):
            compared += 1
            difference = _difference(one, case, first, second)
            if difference is not None:
                found.append(difference)
        if found and causes:
            if _alike(left, right):
                found = _dated(left, right, law, found, given, told[0])
            else:
                found = [_resting(difference, assumed) for difference in found]
        differences += found
    return Comparison(left, right, law, compared, tuple(differences))


def _assumed(law: Law, side: Side, own: list[str]) -> Assumed:
    base, scenario = side.perspective.supposing or (side.perspective, NOTHING)
    return Assumed(law, base, scenario, side.as_of, own)


def _alike(left: Side, right: Side) -> bool:
    """Whether the sides differ in the day alone."""
    first, second = left.perspective, right.perspective
    if first.supposing and second.supposing:
        alike = first.supposing[1] == second.supposing[1]
    else:
        alike = first.scenario == second.scenario
    return alike and first.viewpoint == second.viewpoint and left.as_of != right.as_of


def _both(
    left: Side,
    right: Side,
    law: Law,
    rule: Rule,
    given: Mapping[str, str],
    told: tuple[Told | None, Told | None],
) -> Iterator[tuple[Mapping[str, str], Assessment | None, Assessment | None]]:
    sides: list[dict[tuple[str, ...], Assessment]] = []
    for side, known in zip((left, right), told, strict=True):
        store, graphs = side.perspective.store, side.perspective.graphs
        found = assess(store, law, rule, side.as_of, case=given, graphs=graphs, told=known)
        sides.append({tuple(one.case[name] for name in rule.asks): one for one in found})
    for case in sorted({*sides[0], *sides[1]}):
        bound = dict(zip(rule.asks, case, strict=True))
        yield bound, sides[0].get(case), sides[1].get(case)


def _difference(
    rule: Rule, case: Mapping[str, str], left: Assessment | None, right: Assessment | None
) -> Difference | None:
    first, second = aspects(left), aspects(right)
    names = [name for name in first if name in second and first[name] != second[name]]
    if set(names) <= {"case"}:  # a rule without a case does not apply: that is no other conclusion
        return None
    return Difference(
        rule,
        case,
        left,
        right,
        {name: first[name] for name in names},
        {name: second[name] for name in names},
    )


def _dated(
    left: Side,
    right: Side,
    law: Law,
    differences: list[Difference],
    given: Mapping[str, str],
    told: Told | None,
) -> list[Difference]:
    """The differences of a rule between two days, with the dates that lie there."""
    rule, perspective, days = differences[0].rule, left.perspective, (left.as_of, right.as_of)
    cases = {tuple(one.case[name] for name in rule.asks) for one in differences}
    since: dict[tuple[str, str | None], set[dt.date]] = {}
    for line in each_timeline(perspective, law, rule, given, only=cases):
        begun = {period.since for period in line.periods if period.since}
        between = {day for day in begun if min(days) < day <= max(days)}
        since.setdefault((line.party, line.transaction), set()).update(between)
    return [
        replace(
            one,
            changed_on=tuple(sorted(since.get((one.party, one.transaction), ()))),
            dates=dates_between(perspective, law, rule, one.case, one.left, days, told),
        )
        for one in differences
    ]


def _resting(one: Difference, assumed: Sequence[Assumed]) -> Difference:
    """The difference with the assumptions that it rests on."""
    rests = [tuple(side.rests_on(one.rule, one.case, one.left)) for side in assumed]
    return replace(one, left_rests=rests[0], right_rests=rests[1])
