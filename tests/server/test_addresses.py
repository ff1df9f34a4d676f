"""The allow-list as an operator writes it, and what it covers."""

from __future__ import annotations

import os
from unittest import mock

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from sanctiongraph.errors import BadInput, Forbidden
from sanctiongraph_server.addresses import allow_list, parse
from sanctiongraph_server.command import serve

ALLOW = allow_list(
    [
        "https://query.wikidata.org/sparql",
        "http://open.example",
        "HTTPS://Mixed.Example:443/%7euser/",
        "http://[::1]:3030/ds",
        "http://192.0.2.1:8890/sparql",
        "http://label.example/ontology#label",
    ]
)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("https://query.wikidata.org/sparql", None),
        ("https://query.wikidata.org/sparql?default-graph-uri=http%3A%2F%2Fg", None),
        ("https://query.wikidata.org/sparql/bigdata", None),
        ("https://QUERY.wikidata.org:443/sparql", "https://query.wikidata.org/sparql"),
        ("https://query.wikidata.org/%73parql", "https://query.wikidata.org/sparql"),
        ("http://open.example", "http://open.example/"),
        ("http://open.example/any/thing", None),
        ("https://mixed.example/~user/x", None),
        ("http://[0:0::1]:3030/ds", "http://[::1]:3030/ds"),
        ("http://192.0.2.1:8890/sparql", None),
    ],
)
def test_covered(text: str, normal: str | None) -> None:
    assert str(ALLOW.admit(text)) == (normal or text)


@pytest.mark.parametrize(
    "text",
    [
        "http://query.wikidata.org/sparql",
        "https://query.wikidata.org:8443/sparql",
        "https://query.wikidata.org/sparqlx",
        "https://query.wikidata.org/",
        "https://wikidata.org/sparql",
        "https://x.query.wikidata.org/sparql",
        "https://mixed.example/~user",
        "http://192.0.2.1/sparql",
        "http://label.example/ontology",
    ],
)
def test_not_covered(text: str) -> None:
    with pytest.raises(Forbidden, match="no prefix"):
        ALLOW.admit(text)


@pytest.mark.parametrize(
    "entry",
    [
        "query.wikidata.org", "//query.wikidata.org/", "*", "https://*.wikidata.org/", "https://",
        "ftp://example.org/", "https://user@example.org/", "https://example.org/a/../b",
        "https://example.org/sparql?x=y", "http://127.1/", "http://2130706433/", "http://h:0/",
        "http://exämple.org/", "http://example.org./",
    ],
)  # fmt: skip
def test_an_entry_that_cannot_be_used_stops_the_start(entry: str) -> None:
    with pytest.raises(BadInput, match="SANCTIONGRAPH_SERVICE_ALLOW"):
        allow_list([entry])
    environment = {"SANCTIONGRAPH_SERVICE_ALLOW": f"http://a/,{entry}"}
    with mock.patch.dict(os.environ, environment):
        result = CliRunner().invoke(serve, [])
    assert result.exit_code == 1
    assert "SANCTIONGRAPH_SERVICE_ALLOW" in result.output


def test_a_private_host_that_is_none() -> None:
    with pytest.raises(BadInput, match="SANCTIONGRAPH_SERVICE_ALLOW_PRIVATE"):
        allow_list([], ["http://store/"])


PIECES = st.sampled_from(
    [
        *("http:", "https:", "//", "/", "\\", "@", ":", "#", "?", ".", "..", "%2e", "%2f", "%5c"),
        *("open.example", "OPEN.example", "127.0.0.1", "[::1]", "localhost", "80", "sparql", ";"),
        *("\t", " ", "%00", "xn--", "0x7f", "1", "。"),
    ]
)


@given(st.lists(PIECES, max_size=12))
def test_what_is_read_is_read_the_same_again(pieces: list[str]) -> None:
    """The normal form is its own normal form, and has one host and no way up."""
    text = "".join(pieces)
    try:
        address = parse(text)
    except Forbidden:
        return
    assert parse(str(address)) == address
    assert "@" not in address.authority
    assert ".." not in address.path.split("/")


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for prefix in ("", "http://", "https://open.example/"):
        try:
            parse(prefix + text)
        except Forbidden:
            continue
