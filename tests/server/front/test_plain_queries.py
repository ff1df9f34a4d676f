"""Queries answered on the event loop have the answers that Flask gives, errors as well."""

from __future__ import annotations

import threading
import time

import httpx
import pytest

EX = "http://example.org/"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
#: Names no page, but the front lets Flask find that out.
THROUGH_FLASK = "html"
ON_THE_LOOP = "none"
LARGE = (
    "SELECT * { VALUES ?a { 0 1 2 3 4 5 6 7 8 9 } VALUES ?b { 0 1 2 3 4 5 6 7 8 9 }"
    " VALUES ?c { 0 1 2 3 4 5 6 7 8 9 } VALUES ?d { 0 1 2 3 4 5 6 7 8 9 }"
    " VALUES ?e { 0 1 2 3 4 } }"
)
CROSS = (
    "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(60)))} }}" for i in range(6))
    + " }"
)


def both(
    address: str, query: str, method: str = "GET", **fields: str
) -> tuple[httpx.Response, httpx.Response]:
    """The answers without Flask and through it."""
    found = []
    with httpx.Client(base_url=address, timeout=60) as client:
        for way in (ON_THE_LOOP, THROUGH_FLASK):
            given = {"query": query, **fields}
            if method == "GET":
                found.append(client.get("/sparql", params={**given, "way": way}))
            else:
                found.append(client.post("/sparql", params={"way": way}, data=given))
    return found[0], found[1]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("format", ["json", "xml", "csv", "ttl"])
@pytest.mark.parametrize(
    "query",
    [
        COUNT,
        "ASK { ?s ?p ?o }",
        "CONSTRUCT WHERE { ?s ?p ?o }",
        f"DESCRIBE <{EX}a>",
        "SELECT (NOW() AS ?now) { FILTER(false) }",
        LARGE,
    ],
)
def test_the_answer_is_the_same(address: str, query: str, format: str, method: str) -> None:
    direct, through = both(address, query, method, format=format)
    assert direct.status_code == through.status_code
    if direct.status_code == 200:
        assert direct.content == through.content
    else:  # a format for the other kind of result
        assert direct.json()["title"] == through.json()["title"]
    for name in {*direct.headers, *through.headers} - {"etag", "date"}:
        assert direct.headers[name] == through.headers[name], name
    assert ("ETag" in direct.headers) == ("ETag" in through.headers)


@pytest.mark.parametrize(
    ("query", "fields", "status"),
    [
        ("SELEKT", {}, 400),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", {}, 403),
        (COUNT, {"format": "nothing"}, 400),
        (COUNT, {"timeout": "-1"}, 400),
        (COUNT, {"default-graph-uri": "no iri"}, 400),
        (CROSS, {"timeout": "0.3"}, 503),
    ],
)
def test_the_error_is_the_same(
    address: str, query: str, fields: dict[str, str], status: int
) -> None:
    direct, through = both(address, query, **fields)
    assert direct.status_code == through.status_code == status
    assert direct.json()["detail"] == through.json()["detail"]
    assert direct.headers["Content-Type"] == "application/problem+json"


def test_many_wait_for_few_readers_and_each_has_its_own_answer(address: str) -> None:
    """More at once than there are readers, some that have to be stopped in between."""
    found: dict[int, str] = {}

    def ask(number: int) -> None:
        with httpx.Client(base_url=address, timeout=60) as client:
            if number % 10 == 0:
                client.get("/sparql", params={"query": f"{CROSS} # {number}", "timeout": "1"})
            query = f"SELECT ({number} AS ?n) {{}}"
            found[number] = client.get(
                "/sparql", params={"query": query, "format": "csv"}
            ).text.split()[1]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: str(number) for number in range(40)}


def test_small_queries_are_answered_beside_one_that_does_not_end(address: str) -> None:
    with httpx.Client(base_url=address, timeout=60) as client:
        endless = threading.Thread(
            target=lambda: httpx.get(
                f"{address}/sparql", params={"query": CROSS, "timeout": "2"}, timeout=60
            )
        )
        endless.start()
        begun = time.monotonic()
        while endless.is_alive():
            answer = client.get("/sparql", params={"query": f"{COUNT} # {time.time_ns()}"})
            assert answer.status_code == 200
            assert time.monotonic() - begun < 30
        endless.join()
