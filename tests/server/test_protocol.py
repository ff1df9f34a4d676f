"""SPARQL 1.1 Protocol, section 2, through a real server."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from .conftest import EX, LONGEST_BODY

ALL = "SELECT ?o { ?s ?p ?o } ORDER BY ?o"
P = f"SELECT ?o {{ ?s <{EX}p> ?o }} ORDER BY ?o"
IN_GRAPHS = f"SELECT ?g ?o {{ GRAPH ?g {{ ?s <{EX}p> ?o }} }} ORDER BY ?g ?o"
QUERY = {"Content-Type": "application/sparql-query"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def values(response: httpx.Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [row["o"]["value"] for row in response.json()["results"]["bindings"]]


def problem(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    found: dict[str, Any] = response.json()
    assert found["status"] == status
    assert found["title"]
    assert found["detail"]
    assert found["type"].startswith("https://w3id.org/sanctiongraph/problem/")
    return found


def post(client: httpx.Client, body: bytes | str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/sparql", content=body, headers=named)


def test_get(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": ALL})
    assert len(values(response)) == 2
    assert response.headers["Content-Type"] == "application/sparql-results+json"
    assert response.headers["Sanctiongraph-Version"] == "a" * 16
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Accept" in response.headers["Vary"]


def test_a_day_stands_for_as_of(client: httpx.Client) -> None:
    """As in the patterns of the law: ``$asOf``, and nothing else of that name."""
    query = 'SELECT ($asOf AS ?o) ("$asOf" AS ?text) { } # $asOf'
    for ask in (client.get, client.post):
        key = "params" if ask == client.get else "data"
        given: dict[str, Any] = {key: {"query": query, "as_of": "2025-12-06"}}
        (row,) = ask("/sparql", **given).json()["results"]["bindings"]
        assert row["o"]["value"] == "2025-12-06"
        assert row["o"]["datatype"].endswith("#date")
        assert row["text"]["value"] == "$asOf"
    unbound = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert "o" not in unbound[0]
    for day, of in (
        ("yesterday", query),
        ("2025-12-06", ALL),
        ("2025-12-06", "ASK { ?s ?asOf 1 }"),
    ):
        problem(client.get("/sparql", params={"query": of, "as_of": day}), 400)


def test_form(client: httpx.Client) -> None:
    assert len(values(client.post("/sparql", data={"query": ALL}))) == 2


def test_direct(client: httpx.Client) -> None:
    assert len(values(client.post("/sparql", content=ALL, headers=QUERY))) == 2


@pytest.mark.parametrize(
    "content_type",
    [
        "application/sparql-query; charset=UTF-8",
        'Application/SPARQL-Query;charset="utf-8"',
        "application/sparql-query ;CHARSET=utf8",
    ],
)
def test_direct_content_types(client: httpx.Client, content_type: str) -> None:
    assert len(values(post(client, ALL, Content_Type=content_type))) == 2


def test_text_outside_ascii_survives_each_way(client: httpx.Client) -> None:
    query = f'SELECT ?o {{ ?s <{EX}label> ?o FILTER(STR(?o) = "Türkiye") }}'
    for response in (
        client.get("/sparql", params={"query": query}),
        client.post("/sparql", data={"query": query}),
        client.post("/sparql", content=query.encode(), headers=QUERY),
    ):
        assert values(response) == ["Türkiye"]


def test_percent_in_a_form_is_decoded_once(client: httpx.Client) -> None:
    response = client.post("/sparql", data={"query": 'SELECT ("%41" AS ?o) {}'})
    assert values(response) == ["%41"]


def test_head_is_get_without_body(client: httpx.Client) -> None:
    got = client.get("/sparql", params={"query": ALL})
    response = client.head("/sparql", params={"query": ALL})
    assert response.status_code == 200
    assert response.content == b""
    assert response.headers["Content-Length"] == str(len(got.content))


def test_base_is_the_endpoint(client: httpx.Client, address: str) -> None:
    response = client.get("/sparql", params={"query": "SELECT (IRI('x') AS ?o) (<y> AS ?z) {}"})
    assert values(response) == [f"{address}/x"]


def test_prefixes_may_be_left_out(client: httpx.Client) -> None:
    query = "SELECT ?o { ?s sg:speaker ?o FILTER(?o = id:Turkey) }"
    assert values(client.get("/sparql", params={"query": query})) == [
        "https://w3id.org/sanctiongraph/id/Turkey"
    ]


# Datasets: section 2.1.4


@pytest.mark.parametrize("how", ["address", "form", "both"])
def test_default_graph(client: httpx.Client, how: str) -> None:
    graph = {"default-graph-uri": EX + "g1"}
    response = {
        "address": lambda: client.get("/sparql", params={"query": P, **graph}),
        "form": lambda: client.post("/sparql", data={"query": P, **graph}),
        "both": lambda: client.post("/sparql", params=graph, content=P, headers=QUERY),
    }[how]()
    assert values(response) == ["1"]


def test_several_default_graphs_are_merged(client: httpx.Client) -> None:
    graphs = [EX + "g1", EX + "g2", EX + "g1"]
    response = client.get("/sparql", params={"query": P, "default-graph-uri": graphs})
    assert values(response) == ["1", "2"]


def test_several_from_clauses_are_merged(client: httpx.Client) -> None:
    query = f"PREFIX e: <{EX}> SELECT ?o FROM e:g1 FROM <{EX}g2> {{ ?s e:p ?o }} ORDER BY ?o"
    assert values(client.get("/sparql", params={"query": query})) == ["1", "2"]
    construct = f"BASE <{EX}> CONSTRUCT {{ ?s ?p ?n }} FROM <g1> FROM <g2> WHERE {{ "
    construct += "{ SELECT ?s ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s ?p } }"
    assert '"2"' in client.get("/sparql", params={"query": construct, "format": "nt"}).text


def test_merged_graphs_keep_the_named_ones(client: httpx.Client) -> None:
    query = f"SELECT ?o FROM <{EX}g1> FROM <{EX}g3> FROM NAMED <{EX}g2> {{ ?s ?p ?o "
    query += "GRAPH ?g { ?s ?p ?o } }"
    assert values(client.get("/sparql", params={"query": query})) == ["1"]


def test_a_merge_beyond_the_limit_is_refused(client: httpx.Client) -> None:
    graphs = [EX + "g1", EX + "g2", EX + "g3"]
    within = {"query": P, "default-graph-uri": graphs}
    assert values(client.get("/sparql", params=within)) == ["1", "2", "3"]
    beyond = {**within, "named-graph-uri": EX + "g2"}
    found = problem(client.get("/sparql", params=beyond), 413)
    assert found["type"].endswith("/dataset-too-large")


def test_the_request_overrides_from(client: httpx.Client) -> None:
    query = f"SELECT ?o FROM <{EX}g3> {{ ?s ?p ?o }}"
    response = client.get("/sparql", params={"query": query, "default-graph-uri": EX + "g1"})
    assert values(response) == ["1"]


def test_named_graphs_alone_leave_the_default_graph_empty(client: httpx.Client) -> None:
    query = f"SELECT ?o FROM <{EX}g1> {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }}"
    response = client.get("/sparql", params={"query": query, "named-graph-uri": EX + "g3"})
    assert values(response) == ["3"]


def test_default_graphs_alone_leave_no_named_graph(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": IN_GRAPHS, "default-graph-uri": EX + "g1"})
    assert values(response) == []
    response = client.get("/sparql", params={"query": IN_GRAPHS})
    assert values(response) == ["1", "1", "2", "3"]


def test_a_graph_that_is_not_there_is_empty(client: httpx.Client) -> None:
    graphs = [EX + "none", EX + "g1"]
    assert values(client.get("/sparql", params={"query": P, "default-graph-uri": graphs})) == ["1"]
    response = client.get("/sparql", params={"query": P, "default-graph-uri": EX + "none"})
    assert values(response) == []


def test_a_graph_that_is_no_iri(client: httpx.Client) -> None:
    for graph in ("relative", "", "http://exa mple/"):
        response = client.get("/sparql", params={"query": P, "default-graph-uri": graph})
        assert "default-graph-uri" in problem(response, 400)["detail"]


# What is refused


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (ALL, {}, 415),
        ("", {}, 415),
        (ALL, {"Content-Type": "text/plain"}, 415),
        (ALL, {"Content-Type": "nonsense"}, 415),
        (ALL, {"Content-Type": "application/sparql-query; charset=utf-16"}, 415),
        (ALL.encode("utf-16"), {"Content-Type": "application/sparql-query"}, 400),
        (b"ASK { ?s ?p '\xff' }", {"Content-Type": "application/sparql-query"}, 400),
        ("", {"Content-Type": "application/sparql-query"}, 400),
        (" \n", {"Content-Type": "application/sparql-query"}, 400),
        ("", FORM, 400),
        ("query=", FORM, 400),
        ("query=%FF", FORM, 400),
        (b"query=\xff", FORM, 400),
        ("x=1", FORM, 400),
        ("query=ASK%7B%7D&query=ASK%7B%7D", FORM, 400),
        ("query=ASK%7B%7D", {**FORM, "Content-Encoding": "br"}, 415),
        ("query=ASK%7B%7D", {**FORM, "Content-Encoding": "gzip"}, 400),
        ("&".join(["a"] * 10_001), FORM, 400),
        ("a" * (LONGEST_BODY + 1), QUERY, 413),
        ("--x--", {"Content-Type": "multipart/form-data; boundary=x"}, 415),
        ("INSERT DATA {}", {"Content-Type": "application/sparql-update"}, 403),
        ("update=INSERT+DATA+%7B%7D", FORM, 403),
        ("query=ASK%7B%7D&update=CLEAR+ALL", FORM, 403),
    ],
)
def test_refused_bodies(
    client: httpx.Client, body: str | bytes, headers: dict[str, str], status: int
) -> None:
    found = problem(client.post("/sparql", content=body, headers=headers), status)
    if status == 403:
        assert "read-only" in found["detail"]


def test_a_query_in_address_and_body_is_one_too_many(client: httpx.Client) -> None:
    for response in (
        client.post("/sparql", params={"query": ALL}, data={"query": ALL}),
        client.post("/sparql", params={"query": ALL}, content=ALL, headers=QUERY),
        client.get("/sparql", params={"query": [ALL, ALL]}),
    ):
        assert "2 times" in problem(response, 400)["detail"]


def test_a_body_in_pieces_has_the_same_limit(client: httpx.Client) -> None:
    def pieces(count: int) -> Any:
        yield b"ASK {} #"
        for _ in range(count):
            yield b"x" * 1000

    assert client.post("/sparql", content=pieces(2), headers=QUERY).json()["boolean"] is True
    problem(client.post("/sparql", content=pieces(LONGEST_BODY // 1000 + 1), headers=QUERY), 413)


def test_an_address_that_is_too_long(client: httpx.Client) -> None:
    problem(client.get("/sparql", params={"query": "a" * LONGEST_BODY}), 413)


def test_an_address_that_is_not_utf8(client: httpx.Client) -> None:
    problem(client.get("/sparql?query=%FF"), 400)


def test_a_dataset_without_query(client: httpx.Client) -> None:
    problem(client.get("/sparql", params={"default-graph-uri": EX + "g1"}), 400)
    problem(client.get("/sparql", params={"query": ""}), 400)


def test_update_by_get(client: httpx.Client) -> None:
    problem(client.get("/sparql", params={"update": "CLEAR ALL"}), 403)


def test_other_parameters_do_not_matter(client: httpx.Client) -> None:
    assert len(values(client.get("/sparql", params={"query": ALL, "timeout": "5"}))) == 2


def test_methods(client: httpx.Client) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        response = client.request(method, "/sparql")
        problem(response, 405)
        assert {"GET", "HEAD", "POST", "OPTIONS"} == set(response.headers["Allow"].split(", "))
    problem(client.get("/nowhere"), 404)


# Cross-origin


def test_preflight(client: httpx.Client) -> None:
    response = client.options(
        "/sparql",
        headers={
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type, authorization",
        },
    )
    assert response.is_success
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in response.headers["Access-Control-Allow-Headers"]


def test_pages_see_the_version(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": "ASK {}"})
    assert "Sanctiongraph-Version" in response.headers["Access-Control-Expose-Headers"]
    assert client.get("/nowhere").headers["Sanctiongraph-Version"] == "a" * 16


# Errors of the query


def test_a_syntax_error_has_its_place(client: httpx.Client) -> None:
    query = "SELECT * {\n ?s ?p }"
    found = problem(client.get("/sparql", params={"query": query}), 400)
    assert (found["line"], found["column"]) == (2, 8)
    assert found["detail"].endswith("\n ?s ?p }\n       ^")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * { ?s ?p ?o } GARBAGE", "^"),
        ("SELECT * { ?s <http://[x> ?o }", "^"),
        ("PREFIX a: <http://a/> # note\nINSERT DATA { a:a a:b 1 }", "read-only"),
        ("SELECT (<http://example.org/f>(1) AS ?x) {}", "not supported"),
        ("SELECT * { nowhere:x ?p ?o }", "^"),
        ("SELECT ?x FROM nowhere:g FROM nowhere:h { ?x ?p ?o }", "line"),
        ("SELECT * " + "{" * 401 + "}" * 401, "braces"),
        ("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", "SERVICE"),
        ("Ä" * 300, "^"),
        ("\x00", "^"),
    ],
)
def test_errors_say_what_is_wrong(client: httpx.Client, query: str, said: str) -> None:
    response = client.get("/sparql", params={"query": query})
    found = problem(response, 403 if "SERVICE" in query else 400)
    assert said in found["detail"]
    assert "Traceback" not in response.text


def test_deep_groups_do_not_end_the_server(client: httpx.Client) -> None:
    for query in (
        "SELECT * " + "{" * 400 + "}" * 400,
        "SELECT * {" + "OPTIONAL {?s ?p ?o}" * 399 + "}",
        "SELECT (" + "(" * 3000 + "1" + ")" * 3000 + " AS ?x) {}",
        "SELECT (" + "1+" * 5000 + "1 AS ?x) {}",
        "SELECT (" + "!" * 5000 + "1 AS ?x) {}",
    ):
        response = client.post("/sparql", content=query, headers=QUERY)
        assert response.status_code in {200, 400}, response.text


def test_an_odd_host_is_no_server_error(client: httpx.Client) -> None:
    response = client.get(
        "/sparql?query=" + quote("ASK { <x> ?p ?o }"), headers={"Host": "a b\\<c>"}
    )
    assert "Host" in problem(response, 400)["detail"]
