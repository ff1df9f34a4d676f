"""``/compare``, ``/changes``, ``/timeline`` and ``/options`` over the real graph."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse
from werkzeug.test import TestResponse

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


SUPPOSED = """
@prefix sg: <https://w3id.org/sanctiongraph/ontology#> .
@prefix id: <https://w3id.org/sanctiongraph/id/> .
id:TurkeyS400Possession sg:holdsUntil [ sg:edtf "2026-01-15" ] .
"""
ASKED = "rule=ndaa-2021-1241-e&party=SSB&as_of=2026-02-01"


def possession(got: TestResponse) -> str:
    conditions = {one["id"]: one["status"] for one in got.get_json()["conditions"]}
    return str(conditions["turkey-no-longer-possesses-s-400"])


@pytest.mark.parametrize("address", ["/assess", "/explain"])
@pytest.mark.parametrize("media_type", ["text/turtle", "application/trig; charset=UTF-8"])
def test_a_scenario_in_the_body(client: FlaskClient, address: str, media_type: str) -> None:
    plain = client.get(f"{address}?{ASKED}")
    assert possession(plain) == "refuted"
    got = client.post(f"{address}?{ASKED}", data=SUPPOSED, content_type=media_type)
    assert got.status_code == 200, got.text
    assert possession(got) == "established"
    assert got.get_json()["scenario"] == "given"
    assert possession(client.get(f"{address}?{ASKED}")) == "refuted"


def test_a_post_without_a_body_is_as_good_as_a_get(client: FlaskClient) -> None:
    assert possession(client.post(f"/assess?{ASKED}")) == "refuted"


def test_a_comparison_with_a_scenario_in_the_body(client: FlaskClient) -> None:
    asked = "rule=ndaa-2021-1241-e&party=SSB&as_of=2026-02-01"
    got = client.post(f"/compare?{asked}", data=SUPPOSED, content_type="text/turtle")
    assert got.status_code == 200, got.text
    (one,) = got.get_json()["differences"]
    assert [c["id"] for c in one["conditions"]] == ["turkey-no-longer-possesses-s-400"]
    assert [thing["id"] for thing in one["rests_on"][0]["supposed"]] == ["TurkeyS400Possession"]


@pytest.mark.parametrize(
    ("body", "media_type", "more", "status", "says"),
    [
        (SUPPOSED, "application/json", "", 415, "text/turtle or application/trig"),
        (SUPPOSED, "", "", 415, "text/turtle or application/trig"),
        (SUPPOSED, "text/turtle", "&scenario=destroy", 400, "leave out the parameter scenario"),
        ("this is no Turtle", "text/turtle", "", 400, "does not parse"),
        (b"\xff", "text/turtle", "", 400, "not UTF-8"),
        ("#" * 2_000_000, "text/turtle", "", 413, "longer than"),
    ],
)
def test_a_body_that_is_no_scenario(
    client: FlaskClient, body: str | bytes, media_type: str, more: str, status: int, says: str
) -> None:
    got = client.post(f"/assess?{ASKED}{more}", data=body, content_type=media_type or None)
    assert got.status_code == status, got.text
    assert got.mimetype == "application/problem+json"
    assert says in got.text


def test_a_body_is_read_as_everywhere(client: FlaskClient) -> None:
    def ask(body: bytes, **headers: str) -> TestResponse:
        return client.post(
            f"/assess?{ASKED}", data=body, content_type=headers.pop("type"), headers=headers
        )

    packed = gzip.compress(SUPPOSED.encode())
    coded = {"type": "text/turtle", "Content-Encoding": "gzip"}
    assert possession(ask(packed, **coded)) == possession(
        ask(SUPPOSED.encode(), type=coded["type"])
    )
    bomb = ask(gzip.compress(b"#" * 2_000_000), **coded)
    assert (bomb.status_code, bomb.content_type) == (413, "application/problem+json")
    other = ask(SUPPOSED.encode(), type="text/turtle; charset=iso-8859-9")
    assert other.status_code == 415
    assert other.headers["Accept-Post"] == "text/turtle, application/trig"
    offered = client.options("/assess").headers
    assert offered["Accept-Post"] == "text/turtle, application/trig"


@pytest.mark.parametrize("address", ["/assess", "/explain", "/timeline", "/changes"])
def test_what_is_missing_is_shown_at_the_address_itself(client: FlaskClient, address: str) -> None:
    refused = client.get(address)
    assert refused.status_code == 400
    assert f"is missing: {address}?" in refused.json["detail"]


def test_where_nothing_is_it_is_said_where_to_look(client: FlaskClient) -> None:
    refused = client.get("/nowhere/at/all")
    assert (refused.status_code, refused.json["type"].rpartition("/")[2]) == (404, "not-found")
    assert refused.json["detail"] == (
        "there is nothing at /nowhere/at/all: / and /openapi.json say what is"
    )
    assert "x" * 50 not in client.get("/" + "x" * 500).json["detail"]


def test_addresses_that_suppose_nothing_take_no_body(client: FlaskClient) -> None:
    assert client.post("/options", data=SUPPOSED, content_type="text/turtle").status_code == 405


@pytest.mark.parametrize(
    ("media_type", "form"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/n-triples", RdfFormat.N_TRIPLES),
    ],
)
def test_a_proof_as_rdf(client: FlaskClient, media_type: str, form: RdfFormat) -> None:
    got = client.get(f"/explain?{ASKED}", headers={"Accept": media_type})
    assert got.mimetype == media_type
    same = client.get(f"/explain?{ASKED}&format=ntriples")
    triples = {quad.triple for quad in parse(got.data, format=form)}
    assert triples
    assert triples == {quad.triple for quad in parse(same.data, format=RdfFormat.N_TRIPLES)}
