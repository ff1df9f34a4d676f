"""What would have to change: for a wanted outcome, the minimal sets of conditions, who can change
each, which options of the graph bring about which, and what else those options set off.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sanctiongraph.assessment import Assessment, Level, Outcome, assess, in_force_on, weightier
from sanctiongraph.errors import NotFound
from sanctiongraph.exposure import Exposure, Exposures
from sanctiongraph.law.algebra import Status
from sanctiongraph.law.cases import case_of
from sanctiongraph.law.minimal import ChangeSet, not_to_apply, to_apply
from sanctiongraph.law.rules import Condition, Law, Rule, tests
from sanctiongraph.options import supposed_options
from sanctiongraph.perspective import Perspective
from sanctiongraph.remembering import assessments
from sanctiongraph.scenario import Scenario, scenarios
from sanctiongraph.vocabulary import local_name, shorten

_NOT: Final = "not"


@dataclass(frozen=True, slots=True)
class Target:
    """A rule that is to apply, or no longer to."""

    rule: Rule
    applies: bool

    @classmethod
    def of(cls, law: Law, text: str) -> Target:
        """``caatsa-236-c`` for a rule that is to apply, ``not:caatsa-231-a`` for one that is not to.

        Raises ``NotFound`` for a rule that there is not.
        """
        head, _, rest = text.replace(":", " ", 1).partition(" ")
        negated = head == _NOT and bool(rest)
        return cls(law.rule(rest.strip() if negated else text), not negated)

    @property
    def name(self) -> str:
        """As it is written."""
        return self.rule.name if self.applies else f"{_NOT}:{self.rule.name}"

    @property
    def outcome(self) -> Outcome:
        """The outcome that is wanted."""
        return Outcome.APPLIES if self.applies else Outcome.DOES_NOT_APPLY


@dataclass(frozen=True, slots=True)
class Change:
    """A condition that has to come out otherwise than it does. ``options`` bring that about."""

    condition: Condition
    now: Status
    wanted: Status
    options: tuple[str, ...]

    @property
    def can_be_made(self) -> bool:
        """Whether the law or the graph names anybody or anything that brings it about."""
        condition = self.condition
        return bool(condition.changed_by or condition.reserved_to or self.options)

    def to_json(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "condition": self.condition.name,
            "label": self.condition.label,
            "now": self.now.value,
            "wanted": self.wanted.value,
            "changed_by": [shorten(iri) for iri in self.condition.changed_by],
            "reserved_to": [shorten(iri) for iri in self.condition.reserved_to],
            "provision": shorten(self.condition.provision) if self.condition.provision else None,
            "verification": local_name(self.condition.verification),
            "options": list(self.options),
        }


@dataclass(frozen=True, slots=True)
class OptionEffect:
    """What an option does towards a target: the changes it brings about, those that it undoes, that
    is conditions that were as wanted and no longer are, and whom it newly exposes to what.
    """

    scenario: Scenario
    brings: tuple[str, ...]
    undoes: tuple[str, ...]
    outcome: Outcome
    exposures: tuple[Exposure, ...]

    def to_json(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "option": self.scenario.name,
            "label": self.scenario.label,
            "brings": [local_name(iri) for iri in self.brings],
            "undoes": [local_name(iri) for iri in self.undoes],
            "outcome": self.outcome.value,
            "sets_off": [one.to_json() for one in self.exposures],
        }


@dataclass(frozen=True, slots=True)
class Changes:
    """What would have to change in one case; cases that stand alike are one.

    ``sets`` are all minimal sets: those first in which every change has somebody who can make it,
    and the smaller first. There is one, empty, where the outcome is as wanted already, and none
    where nothing can bring it about.
    """

    target: Target
    party: str
    transactions: tuple[str, ...]
    as_of: dt.date
    viewpoint: str
    outcome: Outcome
    level: Level
    in_force: bool
    sets: tuple[tuple[Change, ...], ...]
    options: tuple[OptionEffect, ...]

    def completed_by(self, changes: tuple[Change, ...]) -> list[str]:
        """The options that bring about all of a set, by themselves."""
        names = [set(change.options) for change in changes]
        return sorted(set.intersection(*names)) if names else []

    def to_json(self) -> dict[str, Any]:
        """As plain values for JSON; things by their short names."""
        return {
            "target": self.target.name,
            "rule": self.target.rule.name,
            "party": shorten(self.party),
            "transactions": [shorten(iri) for iri in self.transactions],
            "as_of": self.as_of.isoformat(),
            "viewpoint": self.viewpoint,
            "outcome": self.outcome.value,
            "level": self.level.value,
            "wanted": self.target.outcome.value,
            "in_force": self.in_force,
            "sets": [
                {
                    "changes": [change.to_json() for change in changes],
                    "completed_by": self.completed_by(changes),
                }
                for changes in self.sets
            ],
            "options": [one.to_json() for one in self.options],
        }


def changes(
    perspective: Perspective,
    law: Law,
    target: Target,
    party: str,
    as_of: dt.date,
    *,
    transaction: str | None = None,
) -> list[Changes]:
    """What would have to change for each case of the party, the strongest first; IRIs in full.

    Raises ``NotFound`` where the rule has no such case.
    """
    rule = target.rule
    case = case_of(rule, party, transaction)
    found = assess(perspective.store, law, rule, as_of, case=case, graphs=perspective.graphs)
    if not found:
        every = assess(perspective.store, law, rule, as_of, graphs=perspective.graphs)
        parties = ", ".join(sorted({shorten(one.party) for one in every})) or "nobody"
        raise NotFound(
            f"{rule.name} has no such case for {shorten(party)} as of {as_of}; it has for {parties}"
        )
    found.sort(key=lambda one: weightier(one.level, one.outcome))
    alike: dict[tuple[object, ...], list[Assessment]] = {}
    for one in found:
        alike.setdefault((one.level, *one.statuses.values()), []).append(one)
    ways = [_ways(law, target, group[0]) for group in alike.values()]
    effects = _effects(perspective, law, target, [group[0] for group in alike.values()], ways)
    return [
        Changes(
            target=target,
            party=party,
            transactions=tuple(one.transaction for one in group if one.transaction),
            as_of=as_of,
            viewpoint=perspective.viewpoint,
            outcome=group[0].outcome,
            level=group[0].level,
            in_force=group[0].in_force,
            sets=tuple(
                sorted(
                    (_in_order(law, group[0], way, options) for way in own),
                    key=lambda one: (any(not change.can_be_made for change in one), len(one)),
                )
            ),
            options=tuple(options),
        )
        for group, own, options in zip(alike.values(), ways, effects, strict=True)
    ]


def _ways(law: Law, target: Target, one: Assessment) -> list[ChangeSet]:
    """The minimal sets of conditions with the status that each has to have."""
    if not one.in_force:
        return [] if target.applies else [frozenset()]
    exceptions = [law.exception(iri) for iri in _exceptions(law, one)]
    wanted = to_apply if target.applies else not_to_apply
    return wanted(target.rule.formula, exceptions, one.statuses)


def _exceptions(law: Law, one: Assessment) -> Iterator[str]:
    """Those that can hold: a rule that is not in force excepts nothing."""
    for iri in one.rule.exceptions:
        if iri not in law.rules or in_force_on(law.rules[iri], one.as_of):
            yield iri


def _effects(
    perspective: Perspective,
    law: Law,
    target: Target,
    cases: list[Assessment],
    ways: list[list[ChangeSet]],
) -> list[list[OptionEffect]]:
    """For each case, the options that bring about a change which it needs."""
    as_of = cases[0].as_of
    needed = [frozenset(literal for way in own for literal in way) for own in ways]
    effects: list[list[OptionEffect]] = [[] for _ in cases]
    if not any(needed):
        return effects
    exposures = Exposures.of(perspective, law, as_of)
    for scenario, supposed in supposed_options(perspective, scenarios(perspective.store)):
        new: tuple[Exposure, ...] | None = None
        for case, wanted, own in zip(cases, needed, effects, strict=True):
            found = assessments(supposed, law, case.rule, as_of, case.case)
            brings = [iri for iri, status in wanted if found and found[0].statuses[iri] is status]
            if not brings:
                continue
            new = exposures.new(supposed) if new is None else new
            undoes = [
                iri
                for iri, status in _polarity(law, target, case).items()
                if case.statuses[iri] is status and found[0].statuses[iri] is not status
            ]
            own.append(
                OptionEffect(scenario, tuple(sorted(brings)), tuple(undoes), found[0].outcome, new)
            )
    return effects


def _polarity(law: Law, target: Target, one: Assessment) -> dict[str, Status]:
    """Which status of each condition is of use to the target."""
    held, not_held = Status.ESTABLISHED, Status.REFUTED
    if not target.applies:
        held, not_held = not_held, held
    useful = dict.fromkeys(tests(one.rule.formula), held)
    for exception in _exceptions(law, one):
        for iri in tests(law.exception(exception)):
            useful.setdefault(iri, not_held)
    return useful


def _in_order(
    law: Law, one: Assessment, way: ChangeSet, options: list[OptionEffect]
) -> tuple[Change, ...]:
    """The changes of a set in the order of the rule's conditions."""
    wanted = dict(way)
    return tuple(
        Change(
            condition,
            one.statuses[condition.iri],
            wanted[condition.iri],
            tuple(option.scenario.name for option in options if condition.iri in option.brings),
        )
        for condition in law.conditions_of(one.rule)
        if condition.iri in wanted
    )
