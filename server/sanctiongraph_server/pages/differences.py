"""Differences between two sides as pages show them: each once for all cases that stand alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sanctiongraph.assessment import Assessment
from sanctiongraph.compare import Difference
from sanctiongraph.labels import Labels
from sanctiongraph.law.rules import Law
from sanctiongraph.vocabulary import called


@dataclass(frozen=True, slots=True)
class Change:
    """A conclusion that is another on the other side, for all cases of a rule that stand alike.

    ``parties`` are name, label and the number of cases; ``before`` and ``after`` are outcome and
    level on the one side and on the other, or nothing where there is no case; ``conditions`` are
    those that change, each with its status on both.
    """

    rule: str
    rule_label: str
    citation: str
    parties: tuple[tuple[str, str, int], ...]
    before: tuple[str, str] | None
    after: tuple[str, str] | None
    conditions: tuple[tuple[str, str | None, str | None], ...]

    @property
    def concludes_otherwise(self) -> bool:
        """Whether outcome or level are others, and not conditions alone."""
        return self.before != self.after


def alike(differences: Iterable[Difference], law: Law, labels: Labels) -> list[Change]:
    """Conclusions that are others first, each once for all cases of a rule that stand alike."""
    together: dict[tuple[Any, ...], dict[str, int]] = {}
    for one in differences:
        conditions = tuple(
            (iri, one.left[iri], one.right[iri]) for iri in one.left if iri in law.conditions
        )
        key = (one.rule.iri, _conclusion(one.left_case), _conclusion(one.right_case), conditions)
        counted = together.setdefault(key, {})
        counted[one.party] = counted.get(one.party, 0) + 1
    found = [
        Change(
            rule=law.rules[rule].name,
            rule_label=labels(rule),
            citation=labels.citation(law.rules[rule].provision).label,
            parties=tuple((called(iri), labels(iri), cases) for iri, cases in counted.items()),
            before=before,
            after=after,
            conditions=tuple((labels(iri), left, right) for iri, left, right in conditions),
        )
        for (rule, before, after, conditions), counted in together.items()
    ]
    return sorted(found, key=lambda one: not one.concludes_otherwise)


def _conclusion(one: Assessment | None) -> tuple[str, str] | None:
    return (one.outcome.value, one.level.value) if one else None
