"""Names: every term is declared and used as what it is, and every thing that is named is described."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from sanctiongraph.check.findings import Finding
from sanctiongraph.check.parts import Parts
from sanctiongraph.reading import Kind
from sanctiongraph.vocabulary import PREFIXES, local_name, shorten, term

_TYPE = term("rdf:type")
_LABEL = term("rdfs:label")
_OBJECT_PROPERTY = term("owl:ObjectProperty").value
_DATATYPE_PROPERTY = term("owl:DatatypeProperty").value
_PROPERTY_KINDS = {_OBJECT_PROPERTY, _DATATYPE_PROPERTY, term("owl:AnnotationProperty").value}
_CLASS = term("owl:Class").value
#: Terms of RDF and RDFS that need no declaration.
_BUILT_IN = {
    term(name).value
    for name in (
        "rdf:type",
        "rdf:first",
        "rdf:rest",
        "rdfs:label",
        "rdfs:comment",
        "rdfs:seeAlso",
    )
}
#: What is named in these namespaces has to be described in some file.
_OURS = {prefix: PREFIXES[prefix] for prefix in ("id", "law", "source", "claim")}
_CURE = {
    "id": "give it a type and a label in entities.ttl, or correct the name",
    "law": "describe it in ontology/law/, or correct the name",
    "source": "describe it in source.ttl or documents.ttl, or correct the name",
    "claim": "write that claim, or correct the name",
}


@dataclass(frozen=True, slots=True)
class _Declared:
    """The ontology's terms with the kinds they are declared as."""

    kinds: dict[str, set[str]]

    def nearest(self, iri: str) -> str:
        """The cure for a name that is not declared: declared names that look like it."""
        candidates = {
            local_name(known): known for known in self.kinds if _namespace(known) == _namespace(iri)
        }
        near = difflib.get_close_matches(local_name(iri), candidates, n=3, cutoff=0.6)
        names = " or ".join(shorten(candidates[name]) for name in near)
        declare = "declare it in ontology/sanctiongraph.ttl"
        return f"did you mean {names}? Else {declare}" if names else declare


def check_terms(parts: Parts) -> Iterator[Finding]:
    """Undeclared and misused terms; things without a type; names that nothing describes.

    Where a file could not be read, what seems to be described nowhere may be in it, so that is
    not looked for.
    """
    declared = _declared(parts)
    for quad in parts.data():
        for message in _misuse(quad, declared):
            yield parts.finding_at(quad, message)
    if not parts.unread:
        yield from _undescribed(parts)


def _declared(parts: Parts) -> _Declared:
    kinds: dict[str, set[str]] = {}
    for file, quads in parts.files:
        if file.kind is not Kind.ONTOLOGY:
            continue
        for quad in quads:
            if (
                quad.predicate == _TYPE
                and isinstance(quad.subject, NamedNode)
                and isinstance(quad.object, NamedNode)
            ):
                kinds.setdefault(quad.subject.value, set()).add(quad.object.value)
    return _Declared(kinds)


def _misuse(quad: Quad, declared: _Declared) -> Iterator[str]:
    predicate = quad.predicate.value
    kinds = declared.kinds.get(predicate, set())
    name = shorten(predicate)
    if predicate not in _BUILT_IN:
        if not kinds:
            yield f"{name} is not declared - {declared.nearest(predicate)}"
        elif not kinds & _PROPERTY_KINDS:
            yield f"{name} is no property - use a property of the ontology"
        elif _OBJECT_PROPERTY in kinds and isinstance(quad.object, Literal):
            yield f"{name} has the literal {quad.object} - name a thing"
        elif _DATATYPE_PROPERTY in kinds and not isinstance(quad.object, Literal):
            yield f"{name} has the thing {shorten(_text(quad.object))} - write a literal"
    if isinstance(quad.object, NamedNode):
        used = quad.object.value
        if quad.predicate == _TYPE:
            if used not in declared.kinds:
                yield f"{shorten(used)} is not declared - {declared.nearest(used)}"
            elif _CLASS not in declared.kinds[used]:
                yield f"{shorten(used)} is no class - use a class of the ontology"
        elif used.startswith(PREFIXES["sg"]) and used not in declared.kinds:
            yield f"{shorten(used)} is not declared - {declared.nearest(used)}"


def _undescribed(parts: Parts) -> Iterator[Finding]:
    said: dict[str, set[NamedNode]] = defaultdict(set)  # of each thing: the properties it has
    for quad in parts.quads():
        said[_text(quad.subject)].add(quad.predicate)
    for iri, quad in sorted(_named(parts.data()).items()):
        prefix = next(p for p, namespace in _OURS.items() if iri.startswith(namespace))
        entity = prefix == "id" and "#" not in iri  # and not a date that hangs on one
        if not said[iri] or (entity and not said[iri] & {_TYPE, _LABEL}):
            message = f"{shorten(iri)} is described nowhere - {_CURE[prefix]}"
            yield parts.finding_at(quad, message)
        elif entity and _TYPE not in said[iri]:
            message = "the thing has no type - write what it is with a class of the ontology"
            yield parts.finding(iri, message)


def _named(quads: Iterable[Quad]) -> dict[str, Quad]:
    """The names in our namespaces, each with the first quad that uses it."""
    found: dict[str, Quad] = {}
    for quad in quads:
        for node in (quad.subject, quad.object):
            if isinstance(node, NamedNode) and node.value.startswith(tuple(_OURS.values())):
                found.setdefault(node.value, quad)
    return found


def _namespace(iri: str) -> str:
    return iri.removesuffix(local_name(iri))


def _text(node: object) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)
