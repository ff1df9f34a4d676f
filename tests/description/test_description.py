"""The dataset's description: its figures are those that are counted, and its parts are well formed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from sanctiongraph import Graph
from sanctiongraph.description.dataset import About, Dump, described
from sanctiongraph.description.examples import examples, examples_graph
from sanctiongraph.description.figures import Figures, count
from sanctiongraph.vocabulary import BASE, PREFIXES, term

ENDPOINT = "http://127.0.0.1:8080/sparql"
DATASET = NamedNode(BASE + "dataset")


@pytest.fixture(scope="module")
def figures(graph: Graph) -> Figures:
    return count(graph.store, BASE)


@pytest.fixture(scope="module")
def described_store(graph: Graph, figures: Figures) -> Store:
    about = About(
        version=graph.version.name,
        quads=graph.version.triples,
        graphs=graph.version.graphs,
        fingerprint=graph.version.fingerprint,
        endpoint=ENDPOINT,
        landing_page="http://127.0.0.1:8080/",
        dumps=(Dump("http://127.0.0.1:8080/dump.nq.gz", 1234, "ab" * 32),),
    )
    return in_a_store(described(figures, about))


def in_a_store(triples: Iterable[Triple]) -> Store:
    store = Store()
    for triple in triples:
        store.add(Quad(triple.subject, triple.predicate, triple.object))
    return store


@cache
def triples_of(graph: Graph) -> list[Triple]:
    """Every triple of the default graph, walked and not asked for."""
    quads = graph.store.quads_for_pattern(None, None, None, DefaultGraph())
    return [quad.triple for quad in quads]


def test_figures_are_those_that_one_counts_by_walking(graph: Graph, figures: Figures) -> None:
    triples = triples_of(graph)
    assert figures.triples == len(triples)
    assert figures.distinct_subjects == len({one.subject for one in triples})
    assert figures.distinct_objects == len({one.object for one in triples})
    ours = {
        one.subject
        for one in triples
        if isinstance(one.subject, NamedNode) and one.subject.value.startswith(BASE)
    }
    assert figures.entities == len(ours)
    assert figures.properties == Counter(one.predicate.value for one in triples)
    typed = {
        (one.subject, one.object.value)
        for one in triples
        if one.predicate == term("rdf:type") and isinstance(one.object, NamedNode)
    }
    assert figures.classes == Counter(kind for _, kind in typed)


def test_the_description_says_the_figures(described_store: Store, figures: Figures) -> None:
    def number(name: str) -> int:
        (quad,) = described_store.quads_for_pattern(DATASET, term(name), None, None)
        assert isinstance(quad.object, Literal)
        return int(quad.object.value)

    assert number("void:triples") == figures.triples
    assert number("void:classes") == len(figures.classes)
    for kind, parts, amount in (
        ("class", figures.classes, "void:entities"),
        ("property", figures.properties, "void:triples"),
    ):
        rows = described_store.query(
            f"SELECT ?of ?n WHERE {{ ?d void:{kind}Partition ?p . ?p void:{kind} ?of ; {amount} ?n }}",
            prefixes=PREFIXES,
        )
        assert isinstance(rows, QuerySolutions)
        assert {row["of"].value: int(row["n"].value) for row in rows} == parts


def test_linksets_count_the_links(graph: Graph, figures: Figures) -> None:
    wikidata = [one for one in figures.linksets if one.target == "wikidata"]
    assert sum(one.triples for one in wikidata) == 70
    rows = graph.query(
        "SELECT DISTINCT ?o WHERE { ?s skos:exactMatch ?o FILTER(STRSTARTS(STR(?o), STR(wd:))) }"
    )
    (exact,) = (one for one in wikidata if one.predicate.endswith("exactMatch"))
    assert exact.objects == len(rows)
    assert {one.target for one in figures.linksets} == {
        "wikidata",
        "ofac",
        "opensanctions",
        "iso3166",
        "geonames",
    }


def test_who_may_use_it_where_it_is_and_how_it_was_made(
    described_store: Store, graph: Graph
) -> None:
    asked = f"""ASK {{
      {DATASET} a void:Dataset, dcat:Dataset ; dcterms:license ?licence ; dcat:version "{graph.version.name}" ;
        void:sparqlEndpoint <{ENDPOINT}> ; prov:wasGeneratedBy [ a prov:Activity ; prov:used ?inputs ] ;
        dcat:distribution [ dcat:downloadURL ?file ; dcat:byteSize 1234 ; <http://spdx.org/rdf/terms#checksum> ?sum ] .
      ?service a dcat:DataService ; dcat:servesDataset {DATASET} ; dcat:endpointURL <{ENDPOINT}> }}"""
    assert described_store.query(asked, prefixes=PREFIXES)


def test_the_query_library_as_examples(graph: Graph) -> None:
    store = in_a_store(examples(graph.library, ENDPOINT))
    assert examples_graph(ENDPOINT).value == ENDPOINT + "/.well-known/sparql-examples"
    rows = store.query(
        f"""SELECT ?example ?text WHERE {{ ?example a sh:SPARQLExecutable, sh:SPARQLSelectExecutable ;
              rdfs:comment ?comment ; sh:select ?text ; sh:prefixes ?p ; schema:target <{ENDPOINT}> }}""",
        prefixes=PREFIXES,
    )
    assert isinstance(rows, QuerySolutions)
    found = {row["example"].value.rpartition("/")[2]: row["text"].value for row in rows}
    assert set(found) == {query.name for query in graph.library}
    for name, text in found.items():
        if graph.library[name].federated:
            continue
        assert list(graph.query(text).rows) == list(graph.run(name).rows), name
