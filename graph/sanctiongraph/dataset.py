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
from sanctiongraph.reading import Kind, read_all, with_date_bounds
from sanctiongraph.viewpoints import add_viewpoints
from sanctiongraph.vocabulary import (
    CLAIMS_GRAPH,
    LAW_GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    REFERENCE_GRAPH,
    VIEWPOINTS_GRAPH,
    sparql_prologue,
    term,
)

_MODALITY = term("sg:modality")
_FACT = term("sg:Fact")

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
    for graph in (ONTOLOGY_GRAPH, LAW_GRAPH, VIEWPOINTS_GRAPH, REFERENCE_GRAPH, CLAIMS_GRAPH):
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
            dated = list(with_date_bounds(quads))
        except BadData as error:
            raise BadData(f"{file.path}: {error}") from error
        yield from dated
        if file.reference and file.kind is Kind.CLAIMS:
            yield from _background(dated)


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
