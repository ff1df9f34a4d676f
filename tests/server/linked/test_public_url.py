"""Where others find the gateway: an address, or a message that says so."""

from __future__ import annotations

import pytest

from sanctiongraph.errors import BadInput
from sanctiongraph.settings import from_environment
from sanctiongraph.vocabulary import BASE


@pytest.mark.parametrize(
    ("value", "public"),
    [
        ("", BASE),
        ("https://example.org", "https://example.org/"),
        ("http://127.0.0.1:8080/graph/", "http://127.0.0.1:8080/graph/"),
    ],
)
def test_an_address_ends_in_a_slash(value: str, public: str) -> None:
    assert from_environment({"SANCTIONGRAPH_PUBLIC_URL": value}).public_url == public


@pytest.mark.parametrize(
    "value",
    [
        "example.org",
        "ftp://example.org/",
        "https://",
        "https://a/?b",
        "https://a/#b",
        "https://a/<>",
    ],
)
def test_what_is_no_address_is_refused(value: str) -> None:
    with pytest.raises(BadInput, match="SANCTIONGRAPH_PUBLIC_URL"):
        from_environment({"SANCTIONGRAPH_PUBLIC_URL": value})
