"""What a page about a thing shows: plain values, made by a reader and filled into a template.

Everything shown comes from ``about``; nothing here is markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from sanctiongraph.labels import Labels
from sanctiongraph.vocabulary import PREFIXES, shorten, term
from sanctiongraph_server.linked.iris import ONTOLOGY, href
from sanctiongraph_server.linked.looking_up import described
from sanctiongraph_server.tasks import Opened

#: Claims on a page, and things that point to it.
CLAIMS_A_PAGE: Final = 25
MOST_POINTING: Final = 50
_LABELS: Final = tuple(map(term, ("rdfs:label", "skos:altLabel", "skos:notation")))
_TYPE: Final = term("rdf:type")
_SHOWN_APART: Final = frozenset({*_LABELS, _TYPE, term("sg:mentions")})
_LINKS_OUT: Final = frozenset(
    term(f"skos:{kind}Match") for kind in ("exact", "close", "broad", "narrow", "related")
)


@dataclass(frozen=True, slots=True)
class Value:
    """A term to show: its text, where it leads if anywhere, and its language or datatype."""

    text: str
    href: str | None = None
    language: str = ""
    #: The IRI where the text is not the IRI itself.
    iri: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One property with its values."""

    property: Value
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A claim: what it says, who says so through whom, how, when and where."""

    claim: Value
    wording: tuple[Value, ...]
    speakers: tuple[Value, ...]
    via: tuple[Value, ...]
    modality: tuple[Value, ...]
    said_on: tuple[Value, ...]
    source: tuple[Value, ...]
    paragraph: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Asserted:
    """A statement within a claim's graph."""

    subject: Value
    property: Value
    object: Value


@dataclass(frozen=True, slots=True)
class Page:
    """A thing as people read it; of a claim, ``said`` is the claim itself."""

    iri: str
    title: str
    version: str
    derived: str
    names: tuple[Value, ...]
    types: tuple[Value, ...]
    statements: tuple[Statement, ...]
    links_out: tuple[Statement, ...]
    pointing: tuple[Asserted, ...]
    more_pointing: int
    said: Said | None
    asserts: tuple[Asserted, ...]
    claims: tuple[Said, ...]
    claims_in_all: int
    page: int
    pages: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the vocabulary."""

    name: str
    kinds: str
    labels: tuple[Value, ...]
    definition: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The ontology as people read it."""

    version: str
    derived: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class ShowThing:
    """The page about a thing, with one page of its claims; pages count from 1."""

    iri: str
    page: int

    def perform(self, opened: Opened) -> Page:
        """Raises ``NotFound``. A page beyond the last is the last."""
        return _Writer(opened, self.iri).page(self.page)


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
                labels=_texts(own.get(term("rdfs:label"), [])),
                definition=_texts(own.get(term("skos:definition"), [])),
            )
            for subject, own in by_subject.items()
            if isinstance(subject, NamedNode) and subject.value.startswith(space)
        ]
        shown = sorted((one for one in terms if one.labels), key=lambda one: one.name.lower())
        snapshot = opened.snapshot
        return Vocabulary(snapshot.name, snapshot.derived, tuple(shown))


_Term = NamedNode | BlankNode | Literal | Triple
_Own = dict[NamedNode, list[_Term]]


