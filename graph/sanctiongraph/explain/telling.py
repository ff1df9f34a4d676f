"""What of a proof a reader is told: the claims that say it all, and what is not said but follows."""

from __future__ import annotations

from collections.abc import Iterable

from sanctiongraph.claims import Claim
from sanctiongraph.evidence import Ground, Match


def telling(match: Match, told: frozenset[object]) -> list[Ground]:
    """The ground triples of a match without those ``told`` before and without plumbing.

    Where nothing is left by that, the plumbing, or all of it again.
    """
    new = [one for one in match.grounds if one.triple not in told]
    return [one for one in new if not one.is_plumbing] or new or list(match.grounds)


def fewest(grounds: Iterable[Ground]) -> list[Claim]:
    """Claims that together assert all the triples, few of them: always the one that adds most."""
    open_grounds = {ground.triple: ground for ground in grounds}
    chosen: list[Claim] = []
    while open_grounds:
        counted: dict[str, int] = {}
        claims: dict[str, Claim] = {}
        for ground in open_grounds.values():
            for claim in ground.claims:
                counted[claim.iri] = counted.get(claim.iri, 0) + 1
                claims[claim.iri] = claim
        best = min(counted, key=lambda iri: (-counted[iri], claims[iri].start is None, iri))
        chosen.append(claims[best])
        open_grounds = {
            triple: ground
            for triple, ground in open_grounds.items()
            if all(claim.iri != best for claim in ground.claims)
        }
    return chosen


def dated(claim: Claim, grounds: Iterable[Ground]) -> str:
    """The date that a claim gives, where its wording does not, and whether it was inferred."""
    for ground in grounds:
        if ground.date and any(one.iri == claim.iri for one in ground.claims):
            if ground.date.edtf in claim.wording:
                return ""
            return f" ({ground.date.edtf}{', inferred' if ground.date.inferred else ''})"
    return ""
