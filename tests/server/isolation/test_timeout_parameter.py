"""``timeout=``: seconds that a request asks for."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from sanctiongraph.errors import BadParameter
from sanctiongraph.settings import from_environment
from sanctiongraph_server.app import create_app
from sanctiongraph_server.deadlines import seconds
from sanctiongraph_server.tasks import Answer, R, Task, Terms

BAD = ["0", "0.0", "-1", "nan", "inf", "1e3", "1_0", "x", " ", "٣", "1,5", "+1"]


@pytest.mark.parametrize(
    ("asked", "given"),
    [(None, 5), ("", 5), ("2.5", 2.5), (".5", 0.5), ("7.", 7), ("20", 20), ("21", 20),
     ("999999999", 20)],
)  # fmt: skip
def test_lowers_or_raises_up_to_the_most(asked: str | None, given: float) -> None:
    assert seconds(asked, 5, 20) == given


@pytest.mark.parametrize("asked", BAD)
def test_what_is_no_positive_number_is_refused(asked: str) -> None:
    with pytest.raises(BadParameter, match="seconds"):
        seconds(asked, 5, 20)


class Recorded:
    """Performs nothing, and remembers on which terms it should have."""

    def __init__(self) -> None:
        self.terms: list[Terms] = []

    def perform(self, task: Task[R], terms: Terms) -> R:  # noqa: ARG002
        self.terms.append(terms)
        return Answer(b"", "text/plain", "v", "v")  # type: ignore[return-value]


@pytest.fixture
def recorded() -> Recorded:
    return Recorded()


@pytest.fixture
def client(recorded: Recorded, tmp_path: Path) -> FlaskClient:
    settings = from_environment(
        {
            "SANCTIONGRAPH_HOME": str(tmp_path),
            "SANCTIONGRAPH_TIMEOUT": "5",
            "SANCTIONGRAPH_MAX_TIMEOUT": "20",
        }
    )
    return create_app(settings, recorded).test_client()


@pytest.mark.parametrize(
    "address",
    [
        "/sparql?query=ASK{}",
        "/rules?x=1",
        "/assess?rule=r&party=p",
        "/explain?rule=r&party=p",
        "/compare?viewpoint=turkey",
        "/changes?target=t&party=p",
        "/timeline?rule=r&party=p",
        "/options?matter=m",
    ],
)
def test_every_address_that_evaluates_takes_it(
    client: FlaskClient, recorded: Recorded, address: str
) -> None:
    assert client.get(address).status_code == 200
    assert client.get(f"{address}&timeout=2").status_code == 200
    assert client.get(f"{address}&timeout=99").status_code == 200
    assert [terms.seconds for terms in recorded.terms] == [5, 2, 20]
    refused = client.get(f"{address}&timeout=soon")
    assert refused.status_code == 400
    assert "timeout" in refused.json["detail"]


def test_in_a_form_and_beside_a_query_in_the_body(client: FlaskClient, recorded: Recorded) -> None:
    assert client.post("/sparql", data={"query": "ASK{}", "timeout": "3"}).status_code == 200
    direct = client.post("/sparql?timeout=4", data="ASK{}", content_type="application/sparql-query")
    assert direct.status_code == 200
    assert [terms.seconds for terms in recorded.terms] == [3, 4]
    twice = client.post("/sparql?timeout=4", data={"query": "ASK{}", "timeout": "3"})
    assert twice.status_code == 400
