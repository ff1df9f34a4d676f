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
from sanctiongraph.assumptions import Assumed
from sanctiongraph.causes import Doubts, Rested, aspects
from sanctiongraph.claims import claim
from sanctiongraph.dated import Dated, dates_between
from sanctiongraph.labels import Labels
from sanctiongraph.law.cases import case_of, party_of, transaction_of
from sanctiongraph.law.rules import Law, Rule
from sanctiongraph.perspective import Perspective
from sanctiongraph.resting import Aspects
from sanctiongraph.timeline import timelines
from sanctiongraph.vocabulary import called, local_name, shorten


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
        plain = _Plain(self)
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
        plain = _Plain(self)
        return "\n\n".join([head, *(_text(plain, one) for one in self.differences)]) + "\n"


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
    doubts = [_doubts(law, side, only) for side, only in sides] if causes else []
    compared = 0
    differences = []
    for one in [rule] if rule else [law.rules[iri] for iri in sorted(law.rules)]:
        given = case_of(one, party, transaction)
        for case, first, second in _both(left, right, law, one, given):
            compared += 1
            difference = _difference(one, case, first, second)
            if difference is not None and causes:
                difference = _caused(left, right, law, difference, doubts)
            if difference is not None:
                differences.append(difference)
    return Comparison(left, right, law, compared, tuple(differences))


def _doubts(law: Law, side: Side, own: list[str]) -> Doubts | Assumed:
    if side.perspective.supposing is None:
        return Doubts(law, side.perspective, side.as_of, own)
    base, scenario = side.perspective.supposing
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
    left: Side, right: Side, law: Law, rule: Rule, given: Mapping[str, str]
) -> Iterator[tuple[Mapping[str, str], Assessment | None, Assessment | None]]:
    sides: list[dict[tuple[str, ...], Assessment]] = []
    for side in (left, right):
        store, graphs = side.perspective.store, side.perspective.graphs
        found = assess(store, law, rule, side.as_of, case=given, graphs=graphs)
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


def _caused(
    left: Side, right: Side, law: Law, one: Difference, doubts: Sequence[Doubts | Assumed]
) -> Difference:
    """The difference with what it rests on."""
    if _alike(left, right):
        days = (left.as_of, right.as_of)
        lines = timelines(
            left.perspective, law, one.rule, party=one.party, transaction=one.transaction
        )
        since = {period.since for line in lines for period in line.periods if period.since}
        changed = tuple(sorted(day for day in since if min(days) < day <= max(days)))
        dates = dates_between(left.perspective, law, one.rule, one.case, one.left, days)
        return replace(one, changed_on=changed, dates=dates)
    rests = [tuple(doubt.rests_on(one.rule, one.case, one.left)) for doubt in doubts]
    return replace(one, left_rests=rests[0], right_rests=rests[1])


