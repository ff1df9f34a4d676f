"""From the data files to the dataset of named graphs, in memory.

The accepted graph, date bounds, mentions and entailments are derived here; the layout is that of
``docs/design.md``.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad, Store

from sanctiongraph.data import DataFolders
from sanctiongraph.entailment import entail
from sanctiongraph.errors import BadData
from sanctiongraph.outcomes import add_assessments
from sanctiongraph.ownership import add_ownership
from sanctiongraph.reading import Kind, claim_graphs, read_all, with_date_bounds
from sanctiongraph.viewpoints import add_viewpoints
from sanctiongraph.vocabulary import (
    CLAIMS_GRAPH,
    LAW_GRAPH,
    LINKS_GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    REFERENCE_GRAPH,
    VIEWPOINTS_GRAPH,
    shorten,
    sparql_prologue,
    term,
)

#: The parts that are in the accepted graph as well.
_COPIED = (
    ONTOLOGY_GRAPH,
    LAW_GRAPH,
    VIEWPOINTS_GRAPH,
    REFERENCE_GRAPH,
    CLAIMS_GRAPH,
    LINKS_GRAPH,
)
_MODALITY = term("sg:modality")
_FACT = term("sg:Fact")
_ESSENTIALS = ("rdf:type", "sg:source", "sg:speaker", "sg:modality", "sg:wording", "sg:place")

#: What a claim's assertion is about: things and laws, not terms of the vocabulary or date nodes.
_MENTIONS = f"""{sparql_prologue()}
INSERT {{ GRAPH {CLAIMS_GRAPH} {{ ?claim sg:mentions ?thing }} }}
WHERE {{
  GRAPH {CLAIMS_GRAPH} {{ ?claim a sg:Claim }}
  GRAPH ?claim {{ {{ ?thing ?p ?o }} UNION {{ ?s ?p ?thing }} }}
  FILTER(STRSTARTS(STR(?thing), "{PREFIXES["id"]}") || STRSTARTS(STR(?thing), "{PREFIXES["law"]}"))
}}"""

_ACCEPT_CLAIMS = f"""{sparql_prologue()}
INSERT {{ ?s ?p ?o }}
WHERE {{
  GRAPH {CLAIMS_GRAPH} {{ ?claim sg:modality sg:Fact }}
  GRAPH ?claim {{ ?s ?p ?o }}
}}"""


def dataset(folders: DataFolders) -> Store:
    """The whole dataset of the files below ``folders``, in an in-memory store.

    Raises ``BadData`` where a file does not parse or breaks a rule of the layout.
    """
    store = Store()
    store.bulk_extend(_quads(folders))
    store.update(_MENTIONS)
    for graph in _COPIED:
        store.update(f"INSERT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}")
    store.update(_ACCEPT_CLAIMS)
    entail(store)
    add_ownership(store)
    add_viewpoints(store)
    add_assessments(store)
    return store


def _quads(folders: DataFolders) -> Iterator[Quad]:
    for file, quads in read_all(folders):
        try:
            if file.kind is Kind.CLAIMS:
                _require_essentials(quads)
            dated = list(with_date_bounds(quads))
        except BadData as error:
            raise BadData(f"{file.path}: {error}") from error
        yield from dated
        if file.reference and file.kind is Kind.CLAIMS:
            yield from _background(dated)


def _require_essentials(quads: list[Quad]) -> None:
    """Refuses a claim that could not be shown with who makes it, how and where.

    The shapes say all this and more, but need packages that building does without; a claim that
    lacks one of these would be in the graph and missing from every answer.
    """
    given: dict[str, set[NamedNode]] = {claim: set() for claim in claim_graphs(quads)}
    for quad in quads:
        if quad.graph_name == CLAIMS_GRAPH and isinstance(quad.subject, NamedNode):
            given.get(quad.subject.value, set()).add(quad.predicate)
    for claim, predicates in sorted(given.items()):
        lacking = [name for name in _ESSENTIALS if term(name) not in predicates]
        if lacking:
            raise BadData(
                f"{shorten(claim)} has no {', no '.join(lacking)}: every claim needs it; "
                "sanctiongraph check tells all that is wrong"
            )


def _background(quads: list[Quad]) -> Iterator[Quad]:
    """What a reference file states as fact, for whoever wants the background alone."""
    facts: set[NamedNode] = {
        quad.subject
        for quad in quads
        if quad.predicate == _MODALITY
        and quad.object == _FACT
        and isinstance(quad.subject, NamedNode)
    }
    for quad in quads:
        if quad.graph_name in facts:
            yield Quad(quad.subject, quad.predicate, quad.object, REFERENCE_GRAPH)
