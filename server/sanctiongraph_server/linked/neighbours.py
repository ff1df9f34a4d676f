"""What is one step away from a thing: by a statement, or by a deal, an office or a like fact between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from sanctiongraph.vocabulary import BASE, PREFIXES, term
from sanctiongraph_server.linked.facts import Knowing, Known
from sanctiongraph_server.linked.meanings import is_own, meaning_of
from sanctiongraph_server.linked.values import Value, Values
from sanctiongraph_server.tasks import Opened, Seen, seen_of

#: Neighbours of a drawing, and facts that are looked at for them.
MOST_NEIGHBOURS: Final = 16
_MOST_FACTS: Final = 60
_MOST_WAYS: Final = 2
_CONCEPT: Final = term("skos:Concept")
#: Kinds of facts that people speak of as things.
_THINGS: Final = frozenset(
    map(
        term,
        ("sg:ArmsDeal", "sg:Office", "sg:Programme", "sg:Equipment", "sg:MeasureSet", "sg:Dispute"),
    )
)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A thing beside another: how they are connected, most often first, and how often in all."""

    thing: Value
    kind: str
    ways: tuple[str, ...]
    more_ways: int
    links: int


@dataclass(frozen=True, slots=True)
class Neighbours(Seen):
    """A thing with the neighbours that it is connected with most; ``in_all`` counts the others too."""

    thing: Value
    beside: tuple[Neighbour, ...]
    in_all: int


def neighbours(opened: Opened, knowing: Knowing, node: NamedNode, known: Known) -> Neighbours:
    """The neighbours of a thing of which all is known."""
    ways: dict[NamedNode, dict[str, int]] = {}

    def connect(other: object, way: str) -> None:
        if isinstance(other, NamedNode) and other != node and _is_thing(other):
            counted = ways.setdefault(other, {})
            counted[way] = counted.get(way, 0) + 1

    statements = knowing.statements
    for one in statements.properties(node):
        for told in one.values:
            connect(told.node, one.value.text)
    for relation in known.relations:
        connect(NamedNode(relation.subject.iri), relation.property.text)
    for fact in known.nodes[:_MOST_FACTS]:
        kinds = [knowing.values.of(kind).text for kind in statements.narrowest(fact)]
        way = kinds[0] if kinds else "fact"
        others = {told.node for one in statements.properties(fact) for told in one.values}
        for other in others:
            connect(other, way)
    found = [
        _neighbour(knowing, other, counted)
        for other, counted in ways.items()
        if _is_shown(statements.classes(other))
    ]
    found.sort(key=lambda one: (-one.links, one.thing.text))
    return Neighbours(
        *seen_of(opened),
        knowing.values.of(node),
        tuple(found[:MOST_NEIGHBOURS]),
        len(found),
    )


def _neighbour(knowing: Knowing, other: NamedNode, counted: dict[str, int]) -> Neighbour:
    ranked = sorted(counted, key=lambda way: (-counted[way], way))
    kinds = [knowing.values.of(kind).text for kind in knowing.statements.narrowest(other)]
    return Neighbour(
        thing=knowing.values.of(other),
        kind=", ".join(kinds),
        ways=tuple(ranked[:_MOST_WAYS]),
        more_ways=max(0, len(ranked) - _MOST_WAYS),
        links=sum(counted.values()),
    )


def _is_thing(node: NamedNode) -> bool:
    """Whether a node is a thing or a law, not a date, a place in a text or a term."""
    iri = node.value
    named = iri.startswith((PREFIXES["id"], PREFIXES["law"]))
    return named and "#" not in iri.removeprefix(BASE)


def _is_shown(classes: Iterable[NamedNode]) -> bool:
    """Whether a thing is a neighbour by itself: no concept, and no fact but a deal."""
    known = set(classes)
    own = {one for one in known if is_own(one)}
    if not own or _CONCEPT in known:
        return False
    meaning = meaning_of(own)
    return meaning is None or not known.isdisjoint(_THINGS)


@dataclass(frozen=True, slots=True)
class ShowNeighbours:
    """The neighbours alone, for a drawing that is taken elsewhere."""

    iri: str
    language: str

    def perform(self, opened: Opened) -> Neighbours:
        """Raises ``NotFound``."""
        node = NamedNode(self.iri)
        knowing = Knowing(opened, Values(opened.store, self.language))
        return neighbours(opened, knowing, node, knowing.of(node))
