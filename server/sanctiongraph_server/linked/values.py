"""Terms as pages show them: text, language and where they lead. Nothing here is markup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Triple

from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import BASE, PREFIXES, local_name, shorten, term
from sanctiongraph_server.linked.iris import href

Node = NamedNode | BlankNode | Literal | Triple
#: The statements of one thing, by property.
Own = dict[NamedNode, list[Node]]

_ENGLISH: Final = "en"
#: What properties of other vocabularies are called here: the graph has no labels of theirs.
_PLAIN: Final = {
    term("schema:url").value: "address",
    term("schema:isoCode").value: "ISO code",
    term("schema:inLanguage").value: "language",
    term("schema:location").value: "location",
    term("skos:definition").value: "definition",
    term("skos:scopeNote").value: "note",
    term("skos:broader").value: "broader",
    term("skos:inScheme").value: "scheme",
    term("dcterms:source").value: "taken from",
}
_LABEL: Final = term("rdfs:label")
_TYPE: Final = term("rdf:type")
#: Numbers with as many digits are read in groups of three.
_LONG_NUMBER: Final = 7
_EDTF: Final = term("sg:edtf")
_NARROWER: Final = term("rdfs:subClassOf")


@dataclass(frozen=True, slots=True)
class Value:
    """A term to show: its text, where it leads if anywhere, and its language or datatype."""

    text: str
    href: str | None = None
    language: str = ""
    #: The IRI where the text is not the IRI itself.
    iri: str = ""


class Values:
    """Makes values of the terms of a store, with labels in one language; reads each label once."""

    def __init__(self, store: GraphStore, language: str = _ENGLISH) -> None:
        self._store = store
        self._language = language
        self._own: dict[NamedNode, Own] = {}
        self._labels: dict[str, tuple[str, str] | None] = {}

    def own(self, node: NamedNode) -> Own:
        """What the accepted graph says of a thing."""
        if node not in self._own:
            found: Own = {}
            for quad in self._store.quads_for_pattern(node, None, None, DefaultGraph()):
                found.setdefault(quad.predicate, []).append(quad.object)
            self._own[node] = found
        return self._own[node]

    def of(self, node: object) -> Value:
        """The value of a term."""
        if isinstance(node, Literal):
            return text_of(node)
        if not isinstance(node, NamedNode):
            return Value(str(node))
        iri = node.value
        if "#" in iri and iri.startswith(BASE) and not iri.startswith(PREFIXES["sg"]):
            return self._hanging(node)
        label = self.label(iri)
        if label is not None:
            text, language = label
            # Pages are in English: only another language is worth a word.
            return Value(text, href(iri), "" if language == _ENGLISH else language, iri)
        if iri in _PLAIN:
            return Value(_PLAIN[iri], iri=iri)
        plain = local_name(iri)
        named = iri.startswith(PREFIXES["sg"]) or "/day/" in iri
        return Value(plain if named else shorten(iri), href(iri), iri=iri)

    def all(self, nodes: Iterable[object]) -> tuple[Value, ...]:
        """The values of several terms, sorted by what is read."""
        return tuple(sorted(map(self.of, nodes), key=lambda one: (one.language, one.text)))

    def named(self, iri: str) -> Value:
        """The value of a thing by its IRI."""
        return self.of(NamedNode(iri))

    def label(self, iri: str) -> tuple[str, str] | None:
        """The label in the language, else in English, else in any; with the language that it is in."""
        if iri not in self._labels:
            quads = self._store.quads_for_pattern(NamedNode(iri), _LABEL, None, None)
            texts = {
                (quad.object.language or "", quad.object.value)
                for quad in quads
                if isinstance(quad.object, Literal)
            }
            order = (self._language, _ENGLISH, "")
            ranked = sorted(
                texts, key=lambda one: (order.index(one[0]) if one[0] in order else 9, one)
            )
            self._labels[iri] = (ranked[0][1], ranked[0][0]) if ranked else None
        return self._labels[iri]

    def kinds(self, node: NamedNode) -> tuple[NamedNode, ...]:
        """The narrowest classes of a thing that are the vocabulary's own."""
        classes = {
            one
            for one in self.own(node).get(_TYPE, [])
            if isinstance(one, NamedNode) and one.value.startswith(PREFIXES["sg"])
        }
        wider = {
            quad.object
            for one in classes
            for quad in self._store.quads_for_pattern(one, _NARROWER, None, DefaultGraph())
            if quad.object != one
        }
        return tuple(sorted(classes - wider, key=str))

    def date(self, node: NamedNode) -> str | None:
        """The EDTF of a date, wherever it is said."""
        found = self._store.quads_for_pattern(node, _EDTF, None, None)
        return min(
            (quad.object.value for quad in found if isinstance(quad.object, Literal)), default=None
        )

    def _hanging(self, node: NamedNode) -> Value:
        """Of a date or a place its content; a date leads nowhere, since all of it is shown."""
        iri = node.value
        edtf = self.date(node)
        if edtf is not None:
            inferred = term("sg:inferred") in self.own(node)
            return Value(f"{edtf} (inferred)" if inferred else edtf, iri=iri)
        text = shorten(iri)
        for selector in self.own(node).get(term("oa:hasSelector"), []):
            ends = self.own(selector) if isinstance(selector, NamedNode) else {}
            start, end = (ends.get(term(f"oa:{name}"), []) for name in ("start", "end"))
            if start and end and isinstance(start[0], Literal) and isinstance(end[0], Literal):
                text = f"characters {start[0].value} to {end[0].value}"
        return Value(text, href(iri), iri=iri)


def text_of(literal: Literal) -> Value:
    """A literal: its text, with a link where it is an address."""
    value = literal.value
    if value.isascii() and value.isdigit() and len(value) >= _LONG_NUMBER:
        value = f"{int(value):,}"
    where = value if literal.datatype == term("xsd:anyURI") else ""
    return Value(value, href(where), literal.language or "")


def texts(nodes: Iterable[object]) -> tuple[Value, ...]:
    """The literals among terms, English first."""
    found = (text_of(one) for one in nodes if isinstance(one, Literal))
    return tuple(sorted(found, key=lambda one: (one.language != "en", one.language, one.text)))
