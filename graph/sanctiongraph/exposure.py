"""New exposure: what the rules make of every case with a scenario and without it.

Counted are rules under which something is to be imposed on a party, or may be: duties, powers and
prohibitions. A permission, such as to end sanctions, exposes nobody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from sanctiongraph.assessment import Assessment, Level, Outcome
from sanctiongraph.law.algebra import Status
from sanctiongraph.law.rules import Law, Rule, evaluate, tests
from sanctiongraph.perspective import Perspective
from sanctiongraph.remembering import assessments, remembered
from sanctiongraph.vocabulary import local_name, shorten, term

_PERMISSION: Final = term("sg:Permission").value


class Standing(Enum):
    """How exposed a party is, from not at all to measures in force.

    Open: nothing of the facts speaks against the rule, and something of them is not known.
    """

    NONE = "none"
    OPEN = "open"
    ELIGIBLE = "eligible"
    DETERMINED = "determined"
    SANCTIONED = "sanctioned"


_RANK: Final = {standing: rank for rank, standing in enumerate(Standing)}
_OF_LEVEL: Final = {
    Level.ELIGIBLE: Standing.ELIGIBLE,
    Level.DETERMINED: Standing.DETERMINED,
    Level.SANCTIONED: Standing.SANCTIONED,
}


@dataclass(frozen=True, slots=True)
class Exposure:
    """A case that a scenario brings about or makes worse. ``missing`` is what is not established."""

    rule: str
    party: str
    transaction: str | None
    before: Standing
    after: Standing
    outcome: Outcome
    missing: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """As plain values for JSON; things by their short names."""
        return {
            "rule": shorten(self.rule),
            "party": shorten(self.party),
            "transaction": shorten(self.transaction) if self.transaction else None,
            "before": self.before.value,
            "after": self.after.value,
            "outcome": self.outcome.value,
            "missing": [shorten(iri) for iri in self.missing],
        }


@dataclass(frozen=True, slots=True)
class Exposures:
    """The standing of every case of the exposing rules from one perspective, to compare others with."""

    law: Law
    as_of: dt.date
    before: dict[tuple[str, ...], Standing]

    @classmethod
    def of(cls, perspective: Perspective, law: Law, as_of: dt.date) -> Exposures:
        """The standings where nothing is supposed."""
        told = remembered(perspective)
        found = {
            _key(one): standing(law, one)
            for rule in exposing_rules(law)
            for one in assessments(perspective, law, rule, as_of, told=told)
        }
        return cls(law, as_of, found)

    def new(self, supposed: Perspective) -> tuple[Exposure, ...]:
        """The cases that stand worse than they did, the worst first.

        ``supposed`` is the perspective that these are of, with a scenario that holds.
        """
        told = remembered(supposed)
        found = []
        for rule in exposing_rules(self.law):
            if not any(map(supposed.touched.matters_to, self.law.patterns_of(rule))):
                continue  # what it looks at is as it was
            for one in assessments(supposed, self.law, rule, self.as_of, told=told):
                before = self.before.get(_key(one), Standing.NONE)
                after = standing(self.law, one)
                if _RANK[after] > _RANK[before]:
                    found.append(
                        Exposure(
                            rule.iri,
                            one.party,
                            one.transaction,
                            before,
                            after,
                            one.outcome,
                            one.missing,
                        )
                    )
        return tuple(
            sorted(
                found,
                key=lambda one: (-_RANK[one.after], one.rule, one.party, one.transaction or ""),
            )
        )


def exposing_rules(law: Law) -> list[Rule]:
    """The rules under which a party can be exposed, in the order of their names."""
    rules = (rule for rule in law.rules.values() if rule.deontic != _PERMISSION)
    return sorted(rules, key=lambda rule: rule.name)


def standing(law: Law, one: Assessment) -> Standing:
    """How exposed the party of a case is."""
    if one.outcome is Outcome.APPLIES and one.level is Level.NONE:
        return Standing.ELIGIBLE
    if one.level in _OF_LEVEL:
        return _OF_LEVEL[one.level]
    facts = {
        iri: one.statuses[iri]
        for iri in tests(one.rule.formula)
        if not law.conditions[iri].reserved_to
    }
    if not one.in_force or not facts:
        return Standing.NONE
    is_open = evaluate(one.rule.formula, facts) in {Status.UNKNOWN, Status.DISPUTED}
    known = any(status is Status.ESTABLISHED for status in facts.values())
    return Standing.OPEN if is_open and known else Standing.NONE


def exposure_lines(exposures: tuple[Exposure, ...]) -> Iterator[str]:
    """One line for all transactions of a party under a rule that stand alike."""
    grouped: dict[tuple[str, str, Standing], list[str]] = {}
    for one in exposures:
        grouped.setdefault((one.rule, one.party, one.after), []).append(one.transaction or "")
    for (rule, party, after), transactions in grouped.items():
        for_what = ", ".join(local_name(one) for one in transactions if one)
        line = f"{local_name(party)} {after.value} under {local_name(rule)}"
        yield f"{line} ({for_what})" if for_what else line


def _key(one: Assessment) -> tuple[str, ...]:
    return (one.rule.iri, *(one.case[name] for name in one.rule.asks))
