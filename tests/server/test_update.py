"""SPARQL 1.1 Protocol, section 2.2, through a real server."""

from __future__ import annotations

import gzip
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from .conftest import EX, LONGEST_UPLOAD
from .test_protocol import FORM, problem

#: They share a gateway, which it takes seconds to start.
pytestmark = pytest.mark.xdist_group("live")

UPDATE = {"Content-Type": "application/sparql-update"}
INSERT = f"INSERT DATA {{ <{EX}s> <{EX}p> 'Türkiye' }}"
ASK = f"ASK {{ <{EX}s> <{EX}p> 'Türkiye' }}"


@pytest.fixture(autouse=True)
def _empty(live: httpx.Client) -> None:
    assert live.post("/update", content="DROP ALL", headers=UPDATE).is_success


def holds(live: httpx.Client, ask: str) -> bool:
    found: bool = live.get("/sparql", params={"query": ask}).json()["boolean"]
    return found


@pytest.mark.parametrize(
    "content_type",
    [
        "application/sparql-update",
        "Application/SPARQL-Update;charset=UTF-8",
        'application/sparql-update; charset="utf-8"',
    ],
)
def test_direct(live: httpx.Client, content_type: str) -> None:
    response = live.post("/update", content=INSERT.encode(), headers={"Content-Type": content_type})
    assert response.status_code == 204
    assert response.content == b""
    assert "Content-Type" not in response.headers
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    after = live.get("/sparql", params={"query": ASK})
    assert after.json()["boolean"] is True
    assert after.headers["Sanctiongraph-Version"] == response.headers["Sanctiongraph-Version"]


def test_form(live: httpx.Client) -> None:
    assert live.post("/update", data={"update": INSERT, "timeout": "5"}).status_code == 204
    assert holds(live, ASK)


@pytest.mark.parametrize("timeout", ["1e1", "1_0", " 5", "+5", "inf", "0"])
def test_seconds_are_written_as_for_queries(live: httpx.Client, timeout: str) -> None:
    refused = live.post("/update", data={"update": INSERT, "timeout": timeout})
    assert "such as 2.5" in problem(refused, 400)["detail"]
    graph = live.put(f"/graphs?default&timeout={quote(timeout)}", content=b"")
    assert "such as 2.5" in problem(graph, 400)["detail"]


def test_gzip(live: httpx.Client) -> None:
    headers = {**UPDATE, "Content-Encoding": "gzip"}
    packed = gzip.compress(INSERT.encode())
    assert live.post("/update", content=packed, headers=headers).status_code == 204
    assert holds(live, ASK)
    bomb = gzip.compress(b" " * (LONGEST_UPLOAD + 1))
    assert len(bomb) < 200
    problem(live.post("/update", content=bomb, headers=headers), 413)
    problem(live.post("/update", content=packed[:-9], headers=headers), 400)


def test_base_is_the_endpoint(live: httpx.Client) -> None:
    live.post("/update", content="INSERT DATA { <x> <y> <z> }", headers=UPDATE)
    assert holds(live, f"ASK {{ <{live.base_url}/x> <{live.base_url}/y> <{live.base_url}/z> }}")


def test_all_of_an_update_or_nothing(live: httpx.Client) -> None:
    update = f"{INSERT} ; DROP GRAPH <{EX}absent>"
    found = problem(live.post("/update", content=update.encode(), headers=UPDATE), 400)
    assert "absent" in found["detail"]
    assert not holds(live, ASK)


@pytest.mark.parametrize("how", ["address", "form"])
def test_dataset(live: httpx.Client, how: str) -> None:
    data = f"INSERT DATA {{ GRAPH <{EX}a> {{ <{EX}s> <{EX}p> 1 }} GRAPH <{EX}b> {{ <{EX}s> <{EX}p> 1 }} }}"
    live.post("/update", content=data, headers=UPDATE)
    update = f"INSERT {{ <{EX}c> <{EX}n> ?n }} WHERE {{ SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }} }}"
    graphs = {"using-graph-uri": [EX + "a", EX + "b"]}
    if how == "address":
        response = live.post("/update", params=graphs, content=update, headers=UPDATE)
    else:
        response = live.post("/update", data={"update": update, **graphs})
    assert response.status_code == 204
    assert holds(live, f"ASK {{ <{EX}c> <{EX}n> 1 }}")


