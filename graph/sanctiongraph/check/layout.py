"""How claims are laid out in files: one graph a claim, in one place, and nothing beside it."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad

from sanctiongraph.check.findings import Finding
from sanctiongraph.check.parts import Parts
from sanctiongraph.reading import Kind, claim_graphs
from sanctiongraph.vocabulary import CLAIMS_GRAPH, PREFIXES, shorten


def check_layout(parts: Parts) -> Iterator[Finding]:
    """Graphs without a claim, claims without a graph, and what stands where nobody claims it."""
    described = parts.claims()
    owners: dict[str, str] = {}
    for file, quads in parts.files:
        name = parts.relative(file.path)
        for graph in sorted(claim_graphs(quads)):
            if graph in owners:
                message = f"the claim's graph is in {owners[graph]} too - number the claims of a source through"
                yield Finding(name, shorten(graph), message)
            owners.setdefault(graph, str(name))
        for graph in _reopened(quads):
            message = "the claim's graph is opened twice in the file - one claim, one graph: number the second anew"
            yield Finding(name, shorten(graph), message)
        if file.kind is Kind.CLAIMS:
            for node in sorted(_strays(quads)):
                message = f"something is said of {shorten(node)} in graph:claims, where nobody claims it - put it in the graph of a claim"
                yield Finding(name, shorten(node), message)
    for graph in sorted(set(owners) - described):
        yield parts.finding(
            graph,
            "a graph has this name but nothing is known of the claim - describe it as an sg:Claim in graph:claims",
        )
    for claim in sorted(described - set(owners)):
        yield parts.finding(
            claim,
            "the claim's graph is empty - write what the claim asserts in a graph of the claim's name",
        )


def _reopened(quads: list[Quad]) -> list[str]:
    """Graphs of claims that go on after another graph came between."""
    closed: set[str] = set()
    twice: list[str] = []
    last = ""
    for quad in quads:
        graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
        if graph != last:
            if graph in closed and graph.startswith(PREFIXES["claim"]):
                twice.append(graph)
            closed.add(last)
            last = graph
    return twice


def _strays(quads: list[Quad]) -> set[str]:
    return {
        quad.subject.value
        for quad in quads
        if quad.graph_name == CLAIMS_GRAPH
        and isinstance(quad.subject, NamedNode)
        and not quad.subject.value.startswith(PREFIXES["claim"])
    }
