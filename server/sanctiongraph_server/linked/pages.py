"""What a page about a thing shows: plain values, made by a reader and filled into a template.

A claim, a source and a part of the law have a page of their own kind; of any other thing it is
shown what is known of it, by what it means.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

from sanctiongraph.vocabulary import PREFIXES, shorten, term
from sanctiongraph_server.linked.ahead import look_around
from sanctiongraph_server.linked.claimed import ClaimShown, claim_shown
from sanctiongraph_server.linked.drawing import Drawing, drawn
from sanctiongraph_server.linked.facts import Knowing, Known, Part
from sanctiongraph_server.linked.iris import ONTOLOGY
from sanctiongraph_server.linked.law import LawReading, LawShown
from sanctiongraph_server.linked.looking_up import described, node_of
from sanctiongraph_server.linked.neighbours import neighbours
from sanctiongraph_server.linked.outcomes import (
    Ruled,
    by_rule,
    current,
    outcomes_about,
    outcomes_for,
)
from sanctiongraph_server.linked.said import Said
from sanctiongraph_server.linked.sources import SourceShown, source_shown
from sanctiongraph_server.linked.statements import LINKS_OUT
from sanctiongraph_server.linked.values import Own, Value, Values, texts
from sanctiongraph_server.tasks import Opened, Seen, seen_of

#: Claims on a page.
CLAIMS_A_PAGE: Final = 25
#: Claims by a speaker on the speaker's page; all of them are a query.
_MOST_SPOKEN: Final = 8
_LABELS: Final = tuple(map(term, ("rdfs:label", "skos:altLabel", "skos:notation")))
_TYPE: Final = term("rdf:type")
_DRAWN: Final = PREFIXES["id"]


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another dataset, and how it is meant."""

    property: Value
    to: Value


@dataclass(frozen=True, slots=True)
class Claims:
    """Claims that mention the thing: one page of them."""

    shown: tuple[Said, ...]
    in_all: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Page(Seen):
    """A thing as people read it; what it is no part of is ``None``."""

    iri: str
    title: Value
    names: tuple[Value, ...]
    types: tuple[Value, ...]
    links_out: tuple[Link, ...]
    known: Known | None
    drawing: Drawing | None
    #: What the rules make of it today.
    outcomes: tuple[Ruled, ...]
    spoken: tuple[Said, ...]
    spoken_in_all: int
    claim: ClaimShown | None
    source: SourceShown | None
    law: LawShown | None
    claims: Claims
    #: The one group that is shown, where it was asked for.
    group: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the vocabulary."""

    name: str
    kinds: str
    labels: tuple[Value, ...]
    definition: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary(Seen):
    """The ontology as people read it."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class ShowThing:
    """The page about a thing, with one page of its claims, or of one group of what is known of it.

    Pages count from 1.
    """

    iri: str
    page: int
    language: str = "en"
    group: str = ""

    def perform(self, opened: Opened) -> Page:
        """Raises ``NotFound``. A page beyond the last is the last."""
        return _Writer(opened, self).page()


@dataclass(frozen=True, slots=True)
class ShowOntology:
    """The page about the vocabulary."""

    def perform(self, opened: Opened) -> Vocabulary:
        """Terms with a definition or a label, in the order of their names."""
        by_subject = _by_subject(described(opened, ONTOLOGY).quads)
        space = PREFIXES["sg"]
        terms = [
            Term(
                name=subject.value.removeprefix(space),
                kinds=", ".join(
                    shorten(kind.value)
                    for kind in own.get(_TYPE, [])
                    if isinstance(kind, NamedNode)
                ),
                labels=texts(own.get(term("rdfs:label"), [])),
                definition=texts(own.get(term("skos:definition"), [])),
            )
            for subject, own in by_subject.items()
            if isinstance(subject, NamedNode) and subject.value.startswith(space)
        ]
        shown = sorted((one for one in terms if one.labels), key=lambda one: one.name.lower())
        return Vocabulary(*seen_of(opened), tuple(shown))


class _Writer:
    """Writes the page of one thing."""

    def __init__(self, opened: Opened, asked: ShowThing) -> None:
        self._opened = opened
        self._asked = asked
        self._node = node_of(asked.iri)
        look_around(opened.store, self._node)
        self._values = Values(opened.store, asked.language)
        self._knowing = Knowing(opened, self._values)
        self._own = self._values.own(self._node)

    def page(self) -> Page:
        node, asked = self._node, self._asked
        kinds = self._own.get(_TYPE, [])
        claim = claim_shown(self._opened, self._knowing, node)
        is_source = term("sg:Source") in kinds
        source = source_shown(self._opened, self._values, node, asked.page) if is_source else None
        law = LawReading(self._opened, self._values).of(node)
        part = Part(asked.group, asked.page) if asked.group else None
        known = self._knowing.of(node, part)
        alone = bool(claim or source or part)
        claims = self._claims()
        if not (self._own or claims.in_all or known.own.rows or known.nodes or known.relations):
            described(self._opened, asked.iri)  # raises NotFound, unless a graph has this name
        spoken, spoken_in_all = ((), 0) if alone else self._spoken()
        title = self._values.of(node)
        if claim is not None:
            title = Value(claim.said.wording, title.href)
        return Page(
            *seen_of(self._opened),
            iri=node.value,
            title=title,
            names=tuple(one for name in _LABELS for one in texts(self._own.get(name, []))),
            types=known.own.kinds,
            links_out=tuple(self._links()),
            known=known,
            drawing=None if alone or law else self._drawing(known),
            outcomes=() if alone else self._outcomes(),
            spoken=spoken,
            spoken_in_all=spoken_in_all,
            claim=claim,
            source=source,
            law=law,
            claims=claims,
            group=asked.group,
            whole=known.whole,
        )

    def _drawing(self, known: Known) -> Drawing | None:
        if not self._node.value.startswith(_DRAWN):
            return None
        found = neighbours(self._opened, self._knowing, self._node, known)
        return drawn(found) if found.beside else None

    def _claims(self) -> Claims:
        asked = self._asked
        found = self._subjects("sg:mentions")
        pages = max(1, -(-len(found) // CLAIMS_A_PAGE))
        page = 1 if asked.group else min(asked.page, pages)
        shown = found[(page - 1) * CLAIMS_A_PAGE : page * CLAIMS_A_PAGE]
        return Claims(self._knowing.saying.of(shown), len(found), page, pages)

    def _spoken(self) -> tuple[tuple[Said, ...], int]:
        found = self._subjects("sg:speaker")
        return self._knowing.saying.of(found[:_MOST_SPOKEN]), len(found)

    def _subjects(self, name: str) -> list[str]:
        quads = self._opened.store.quads_for_pattern(None, term(name), self._node, DefaultGraph())
        return sorted(quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode))

    def _outcomes(self) -> tuple[Ruled, ...]:
        store = self._opened.store
        found = (
            *outcomes_for(store, self._values, self._node),
            *outcomes_about(store, self._values, self._node),
        )
        return by_rule(current(found))

    def _links(self) -> Iterable[Link]:
        for name in sorted(self._own.keys() & LINKS_OUT, key=str):
            for value in self._values.all(self._own[name]):
                yield Link(self._values.of(name), value)


def _by_subject(quads: Iterable[Quad]) -> dict[NamedNode | BlankNode, Own]:
    found: dict[NamedNode | BlankNode, Own] = {}
    for quad in quads:
        if quad.graph_name == DefaultGraph() and isinstance(quad.subject, NamedNode | BlankNode):
            found.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)
    return found
