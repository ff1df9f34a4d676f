"""Ownership by blocked persons, added up through levels: what plain patterns of rules cannot sum.

A body is blocked when blocked persons together own a threshold of it or more; it then counts as a
blocked owner itself, with its whole share in what it owns, and a body below the threshold passes
nothing on. That is a least fixpoint, so cycles end it as well. The threshold is data: the
``sg:ownershipThreshold`` of a rule; without one nothing is derived. Shares are exact decimals.

For each body whose owners are recorded, every stretch of time in which the sums stay the same
becomes one ``sg:BlockedOwnership``. An owner counts as not
blocked where nothing speaks for it; one that has blocked owners below the threshold, and room for
more of them, is neither. Only what certainly holds counts: from the latest meaning of a beginning
until the earliest meaning of an end. Where the records of one owner's share differ, the least counts.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from sanctiongraph.law.truthtable import ACCEPTED, GraphNames
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import ENTAILED_GRAPH, PREFIXES, term

_BEGINNING: Final = dt.date.min
_END: Final = dt.date.max
_TYPE: Final = term("rdf:type")

_TIMES: Final = """
  OPTIONAL { ?situation sg:holdsFrom ?from . ?from sg:latest ?begins }
  OPTIONAL { ?situation sg:holdsOn ?on . ?on sg:earliest ?seen }
  OPTIONAL { ?situation sg:holdsUntil ?until . ?until sg:earliest ?ends }
"""
_OWNERSHIPS: Final = f"""SELECT ?situation ?owner ?owned ?share ?begins ?seen ?ends WHERE {{
  ?situation a sg:Ownership ; sg:owner ?owner ; sg:owned ?owned ; sg:share ?share . {_TIMES} }}"""
_BLOCKINGS: Final = f"""SELECT ?owner ?begins ?seen ?ends WHERE {{
  {{ ?situation a sg:Blocking ; sg:target ?owner }}
  UNION {{ ?situation a sg:Designation ; sg:target ?owner ; sg:list ?list . ?list a sg:BlockingList }}
  {_TIMES} }}"""
_THRESHOLD: Final = "SELECT ?threshold WHERE { ?rule sg:ownershipThreshold ?threshold }"


@dataclass(frozen=True, slots=True)
class Spell:
    """Days from one until another; the second is no longer in it."""

    begins: dt.date
    ends: dt.date

    def holds(self, day: dt.date) -> bool:
        """Whether the day is one of them."""
        return self.begins <= day < self.ends


@dataclass(frozen=True, slots=True)
class Holding:
    """An owner's share in a body for a time."""

    owner: str
    owned: str
    share: Decimal
    spell: Spell


@dataclass(frozen=True, slots=True)
class Sums:
    """How much of a body blocked persons own, and how much others who cannot be blocked."""

    blocked: Decimal
    clear: Decimal


def aggregate(
    shares: Iterable[tuple[str, str, Decimal]], blocked: Iterable[str], threshold: Decimal
) -> dict[str, Sums]:
    """The sums of every body.

    ``shares`` are owner, body and share. An owner may be blocked through its own owners as long
    as those of them who cannot be leave room for the threshold.

    >>> one, half = Decimal(1), Decimal("0.5")
    >>> aggregate([("A", "B", half), ("B", "C", half)], ["A"], half)["C"].blocked
    Decimal('0.5')
    """
    owners: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for owner, owned, share in shares:
        known = owners[owned].get(owner)
        owners[owned][owner] = share if known is None else min(known, share)

    def held(body: str, of: set[str]) -> Decimal:
        return sum((part for owner, part in owners[body].items() if owner in of), Decimal(0))

    listed = set(blocked)
    certain, possible = set(listed), set(listed)
    while more := {body for body in owners if held(body, certain) >= threshold} - certain:
        certain |= more
    possible |= certain
    while (
        more := {
            body
            for body, parts in owners.items()
            if parts.keys() & possible
            and sum((part for owner, part in parts.items() if owner not in possible), Decimal(0))
            <= 1 - threshold
        }
        - possible
    ):
        possible |= more
    return {
        body: Sums(held(body, certain), held(body, set(parts) - possible))
        for body, parts in sorted(owners.items())
    }


def derive(store: GraphStore, graphs: GraphNames = ACCEPTED) -> list[Triple]:
    """What the ownerships and blockings in the merged ``graphs`` add up to."""
    thresholds = [Decimal(row["threshold"].value) for row in _rows(store, _THRESHOLD, graphs)]
    if not thresholds:
        return []
    holdings = [
        Holding(row["owner"].value, row["owned"].value, Decimal(row["share"].value), _spell(row))
        for row in _rows(store, _OWNERSHIPS, graphs)
    ]
    blockings = [(row["owner"].value, _spell(row)) for row in _rows(store, _BLOCKINGS, graphs)]
    spells: dict[str, list[tuple[Spell, Sums]]] = {}
    for some, of_them in _apart(holdings, blockings):
        spells |= _spells(some, of_them, min(thresholds))
    return [
        triple
        for body, parts in sorted(spells.items())
        for spell, sums in parts
        for triple in _situation(body, spell, sums)
    ]


