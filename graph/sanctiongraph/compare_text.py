"""Differences between two sides as plain values for JSON, and in English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sanctiongraph.assessment import Assessment
from sanctiongraph.causes import aspects
from sanctiongraph.claims import Claim, claims_named
from sanctiongraph.labels import Labels
from sanctiongraph.law.rules import Law
from sanctiongraph.sides import Difference, Side
from sanctiongraph.vocabulary import called, local_name, shorten


class Plain:
    """Puts differences between two sides into plain values, and these into English."""

    def __init__(
        self, left: Side, right: Side, law: Law, differences: Iterable[Difference]
    ) -> None:
        self._law = law
        self._sides = _names(left, right)
        # What one side supposes or withdraws, the other's store or the one before has or lacks.
        stores = []
        for side in (left.perspective, right.perspective):
            stores += [side.store, *([side.supposing[0].store] if side.supposing else [])]
        self._stores = list({id(store): store for store in stores}.values())
        self._labels = [Labels(store) for store in self._stores]
        self._claims: dict[str, Claim] = {}
        named = dict.fromkeys(iri for one in differences for iri in _claims_of(one))
        for store in self._stores:
            if missing := [iri for iri in named if iri not in self._claims]:
                self._claims |= claims_named(store, missing)

    def difference(self, one: Difference) -> dict[str, Any]:
        """One difference: things by the names that commands take, claims by short form."""
        conditions = [iri for iri in one.left if iri in self._law.conditions]
        return {
            "rule": one.rule.name,
            "rule_label": one.rule.label,
            "party": called(one.party),
            "party_label": self._label(one.party),
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
                    "claims": [self._claim(iri) for iri in dated.claims],
                    "changes": {
                        local_name(name): day.isoformat() for name, day in dated.changes.items()
                    },
                }
                for dated in one.dates
            ],
            "rests_on": [
                {
                    "side": side,
                    "claims": [self._claim(iri) for iri in rested.claims],
                    "supposed": [
                        {"id": called(iri), "label": self._label(iri)} for iri in rested.supposed
                    ],
                    "withdrawn": [self._claim(iri) for iri in rested.withdrawn],
                    "withdrawn_statements": [str(one) for one in rested.withdrawn_triples],
                    "without": {local_name(name): now for name, now in rested.without.items()},
                }
                for side, found in (("left", one.left_rests), ("right", one.right_rests))
                for rested in found
            ],
        }

    def text(self, one: Difference) -> str:
        """One difference in English, a paragraph."""
        found = self.difference(one)
        sides = self._sides
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
            lines += [
                f"    withdrawing {one['id']}  {one['wording']}" for one in rested["withdrawn"]
            ]
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

    def _label(self, iri: str) -> str:
        """The label from whichever side has one."""
        unnamed = local_name(iri)
        return next((text for of in self._labels if (text := of(iri)) != unnamed), unnamed)

    def _claim(self, iri: str) -> dict[str, Any]:
        found = self._claims.get(iri)
        return {
            "id": shorten(iri),
            "wording": found.wording if found else None,
            "modality": local_name(found.modality) if found else None,
            "speakers": [called(speaker) for speaker in found.speakers] if found else [],
        }


def _claims_of(one: Difference) -> Iterator[str]:
    for dated in one.dates:
        yield from dated.claims
    for rested in (*one.left_rests, *one.right_rests):
        yield from rested.claims
        yield from rested.withdrawn


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
