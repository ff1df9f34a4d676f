"""What is kept is given again, byte for byte, and only as long as it is right."""

from __future__ import annotations

import datetime as dt
import json
import threading
from typing import Any

import httpx
import pytest

from .conftest import Gateway

EX = "http://example.org/"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
#: The version of the server with the application that tells, and one that it never had.
NOW, OTHER = "a" * 16, "e" * 16


def counted(
    teller: httpx.Client, path: str, /, method: str = "GET", **answer: Any
) -> httpx.Response:
    """An answer with a number of its own each time that the application is asked."""
    headers = {"X-Answer": json.dumps(answer), **answer.pop("send", {})}
    return teller.request(method, f"/counted{path}", headers=headers)


def kept(teller: httpx.Client, path: str, **answer: Any) -> bool:
    """Whether a second request is given the first one's answer."""
    first, second = counted(teller, path, **answer), counted(teller, path, **answer)
    return first.content == second.content


@pytest.mark.parametrize(
    ("name", "answer", "expected"),
    [
        ("marked", {"mark": NOW}, True),
        ("of today", {"mark": f"{NOW};TODAY"}, True),
        ("of another day", {"mark": f"{NOW};2020-01-01"}, False),
        ("not marked", {}, False),
        ("of an old version", {"mark": OTHER}, False),
        ("an error", {"mark": NOW, "status": "404 Not Found"}, False),
        ("part of an answer", {"mark": NOW, "status": "206 Partial Content"}, False),
        ("with a cookie", {"mark": NOW, "headers": [["Set-Cookie", "a=b"]]}, False),
        ("by language", {"mark": NOW, "headers": [["Vary", "Accept-Language"]]}, False),
        ("by format", {"mark": NOW, "headers": [["Vary", "accept"]]}, True),
        ("large", {"mark": NOW, "length": 200_000}, False),
        ("to a token", {"mark": NOW, "send": {"Authorization": "Bearer x"}}, False),
        ("to a form", {"mark": NOW, "method": "POST"}, False),
        ("to a change", {"mark": NOW, "method": "DELETE"}, False),
    ],
)
def test_what_is_kept(
    teller: httpx.Client, name: str, answer: dict[str, Any], expected: bool
) -> None:
    today = dt.datetime.now(dt.UTC).date().isoformat()
    answer = {**answer, "mark": answer.get("mark", "").replace("TODAY", today)}
    assert kept(teller, f"/{name}", **answer) is expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"Accept": "text/csv, text/html;q=0.5"}, {"Accept": "text/html; q=0.5,text/csv"}, True),
        ({"Accept": "text/csv"}, {"Accept": "text/html"}, False),
        ({"Host": "a"}, {"Host": "b"}, False),
        ({"User-Agent": "a"}, {"User-Agent": "b"}, True),
    ],
)
def test_what_tells_answers_apart(
    teller: httpx.Client, one: dict[str, str], other: dict[str, str], same: bool
) -> None:
    path = f"/apart/{sorted(one.items())}"
    first, second = (counted(teller, path, mark=NOW, send=head) for head in (one, other))
    assert (first.content == second.content) is same


def test_addresses_are_told_apart(teller: httpx.Client) -> None:
    found = [
        counted(teller, path, mark=NOW).content
        for path in ("/x?a=1", "/x?a=2", "/x", "/x?a=1&b", "/y?a=1")
    ]
    assert len(set(found)) == len(found)


def test_the_mark_stays_inside(teller: httpx.Client) -> None:
    for mark in (NOW, OTHER, f"{NOW};2020-01-01"):
        headers = counted(teller, "/inside", mark=mark).headers
        assert not any("repeatable" in name for name in headers)


def test_headers_of_one_request_are_not_given_to_others(teller: httpx.Client) -> None:
    own = [["X-Request-Id", "7"], ["RateLimit", "x"], ["X-Kept", "yes"]]
    first = counted(teller, "/own", mark=NOW, headers=own)
    second = counted(teller, "/own", mark=NOW, headers=own)
    assert first.content == second.content
    assert second.headers["X-Kept"] == "yes"
    assert "X-Request-Id" not in second.headers
    assert "RateLimit" not in second.headers


