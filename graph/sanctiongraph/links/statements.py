"""Links as triples: the link itself, and a node that says who made it, when, and on what evidence.

A node is a ``sssom:Mapping`` with the slots of SSSOM's own vocabulary.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from sanctiongraph.links.sssom import Link, LinkSet
from sanctiongraph.vocabulary import BASE, LINKS_GRAPH, term

_DECIMAL: Final = term("xsd:decimal")
_DATE: Final = term("xsd:date")


def quads_of(links: LinkSet) -> Iterator[Quad]:
    """The quads of a mapping set, all in ``graph/links``."""
    for link in links.links:
        yield from _quads(link)


def _quads(link: Link) -> Iterator[Quad]:
    subject, predicate, obj = map(NamedNode, (link.subject, link.predicate, link.object))
    yield Quad(subject, predicate, obj, LINKS_GRAPH)
    node = _node(link)
    about = (
        ("rdf:type", term("sssom:Mapping")),
        ("sssom:subject_id", subject),
        ("sssom:predicate_id", predicate),
        ("sssom:object_id", obj),
        ("sssom:mapping_justification", NamedNode(link.justification)),
        ("sssom:author_label", Literal(link.author)),
        ("sssom:mapping_date", Literal(link.date.isoformat(), datatype=_DATE)),
        ("sssom:confidence", Literal(f"{link.confidence:.2f}", datatype=_DECIMAL)),
        ("sssom:comment", Literal(link.evidence)),
    )
    for name, value in about:
        yield Quad(node, term(name), value, LINKS_GRAPH)
    if link.object_label:
        yield Quad(node, term("sssom:object_label"), Literal(link.object_label), LINKS_GRAPH)


def _node(link: Link) -> NamedNode:
    """Named after what it links, so that the same link has the same name in every build."""
    said = "\n".join((link.subject, link.predicate, link.object))
    return NamedNode(f"{BASE}link/{hashlib.sha256(said.encode()).hexdigest()[:16]}")
