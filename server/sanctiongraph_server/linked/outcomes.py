"""Outcomes of rules as the build worked them out, with the address that explains each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import DefaultGraph, NamedNode

from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import local_name, term
from sanctiongraph_server.linked.ahead import look_ahead
from sanctiongraph_server.linked.values import Own, Value, Values

_PARTY: Final = term("sg:assessedParty")
_RULE: Final = term("sg:assessedRule")
_TRANSACTION: Final = term("sg:assessedTransaction")
#: For the order: what weighs most comes first.
_WEIGHT: Final = {
    term(f"sg:{name}"): weight
    for weight, name in enumerate(("Applies", "Disputed", "Undetermined", "DoesNotApply"))
}
_LEVELS: Final = {
    term(f"sg:{name}"): weight
    for weight, name in enumerate(("Sanctioned", "Determined", "Eligible", "NoLevel"))
}
_SLUGS: Final = {
    term("sg:Applies"): "applies",
    term("sg:Disputed"): "disputed",
    term("sg:Undetermined"): "undetermined",
    term("sg:DoesNotApply"): "does-not-apply",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule makes of a case on the word of the sources alone, from when until when."""

    rule: Value
    party: Value
    transaction: Value | None
    outcome: Value
    #: The outcome as a name for the stylesheet.
    slug: str
    level: Value | None
    since: str
    until: str
    #: Where it is explained.
    address: str


@dataclass(frozen=True, slots=True)
class Ruled:
    """Cases with one outcome under one rule."""

    rule: Value
    outcome: Value
    slug: str
    level: Value | None
    cases: tuple[Outcome, ...]


def outcomes_for(store: GraphStore, values: Values, party: NamedNode) -> tuple[Outcome, ...]:
    """The outcomes of a party, those first that weigh most."""
    return _outcomes(store, values, _PARTY, party)


def outcomes_under(store: GraphStore, values: Values, rule: NamedNode) -> tuple[Outcome, ...]:
    """The outcomes of a rule, of all cases that it was applied to."""
    return _outcomes(store, values, _RULE, rule)


def outcomes_about(
    store: GraphStore, values: Values, transaction: NamedNode
) -> tuple[Outcome, ...]:
    """The outcomes of a transaction, of all parties and rules."""
    return _outcomes(store, values, _TRANSACTION, transaction)


def by_rule(outcomes: Iterable[Outcome]) -> tuple[Ruled, ...]:
    """Cases that a rule makes the same of, together; in the order of the first of each."""
    found: dict[tuple[str, str, str], list[Outcome]] = {}
    for one in outcomes:
        level = one.level.text if one.level else ""
        found.setdefault((one.rule.iri, one.slug, level), []).append(one)
    return tuple(
        Ruled(cases[0].rule, cases[0].outcome, cases[0].slug, cases[0].level, tuple(cases))
        for cases in found.values()
    )


def current(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Those that have not ended."""
    return tuple(one for one in outcomes if not one.until)


def _outcomes(
    store: GraphStore, values: Values, by: NamedNode, node: NamedNode
) -> tuple[Outcome, ...]:
    quads = store.quads_for_pattern(None, by, node, DefaultGraph())
    nodes = [quad.subject for quad in quads if isinstance(quad.subject, NamedNode)]
    look_ahead(store, nodes)
    shown = [(_weight(own), _outcome(values, own)) for own in map(values.own, nodes)]
    shown.sort(
        key=lambda one: (
            bool(one[1].until),
            one[0],
            one[1].rule.text,
            one[1].party.text,
            one[1].transaction.text if one[1].transaction else "",
            one[1].since,
        )
    )
    return tuple(one for _, one in shown)


def _weight(own: Own) -> tuple[int, int]:
    outcome, level = _one(own, "sg:outcome"), _one(own, "sg:level")
    return _WEIGHT.get(outcome or _PARTY, 9), _LEVELS.get(level or _PARTY, 9)


def _outcome(values: Values, own: Own) -> Outcome:
    rule, party = (_one(own, name) or _PARTY for name in ("sg:assessedRule", "sg:assessedParty"))
    transaction = _one(own, "sg:assessedTransaction")
    outcome, level = _one(own, "sg:outcome") or _PARTY, _one(own, "sg:level")
    since, until = (_day(values, own, name) for name in ("sg:holdsFrom", "sg:holdsUntil"))
    asked = {"rule": local_name(rule.value), "party": local_name(party.value)}
    if transaction is not None:
        asked["transaction"] = local_name(transaction.value)
    if since or until:
        asked["as_of"] = since or _day_before(until)
    return Outcome(
        rule=values.of(rule),
        party=values.of(party),
        transaction=values.of(transaction) if transaction is not None else None,
        outcome=values.of(outcome),
        slug=_SLUGS.get(outcome, "unknown"),
        level=values.of(level) if level is not None else None,
        since=since,
        until=until,
        address=f"/assess?{urlencode(asked)}",
    )


def _one(own: Own, name: str) -> NamedNode | None:
    return next((one for one in own.get(term(name), []) if isinstance(one, NamedNode)), None)


def _day(values: Values, own: Own, name: str) -> str:
    node = _one(own, name)
    return (values.date(node) or local_name(node.value)) if node is not None else ""


def _day_before(day: str) -> str:
    return (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()
