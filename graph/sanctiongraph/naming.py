"""Names for nested blank nodes, so that every place and date can be addressed.

``claim:039 sg:place [ ... ]`` becomes ``claim:039#place``; inside the graph of a claim or
scenario the name begins with the graph's, so that two claims about one thing never share a date. Several blank nodes
on one subject and property are numbered by their content, so the order in a file does not matter.
Design: ``docs/design.md``, "How a source is written".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from sanctiongraph.errors import BadData
from sanctiongraph.vocabulary import PREFIXES, local_name

_Graph = NamedNode | BlankNode | DefaultGraph
_Key = tuple[str, str]  # graph, blank node

#: Graphs that say things of their own: names in them begin with the graph's.
_APART = (PREFIXES["claim"], PREFIXES["scenario"])


@dataclass(frozen=True, slots=True)
class _Edge:
    subject: NamedNode | BlankNode
    predicate: str


def name_blank_nodes(quads: Iterable[Quad]) -> list[Quad]:
    """The same quads with every blank node replaced by an IRI.

    Raises ``BadData`` for a blank node that hangs on nothing, on two things or on itself.
    """
    listed = list(quads)
    parents: dict[_Key, _Edge] = {}
    content: dict[_Key, list[Quad]] = defaultdict(list)
    for quad in listed:
        graph = str(quad.graph_name)
        if isinstance(quad.subject, BlankNode):
            content[graph, quad.subject.value].append(quad)
        if isinstance(quad.object, BlankNode):
            key = (graph, quad.object.value)
            if key in parents:
                raise BadData(
                    f"a blank node hangs on two things, one by {quad.predicate}: give it a name"
                )
            parents[key] = _Edge(_node(quad.subject), quad.predicate.value)
    for key in content:
        if key not in parents:
            what = ", ".join(sorted(local_name(quad.predicate.value) for quad in content[key]))
            raise BadData(f"a blank node with {what} hangs on nothing: give it a name")

    suffixes = _suffixes(parents, content)
    names: dict[_Key, NamedNode] = {}

    def name(key: _Key, graph: _Graph, seen: frozenset[_Key]) -> NamedNode:
        if key in names:
            return names[key]
        if key in seen:
            raise BadData("blank nodes hang on each other in a circle: give one a name")
        edge = parents[key]
        step = local_name(edge.predicate) + suffixes[key]
        if isinstance(edge.subject, BlankNode):
            owner = name((key[0], edge.subject.value), graph, seen | {key}).value
            iri = f"{owner}-{step}"
        else:
            iri = f"{_owner(edge.subject, graph)}{step}"
        names[key] = NamedNode(iri)
        return names[key]

    for key in parents:
        name(
            key, NamedNode(key[0][1:-1]) if key[0].startswith("<") else DefaultGraph(), frozenset()
        )
    if len({node.value for node in names.values()}) < len(names):
        raise BadData("two blank nodes would get one name: name the things they hang on apart")

    def renamed(quad: Quad) -> Quad:
        graph = str(quad.graph_name)
        subject, obj = quad.subject, quad.object
        if isinstance(subject, BlankNode):
            subject = names[graph, subject.value]
        if isinstance(obj, BlankNode):
            obj = names[graph, obj.value]
        return Quad(subject, quad.predicate, obj, quad.graph_name)

    return [renamed(quad) for quad in listed] if names else listed


def _node(term: NamedNode | BlankNode | Triple) -> NamedNode | BlankNode:
    if isinstance(term, Triple):
        raise BadData("a triple stands as a subject: named graphs carry claims about triples here")
    return term


def _owner(subject: NamedNode, graph: _Graph) -> str:
    """The name of ``subject`` up to where a property's name is added."""
    if isinstance(graph, NamedNode) and graph.value.startswith(_APART):
        return f"{graph.value}#{local_name(subject.value)}-"
    return f"{subject.value}-" if "#" in subject.value else f"{subject.value}#"


def _suffixes(parents: dict[_Key, _Edge], content: dict[_Key, list[Quad]]) -> dict[_Key, str]:
    """``""`` for an only child of its subject and property, else ``-1``, ``-2``, ... by content."""
    siblings: dict[tuple[str, str, str], list[_Key]] = defaultdict(list)
    for key, edge in parents.items():
        siblings[key[0], str(edge.subject), edge.predicate].append(key)
    suffixes: dict[_Key, str] = {}
    for group in siblings.values():
        if len(group) == 1:
            suffixes[group[0]] = ""
            continue
        ordered = sorted(group, key=lambda key: _signature(key, content, depth=0))
        for number, key in enumerate(ordered, start=1):
            suffixes[key] = f"-{number}"
    return suffixes


def _signature(key: _Key, content: dict[_Key, list[Quad]], depth: int) -> str:
    if depth > 20:
        raise BadData("blank nodes hang on each other more than 20 deep: give them names")
    parts = []
    for quad in content.get(key, []):
        obj = quad.object
        if isinstance(obj, BlankNode):
            value = "[" + _signature((key[0], obj.value), content, depth + 1) + "]"
        elif isinstance(obj, NamedNode | Literal):
            value = str(obj)
        else:
            raise BadData("a triple stands as an object: named graphs carry claims about triples")
        parts.append(f"{quad.predicate} {value}")
    return " ; ".join(sorted(parts))
