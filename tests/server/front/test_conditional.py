"""Entity tags, 304, ``Vary`` and ``Cache-Control`` over HTTP: RFC 9110, section 13."""

from __future__ import annotations

import httpx
import pytest

from .conftest import Gateway
from .test_kept import COUNT, counted

QUERY = {"query": "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o", "format": "csv"}


@pytest.fixture(scope="module")
def tag(client: httpx.Client) -> str:
    answer = client.get("/sparql", params=QUERY)
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert {"Accept", "Accept-Encoding"} <= set(answer.headers["Vary"].split(", "))
    return answer.headers["ETag"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("form", "status"),
    [
        ("{}", 304),
        ("W/{}", 304),
        ("*", 304),
        ('"no", {}', 304),
        ('W/"no"  ,\t{} , "nor"', 304),
        ('"no"', 200),
        ("no", 200),
        ('W/"*"', 200),
        ("", 200),
    ],
)
def test_if_none_match(client: httpx.Client, tag: str, method: str, form: str, status: int) -> None:
    header = {"If-None-Match": form.format(tag)}
    for _ in range(4):  # each worker, with and without the answer in its memory
        answer = client.request(method, "/sparql", params=QUERY, headers=header)
        assert answer.status_code == status
        assert answer.headers["ETag"] == tag
        assert answer.headers["Cache-Control"] == "public, no-cache"
        assert answer.headers["Sanctiongraph-Version"] == "a" * 16
        assert answer.headers["Sanctiongraph-Derived"] == "a" * 16
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert {"Accept", "Accept-Encoding"} <= set(answer.headers["Vary"].split(", "))
        assert bool(answer.content) == (status == 200 and method == "GET")
        assert ("Content-Type" in answer.headers) == (status == 200)


def test_a_tag_is_confirmed_without_asking_again(teller: httpx.Client) -> None:
    """Too large to be kept; so only the tag can tell."""
    first = counted(teller, "/large", mark="a" * 16, length=300_000)
    assert first.status_code == 200
    header = {"If-None-Match": first.headers["ETag"]}
    again = counted(teller, "/large", mark="a" * 16, length=300_000, send=header)
    assert again.status_code == 304
    other = counted(teller, "/large?other", mark="a" * 16, length=300_000, send=header)
    assert other.status_code == 200
    assert int(other.text.split()[0]) == int(first.text.split()[0]) + 1


def test_a_tag_of_another_request_format_or_coding(client: httpx.Client, tag: str) -> None:
    tags = {tag}
    for params, headers in (
        ({**QUERY, "format": "tsv"}, {}),
        ({**QUERY, "query": QUERY["query"] + " "}, {}),
        ({"query": QUERY["query"]}, {"Accept": "text/csv"}),
        ({"query": QUERY["query"]}, {"Accept": "text/tab-separated-values"}),
    ):
        answer = client.get("/sparql", params=params, headers={**headers, "If-None-Match": tag})
        assert answer.status_code == 200
        tags.add(answer.headers["ETag"])
    assert len(tags) == 5


def test_a_form_is_confirmed_as_well(client: httpx.Client) -> None:
    first = client.post("/sparql", data={"query": COUNT})
    header = {"If-None-Match": first.headers["ETag"]}
    assert client.post("/sparql", data={"query": COUNT}, headers=header).status_code == 304
    assert client.post("/sparql", data={"query": "ASK {}"}, headers=header).status_code == 200


def test_what_is_no_answer_has_no_tag(client: httpx.Client) -> None:
    for path in (
        "/sparql?query=nonsense",
        "/nowhere",
        "/healthz",
        "/sparql?query=SELECT(RAND()AS%3Fx){}",
    ):
        answer = client.get(path, headers={"If-None-Match": "*"})
        assert "ETag" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.status_code != 304


def test_a_tag_does_not_outlive_its_version(gateway: Gateway) -> None:
    with httpx.Client(base_url=gateway.address, timeout=30) as client:
        tags = []
        for letter in "abc":
            if letter != "a":
                gateway.publish(letter)
            for old in tags:
                answer = client.get("/sparql", params=QUERY, headers={"If-None-Match": old})
                assert answer.status_code == 200
            tags.append(client.get("/sparql", params=QUERY).headers["ETag"])
        assert len(set(tags)) == 3


def test_index_rules_and_description_have_their_headers(client: httpx.Client) -> None:
    description = client.get("/sparql")
    header = {"If-None-Match": description.headers["ETag"]}
    assert client.get("/sparql", headers=header).status_code == 304
