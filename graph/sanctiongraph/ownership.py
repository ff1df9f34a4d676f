"""Ownership by blocked persons, added up through levels: what plain patterns of rules cannot sum.

``shares`` adds up; here it is read from a graph and written to one. The threshold is data: the
``sg:ownershipThreshold`` of a rule; without one nothing is derived. For each body whose owners are
recorded, every stretch of time in which the sums stay the same becomes one ``sg:BlockedOwnership``,
with the situations that it adds up. Only what certainly holds counts: from the latest meaning of a
beginning until the earliest meaning of an end.

Sums do not grow with what is believed: one more blocking turns a clear share into a blocked one. So
a viewpoint's sums that differ are situations of their own, which supersede the accepted ones.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    Store,
    Triple,
)

from sanctiongraph.law.truthtable import ACCEPTED, GraphNames
from sanctiongraph.shares import (
    BEGINNING,
    END,
    Holding,
    Listed,
    Spell,
    Sum,
    aggregate,
    spell,
    sums_of,
)
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import ENTAILED_GRAPH, PREFIXES, term

_TYPE: Final = term("rdf:type")
_DATES: Final = (term("sg:holdsFrom"), term("sg:holdsUntil"))

_TIMES: Final = """
  OPTIONAL { ?situation sg:holdsFrom ?from . ?from sg:latest ?begins }
  OPTIONAL { ?situation sg:holdsOn ?on . ?on sg:earliest ?seen }
  OPTIONAL { ?situation sg:holdsUntil ?until . ?until sg:earliest ?ends }
