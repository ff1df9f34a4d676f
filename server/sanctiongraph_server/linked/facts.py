"""What is known of a thing, grouped by what it means; each fact with the claims that say so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Quad

from sanctiongraph.vocabulary import term
from sanctiongraph_server.linked.contests import Contest, contest, single_valued
from sanctiongraph_server.linked.meanings import MEANINGS, is_own, meaning_of
from sanctiongraph_server.linked.said import Said, Saying
from sanctiongraph_server.linked.statements import Property, Statements, claims_in
from sanctiongraph_server.linked.values import Value, Values
from sanctiongraph_server.tasks import Opened

#: Facts of a group on the page of a thing, and on a page of their own.
FIRST_FACTS: Final = 4
FACTS_A_PAGE: Final = 20
#: Nodes that point to a thing, of which facts are made at the most.
MOST_NODES: Final = 1_000
#: Claims that a fact comes with; the others are behind its own address.
_MOST_CLAIMS: Final = 6
_MOST_RELATIONS: Final = 60
_WHEN: Final = tuple(map(term, ("sg:date", "sg:holdsFrom", "sg:inForceFrom")))


@dataclass(frozen=True, slots=True)
class Cell:
    """A value. ``accepted`` where the accepted graph has it: else it is somebody's word only."""

    value: Value
    accepted: bool
    #: What it rests on where no claim gives it.
    origin: str


@dataclass(frozen=True, slots=True)
class Row:
    """A property with its values."""

    property: Value
    values: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A node that says something at a time, or what is known of the thing itself."""

    thing: Value
    kinds: tuple[Value, ...]
    rows: tuple[Row, ...]
    contests: tuple[Contest, ...]
    claims: tuple[Said, ...]
    more_claims: int
    #: Whether the accepted graph knows of it at all.
    accepted: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Facts of one meaning: some of them, and how many there are."""

    name: str
    title: str
    facts: tuple[Fact, ...]
    in_all: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Relation:
    """A statement that points to the thing."""

    subject: Value
    property: Value
    claims: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a thing; ``whole`` is false where more points to it than was read."""

    own: Fact
    groups: tuple[Group, ...]
    relations: tuple[Relation, ...]
    more_relations: int
    #: Nodes of facts, for whoever draws what is beside the thing.
    nodes: tuple[NamedNode, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One group alone, by its name, and which page of it; pages count from 1."""

    group: str
    page: int


class Knowing:
    """Reads facts of an open snapshot."""

    def __init__(self, opened: Opened, values: Values) -> None:
        self._store = opened.store
        self.values = values
        self.saying = Saying(values)
        self.statements = Statements(opened.store, values)
        self._single = opened.once(single_valued)

    def of(self, node: NamedNode, part: Part | None = None) -> Known:
        """What is known of a thing; with ``part`` one group alone."""
        pointing, whole = self.statements.pointing_to(node, MOST_NODES)
        grouped: dict[str, list[NamedNode]] = {}
        relations: list[tuple[NamedNode, list[Quad]]] = []
        for subject, quads in pointing.items():
            classes = self.statements.classes(subject)
            meaning = meaning_of(classes)
            if meaning is not None:
                grouped.setdefault(meaning.name, []).append(subject)
            elif _is_relation(subject, classes):
                relations.append((subject, quads))
        chosen = [
            (meaning, *self._chosen(grouped[meaning.name], part))
            for meaning in MEANINGS
            if meaning.name in grouped and (part is None or part.group == meaning.name)
        ]
        groups = [
            Group(
                meaning.name,
                meaning.title,
                tuple(map(self.fact, shown)),
                len(grouped[meaning.name]),
                page,
                pages,
            )
            for meaning, shown, page, pages in chosen
        ]
        nodes = [one for meaning in MEANINGS for one in grouped.get(meaning.name, [])]
        shown = [] if part else relations[:_MOST_RELATIONS]
        return Known(
            own=self.fact(node),
            groups=tuple(groups),
            relations=tuple(
                one for subject, quads in shown for one in self._relation(subject, quads)
            ),
            more_relations=max(0, len(relations) - _MOST_RELATIONS),
            nodes=tuple(nodes),
            whole=whole,
        )

    def fact(self, node: NamedNode) -> Fact:
        """A node with its properties, what is contested of it, and the claims."""
        properties = self.statements.properties(node)
        contests = [
            found
            for one in properties
            if one.name in self._single and len(one.values) > 1
            if (found := contest(self._store, self.saying, node, one))
        ]
        claims = sorted(self.statements.claims_of(node))
        return Fact(
            thing=self.values.of(node),
            kinds=tuple(map(self.values.of, self.statements.narrowest(node))),
            rows=tuple(map(_row, properties)),
            contests=tuple(contests),
            claims=self.saying.of(claims[:_MOST_CLAIMS]),
            more_claims=max(0, len(claims) - _MOST_CLAIMS),
            accepted=any(told.accepted for one in properties for told in one.values),
        )

    def _chosen(
        self, nodes: list[NamedNode], part: Part | None
    ) -> tuple[list[NamedNode], int, int]:
        """The nodes of a group that are shown, the latest first; on which page of how many."""
        ordered = sorted(nodes, key=lambda one: (self._when(one), one.value), reverse=True)
        size = FACTS_A_PAGE if part else FIRST_FACTS
        pages = max(1, -(-len(ordered) // size))
        page = min(part.page, pages) if part else 1
        return ordered[(page - 1) * size : page * size], page, pages

    def _when(self, node: NamedNode) -> str:
        """The latest day that a fact may have begun, for the order of a group."""
        for name in _WHEN:
            for quad in self._store.quads_for_pattern(node, name, None, None):
                if isinstance(quad.object, NamedNode) and (date := self.values.date(quad.object)):
                    return date.lstrip("[./")
        return ""

    def _relation(self, subject: NamedNode, quads: list[Quad]) -> Iterable[Relation]:
        by_name: dict[NamedNode, list[Quad]] = {}
        for quad in quads:
            by_name.setdefault(quad.predicate, []).append(quad)
        for name, about in by_name.items():
            claims = sorted(set(claims_in(about)))
            if claims or is_own(name):
                yield Relation(
                    self.values.of(subject),
                    self.values.of(name),
                    self.saying.of(claims[:_MOST_CLAIMS]),
                )


def _is_relation(subject: NamedNode, classes: frozenset[NamedNode]) -> bool:
    """Whether what points to a thing is a thing itself: not a date, a claim or an outcome."""
    apart = frozenset(map(term, ("sg:Claim", "sg:Assessment", "sg:Date", "sg:Formula")))
    return "#" not in subject.value and apart.isdisjoint(classes)


def _row(one: Property) -> Row:
    cells = (Cell(told.value, told.accepted, told.origin) for told in one.values)
    return Row(one.value, tuple(cells))
