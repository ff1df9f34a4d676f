"""The service description: SPARQL 1.1 Service Description, with VoID for the sizes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from sanctiongraph.errors import EvaluationFailed
from sanctiongraph.vocabulary import BASE, PREFIXES
from sanctiongraph_server.current import Opened
from sanctiongraph_server.evaluation import Answer
from sanctiongraph_server.negotiation import Choice

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_PREFIXES: Final = {
    "sd": _SD,
    "formats": _FORMATS,
    **{name: PREFIXES[name] for name in ("rdf", "void", "dcterms", "schema", "xsd")},
}
_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_RESULT_FORMATS: Final = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
    "TriG",
    "N-Quads",
)


def describe(opened: Opened, endpoint: str, choice: Choice) -> Answer:
    """What is served at ``endpoint``, in the graph format that the client takes.

    Raises ``NotAcceptable`` where it takes none.
    """
    format = choice.for_graph()
    assert isinstance(format.engine, RdfFormat)
    body = serialize(_triples(opened, endpoint), format=format.engine, prefixes=_PREFIXES)
    if body is None:
        raise EvaluationFailed("the engine wrote nothing")
    return Answer(body, format.content_type, opened.name)


def _triples(opened: Opened, endpoint: str) -> Iterator[Triple]:
    version = opened.version
    # Named after the address, so that two descriptions of one service are the same graph.
    service, dataset, default = (NamedNode(f"{endpoint}#{name}") for name in _PARTS)
    graphs = BlankNode("graphs")
    yield Triple(service, _TYPE, _sd("Service"))
    yield Triple(service, _sd("endpoint"), NamedNode(endpoint))
    yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    for name in _RESULT_FORMATS:
        yield Triple(service, _sd("resultFormat"), NamedNode(_FORMATS + name))
    # What follows by OWL 2 RL is in the data; the evaluation adds nothing.
    yield Triple(
        service,
        _sd("defaultEntailmentRegime"),
        NamedNode("http://www.w3.org/ns/entailment/Simple"),
    )
    yield Triple(service, _sd("defaultDataset"), dataset)
    yield Triple(dataset, _TYPE, _sd("Dataset"))
    yield Triple(dataset, _TYPE, _term("void", "Dataset"))
    yield Triple(dataset, _term("dcterms", "source"), NamedNode(BASE))
    yield Triple(dataset, _term("schema", "version"), Literal(version.name))
    yield Triple(dataset, _term("void", "triples"), Literal(version.triples))
    yield Triple(dataset, _sd("defaultGraph"), default)
    yield Triple(default, _TYPE, _sd("Graph"))
    yield Triple(default, _term("void", "triples"), Literal(opened.accepted))
    # Thousands of graphs, one a claim: their number, and SPARQL for their names.
    yield Triple(service, _sd("availableGraphs"), graphs)
    yield Triple(graphs, _TYPE, _sd("GraphCollection"))
    yield Triple(graphs, _term("schema", "numberOfItems"), Literal(version.graphs))


_PARTS: Final = ("service", "dataset", "default")


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)


def _term(prefix: str, name: str) -> NamedNode:
    return NamedNode(PREFIXES[prefix] + name)
