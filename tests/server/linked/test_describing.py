"""The description of the dataset is true: its figures are those that SPARQL counts."""

from __future__ import annotations

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from sanctiongraph import Graph
from sanctiongraph.vocabulary import BASE, PREFIXES, term
from tests.server.linked.conftest import PUBLIC

DATASET = NamedNode(f"{BASE}dataset")


@pytest.fixture(scope="module")
def void(linked: httpx.Client) -> Store:
    store = Store()
    store.extend(parse(linked.get("/.well-known/void").content, RdfFormat.TURTLE))
    return store


def counted(linked: httpx.Client, pattern: str, what: str = "*") -> int:
    query = f"SELECT (COUNT({what}) AS ?n) {{ {pattern} }}"
    answer = linked.get("/sparql", params={"query": query, "format": "csv"})
    assert answer.status_code == 200, answer.text
    return int(answer.text.split()[1])


def number(void: Store, subject: NamedNode, name: str) -> int:
    (quad,) = void.quads_for_pattern(subject, term(name), None)
    assert isinstance(quad.object, Literal)
    return int(quad.object.value)


@pytest.mark.parametrize(
    ("name", "pattern", "what"),
    [
        ("void:triples", "?s ?p ?o", "*"),
        ("void:distinctSubjects", "?s ?p ?o", "DISTINCT ?s"),
        ("void:distinctObjects", "?s ?p ?o", "DISTINCT ?o"),
        ("void:entities", f'?s ?p ?o FILTER(STRSTARTS(STR(?s), "{BASE}"))', "DISTINCT ?s"),
        ("void:properties", "?s ?p ?o", "DISTINCT ?p"),
        ("void:classes", "?s a ?c FILTER(isIRI(?c))", "DISTINCT ?c"),
    ],
)
def test_figures_are_those_counted(
    linked: httpx.Client, void: Store, name: str, pattern: str, what: str
) -> None:
    assert number(void, DATASET, name) == counted(linked, pattern, what)


def test_all_graphs_are_counted(linked: httpx.Client, void: Store) -> None:
    everything = NamedNode(f"{BASE}dataset#all-graphs")
    named = counted(linked, "GRAPH ?g { ?s ?p ?o }")
    assert number(void, everything, "void:triples") == counted(linked, "?s ?p ?o") + named
    graphs = counted(linked, "GRAPH ?g {}", "DISTINCT ?g")
    assert number(void, everything, "schema:numberOfItems") == graphs


def test_partitions_are_those_counted(linked: httpx.Client, void: Store) -> None:
    for kind, amount, pattern in (
        ("class", "void:entities", "?s a <{}>"),
        ("property", "void:triples", "?s <{}> ?o"),
    ):
        query = f"""SELECT ?of ?n {{ ?d void:{kind}Partition ?part .
                    ?part void:{kind} ?of ; {amount} ?n }} ORDER BY DESC(?n) ?of LIMIT 5"""
        rows = list(void.query(query, prefixes=PREFIXES))  # type: ignore[arg-type]
        assert len(rows) == 5
        for row in rows:
            assert int(row["n"].value) == counted(linked, pattern.format(row["of"].value))


def test_linksets_are_those_counted(linked: httpx.Client, void: Store) -> None:
    linkset = NamedNode(f"{BASE}dataset#wikidata-exactMatch")
    pattern = "?s skos:exactMatch ?o FILTER(STRSTARTS(STR(?o), STR(wd:)))"
    assert number(void, linkset, "void:triples") == counted(linked, pattern) > 0