class _Plain:
    """Puts differences into plain values."""

    def __init__(self, comparison: Comparison) -> None:
        self._law = comparison.law
        self.sides = _names(comparison.left, comparison.right)
        # What one side supposes or withdraws, the other's store or the one before has or lacks.
        stores = []
        for side in (comparison.left.perspective, comparison.right.perspective):
            stores += [side.store, *([side.supposing[0].store] if side.supposing else [])]
        self._stores = list({id(store): store for store in stores}.values())
        self._labels = [Labels(store) for store in self._stores]

    def difference(self, one: Difference) -> dict[str, Any]:
        conditions = [iri for iri in one.left if iri in self._law.conditions]
        return {
            "rule": one.rule.name,
            "rule_label": one.rule.label,
            "party": called(one.party),
            "party_label": self.label(one.party),
            "transaction": called(one.transaction) if one.transaction else None,
            "left": _conclusion(one.left_case),
            "right": _conclusion(one.right_case),
            "conditions": [
                {
                    "id": local_name(iri),
                    "label": self._law.conditions[iri].label,
                    "left": one.left[iri],
                    "right": one.right[iri],
                }
                for iri in conditions
            ],
            "changed_on": [day.isoformat() for day in one.changed_on],
            "dates": [
                {
                    "date": dated.edtf,
                    "inferred": dated.inferred,
                    "claims": [self.claim(iri) for iri in dated.claims],
                    "changes": {
                        local_name(name): day.isoformat() for name, day in dated.changes.items()
                    },
                }
                for dated in one.dates
            ],
            "rests_on": [
                {
                    "side": side,
                    "claims": [self.claim(iri) for iri in rested.claims],
                    "supposed": [
                        {"id": called(iri), "label": self.label(iri)} for iri in rested.supposed
                    ],
                    "withdrawn": [self.claim(iri) for iri in rested.withdrawn],
                    "withdrawn_statements": [str(one) for one in rested.withdrawn_triples],
                    "without": {local_name(name): now for name, now in rested.without.items()},
                }
                for side, found in (("left", one.left_rests), ("right", one.right_rests))
                for rested in found
            ],
        }

    def label(self, iri: str) -> str:
        """The label from whichever side has one."""
        unnamed = local_name(iri)
        return next((text for of in self._labels if (text := of(iri)) != unnamed), unnamed)

    def claim(self, iri: str) -> dict[str, Any]:
        found = next((one for store in self._stores if (one := claim(store, iri))), None)
        return {
            "id": shorten(iri),
            "wording": found.wording if found else None,
            "modality": local_name(found.modality) if found else None,
            "speakers": [called(speaker) for speaker in found.speakers] if found else [],
        }


def _conclusion(one: Assessment | None) -> dict[str, Any]:
    told = aspects(one)
    return {
        "case": one is not None,
        "outcome": told["outcome"],
        "level": told["level"],
    }


def _names(left: Side, right: Side) -> tuple[str, str]:
    """What the sides are called: by what they differ in."""
    for first, second in (
        (left.perspective.viewpoint, right.perspective.viewpoint),
        (
            left.perspective.scenario or "nothing supposed",
            right.perspective.scenario or "nothing supposed",
        ),
        (left.as_of.isoformat(), right.as_of.isoformat()),
    ):
        if first != second:
            return first, second
    return "the first", "the second"


def _text(plain: _Plain, one: Difference) -> str:
    found = plain.difference(one)
    sides = plain.sides
    of = f", {found['transaction']}" if found["transaction"] else ""
    lines = [f"{found['rule']}, {found['party']}{of}"]
    for name, side in zip(sides, ("left", "right"), strict=True):
        told = found[side]
        what = f"{told['outcome']}, {told['level']}" if told["case"] else "no case"
        lines.append(f"  {name}: {what}")
    for condition in found["conditions"]:
        lines.append(f"  {condition['label']}:")
        lines.append(f"    {sides[0]}: {condition['left']}; {sides[1]}: {condition['right']}")
    for rested in found["rests_on"]:
        name = sides[("left", "right").index(rested["side"])]
        changes = ", ".join(f"{key} {value}" for key, value in rested["without"].items())
        lines.append(f"  {name} would conclude otherwise ({changes}) without")
        lines += [f"    {one['id']}  {one['wording']}" for one in rested["claims"]]
        lines += [f"    supposing {one['id']}  {one['label']}" for one in rested["supposed"]]
        lines += [f"    withdrawing {one['id']}  {one['wording']}" for one in rested["withdrawn"]]
        lines += [f"    withdrawing {one}" for one in rested["withdrawn_statements"]]
    if one.changed_on:
        lines.append("  changed on " + ", ".join(found["changed_on"]))
    for dated in found["dates"]:
        changes = ", ".join(f"{key} on {day}" for key, day in dated["changes"].items())
        inferred = ", inferred" if dated["inferred"] else ""
        lines.append(f"  by the date {dated['date']}{inferred}: {changes}")
        lines += [f"    {one['id']}  {one['wording']}" for one in dated["claims"]]
        if not dated["claims"]:
            lines.append("    a day that the law names")
    return "\n".join(lines)
