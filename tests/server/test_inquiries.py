"""``/compare``, ``/changes``, ``/timeline`` and ``/options`` over the real graph."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from sanctiongraph.settings import from_environment
from sanctiongraph_server.app import READERS, create_app
from sanctiongraph_server.inquiries import INQUIRIES

from ..real import real_home


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    home = real_home(tmp_path_factory)
    # A busy machine is no reason to fail.
    patient = {"SANCTIONGRAPH_TIMEOUT": "300", "SANCTIONGRAPH_MAX_TIMEOUT": "300"}
    app = create_app(from_environment({"SANCTIONGRAPH_HOME": str(home), **patient}))
    yield app.test_client()
    app.extensions[READERS].close()


@pytest.mark.parametrize("name", INQUIRIES)
def test_the_example_of_each_address_answers(client: FlaskClient, name: str) -> None:
    got = client.get(INQUIRIES[name].example)
    assert got.status_code == 200, got.data
    assert got.is_json
    assert got.get_json()


def test_timeline_of_ssb(client: FlaskClient) -> None:
    got = client.get("/timeline?rule=caatsa-231-a&party=SSB&transaction=TurkeyS400Delivery")
    assert '"2020-12-14"' in got.text
    assert "sanctioned" in got.text


def test_changes_name_who_can_change(client: FlaskClient) -> None:
    got = client.get(
        "/changes?target=ndaa-2020-1245-transfer-permitted&party=Turkey&as_of=2025-12-06"
    )
    assert "both-secretaries-certified" in got.text
    assert "SecretaryOfDefense" in got.text


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/compare", 400, "both sides are the same"),
        ("/compare?viewpoint=turkey&with_viewpoint=mars", 404, "mars"),
        ("/changes?party=Turkey", 400, "target is missing"),
        ("/changes?target=no-such-rule&party=Turkey", 404, "no-such-rule"),
        ("/timeline?rule=caatsa-231-a&party=a b", 400, "a b"),
        ("/timeline?rule=caatsa-231-a&party=SSB&party=India", 400, "more than once"),
        ("/options?as_of=tomorrow", 400, "tomorrow"),
        ("/options?colour=red", 400, "colour"),
    ],
)
def test_what_cannot_be_answered_says_why(
    client: FlaskClient, address: str, status: int, says: str
) -> None:
    got = client.get(address)
    assert got.status_code == status
    assert got.mimetype == "application/problem+json"
    assert says in got.get_json()["detail"]
