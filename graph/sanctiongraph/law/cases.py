"""The cases of a rule as people ask about them: a party and, where the rule asks for it, a transaction."""

from __future__ import annotations

from collections.abc import Mapping

from sanctiongraph.law.rules import Rule


def case_of(rule: Rule, party: str | None = None, transaction: str | None = None) -> dict[str, str]:
    """The values of the rule's variables that these give; one that is not given stays open."""
    given = zip(rule.asks, (party, transaction), strict=False)
    return {name: iri for name, iri in given if iri is not None}


def party_of(rule: Rule, case: Mapping[str, str]) -> str:
    """The party of a case."""
    return case[rule.asks[0]]


def transaction_of(rule: Rule, case: Mapping[str, str]) -> str | None:
    """The transaction of a case, where the rule asks for one."""
    return case[rule.asks[1]] if len(rule.asks) > 1 else None
