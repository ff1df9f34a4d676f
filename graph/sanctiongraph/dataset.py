"""From the data files to the dataset of named graphs, in memory.

The accepted graph, date bounds, mentions and entailments are derived here; the layout is that of
``docs/design.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad, Store

from sanctiongraph.data import DataFolders
from sanctiongraph.dates import bounds
from sanctiongraph.entailment import entail
from sanctiongraph.errors import BadData, BadDate
from sanctiongraph.reading import Kind, read_all
from sanctiongraph.vocabulary import (
    CLAIMS_GRAPH,
    LAW_GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    REFERENCE_GRAPH,
    sparql_prologue,
    term,
)

_EDTF = term("sg:edtf")
_EARLIEST = term("sg:earliest")
_LATEST = term("sg:latest")
_XSD_DATE = term("xsd:date")
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
    return assemble(_quads(folders))


def assemble(quads: Iterable[Quad]) -> Store:
    """The dataset that these parts make: bounds, mentions, accepted graph and entailments added."""
    store = Store()
    store.bulk_extend(with_date_bounds(quads))
    store.update(_MENTIONS)
    for graph in (ONTOLOGY_GRAPH, LAW_GRAPH, REFERENCE_GRAPH, CLAIMS_GRAPH):
        store.update(f"INSERT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}")
    store.update(_ACCEPT_CLAIMS)
    entail(store)
    return store


def with_date_bounds(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The same quads, and after each ``sg:edtf`` the bounds of that date, in the same graph.

    Raises ``BadData`` where the value is not an Extended Date/Time Format date.
    """
    for quad in quads:
        yield quad
        if quad.predicate != _EDTF or not isinstance(quad.object, Literal):
            continue
        try:
            found = bounds(quad.object.value)
        except BadDate as error:
            raise BadData(f"{quad.subject} in {quad.graph_name}: {error}") from error
        for predicate, day in ((_EARLIEST, found.earliest), (_LATEST, found.latest)):
            if day is not None:
                value = Literal(day.isoformat(), datatype=_XSD_DATE)
                yield Quad(quad.subject, predicate, value, quad.graph_name)


def _quads(folders: DataFolders) -> Iterator[Quad]:
    for file, quads in read_all(folders):
        yield from quads
        if file.reference and file.kind is Kind.CLAIMS:
            yield from _background(quads)


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
