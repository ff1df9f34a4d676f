"""Two things found to be one: a merge kept as a link between them, and undone by taking it out.

A row of a mapping set that says ``skos:exactMatch`` between two things of ours is a merge: the
subject is merged into the object. A build then reads every file as if it named the thing that is
kept. What a claim asserted in its own words stays, in a graph beside it (``original/...``), and so
does the name that was merged, which leads to the other. The files themselves are never rewritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import NamedNode, Quad

from sanctiongraph.data import DataFolders
from sanctiongraph.errors import BadData
from sanctiongraph.links.sssom import Link, link_sets
from sanctiongraph.vocabulary import BASE, CLAIMS_GRAPH, PREFIXES, REFERENCE_GRAPH, shorten, term

#: The name of the mapping set that ``sanctiongraph link merge`` writes.
IDENTITY_FILE = "identity.sssom.tsv"
_ID = PREFIXES["id"]
_LABEL, _ALIAS = term("rdfs:label"), term("skos:altLabel")
_MERGED_INTO, _ORIGINAL = term("sg:mergedInto"), term("sg:originalAssertion")

#: The thing that is kept, of each that is merged into it. IRIs in full.
Merges = Mapping[str, str]


def is_merge(link: Link) -> bool:
    """Whether a link says that two things of ours are one."""
    return link.exact and link.subject.startswith(_ID) and link.object.startswith(_ID)


def merges(folders: DataFolders) -> dict[str, str]:
    """All merges of the mapping sets below ``folders``.

    Raises ``BadData`` where a thing is merged into two, or into one that is merged itself.
    """
    found: dict[str, str] = {}
    for links in link_sets(folders.links):
        for link in links.links:
            if not is_merge(link):
                continue
            if found.setdefault(link.subject, link.object) != link.object:
                raise BadData(
                    f"{links.path}: line {link.line}: {shorten(link.subject)} is merged into"
                    f" {shorten(found[link.subject])} already - keep one of the two"
                )
    for merged, kept in found.items():
        if kept in found:
            raise BadData(
                f"{shorten(merged)} is merged into {shorten(kept)}, which is merged into"
                f" {shorten(found[kept])} itself - merge into the thing that is kept"
            )
    return found


def unified(quads: Iterable[Quad], merged: Merges) -> Iterator[Quad]:
    """The quads as they read with the merges, with what they were beside them."""
    for quad in quads:
        new = _renamed(quad, merged)
        if new == quad or _is_merge(quad):
            yield quad
            continue
        old = getattr(quad.subject, "value", "")
        if quad.predicate == _LABEL and old in merged:
            # One thing has one label; the other name becomes another name.
            yield Quad(new.subject, _ALIAS, quad.object, quad.graph_name)
            yield quad
            yield Quad(quad.subject, _MERGED_INTO, new.subject, REFERENCE_GRAPH)
            continue
        yield new
        if claim := _claim(quad):
            original = NamedNode(f"{BASE}original/{claim.removeprefix(PREFIXES['claim'])}")
            yield Quad(quad.subject, quad.predicate, quad.object, original)
            yield Quad(NamedNode(claim), _ORIGINAL, original, CLAIMS_GRAPH)


def _renamed(quad: Quad, merged: Merges) -> Quad:
    subject, value = quad.subject, quad.object
    if isinstance(subject, NamedNode) and subject.value in merged:
        subject = NamedNode(merged[subject.value])
    if isinstance(value, NamedNode) and value.value in merged:
        value = NamedNode(merged[value.value])
    return Quad(subject, quad.predicate, value, quad.graph_name)


def _is_merge(quad: Quad) -> bool:
    """Whether a quad is part of the record of a merge, which names what was merged."""
    if quad.predicate in (term("sssom:subject_id"), term("sssom:object_id")):
        return True
    ours = [getattr(node, "value", "") for node in (quad.subject, quad.object)]
    return quad.predicate == term("skos:exactMatch") and all(one.startswith(_ID) for one in ours)


def _claim(quad: Quad) -> str:
    """The claim in whose assertion or metadata a quad is; else empty."""
    graph = getattr(quad.graph_name, "value", "")
    if graph.startswith(PREFIXES["claim"]):
        return graph
    subject = getattr(quad.subject, "value", "")
    if quad.graph_name == CLAIMS_GRAPH and subject.startswith(PREFIXES["claim"]):
        return subject.partition("#")[0]
    return ""