class _Writer:
    """Writes the page of one thing."""

    def __init__(self, opened: Opened, iri: str) -> None:
        self._opened = opened
        self._node = NamedNode(iri) if _is_iri(iri) else None
        self._description = described(opened, iri)
        self._labels = Labels(opened.store)
        self._own = _by_subject(self._description.quads)

    def page(self, number: int) -> Page:
        node = self._node
        assert node is not None  # else there was no description
        own = self._own.get(node, {})
        claims = [one for one in self._claims() if one != node]
        pages = max(1, -(-len(claims) // CLAIMS_A_PAGE))
        number = min(number, pages)
        shown = claims[(number - 1) * CLAIMS_A_PAGE : number * CLAIMS_A_PAGE]
        is_claim = term("sg:Claim") in own.get(_TYPE, [])
        said = self._said(node) if is_claim else None
        pointing = [
            quad
            for quad in self._description.quads
            if quad.object == node
            and quad.graph_name == DefaultGraph()
            and quad.subject not in claims
        ]
        rest = {name for name in own if name not in _SHOWN_APART and name not in _LINKS_OUT}
        title = said.wording[0].text if said and said.wording else self._labels(node.value)
        return Page(
            iri=node.value,
            title=title,
            version=self._opened.snapshot.name,
            derived=self._opened.snapshot.derived,
            names=tuple(one for name in _LABELS for one in _texts(own.get(name, []))),
            types=self._values(own.get(_TYPE, [])),
            statements=self._statements(own, rest),
            links_out=self._statements(own, own.keys() & _LINKS_OUT),
            pointing=tuple(map(self._asserted, pointing[:MOST_POINTING])),
            more_pointing=max(0, len(pointing) - MOST_POINTING),
            said=said,
            asserts=tuple(
                self._asserted(quad) for quad in self._description.quads if quad.graph_name == node
            ),
            claims=tuple(map(self._said, shown)),
            claims_in_all=len(claims),
            page=number,
            pages=pages,
            whole=self._description.whole,
        )

    def _claims(self) -> list[NamedNode]:
        return [
            subject
            for subject, own in self._own.items()
            if isinstance(subject, NamedNode) and term("sg:Claim") in own.get(_TYPE, [])
        ]

    def _said(self, claim: NamedNode) -> Said:
        own = self._own.get(claim, {})

        def values(name: str) -> tuple[Value, ...]:
            return self._values(own.get(term(name), []))

        return Said(
            claim=Value(shorten(claim.value), href(claim.value), iri=claim.value),
            wording=values("sg:wording"),
            speakers=values("sg:speaker"),
            via=values("sg:via"),
            modality=values("sg:modality"),
            said_on=values("sg:saidOn"),
            source=values("sg:source"),
            paragraph=values("sg:paragraph"),
        )

    def _statements(self, own: _Own, names: Iterable[NamedNode]) -> tuple[Statement, ...]:
        return tuple(
            Statement(self._value(name), self._values(own[name]))
            for name in sorted(names, key=lambda one: shorten(one.value))
        )

    def _asserted(self, quad: Quad) -> Asserted:
        return Asserted(
            self._value(quad.subject), self._value(quad.predicate), self._value(quad.object)
        )

    def _values(self, terms: Iterable[_Term]) -> tuple[Value, ...]:
        return tuple(sorted(map(self._value, terms), key=lambda one: (one.language, one.text)))

    def _value(self, node: _Term) -> Value:
        if isinstance(node, Literal):
            return _text(node)
        if not isinstance(node, NamedNode):
            return Value(str(node))
        return Value(self._name(node), href(node.value), iri=node.value)

    def _name(self, node: NamedNode) -> str:
        """Of a date or a place its content, of anything else its label or short form."""
        own = self._own.get(node, {})
        if dates := own.get(term("sg:edtf")):
            inferred = " (inferred)" if term("sg:inferred") in own else ""
            return (
                ", ".join(_text(one).text for one in dates if isinstance(one, Literal)) + inferred
            )
        for selector in own.get(term("oa:hasSelector"), []):
            ends = self._own.get(selector, {}) if isinstance(selector, NamedNode) else {}
            start, end = (ends.get(term(f"oa:{name}"), []) for name in ("start", "end"))
            if start and end and isinstance(start[0], Literal) and isinstance(end[0], Literal):
                return f"characters {start[0].value} to {end[0].value}"
        label = self._labels(node.value)
        return (
            label
            if node.value.startswith(PREFIXES["sg"]) or label not in node.value
            else (shorten(node.value))
        )


def _by_subject(quads: Iterable[Quad]) -> dict[object, _Own]:
    found: dict[object, _Own] = {}
    for quad in quads:
        if quad.graph_name == DefaultGraph():
            found.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)
    return found


def _texts(terms: Iterable[_Term]) -> tuple[Value, ...]:
    texts = (_text(one) for one in terms if isinstance(one, Literal))
    return tuple(sorted(texts, key=lambda one: (one.language != "en", one.language, one.text)))


def _text(literal: Literal) -> Value:
    value = literal.value
    where = value if literal.datatype == term("xsd:anyURI") else ""
    return Value(value, href(where), literal.language or "")


def _is_iri(iri: str) -> bool:
    try:
        NamedNode(iri)
    except ValueError:
        return False
    return True
