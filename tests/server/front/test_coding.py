"""Content codings: what is negotiated, and that it is the same answer."""

from __future__ import annotations

import gzip

import httpx
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from sanctiongraph_server.front.coding import accepted, compressible, encoded, pick
from sanctiongraph_server.problems import NotAcceptable

from .test_kept import counted

#: Long enough to be worth it.
LONG = {"query": f"SELECT * {{ VALUES ?x {{ {' '.join(map(str, range(800)))} }} }}"}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, ["identity"]),
        ("", ["identity"]),
        ("gzip", ["gzip", "identity"]),
        ("GZip;Q=0.5, zstd;q=0.1", ["gzip", "zstd", "identity"]),
        ("gzip, deflate, br, zstd", ["zstd", "gzip", "identity"]),
        ("x-gzip", ["gzip", "identity"]),
        ("*", ["zstd", "gzip", "identity"]),
        ("*;q=0.2, gzip;q=0", ["zstd", "identity"]),
        ("identity, gzip;q=0.5", ["identity", "gzip"]),
        ("gzip;q=0.5, identity;q=0.8", ["identity", "gzip"]),
        ("identity;q=0", []),
        ("identity;q=0, gzip", ["gzip"]),
        ("*;q=0", []),
        ("*;q=0, gzip;q=0.001", ["gzip"]),
        ("*;q=0, identity;q=0.5", ["identity"]),
        ("identity;q=0, *", ["zstd", "gzip"]),
        ("br", ["identity"]),
        ("gzip;q=2, zstd;q=-1, ;;;, gzip zstd", ["identity"]),
        ("gzip;q=0.0", ["identity"]),
    ],
)
def test_accepted(header: str | None, expected: list[str]) -> None:
    assert list(accepted(header)) == expected


@given(st.text("gzipstd,*;q=.0123456789 \tidentity", max_size=60))
def test_any_header_is_read(header: str) -> None:
    codings = accepted(header)
    assert len(set(codings)) == len(codings)
    assert set(codings) <= {"zstd", "gzip", "identity"}


@given(st.binary(max_size=5_000))
def test_what_is_coded_can_be_read_and_is_the_same_each_time(body: bytes) -> None:
    for coding, read in (("gzip", gzip.decompress), ("zstd", zstandard.decompress)):
        coded = encoded(body, coding)
        assert coded == encoded(body, coding)
        if body:
            assert read(coded) == body


def test_short_and_compressed_answers_stay_as_they_are() -> None:
    assert pick(("gzip", "identity"), "text/csv; charset=utf-8", 5_000) == "gzip"
    assert pick(("gzip", "identity"), "text/csv", 10) == "identity"
    assert pick(("gzip", "identity"), "image/png", 5_000) == "identity"
    assert pick(("gzip",), "image/png", 10) == "gzip"
    with pytest.raises(NotAcceptable):
        pick((), "text/csv", 5_000)
    assert all(
        map(
            compressible,
            [
                "application/sparql-results+json",
                "application/rdf+xml",
                "text/turtle",
                "application/json",
                "application/n-quads",
            ],
        )
    )
    assert not any(map(compressible, [None, "", "application/zip", "image/png"]))


@pytest.mark.parametrize("format", ["csv", "json", "xml", "tsv"])
def test_every_coding_is_the_same_answer(client: httpx.Client, format: str) -> None:
    params = {**LONG, "format": format}
    plain = client.get("/sparql", params=params, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    tags = [plain.headers["ETag"]]
    for coding in ("gzip", "zstd"):
        header = {"Accept-Encoding": coding}
        for _ in range(3):
            answer = client.get("/sparql", params=params, headers=header)
            assert answer.headers["Content-Encoding"] == coding
            assert answer.content == plain.content
            assert int(answer.headers["Content-Length"]) < len(plain.content)
            head = client.head("/sparql", params=params, headers=header)
            assert head.headers["ETag"] == answer.headers["ETag"]
            assert head.headers["Content-Encoding"] == coding
            matching = {**header, "If-None-Match": answer.headers["ETag"]}
            assert client.get("/sparql", params=params, headers=matching).status_code == 304
        tags.append(answer.headers["ETag"])
    assert len(set(tags)) == 3
    other = {"Accept-Encoding": "identity", "If-None-Match": tags[1]}
    assert client.get("/sparql", params=params, headers=other).status_code == 200


def test_a_head_without_memory_says_the_same(client: httpx.Client) -> None:
    for number, coding in enumerate(("gzip", "identity")):
        params = {"query": LONG["query"] + f" # head {number}"}
        header = {"Accept-Encoding": coding}
        head = client.head("/sparql", params=params, headers=header)
        got = client.get("/sparql", params=params, headers=header)
        for name in ("ETag", "Content-Type", "Vary", "Cache-Control"):
            assert head.headers[name] == got.headers[name]
        assert head.headers.get("Content-Encoding") == got.headers.get("Content-Encoding")
        if coding == "identity":
            assert head.headers["Content-Length"] == got.headers["Content-Length"]


def test_nothing_acceptable(client: httpx.Client) -> None:
    answer = client.get("/sparql", params=LONG, headers={"Accept-Encoding": "identity;q=0"})
    assert answer.status_code == 406
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "Accept-Encoding" in answer.json()["detail"]


def test_a_short_answer_is_coded_where_it_must_be(client: httpx.Client) -> None:
    header = {"Accept-Encoding": "identity;q=0, gzip"}
    answer = client.get("/sparql", params={"query": "ASK {}"}, headers=header)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.json()["boolean"] is True


def test_answers_that_are_not_kept_are_coded_too(teller: httpx.Client) -> None:
    for answer, coding in (
        ({"length": 5_000}, "gzip"),
        ({"length": 5_000, "type": "image/png"}, None),
        ({"length": 5}, None),
        ({"length": 5_000, "headers": [["Cache-Control", "no-transform"]]}, None),
        ({"length": 5_000, "status": "404 Not Found"}, "gzip"),
    ):
        response = counted(teller, "/coded", send={"Accept-Encoding": "gzip"}, **answer)
        assert response.headers.get("Content-Encoding") == coding
        assert response.text.endswith("x" * answer["length"])
