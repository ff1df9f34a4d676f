"""The query library as an API: types, paging, formats, pages, and values that try to be SPARQL."""

from __future__ import annotations

import csv
import io
import re

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import QueryResultsFormat, QuerySolutions, Store, parse_query_results

from sanctiongraph import Graph
from sanctiongraph.data import data_folders
from sanctiongraph.library import Library
from sanctiongraph.paging import columns, part
from sanctiongraph.vocabulary import PREFIXES

LIBRARY = Library(data_folders().queries)
NAMES = [query.name for query in LIBRARY]
ATTACKS = [
    '" } DROP ALL #',
    "'''} INSERT DATA { <a:a> <a:b> <a:c> } #",
    'x" . ?s ?p ?o . FILTER("" = "',
    "\\",
    '"""',
    "a\nb\r\n",
    "}}}} #",
    "$text",
    "?thing",
    "<http://example.org/>",
    "\u0000",
    "\u202e</table><script>alert(1)</script>",
]


def rows(client: httpx.Client, path: str, **given: str) -> list[list[str]]:
    answer = client.get(path, params={**given, "format": "csv"})
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text, newline="")))


def test_the_list(linked: httpx.Client) -> None:
    listed = linked.get("/queries").json()
    assert [one["name"] for one in listed] == NAMES
    one = next(one for one in listed if one["name"] == "measures-on-target")
    assert {"name": "date", "type": "date", "default": "2025-12-06", "required": False}.items() <= (
        one["parameters"][1].items()
    )
    assert linked.get(one["address"]).status_code == 200
    page = linked.get("/queries", headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert [name for name in NAMES if f'href="/queries/{name}"' not in page.text] == []


@pytest.mark.parametrize("name", [one.name for one in LIBRARY if not one.federated])
def test_each_answers_as_the_library_does_and_in_parts(
    linked: httpx.Client, real_graph: Graph, name: str
) -> None:
    whole = rows(linked, f"/queries/{name}")
    assert len(whole) - 1 == len(real_graph.run(name))
    assert whole[0] == list(columns(real_graph.library[name]))
    first = rows(linked, f"/queries/{name}", limit="3")
    rest = rows(linked, f"/queries/{name}", offset="3")
    assert first + rest[1:] == whole
    assert rows(linked, f"/queries/{name}", limit="2", offset="1")[1:] == whole[2:4]


@pytest.mark.parametrize(
    ("accept", "format", "media_type"),
    [
        ("*/*", "", "application/sparql-results+json"),
        ("application/json", "", "application/sparql-results+json"),
        ("application/sparql-results+xml", "", "application/sparql-results+xml"),
        ("text/csv", "", "text/csv"),
        ("*/*", "tsv", "text/tab-separated-values"),
        ("text/html", "csv", "text/csv"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "", "text/html"),
        ("*/*", "html", "text/html"),
    ],
)
def test_by_accept_and_format(
    linked: httpx.Client, accept: str, format: str, media_type: str
) -> None:
    answer = linked.get("/queries/overview", params={"format": format}, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert "accept" in answer.headers["vary"].lower()
    tag = {"If-None-Match": answer.headers["etag"], "Accept": accept}
    again = linked.get("/queries/overview", params={"format": format}, headers=tag)
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("paragraph", {"number": "eight"}),
        ("paragraph", {"number": "8 OR 1=1"}),
        ("paragraph", {"nummer": "8"}),
        ("measures-on-target", {"date": "yesterday"}),
        ("measures-on-target", {"date": '2025-12-06"^^xsd:date'}),
        ("measures-on-target", {"target": "id:SSB> ?p ?o }"}),
        ("measures-on-target", {"target": "http://a/> <b"}),
        ("measures-on-target", {"target": "wrong:SSB"}),
        ("overview", {"limit": "-1"}),
        ("overview", {"limit": "1e3"}),
        ("overview", {"offset": "1; DROP ALL"}),
        ("overview", {"timeout": "never"}),
        ("overview", {"format": "pdf"}),
    ],
)
def test_what_is_refused(linked: httpx.Client, path: str, given: dict[str, str]) -> None:
    answer = linked.get(f"/queries/{path}", params=given)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    if "format" not in given:
        page = linked.get(f"/queries/{path}", params={**given, "format": "html"})
        assert page.status_code == 400
        assert 'role="alert"' in page.text


def test_given_twice_is_refused(linked: httpx.Client) -> None:
    answer = linked.get("/queries/paragraph?number=8&number=9")
    assert answer.status_code == 400


def test_unknown_queries_and_methods(linked: httpx.Client) -> None:
    answer = linked.get("/queries/nothing")
    assert answer.status_code == 404
    assert "overview" in answer.json()["detail"]
    assert linked.post("/queries/overview").status_code == 405


@pytest.mark.parametrize("attack", ATTACKS)
def test_values_stay_values(linked: httpx.Client, attack: str) -> None:
    before = linked.get("/").json()["version"]
    answer = linked.get("/queries/find", params={"text": attack})
    assert answer.status_code == 200, answer.text
    assert answer.json()["results"]["bindings"] == []
    page = linked.get("/queries/find", params={"text": attack, "format": "html"})
    assert page.status_code == 200
    assert re.findall(r'<script(?! src="/static/)', page.text) == []
    assert linked.get("/").json()["version"] == before


@given(text=st.text(max_size=40), limit=st.integers(0, 5), offset=st.integers(0, 5))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_bound_as_one_literal(text: str, limit: int, offset: int) -> None:
    found = Store().query(part(LIBRARY["find"], {"text": text}, limit, offset), prefixes=PREFIXES)
    assert isinstance(found, QuerySolutions)
    assert list(found) == []


def test_a_page_has_form_table_and_the_way_on(linked: httpx.Client) -> None:
    address = "/queries/claims-of-speaker"
    given = {"speaker": "TomBarrack", "limit": "4", "format": "html"}
    page = linked.get(address, params=given).text
    assert '<input id="speaker" name="speaker" type="text" value="TomBarrack">' in page
    assert page.count("<tr>") == 5
    later = re.search(r'rel="next" href="([^"]*)"', page)
    assert later is not None
    assert 'rel="prev"' not in page
    following = linked.get(later[1].replace("&amp;", "&")).text
    assert 'rel="prev"' in following
    assert re.findall(r'<script(?! src="/static/)', page) == []
    body = linked.get(address, params={"speaker": "TomBarrack"}).content
    solutions = parse_query_results(body, format=QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)
    claims = [row["claim"].value.rpartition("/")[2] for row in solutions]
    shown = re.findall(r"/claim/[^\"]*/(\w+)\"", page + following)
    assert shown == claims[:8]
