"""Queries of the library that join our graph with a second real server, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from sanctiongraph.data import data_folders
from sanctiongraph.library import Library
from tests.gateways import serving
from tests.links.conftest import ScriptedServer, scripted_server
from tests.real import real_home

#: What they share takes seconds to make.
pytestmark = pytest.mark.xdist_group("federated")

LIBRARY = Library(data_folders().queries)
FEDERATED = [query for query in LIBRARY if query.federated]
AGENTS = LIBRARY["wikidata-agents"]
JSON = {"Content-Type": "application/sparql-results+json"}


@pytest.fixture(scope="module")
def counted() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        yield server


@pytest.fixture(scope="module")
def gateway(
    tmp_path_factory: pytest.TempPathFactory, wikidata: str, counted: ScriptedServer
) -> Iterator[httpx.Client]:
    allow = f"{wikidata},{counted.address}"
    home = real_home(tmp_path_factory)
    with (
        serving(home, SANCTIONGRAPH_SERVICE_ALLOW=allow) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        yield client


def ask(gateway: httpx.Client, query: str) -> list[dict[str, str]]:
    response = gateway.post("/sparql?format=json", data={"query": query})
    assert response.status_code == 200, response.text
    rows = response.json()["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in rows]


def test_there_is_one() -> None:
    assert AGENTS in FEDERATED


@pytest.mark.parametrize("query", FEDERATED, ids=lambda query: query.name)
def test_each_answers_with_its_defaults(
    gateway: httpx.Client, wikidata: str, query: object
) -> None:
    assert ask(gateway, LIBRARY[query.name].bind({"endpoint": wikidata}))  # type: ignore[attr-defined]


def test_persons_have_names_and_descriptions_of_the_other_server(
    gateway: httpx.Client, wikidata: str
) -> None:
    rows = ask(gateway, AGENTS.bind({"endpoint": wikidata}))
    by_thing = {row["thing"].rpartition("/")[2]: row for row in rows}
    assert set(by_thing) == {"DonaldTrump", "RecepTayyipErdogan", "VladimirPutin"}
    trump = by_thing["DonaldTrump"]
    assert trump["name"] == "Donald Trump"
    assert trump["description"] == "45th President of the United States"
    assert trump["item"].endswith("/Q22686")
    assert by_thing["RecepTayyipErdogan"]["name"] == "Recep Tayyip Erdoğan"
    assert "description" not in by_thing["RecepTayyipErdogan"]
    assert {row["targeted"] for row in rows} == {"false"}


def test_other_kinds_and_languages(gateway: httpx.Client, wikidata: str) -> None:
    given = {"class": "sg:Agent", "language": "tr", "endpoint": wikidata}
    names = {row["name"] for row in ask(gateway, AGENTS.bind(given))}
    assert "ABD Dışişleri Bakanlığı" in names


def test_only_linked_items_are_asked_for_and_targets_come_first(
    gateway: httpx.Client, counted: ScriptedServer
) -> None:
    """The extract has no label of the one agency that is linked and a target: a stand-in answers."""
    body = (
        b'{"head":{"vars":["item","name"]},"results":{"bindings":['
        b'{"item":{"type":"uri","value":"http://www.wikidata.org/entity/Q6079585"},'
        b'"name":{"type":"literal","xml:lang":"en","value":"stand-in"}},'
        b'{"item":{"type":"uri","value":"http://www.wikidata.org/entity/Q43"},'
        b'"name":{"type":"literal","xml:lang":"en","value":"another"}}]}}'
    )
    counted.answers = [(429, {"Retry-After": "0"}, b""), (200, JSON, body)]
    counted.seen.clear()
    rows = ask(gateway, AGENTS.bind({"class": "sg:Agent", "endpoint": counted.address}))
    assert [(row["name"], row["targeted"]) for row in rows] == [
        ("stand-in", "true"),
        ("another", "false"),
    ]
    agent, form = counted.seen[-1]
    assert len(counted.seen) == 2
    assert agent.startswith("sanctiongraph/")
    assert "https://w3id.org/sanctiongraph/" in agent
    assert "VALUES+%3Fitem" in form
    assert "Q6079585" in form


def test_an_endpoint_that_is_not_allowed(gateway: httpx.Client) -> None:
    response = gateway.post("/sparql", data={"query": AGENTS.bind({})})
    assert response.status_code == 403
    assert "query.wikidata.org" in response.json()["detail"]
