"""``/llms.txt`` names what there is: each address answers, each question is of the library."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from sanctiongraph import Graph
from sanctiongraph.settings import from_environment
from sanctiongraph_server.app import create_app
from sanctiongraph_server.llms import page
from tests.real import real_home


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    home = real_home(tmp_path_factory)
    return create_app(from_environment({"SANCTIONGRAPH_HOME": str(home)})).test_client()


def test_it_is_short_plain_text_with_the_version(client: FlaskClient, graph: Graph) -> None:
    response = client.get("/llms.txt")
    assert response.status_code == 200
    assert response.content_type == "text/plain; charset=utf-8"
    assert response.text.startswith("# sanctiongraph\n\n> ")
    assert f"version {graph.name}," in response.text
    assert len(response.data) < 12_000


def test_every_address_in_it_answers(client: FlaskClient, graph: Graph) -> None:
    links = re.findall(r"\]\(http://localhost(/[^)]*)\)", client.get("/llms.txt").text)
    assert "/sparql" in links
    assert any(link.startswith("/explain?") for link in links)
    for link in links:
        federated = (
            graph.library[link.rpartition("/")[2]].federated if "/queries/" in link else False
        )
        assert client.get(link).status_code == (403 if federated else 200), link


def test_questions_that_ask_elsewhere_say_so(client: FlaskClient, graph: Graph) -> None:
    elsewhere = [query.name for query in graph.library if query.federated]
    assert elsewhere
    lines = client.get("/llms.txt").text.splitlines()
    for name in elsewhere:
        assert any(f"/queries/{name})" in line and "another endpoint" in line for line in lines)


def test_every_question_is_in_it(client: FlaskClient, graph: Graph) -> None:
    text = client.get("/llms.txt").text
    for query in graph.library:
        assert query.question in text


def test_questions_are_links_where_they_have_addresses(graph: Graph) -> None:
    lines = list(page(graph.library, "http://h/", "v", ["/queries/<name>"]))
    assert any("[sources](http://h/queries/sources): " in line for line in lines)


def test_without_a_graph(tmp_path: object) -> None:
    app = create_app(from_environment({"SANCTIONGRAPH_HOME": str(tmp_path)}))
    assert app.test_client().get("/llms.txt").status_code == 503
