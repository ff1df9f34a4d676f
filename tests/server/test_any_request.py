"""Whatever is sent to the three protocols, the answer is one of theirs and never a 500."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from sanctiongraph.settings import from_environment
from sanctiongraph_server.app import create_app
from tests.live_store import LiveStore

WORDS = [
    "SELECT * { ?s ?p ?o }",
    "ASK {}",
    "CONSTRUCT WHERE { ?s ?p ?o }",
    "DESCRIBE <x>",
    "INSERT DATA { <a> <b> 1 }",
    "DELETE WHERE { ?s ?p ?o }",
    "WITH <g> DELETE { ?s ?p ?o } USING <h> WHERE { ?s ?p ?o FILTER(?o<3) }",
    "; PREFIX a: <b>",
    "BASE <c>",
    "CLEAR ALL",
    "DROP GRAPH <none>",
    "<a> <b> <c> .",
    "{ } [ ] ( )",
    "'",
    '"""',
    "\\u00zz",
    "\ud7ff\x00",
    "--x\r\nContent-Disposition: form-data; name=a; filename=a.ttl\r\n\r\n<a> <b> 1 .\r\n--x--",
    '{"@id":"a:b","a:c":[{"@value":1}]}',
    "<rdf:RDF/>",
    "query=ASK%7B%7D",
    "update=CLEAR+ALL&using-graph-uri=a:b",
]
TEXTS = st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=4).map(" ".join)
BODIES = TEXTS.map(lambda text: text.encode("utf-8", "replace")) | st.binary(max_size=30)
MEDIA = st.sampled_from(
    [
        "application/sparql-query",
        "application/sparql-update",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data; boundary=",
        "text/turtle",
        "application/n-triples",
        "application/rdf+xml",
        "application/ld+json",
        "application/trig; charset=utf-8",
        "application/n-quads",
        "text/plain; charset=latin-1",
        "*/*;q=0.1, text/turtle;q=x",
        ";",
        "a/b;c",
    ]
)
PATHS = st.sampled_from(
    [
        "/sparql",
        "/viewpoints/sources/sparql",
        "/update",
        "/graphs",
        "/graphs/a/%C3%BC",
        "/graphs/%FF%00",
    ]
)
NAMES = st.sampled_from(
    [
        *("query", "update", "default-graph-uri", "named-graph-uri", "using-graph-uri"),
        *("using-named-graph-uri", "graph", "default", "viewpoint", "format", "timeout"),
    ]
)
IRIS = st.sampled_from(
    ["a:b", "", "x", "http://[", "//h", "#", "urn:x:y z", "nan", "1e999", "json"]
)
PARAMETERS = st.lists(st.tuples(NAMES, IRIS | TEXTS), max_size=3)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Accept": MEDIA | st.just("*/*"),
        "Content-Encoding": st.sampled_from(["gzip", "identity", "br", ""]),
    },
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    home: Path = tmp_path_factory.mktemp("none")
    configured = from_environment(
        {"SANCTIONGRAPH_HOME": str(home), "SANCTIONGRAPH_RATE_LIMIT": "0"}
    )
    live = LiveStore(configured)
    app = create_app(configured, readers=live, writes=live, authorize=lambda: None)
    return app.test_client()


@settings(max_examples=300)
@given(st.data())
def test_no_request_is_an_error_of_the_server(app: FlaskClient, data: st.DataObject) -> None:
    method = data.draw(st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"]))
    body = data.draw(BODIES)
    headers = data.draw(HEADERS)
    if headers.get("Content-Encoding") == "gzip" and data.draw(st.booleans()):
        body = gzip.compress(body)
    response = app.open(
        data.draw(PATHS),
        method=method,
        query_string=[
            (name, value.encode("utf-8", "replace")) for name, value in data.draw(PARAMETERS)
        ],
        data=body,
        content_type=data.draw(MEDIA),
        headers=headers,
    )
    assert response.status_code < 500, response.text
    if response.status_code >= 400 and method != "HEAD":
        assert response.content_type == "application/problem+json"
        assert json.loads(response.data)["status"] == response.status_code
    assert response.headers["Access-Control-Allow-Origin"] == "*"