def test_memory_is_bounded_and_the_oldest_goes_first(teller: httpx.Client) -> None:
    """The server has 1 MB for it: a dozen answers of 60 kB, not twenty."""
    first = [counted(teller, f"/many/{n}", mark=NOW, length=60_000).content for n in range(20)]
    again = [
        counted(teller, f"/many/{n}", mark=NOW, length=60_000).content for n in reversed(range(20))
    ][::-1]
    still = [one == other for one, other in zip(first, again, strict=True)]
    assert not any(still[:3])
    assert all(still[-5:])


QUERIES = [
    "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o",
    "ASK { ?s ?p ?o }",
    "CONSTRUCT WHERE { ?s ?p ?o }",
    f"DESCRIBE <{EX}a>",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("format", [None, "xml", "json"])
@pytest.mark.parametrize("method", ["GET", "form", "direct"])
def test_an_answer_from_memory_is_the_answer(
    address: str, query: str, format: str | None, method: str
) -> None:
    """As told apart by a comment, which makes it another request."""
    given = {"format": format} if format else {}

    def ask(text: str, client: httpx.Client) -> httpx.Response:
        if method == "GET":
            return client.get("/sparql", params={"query": text, **given})
        if method == "form":
            return client.post("/sparql", data={"query": text, **given})
        head = {"Content-Type": "application/sparql-query"}
        return client.post("/sparql", content=text, params=given, headers=head)

    with httpx.Client(base_url=address, timeout=30) as client:
        answers = [ask(query, client) for _ in range(6)]  # each worker has it by then
        fresh = ask(f"{query} # {method} {format}", client)
    for answer in answers:
        assert answer.status_code == 200
        assert answer.content == fresh.content
        for name in ("Content-Type", "Sanctiongraph-Version", "Vary", "Cache-Control"):
            assert answer.headers[name] == fresh.headers[name]
        assert answer.headers["ETag"] == answers[0].headers["ETag"] != fresh.headers["ETag"]


@pytest.mark.parametrize(
    "expression",
    ["RAND()", "UUID()", "STRUUID()", "rand ( )", "sTrUuId#)\n()", "NOW()"],
)
def test_what_differs_each_time_is_not_kept(client: httpx.Client, expression: str) -> None:
    query = {"query": f"SELECT ({expression}AS?x){{}}", "format": "csv"}
    answers = [client.get("/sparql", params=query) for _ in range(3)]
    assert len({answer.text for answer in answers}) == 3
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers


def test_a_new_version_is_seen_at_once(gateway: Gateway) -> None:
    with httpx.Client(base_url=gateway.address, timeout=30) as client:
        seen = []
        for number, letter in enumerate("abcd"):
            if number:
                more = "".join(f"<{EX}n{n}> <{EX}p> <{EX}a> .\n" for n in range(number))
                gateway.publish(letter, more)
            for _ in range(2):
                answer = client.get("/sparql", params={"query": COUNT, "format": "csv"})
                assert answer.text.split() == ["n", str(2 + number)]
                assert answer.headers["Sanctiongraph-Version"] == letter * 16
                assert answer.headers["Sanctiongraph-Derived"] == letter * 16
            seen.append(answer.headers["ETag"])
    assert len(set(seen)) == 4


def test_many_at_once_while_versions_change(gateway: Gateway) -> None:
    """Whatever version an answer names, it is that version's answer."""
    right = {letter * 16: str(2 + number) for number, letter in enumerate("abcdefgh")}
    wrong: list[str] = []
    stop = threading.Event()

    def load() -> None:
        with httpx.Client(base_url=gateway.address, timeout=30) as client:
            while not stop.is_set():
                answer = client.get("/sparql", params={"query": COUNT, "format": "csv"})
                version = answer.headers["Sanctiongraph-Version"]
                if answer.status_code != 200 or answer.text.split()[1] != right[version]:
                    wrong.append(f"{version}: {answer.status_code} {answer.text}")

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    try:
        for number, letter in enumerate("bcdefgh", start=1):
            more = "".join(f"<{EX}n{n}> <{EX}p> <{EX}a> .\n" for n in range(number))
            gateway.publish(letter, more)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not wrong[:3]
