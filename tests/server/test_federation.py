"""Federated queries against a second real server, and against servers that misbehave."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from urllib.parse import parse_qs

import httpx
import pytest
from flask.testing import FlaskClient

from sanctiongraph.settings import from_environment
from sanctiongraph_server.addresses import allow_list
from sanctiongraph_server.app import create_app
from sanctiongraph_server.outbound import Federation

from . import servers
from .conftest import EX, NQUADS, publish_nquads
from .servers import RESULT, Server, replying

FAR = f"""
<{EX}a> <{EX}far> "one" . <{EX}b> <{EX}far> "two" . <{EX}c> <{EX}far> "three" .
<{EX}two> <{EX}next> <{EX}c> .
"""


@pytest.fixture(scope="module")
def bad() -> Iterator[Server]:
    with servers.serving() as server:
        yield server


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Server]:
    """A server that is not allowed."""
    with servers.serving() as server:
        yield server


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.oxigraph(tmp_path_factory.mktemp("far"), FAR) as address:
        yield address


@pytest.fixture(scope="module")
def near(tmp_path_factory: pytest.TempPathFactory, bad: Server, far: str) -> FlaskClient:
    home = tmp_path_factory.mktemp("near")
    publish_nquads(home, NQUADS + f'<{EX}b> <{EX}label> "bee" .\n', "b" * 64)
    allow = f"{bad.address},{far},http://label.example/ontology#label"
    settings = from_environment(
        {
            "SANCTIONGRAPH_HOME": str(home),
            "SANCTIONGRAPH_SERVICE_ALLOW": allow,
            "SANCTIONGRAPH_TIMEOUT": "4",
        }
    )
    client = create_app(settings).test_client()
    while client.get("/readyz").status_code != 200:  # on a busy machine longer than a query has
        time.sleep(0.05)
    return client


def rows(near: FlaskClient, query: str) -> list[str]:
    response = near.post("/sparql?format=csv", data={"query": f"PREFIX ex: <{EX}> {query}"})
    assert response.status_code == 200, response.text
    return sorted(response.text.split("\r\n")[1:-1])


def failing(near: FlaskClient, query: str) -> str:
    response = near.post("/sparql", data={"query": query})
    assert response.status_code == 502, response.text
    assert response.content_type == "application/problem+json"
    assert response.json["type"].endswith("/problem/remote-failed")
    assert "127.0.0.1" in response.json["detail"]
    return str(response.json["detail"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?o { SERVICE <FAR> { ?s ex:far ?o } }", ["one", "three", "two"]),
        ("SELECT ?o { ?s ex:label ?l SERVICE <FAR> { ?s ex:far ?o } }", ["one", "two"]),
        ("SELECT ?o { BIND(ex:b AS ?s) SERVICE <FAR> { ?s ex:far ?o } }", ["two"]),
        ("SELECT ?o { VALUES ?s { ex:a ex:c } SERVICE <FAR> { ?s ex:far ?o } }", ["one", "three"]),
        (
            "SELECT ?s ?o { ?s ex:label|ex:p ?l OPTIONAL { SERVICE <FAR> { ?s ex:far ?o } } }",
            [f"{EX}a,one", f"{EX}b,two"],
        ),
        (
            "SELECT ?o ?n { SERVICE <FAR> { ?s ex:far ?o } SERVICE <FAR> { ?n ex:next ?s } }",
            [f"three,{EX}two"],
        ),
        # A clause within a clause is the other server's to evaluate.
        ("SELECT ?o { SERVICE <FAR> { SERVICE <FAR> { ?s ex:far ?o } } }", ["one", "three", "two"]),
        ("BASE <FAR> SELECT ?o { SERVICE <> { ex:a ex:far ?o } }", ["one"]),
        ("PREFIX far: <FAR> SELECT ?o { SERVICE far: { ex:a ex:far ?o } }", ["one"]),
        ("SELECT ?o { SERVICE <FAR\\u003fx> { ex:a ex:far ?o } }", ["one"]),
        ("SELECT ?o { SERVICE SILENT <FAR> { ex:a ex:far ?o } }", ["one"]),
        ("SELECT ?o { ?s ex:label ?l FILTER(1<2)SERVICE<FAR>{ ?s ex:far ?o } }", ["one", "two"]),
        ("SELECT ?l { ?s ex:label ?l FILTER EXISTS { SERVICE <FAR> { ?s ex:far 'two' } } }", ["bee"]),
        ("SELECT ?l { ?s ex:label ?l MINUS { SERVICE <FAR> { ?s ex:far 'one' } } }", ["bee"]),
        ("SELECT (COUNT(*) AS ?n) { SERVICE <FAR> { ?s ?p ?o } }", ["4"]),
        ("SELECT ?x { VALUES ?x { 'SERVICE <http://no.example/> {' } SERVICE <FAR> { ex:a ex:far ?o } }",
         ["SERVICE <http://no.example/> {"]),
    ],
)  # fmt: skip
def test_against_a_real_server(
    near: FlaskClient, far: str, query: str, expected: list[str]
) -> None:
    assert rows(near, query.replace("FAR", far)) == expected


def test_ask_and_construct(near: FlaskClient, far: str) -> None:
    ask = near.post("/sparql", data={"query": f"ASK {{ SERVICE <{far}> {{ ?s ?p 'two' }} }}"})
    assert ask.json["boolean"] is True
    construct = near.post(
        "/sparql?format=nt",
        data={"query": f"CONSTRUCT {{ ?s ?p ?o }} {{ SERVICE <{far}> {{ ?s ?p ?o }} }}"},
    )
    assert len(construct.text.splitlines()) == 4


BAD_ANSWERS = {
    "status-500": replying(b"oops", "text/plain", 500),
    "status-404": replying(b"oops", "text/plain", 404),
    "wrong-type": replying(b"<html></html>", "text/html"),
    "tsv-which-could-be-cut": replying(b"?x\n1\n", "text/tab-separated-values"),
    "no-json": replying(b"oops"),
    "cut-json": replying(RESULT[:-3]),
    "boolean": replying(b'{"head":{},"boolean":true}'),
    "coded": replying(RESULT, Content_Encoding="gzip"),
    "cut": servers.cut_off,
    "cut-without-length": servers.cut_off_without_a_length,
    "drops": servers.dropping,
    "drips": servers.dripping,
    "endless": servers.endless,
    "redirects-in-a-circle": replying(b"", status=302, Location="/redirects-in-a-circle"),
    "redirects-to-nowhere": replying(b"", status=302),
    "redirects-to-a-file": replying(b"", status=302, Location="file:///etc/passwd"),
    "retry-too-late": replying(b"", status=503, Retry_After="3600"),
    "retry-never": replying(b"", status=503),
}


@pytest.mark.parametrize("name", BAD_ANSWERS)
def test_a_server_that_misbehaves(near: FlaskClient, bad: Server, name: str) -> None:
    address = bad.tell(f"/{name}", BAD_ANSWERS[name])
    begun = time.monotonic()
    detail = failing(near, f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?x }} }}")
    assert f"<{address}>" in detail
    silent = f"SELECT ?x {{ SERVICE SILENT <{address}> {{ ?s ?p ?x }} }}"
    assert rows(near, silent) == [""]
    assert time.monotonic() - begun < 18  # ten seconds each, if nothing ended them


def test_nobody_listens(near: FlaskClient, bad: Server) -> None:
    with servers.serving() as gone:
        address = gone.address
    settings = from_environment({"SANCTIONGRAPH_SERVICE_ALLOW": address, "SANCTIONGRAPH_HOME": "/"})
    assert settings.service_allow == (address,)
    redirect = bad.tell("/to-nobody", replying(b"", status=307, Location=address))
    assert "no prefix" in failing(near, f"SELECT * {{ SERVICE <{redirect}> {{ ?s ?p ?x }} }}")


@pytest.mark.parametrize(
    "query",
    [
        # The engine swallows a failure in these places and answers as if all were well.
        "SELECT * {{ ?s ?p ?o FILTER EXISTS {{ SERVICE <{0}> {{ ?s ?p ?x }} }} }}",
        "SELECT * {{ ?s ?p ?o FILTER NOT EXISTS {{ SERVICE <{0}> {{ ?s ?p ?x }} }} }}",
        "SELECT * {{ ?s ?p ?o MINUS {{ SERVICE <{0}> {{ ?s ?p ?x }} }} }}",
        "SELECT * {{ ?s ?p ?o OPTIONAL {{ SERVICE <{0}> {{ ?s ?p ?x }} }} }}",
        "ASK {{ {{ ?s ?p ?o }} UNION {{ SERVICE <{0}> {{ ?s ?p ?x }} }} FILTER(?o = 77) }}",
        "CONSTRUCT {{ ?s ?p ?x }} {{ SERVICE <{0}> {{ ?s ?p ?x }} }}",
        "SELECT * {{ SERVICE SILENT <{1}> {{ ?s ?p ?x }} SERVICE <{0}> {{ ?s ?p ?x }} }}",
    ],
)
def test_a_failure_is_an_error_wherever_it_is(near: FlaskClient, bad: Server, query: str) -> None:
    address = bad.tell("/down", replying(b"", status=500))
    good = bad.tell("/up", replying())
    failing(near, query.format(address, good))


def test_redirects_stay_within_the_allow_list(
    near: FlaskClient, bad: Server, elsewhere: Server
) -> None:
    bad.tell("/good", replying())
    for status in (301, 302, 303, 307, 308):
        address = bad.tell("/moved", replying(b"", status=status, Location="/good"))
        query = f"SELECT ?x {{ SERVICE <{address}> {{ ?s ?p ?x }} }}"
        assert rows(near, query) == ["far"]
        method, path, _, body = bad.calls[-1]
        assert (method, path, bool(body)) == (
            ("GET", "/good", False) if status == 303 else ("POST", "/good", True)
        )
        address = bad.tell("/away", replying(b"", status=status, Location=elsewhere.address))
        detail = failing(near, f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?x }} }}")
        assert "SANCTIONGRAPH_SERVICE_ALLOW" in detail
    assert elsewhere.calls == []


def test_a_server_that_is_busy_is_asked_again(near: FlaskClient, bad: Server) -> None:
    busy = replying(b"", status=429, Retry_After="0")
    address = bad.tell("/busy", busy, replying(b"", status=503, Retry_After="1"), replying())
    before = len(bad.calls)
    assert rows(near, f"SELECT ?x {{ SERVICE <{address}> {{ ?s ?p ?x }} }}") == ["far"]
    assert len(bad.calls) == before + 3
    address = bad.tell("/always-busy", busy)
    failing(near, f"SELECT ?x {{ SERVICE <{address}> {{ ?s ?p ?x }} }}")


def test_what_the_server_is_sent(near: FlaskClient, bad: Server) -> None:
    address = bad.tell("/asked?for=this", replying())
    inner = bad.tell("/inner", replying())
    label = "http://label.example/ontology#label"
    rows(
        near,
        f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?x SERVICE <{inner}> {{ ?x ?y ?z }}"
        f" SERVICE <{label}> {{ ?a ?b ?c }} }} }}",
    )
    method, path, headers, body = bad.calls[-1]
    assert (method, path) == ("POST", "/asked?for=this")
    assert headers["user-agent"].startswith("sanctiongraph/")
    assert "+https://w3id.org/sanctiongraph/" in headers["user-agent"]
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert not {"authorization", "cookie", "referer", "x-forwarded-for"} & headers.keys()
    (query,) = parse_qs(body.decode())["query"]
    assert f"SERVICE <{inner}>" in query
    assert f"SERVICE <{label}>" in query
    assert query.count("127.0.0.1") == 1  # no address of the forwarder


def test_a_service_that_only_others_know_is_not_called(near: FlaskClient) -> None:
    query = "SELECT * { SERVICE <http://label.example/ontology#label> { ?a ?b ?c } }"
    response = near.post("/sparql", data={"query": query})
    assert response.status_code == 502
    assert "inside" in response.json["detail"]


def test_a_server_is_asked_once_for_a_query(near: FlaskClient, bad: Server) -> None:
    address = bad.tell("/once", replying())
    before = len(bad.calls)
    query = f"SELECT * {{ ?s ?p ?o FILTER EXISTS {{ SERVICE <{address}> {{ ?a ?b ?x }} }} }}"
    assert len(rows(near, query)) > 1
    assert len(bad.calls) == before + 1


def test_what_is_not_allowed(near: FlaskClient, elsewhere: Server, far: str) -> None:
    for query, why in {
        f"SELECT * {{ SERVICE <{elsewhere.address}/> {{ ?s ?p ?o }} }}": "no prefix",
        f"SELECT * {{ SERVICE SILENT <{elsewhere.address}/> {{ ?s ?p ?o }} }}": "no prefix",
        f"SELECT * {{ SERVICE <{far}> {{ SERVICE <{elsewhere.address}> {{ ?s ?p ?o }} }} }}": "no prefix",
        "SELECT * { SERVICE ?x { ?s ?p ?o } }": "variable",
        f"SELECT * {{ ?s ?p ?o FILTER(?o<5)SERVICE#>\n<{far}> {{ ?s ?p ?o }} }}": "two ways",
        f"SELECT * {{ SERVICESILENT<{far}> {{ ?s ?p ?o }} }}": "apart",
    }.items():
        response = near.post("/sparql", data={"query": query})
        assert response.status_code == 403, query
        assert why in response.json["detail"], query
    response = near.post("/sparql", data={"query": "SELECT * { SERVICE no:x { ?s ?p ?o } }"})
    assert response.status_code == 400
    assert "no:x" in response.json["detail"]
    assert elsewhere.calls == []


def test_a_syntax_error_is_where_it_is_in_the_text_as_it_came(near: FlaskClient, far: str) -> None:
    for query in (
        f"SELECT * {{ SERVICE <{far}> {{ ?s ?p ?o }} }} oops",
        f"SELECT * {{\n SERVICE <{far}> {{ ?s ?p }} }}",
        f"SELECT * {{\n oops SERVICE <{far}> {{ ?s ?p ?o }} }}",
    ):
        plain = near.post("/sparql", data={"query": query.replace(f"SERVICE <{far}>", "GRAPH ?gr")})
        response = near.post("/sparql", data={"query": query})
        assert response.status_code == plain.status_code == 400
        assert response.json["line"] == plain.json["line"]
        assert query.split("\n")[response.json["line"] - 1][:60] in response.json["detail"]
        shift = len(f"SERVICE <{far}>") - len("GRAPH ?gr")
        assert response.json["column"] - plain.json["column"] in (0, shift)


def test_the_forwarder_is_nobody_elses(bad: Server) -> None:
    address = bad.tell("/up", replying())
    allow = allow_list([bad.address])
    with Federation(allow, time.monotonic() + 10) as federation:
        rewritten = federation.rewrite(f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?x }} }}")
        (inner,) = re.findall(r"<(http://127[^>]*)>", rewritten)
        assert address not in rewritten
        before = len(bad.calls)
        root = inner.rsplit("/", 2)[0]
        for path in ("", "/", "/0", "/guess/0", "/x/y/z", "/%2e%2e/0"):
            assert httpx.post(root + path, content=b"ASK {}").status_code == 404
        assert len(bad.calls) == before
        assert httpx.post(inner, content=b"SELECT * {}").status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.post(inner, content=b"SELECT * {}")


def test_a_query_that_calls_nobody_is_left_as_it_is() -> None:
    with Federation(allow_list(["http://a.example/"]), time.monotonic() + 10) as federation:
        query = "SELECT * { ?service ?load 'SERVICE <http://a.example/> {' } # SERVICE"
        assert federation.rewrite(query) is query
