"""The query library as SHACL: executables with their text, comment, tags and endpoint.

The form is the one in which SPARQL editors and crawlers look for examples: a
``sh:SPARQLSelectExecutable`` a query, with the endpoint as ``schema:target``, in the graph
``<endpoint>/.well-known/sparql-examples``. A build holds them under the address of the endpoint that
the identifiers lead to, wherever it is going to be served: the same data give the same hash.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from sanctiongraph.library import Library, LibraryQuery
from sanctiongraph.vocabulary import BASE, PREFIXES, term

#: Below the address of an endpoint, the name of the graph with its examples.
WELL_KNOWN: Final = "/.well-known/sparql-examples"
_LABEL: Final = term("rdfs:label")


def examples_graph(endpoint: str) -> NamedNode:
    """The graph in which clients look for the examples of an endpoint."""
    return NamedNode(endpoint + WELL_KNOWN)


#: The graph of a build that has them, and the endpoint that they are for there.
ENDPOINT: Final = f"{BASE}sparql"
EXAMPLES_GRAPH: Final = examples_graph(ENDPOINT)


def example_quads(library: Library) -> Iterator[Quad]:
    """The examples as a build holds them; none where the library is empty.

    Editors ask for them without a graph, so they are in the default graph too. Their labels are
    not: what is found there by its name is a thing, not a question.
    """
    if not len(library):
        return
    for one in examples(library, ENDPOINT):
        yield Quad(one.subject, one.predicate, one.object, EXAMPLES_GRAPH)
        if one.predicate != _LABEL:
            yield Quad(one.subject, one.predicate, one.object)


def examples(library: Library, endpoint: str) -> Iterator[Triple]:
    """The library's queries, their parameters at their defaults."""
    prefixes = NamedNode(f"{BASE}examples/prefixes")
    yield from _prefixes(prefixes)
    for query in library:
        if all(parameter.default is not None for parameter in query.parameters):
            yield from _example(query, endpoint, prefixes)


def _example(query: LibraryQuery, endpoint: str, prefixes: NamedNode) -> Iterator[Triple]:
    node = NamedNode(f"{BASE}examples/{query.name}")
    lines = query.bind({}).splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#+")).strip() + "\n"
    yield Triple(node, term("rdf:type"), term("sh:SPARQLExecutable"))
    yield Triple(node, term("rdf:type"), term("sh:SPARQLSelectExecutable"))
    yield Triple(node, term("rdfs:label"), Literal(query.title, language="en"))
    yield Triple(node, term("rdfs:comment"), Literal(query.question, language="en"))
    yield Triple(node, term("sh:prefixes"), prefixes)
    yield Triple(node, term("sh:select"), Literal(text))
    yield Triple(node, term("schema:target"), NamedNode(endpoint))
    for tag in query.tags:
        yield Triple(node, term("schema:keywords"), Literal(tag))


def _prefixes(prefixes: NamedNode) -> Iterator[Triple]:
    yield Triple(prefixes, term("rdf:type"), term("owl:Ontology"))
    for name, namespace in sorted(PREFIXES.items()):
        one = NamedNode(f"{prefixes.value}#{name}")
        address = Literal(namespace, datatype=term("xsd:anyURI"))
        yield Triple(prefixes, term("sh:declare"), one)
        yield Triple(one, term("sh:prefix"), Literal(name))
        yield Triple(one, term("sh:namespace"), address)