"""
_OWNERSHIPS: Final = f"""SELECT ?situation ?owner ?owned ?share ?begins ?seen ?ends WHERE {{
  ?situation a sg:Ownership ; sg:owner ?owner ; sg:owned ?owned ; sg:share ?share . {_TIMES} }}"""
_BLOCKINGS: Final = f"""SELECT ?situation ?owner ?begins ?seen ?ends WHERE {{
  {{ ?situation a sg:Blocking ; sg:target ?owner }}
  UNION {{ ?situation a sg:Designation ; sg:target ?owner ; sg:list ?list . ?list a sg:BlockingList }}
  {_TIMES} }}"""
_THRESHOLD: Final = "SELECT ?threshold WHERE { ?rule sg:ownershipThreshold ?threshold }"


def derive(store: GraphStore, graphs: GraphNames = ACCEPTED) -> list[Triple]:
    """What the ownerships and blockings in the merged ``graphs`` add up to."""
    return _situations(_sums(store, graphs))


def over_time(
    holdings: Iterable[Holding], blockings: Iterable[Listed], threshold: Decimal
) -> list[Triple]:
    """What holdings and the times for which owners are blocked add up to, for all time."""
    return _situations(sums_of(holdings, blockings, threshold))


def on_day(
    holdings: Iterable[Holding], blockings: Iterable[Listed], threshold: Decimal, day: dt.date
) -> list[Triple]:
    """The same for one day, without the days on which that begins and ends."""
    sums = aggregate(
        ((one.owner, one.owned, one.share) for one in holdings if one.spell.holds(day)),
        (one.owner for one in blockings if one.spell.holds(day)),
        threshold,
    )
    always, nothing = Spell(BEGINNING, END), frozenset[str]()
    return _situations([Sum(body, always, one, nothing, nothing) for body, one in sums.items()])


def _situations(found: list[Sum]) -> list[Triple]:
    nodes = _Nodes()
    for one in found:
        nodes.name(one, _node(one))
    return [triple for one in found for triple in _situation(one, nodes)]


def superseding(store: GraphStore, graph: NamedNode, name: str) -> list[Triple]:
    """What the ownerships in the accepted graph and ``graph`` together add up to otherwise.

    Sums that the accepted graph has are left out. Each other one supersedes those of the same body
    whose days it shares, so that rules which look at both graphs see one sum a day.
    """
    together = _sums(store, (DefaultGraph(), graph))
    if not together:
        return []
    # What a sum adds up may be told by other claims here: the sum itself is what counts.
    accepted = {(one.body, one.spell, one.sums): _node(one) for one in _sums(store, ACCEPTED)}
    nodes, new = _Nodes(), []
    for one in together:
        known = accepted.pop((one.body, one.spell, one.sums), None)
        nodes.name(one, known or _node(one, name))
        if known is None:
            new.append(one)
    triples = [triple for one in new for triple in _situation(one, nodes)]
    replaced: dict[str, list[tuple[Spell, NamedNode]]] = defaultdict(list)
    for (body, time, _), old in accepted.items():
        replaced[body].append((time, old))
    triples += [
        Triple(nodes.of(one), term("sg:supersedes"), old)
        for one in new
        for time, old in replaced[one.body]
        if one.spell.meets(time)
    ]
    return triples


def _sums(store: GraphStore, graphs: GraphNames) -> list[Sum]:
    thresholds = [Decimal(row["threshold"].value) for row in _rows(store, _THRESHOLD, graphs)]
    if not thresholds:
        return []
    holdings = [
        Holding(
            row["situation"].value,
            row["owner"].value,
            row["owned"].value,
            Decimal(row["share"].value),
            _spell(row),
        )
        for row in _rows(store, _OWNERSHIPS, graphs)
    ]
    blockings = [
        Listed(row["situation"].value, row["owner"].value, _spell(row))
        for row in _rows(store, _BLOCKINGS, graphs)
    ]
    return sums_of(holdings, blockings, min(thresholds))


def add_ownership(store: Store) -> None:
    """Puts into the accepted graph, and into ``graph/entailed``, what its ownerships add up to.

    What was there before is replaced, so it may be called again where the ownerships changed.
    """
    found = derive(store)
    for graph in (DefaultGraph(), ENTAILED_GRAPH):
        for quad in list(store.quads_for_pattern(None, _TYPE, term("sg:BlockedOwnership"), graph)):
            _remove(store, quad.subject, graph)
        store.extend(Quad(one.subject, one.predicate, one.object, graph) for one in found)


def _remove(
    store: Store, node: NamedNode | BlankNode | Triple, graph: DefaultGraph | NamedNode
) -> None:
    """Takes a sum out of a graph with the dates that are its own: a new one has others."""
    for quad in _emptied(store, node, graph):
        date = quad.object
        if quad.predicate not in _DATES or not isinstance(date, NamedNode):
            continue
        if not any(store.quads_for_pattern(None, None, date, graph)):
            _emptied(store, date, graph)


def _emptied(
    store: Store, node: NamedNode | BlankNode | Triple, graph: DefaultGraph | NamedNode
) -> list[Quad]:
    quads = list(store.quads_for_pattern(node, None, None, graph))
    for quad in quads:
        store.remove(quad)
    return quads


def _rows(store: GraphStore, text: str, graphs: GraphNames) -> Iterator[dict[str, Literal]]:
    found = store.query(text, prefixes=PREFIXES, default_graph=list(graphs))
    if not isinstance(found, QuerySolutions):  # a SELECT always gives solutions
        raise TypeError(type(found))
    names = [variable.value for variable in found.variables]
    for solution in found:
        yield {name: value for name in names if (value := solution[name]) is not None}


def _spell(row: dict[str, Literal]) -> Spell:
    begins, seen, ends = (
        row[name].value if name in row else None for name in ("begins", "seen", "ends")
    )
    return spell(begins, seen, ends)


def _node(one: Sum, viewpoint: str = "") -> NamedNode:
    """The name of a sum; a viewpoint's own has the viewpoint's name in it."""
    of = f"-{viewpoint}" if viewpoint else ""
    since = "" if one.spell.begins == BEGINNING else f"-{one.spell.begins.isoformat()}"
    return NamedNode(f"{one.body}#blocked-ownership{of}{since}")


class _Nodes:
    """The names of sums, by body and time."""

    def __init__(self) -> None:
        self._by_body: dict[str, list[tuple[Sum, NamedNode]]] = defaultdict(list)

    def name(self, one: Sum, node: NamedNode) -> None:
        self._by_body[one.body].append((one, node))

    def of(self, one: Sum) -> NamedNode:
        return next(node for other, node in self._by_body[one.body] if other is one)

    def added_up_by(self, one: Sum) -> Iterator[NamedNode]:
        """The sums of its owners that share a day with it and have a blocked part."""
        for body in sorted(one.bodies):
            for other, node in self._by_body[body]:
                if other.sums.blocked and other.spell.meets(one.spell):
                    yield node


def _situation(one: Sum, nodes: _Nodes) -> Iterator[Triple]:
    node = nodes.of(one)
    yield Triple(node, _TYPE, term("sg:BlockedOwnership"))
    yield Triple(node, _TYPE, term("sg:Situation"))
    yield Triple(node, term("sg:ofBody"), NamedNode(one.body))
    for name, share in (("sg:blockedShare", one.sums.blocked), ("sg:clearShare", one.sums.clear)):
        yield Triple(
            node, term(name), Literal(f"{share.normalize():f}", datatype=term("xsd:decimal"))
        )
    for name, day, open_day in (
        ("holdsFrom", one.spell.begins, BEGINNING),
        ("holdsUntil", one.spell.ends, END),
    ):
        if day != open_day:
            yield from _dated(node, name, day)
    for situation in sorted(one.situations):
        yield Triple(node, term("sg:addsUp"), NamedNode(situation))
    for owner in nodes.added_up_by(one):
        yield Triple(node, term("sg:addsUp"), owner)


def _dated(node: NamedNode, name: str, day: dt.date) -> Iterator[Triple]:
    date = NamedNode(f"{node.value}-{name}")
    text = day.isoformat()
    yield Triple(node, term(f"sg:{name}"), date)
    yield Triple(date, _TYPE, term("sg:Date"))
    yield Triple(date, term("sg:edtf"), Literal(text))
    for bound in ("sg:earliest", "sg:latest"):
        yield Triple(date, term(bound), Literal(text, datatype=term("xsd:date")))