def _apart(
    holdings: list[Holding], blockings: list[tuple[str, Spell]]
) -> Iterator[tuple[list[Holding], list[tuple[str, Spell]]]]:
    """The holdings in groups that no ownership ties to each other, each with its blockings.

    So the days of one group cost nothing in the others.
    """
    head: dict[str, str] = {}

    def find(body: str) -> str:
        while (above := head.setdefault(body, body)) != body:
            head[body] = head[above]
            body = head[body]
        return body

    for one in holdings:
        head[find(one.owner)] = find(one.owned)
    groups: dict[str, tuple[list[Holding], list[tuple[str, Spell]]]] = {}
    for one in holdings:
        groups.setdefault(find(one.owned), ([], []))[0].append(one)
    for blocking in blockings:
        if blocking[0] in head:
            groups[find(blocking[0])][1].append(blocking)
    yield from groups.values()


def _spells(
    holdings: list[Holding], blockings: list[tuple[str, Spell]], threshold: Decimal
) -> dict[str, list[tuple[Spell, Sums]]]:
    """The stretches of time in which the sums of each body stay the same."""
    days = sorted(
        {_BEGINNING}
        | {day for holding in holdings for day in (holding.spell.begins, holding.spell.ends)}
        | {day for _, spell in blockings for day in (spell.begins, spell.ends)}
    )
    spells: dict[str, list[tuple[Spell, Sums]]] = defaultdict(list)
    for begins, ends in zip(days, [*days[1:], _END], strict=True):
        found = aggregate(
            ((one.owner, one.owned, one.share) for one in holdings if one.spell.holds(begins)),
            (owner for owner, spell in blockings if spell.holds(begins)),
            threshold,
        )
        for body, sums in found.items():
            before = spells[body][-1] if spells[body] else None
            if before and before[0].ends == begins and before[1] == sums:
                spells[body][-1] = (Spell(before[0].begins, ends), sums)
            else:
                spells[body].append((Spell(begins, ends), sums))
    return spells


def add_ownership(store: Store) -> None:
    """Puts into the accepted graph, and into ``graph/entailed``, what its ownerships add up to.

    What was there before is replaced, so it may be called again where the ownerships changed.
    """
    found = derive(store)
    for graph in (DefaultGraph(), ENTAILED_GRAPH):
        for node in list(store.quads_for_pattern(None, _TYPE, term("sg:BlockedOwnership"), graph)):
            for quad in list(store.quads_for_pattern(node.subject, None, None, graph)):
                store.remove(quad)
        store.extend(Quad(one.subject, one.predicate, one.object, graph) for one in found)


def _rows(store: GraphStore, text: str, graphs: GraphNames) -> Iterator[dict[str, Literal]]:
    found = store.query(text, prefixes=PREFIXES, default_graph=list(graphs))
    if not isinstance(found, QuerySolutions):  # a SELECT always gives solutions
        raise TypeError(type(found))
    names = [variable.value for variable in found.variables]
    for solution in found:
        yield {name: value for name in names if (value := solution[name]) is not None}


def _spell(row: dict[str, Literal]) -> Spell:
    begins = row.get("begins") or row.get("seen")
    return Spell(
        dt.date.fromisoformat(begins.value) if begins else _BEGINNING,
        dt.date.fromisoformat(row["ends"].value) if "ends" in row else _END,
    )


def _situation(body: str, spell: Spell, sums: Sums) -> Iterator[Triple]:
    since = "" if spell.begins == _BEGINNING else f"-{spell.begins.isoformat()}"
    node = NamedNode(f"{body}#blocked-ownership{since}")
    yield Triple(node, _TYPE, term("sg:BlockedOwnership"))
    yield Triple(node, _TYPE, term("sg:Situation"))
    yield Triple(node, term("sg:ofBody"), NamedNode(body))
    for name, share in (("sg:blockedShare", sums.blocked), ("sg:clearShare", sums.clear)):
        yield Triple(
            node, term(name), Literal(f"{share.normalize():f}", datatype=term("xsd:decimal"))
        )
    for name, day, open_day in (
        ("holdsFrom", spell.begins, _BEGINNING),
        ("holdsUntil", spell.ends, _END),
    ):
        if day != open_day:
            yield from _dated(node, name, day)


def _dated(node: NamedNode, name: str, day: dt.date) -> Iterator[Triple]:
    date = NamedNode(f"{node.value}-{name}")
    text = day.isoformat()
    yield Triple(node, term(f"sg:{name}"), date)
    yield Triple(date, _TYPE, term("sg:Date"))
    yield Triple(date, term("sg:edtf"), Literal(text))
    for bound in ("sg:earliest", "sg:latest"):
        yield Triple(date, term(bound), Literal(text, datatype=term("xsd:date")))