def test_a_dataset_in_request_and_update(live: httpx.Client) -> None:
    update = f"WITH <{EX}a> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}"
    for name in ("using-graph-uri", "using-named-graph-uri"):
        response = live.post("/update", data={"update": update, name: EX + "b"})
        assert "WITH" in problem(response, 400)["detail"]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (INSERT, {}, 415),
        ("", {}, 415),
        (INSERT, {"Content-Type": "text/plain"}, 415),
        (ASK, {"Content-Type": "application/sparql-query"}, 415),
        (INSERT, {"Content-Type": "application/sparql-update; charset=utf-16"}, 415),
        (INSERT.encode("utf-16"), UPDATE, 400),
        (b"INSERT DATA { <a:b> <a:b> '\xff' }", UPDATE, 400),
        ("", UPDATE, 400),
        ("update=", FORM, 400),
        ("x=1", FORM, 400),
        ("update=CLEAR+ALL&update=CLEAR+ALL", FORM, 400),
        ("update=CLEAR+ALL&query=ASK%7B%7D", FORM, 400),
        ("update=CLEAR+ALL&default-graph-uri=a:b", FORM, 400),
        ("update=CLEAR+ALL&using-graph-uri=relative", FORM, 400),
        ("update=CLEAR+ALL&using-named-graph-uri=", FORM, 400),
        ("update=CLEAR+ALL&timeout=never", FORM, 400),
        ("update=CLEAR+ALL&timeout=-1", FORM, 400),
        ("update=%FF", FORM, 400),
        ("CLEAR XYZ", UPDATE, 400),
        ("SELECT * { ?s ?p ?o }", UPDATE, 400),
        ("CLEAR ALL", {**UPDATE, "Content-Encoding": "br"}, 415),
        ("#" * (LONGEST_UPLOAD + 1), UPDATE, 413),
    ],
)
def test_refused(
    live: httpx.Client, body: str | bytes, headers: dict[str, str], status: int
) -> None:
    if isinstance(body, str):
        body = body.encode()
    response = live.post("/update", content=body, headers=headers)
    found = problem(response, status)
    assert "query does not parse" not in found["detail"]
    if status == 415:
        taken = "application/sparql-update, application/x-www-form-urlencoded"
        assert response.headers["Accept-Post"] == response.headers["Accept"] == taken


def test_a_syntax_error_has_its_place(live: httpx.Client) -> None:
    update = "INSERT DATA {\n <a:b> <a:c> }"
    found = problem(live.post("/update", content=update, headers=UPDATE), 400)
    assert (found["line"], found["column"]) == (2, 14)


def test_update_in_the_address(live: httpx.Client) -> None:
    live.post("/update", content=INSERT.encode(), headers=UPDATE)
    address = {"update": "CLEAR ALL"}
    assert live.get("/update", params=address).status_code == 405
    problem(live.post("/update", params=address, headers=FORM), 400)
    problem(live.post("/update", params=address, content="CLEAR ALL", headers=UPDATE), 400)
    assert holds(live, ASK)


def test_a_token_is_needed(live: httpx.Client) -> None:
    for headers in ({"Authorization": "Bearer wrong"}, {"Authorization": ""}):
        response = live.post("/update", content="CLEAR ALL", headers={**UPDATE, **headers})
        problem(response, 401)
        assert response.headers["WWW-Authenticate"] == "Bearer"
        response = live.put("/graphs?default", content=b"", headers=headers)
        problem(response, 401)


def test_a_gateway_without_writer_takes_no_changes(client: httpx.Client) -> None:
    problem(client.post("/update", content="CLEAR ALL", headers=UPDATE), 403)
    for method in ("PUT", "POST", "DELETE"):
        problem(client.request(method, "/graphs?default"), 403)


def test_service_is_refused_in_updates(live: httpx.Client) -> None:
    update = "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"
    problem(live.post("/update", content=update, headers=UPDATE), 403)


@pytest.mark.parametrize(
    ("path", "method"),
    [("/update", "POST"), ("/graphs", "PUT"), ("/graphs/a", "DELETE"), ("/sparql", "POST")],
)
def test_preflight(live: httpx.Client, path: str, method: str) -> None:
    headers: dict[str, Any] = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization, content-type",
        "Authorization": "",
    }
    response = live.options(path, headers=headers)
    assert response.is_success
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert method in response.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in response.headers["Access-Control-Allow-Headers"]
    assert response.headers["Accept-Post"]