def test_endpoint_dumps_and_build_are_named(linked: httpx.Client, void: Store) -> None:
    def objects(name: str) -> set[str]:
        return {
            quad.object.value
            for quad in void.quads_for_pattern(DATASET, term(name), None)
            if isinstance(quad.object, NamedNode | Literal)
        }

    assert objects("void:sparqlEndpoint") == {f"{PUBLIC}sparql"}
    dumps = objects("void:dataDump")
    assert {f"{PUBLIC}dump.nq.gz", f"{PUBLIC}dumps/graph/law.nt.gz"} <= dumps
    for address in dumps:
        assert linked.head("/" + address.removeprefix(PUBLIC)).status_code == 200
    version = linked.get("/").json()["version"]
    assert objects("dcat:version") == {version}
    assert objects("prov:wasGeneratedBy") == {f"{BASE}build/{version}"}


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
        ("text/html,*/*;q=0.1", "text/html"),
    ],
)
@pytest.mark.parametrize("path", ["/void", "/.well-known/void"])
def test_by_accept(linked: httpx.Client, path: str, accept: str, media_type: str) -> None:
    answer = linked.get(path, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert "accept" in answer.headers["vary"].lower()
    assert "licenses/by/4.0" in answer.headers["link"]


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("dataset", "/void"),
        ("graph/law", "/dumps/graph/law.nt.gz"),
        ("graph/assessments/turkey", "/dumps/graph/assessments/turkey.nt.gz"),
        ("examples/overview", "/queries/overview"),
    ],
)
def test_what_is_described_elsewhere(linked: httpx.Client, path: str, location: str) -> None:
    answer = linked.get(f"/{path}")
    assert (answer.status_code, answer.headers["location"]) == (303, location)
    assert linked.get(location).status_code == 200


def test_each_query_of_the_library_is_an_example_that_runs(
    linked: httpx.Client, real_graph: Graph
) -> None:
    got = linked.get("/.well-known/sparql-examples", headers={"Accept": "application/trig"})
    store = Store()
    store.extend(parse(got.content, RdfFormat.TRIG))
    graph = NamedNode(f"{PUBLIC}sparql/.well-known/sparql-examples")
    assert list(store.named_graphs()) == [graph]
    select = {
        quad.subject.value.rpartition("/")[2]: quad.object.value  # type: ignore[union-attr]
        for quad in store.quads_for_pattern(None, term("sh:select"), None, graph)
    }
    assert select.keys() == {query.name for query in real_graph.library}
    for name in ("overview", "measures-in-force"):
        answer = linked.get("/sparql", params={"query": select[name], "format": "csv"})
        assert answer.status_code == 200
        assert len(answer.text.splitlines()) > 1


EDITORS = """PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?example ?comment ?query WHERE { {before} ?example a sh:SPARQLExecutable ;
  rdfs:comment ?comment ; sh:select|sh:ask|sh:construct|sh:describe ?query {after} } ORDER BY ?example"""


def examples_found(
    linked: httpx.Client, graph: str = "", path: str = "/sparql", **more: str
) -> set[str]:
    """The names of the examples that a client finds which asks as editors do, in a graph or in none."""
    before, after = (f"GRAPH <{graph}> {{", "}") if graph else ("", "")
    query = EDITORS.replace("{before}", before).replace("{after}", after)
    answer = linked.get(path, params={"query": query, "format": "json", **more})
    assert answer.status_code == 200, answer.text
    rows = answer.json()["results"]["bindings"]
    return {row["example"]["value"].rpartition("/")[2] for row in rows}


def test_clients_find_the_examples_by_asking(linked: httpx.Client, real_graph: Graph) -> None:
    library = {query.name for query in real_graph.library}
    assert examples_found(linked) == library
    root = str(linked.base_url).rstrip("/")
    for endpoint in (f"{root}/sparql", f"{PUBLIC}sparql", root, f"{BASE}sparql"):
        graph = f"{endpoint}/.well-known/sparql-examples"
        assert examples_found(linked, graph) == library, graph
        assert examples_found(linked, **{"default-graph-uri": graph}) == library, graph
    path = "/viewpoints/turkey/sparql"
    assert examples_found(linked, f"{root}{path}/.well-known/sparql-examples", path) == library
    assert not examples_found(
        linked, "https://elsewhere.example/sparql/.well-known/sparql-examples"
    )


def test_examples_are_not_among_the_things_that_have_names(linked: httpx.Client) -> None:
    title = "Which measures are in force?"
    asked = {"text": title[:14], "format": "csv"}
    assert "/examples/" not in linked.get("/queries/find", params=asked).text
