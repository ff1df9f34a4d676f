"""What a conclusion says, and what it rests on; ``assumptions`` finds that."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Triple

from sanctiongraph.assessment import Assessment, Level, Outcome
from sanctiongraph.resting import Aspects


def aspects(assessment: Assessment | None) -> dict[str, str]:
    """What an assessment says; without a case the rule does not apply."""
    if assessment is None:
        return {"case": "no", "outcome": Outcome.DOES_NOT_APPLY.value, "level": Level.NONE.value}
    return {
        "case": "yes",
        "outcome": assessment.outcome.value,
        "level": assessment.level.value,
        **{iri: status.value for iri, status in assessment.statuses.items()},
    }


@dataclass(frozen=True, slots=True)
class Rested:
    """What a conclusion rests on together, and what of it would be otherwise without that.

    ``claims`` are believed. Of a scenario's own, ``supposed`` are the things of which it supposes
    something, ``withdrawn`` the claims and ``withdrawn_triples`` the triples that it leaves out.
    """

    claims: tuple[str, ...]
    without: Aspects
    supposed: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    withdrawn_triples: tuple[Triple, ...] = ()
