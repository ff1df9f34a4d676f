"""The service description: SPARQL 1.1 Service Description, with VoID for the sizes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, RdfFormat, Triple, serialize

from sanctiongraph.errors import EvaluationFailed, NotFound
from sanctiongraph.viewpoints import SOURCES
from sanctiongraph.vocabulary import BASE, PREFIXES, local_name
from sanctiongraph_server import graph_store
from sanctiongraph_server.facts import Fact, Facts
from sanctiongraph_server.negotiation import GRAPHS, SOLUTIONS, Choice
from sanctiongraph_server.tasks import Answer

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_PREFIXES: Final = {
    "sd": _SD,
    "formats": _FORMATS,
    **{name: PREFIXES[name] for name in ("rdf", "rdfs", "void", "dcterms", "schema", "xsd")},
}
_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_LABEL: Final = NamedNode(PREFIXES["rdfs"] + "label")
_COMMENT: Final = NamedNode(PREFIXES["rdfs"] + "comment")
_VIEWPOINTS_EXPLAINED: Final = (
    "The default graph is the accepted graph: what sources state as fact, and what follows. At the"
    " endpoint of a viewpoint it is the accepted graph and the viewpoint's graph together, which"
    " share no triple; the parameter viewpoint= does the same here. A dataset that a request or a"
    " query names takes its place."
)


@dataclass(frozen=True, slots=True)
class Service:
    """What there is to describe, and where it is found."""

    #: The address of the endpoint that is asked, and of the gateway as a whole.
    endpoint: str
    root: str
    viewpoint: str | None
    writable: bool
    federated: bool


class Describer:
    """Describes services over the graph that an evaluator sees."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def describe(self, service: Service, choice: Choice) -> Answer:
        """What is served, in the graph format that the client takes.

        Raises ``NotAcceptable`` where it takes none, and ``NotFound`` for an unknown viewpoint.
        """
        format = choice.for_graph()
        assert isinstance(format.engine, RdfFormat)
        fact = self._facts.current()
        triples = _triples(service, fact)
        body = serialize(triples, format=format.engine, prefixes=_PREFIXES)
        if body is None:
            raise EvaluationFailed("the engine wrote nothing")
        return Answer(body, format.content_type, fact.version, fact.derived)


def _triples(service: Service, fact: Fact) -> Iterator[Triple]:
    here = _part(service, "service")
    yield from _endpoint(here, service.endpoint, "SPARQL11Query")
    for offer in (*SOLUTIONS, *GRAPHS):
        yield Triple(here, _sd("resultFormat"), _format(offer.engine))
    # What follows by OWL 2 RL is in the data; the evaluation adds nothing.
    simple = NamedNode("http://www.w3.org/ns/entailment/Simple")
    yield Triple(here, _sd("defaultEntailmentRegime"), simple)
    yield Triple(here, _sd("feature"), _sd("EmptyGraphs"))
    if service.federated:
        yield Triple(here, _sd("feature"), _sd("BasicFederatedQuery"))
    yield Triple(here, _COMMENT, Literal(_VIEWPOINTS_EXPLAINED, language="en"))
    dataset = _part(service, "dataset")
    yield Triple(here, _sd("defaultDataset"), dataset)
    yield from _dataset(service, fact, dataset)
    yield from _available(service, fact, here)
    if service.writable:
        updates = _part(service, "update-service")
        yield from _endpoint(updates, service.root + "update", "SPARQL11Update")
        yield Triple(updates, _sd("defaultDataset"), dataset)
        for format in dict.fromkeys(graph_store.FORMATS.values()):
            yield Triple(updates, _sd("inputFormat"), _format(format))
        yield Triple(updates, _sd("feature"), _sd("EmptyGraphs"))
        graphs = NamedNode(service.root + "graphs")
        yield Triple(updates, NamedNode(PREFIXES["rdfs"] + "seeAlso"), graphs)
    yield from _viewpoints(service, fact)


