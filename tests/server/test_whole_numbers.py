"""Whole numbers in parameters: one reading, for pages, rows and suggestions."""

from __future__ import annotations

import pytest

from sanctiongraph.errors import BadParameter
from sanctiongraph.settings import from_environment
from sanctiongraph_server.app import create_app
from sanctiongraph_server.parameters import WholeNumber

NUMBER = WholeNumber("n", 1, 200, default=7)


@pytest.mark.parametrize(
    ("given", "number"), [({}, 7), ({"n": "1"}, 1), ({"n": "200"}, 200), ({"n": "00012"}, 12)]
)
def test_read(given: dict[str, str], number: int) -> None:
    assert NUMBER.read(given) == number


@pytest.mark.parametrize(
    "written", ["0", "201", "-1", "+1", "1.0", "1e1", "²", "٣", " 1", "000", "x"]
)
def test_refused(written: str) -> None:
    with pytest.raises(BadParameter, match=f"n is {written!r}".replace("+", r"\+")):
        NUMBER.read({"n": written})


@pytest.mark.parametrize(
    "address", ["/id/SSB?page=", "/queries/find?text=x&offset=", "/queries/find?text=x&limit="]
)
def test_of_a_very_long_one_only_its_length_is_told(address: str) -> None:
    client = create_app(from_environment({"SANCTIONGRAPH_HOME": "nowhere"})).test_client()
    refused = client.get(address + "9" * 5_000)
    assert refused.status_code == 400
    assert "is 5000 characters: give a whole number from" in refused.json["detail"]