def _endpoint(name: NamedNode, address: str, language: str) -> Iterator[Triple]:
    yield Triple(name, _TYPE, _sd("Service"))
    yield Triple(name, _sd("endpoint"), NamedNode(address))
    yield Triple(name, _sd("supportedLanguage"), _sd(language))


def _dataset(service: Service, fact: Fact, dataset: NamedNode) -> Iterator[Triple]:
    default = _part(service, "default")
    yield Triple(dataset, _TYPE, _sd("Dataset"))
    yield Triple(dataset, _TYPE, _term("void", "Dataset"))
    yield Triple(dataset, _term("dcterms", "source"), NamedNode(BASE))
    yield Triple(dataset, _term("schema", "version"), Literal(fact.version))
    yield from _size(dataset, "triples", fact.triples)
    yield Triple(dataset, _sd("defaultGraph"), default)
    yield Triple(default, _TYPE, _sd("Graph"))
    if service.viewpoint in {None, SOURCES}:
        yield from _size(default, "triples", fact.accepted)
    else:
        iri = _viewpoint(service.viewpoint, fact)
        yield Triple(default, _term("dcterms", "hasPart"), NamedNode(iri))
    for number, iri in enumerate(fact.graph_names):
        yield from _named_graph(dataset, _part(service, f"graph-{number}"), iri)


def _named_graph(collection: NamedNode, node: NamedNode, iri: str) -> Iterator[Triple]:
    yield Triple(collection, _sd("namedGraph"), node)
    yield Triple(node, _TYPE, _sd("NamedGraph"))
    yield Triple(node, _sd("name"), NamedNode(iri))


def _available(service: Service, fact: Fact, here: NamedNode) -> Iterator[Triple]:
    """Thousands of graphs, one a claim: the names of some, their number, and SPARQL for the rest."""
    graphs = _part(service, "graphs")
    yield Triple(here, _sd("availableGraphs"), graphs)
    yield Triple(graphs, _TYPE, _sd("GraphCollection"))
    if fact.graphs is not None:
        yield Triple(graphs, _term("schema", "numberOfItems"), Literal(fact.graphs))
    for number, _ in enumerate(fact.graph_names):
        yield Triple(graphs, _sd("namedGraph"), _part(service, f"graph-{number}"))


def _viewpoints(service: Service, fact: Fact) -> Iterator[Triple]:
    """Each viewpoint is a service of its own over the same dataset."""
    for iri, label in fact.viewpoints:
        name = local_name(iri)
        address = f"{service.root}viewpoints/{quote(name, safe='')}/sparql"
        if address == service.endpoint:
            continue
        node = NamedNode(f"{address}#service")
        yield from _endpoint(node, address, "SPARQL11Query")
        yield Triple(node, _term("dcterms", "subject"), NamedNode(iri))
        if label:
            yield Triple(node, _LABEL, Literal(label, language="en"))


def _viewpoint(name: str, fact: Fact) -> str:
    for iri, _ in fact.viewpoints:
        if name in {local_name(iri), iri}:
            return iri
    names: Iterable[str] = (local_name(iri) for iri, _ in fact.viewpoints)
    raise NotFound(f"no viewpoint is named {name!r}; there are: {', '.join(names) or 'none'}")


def _size(node: NamedNode, what: str, count: int | None) -> Iterator[Triple]:
    if count is not None:
        yield Triple(node, _term("void", what), Literal(count))


def _part(service: Service, name: str) -> NamedNode:
    """Named after the address, so that two descriptions of one service are the same graph."""
    return NamedNode(f"{service.endpoint}#{name}")


def _format(engine: RdfFormat | QueryResultsFormat) -> NamedNode:
    """The IRI of W3C's list of formats; the engine has another for JSON-LD."""
    return NamedNode(_FORMATS + "JSON-LD" if engine == RdfFormat.JSON_LD else engine.iri)


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)


def _term(prefix: str, name: str) -> NamedNode:
    return NamedNode(PREFIXES[prefix] + name)
