"""What is sent along with a federated query, and that the answer stays what it is without."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store

from sanctiongraph.settings import from_environment
from sanctiongraph_server.app import create_app

from . import servers
from .conftest import EX, publish_nquads
from .servers import Server, replying

HERE = (
    "".join(
        f"<{EX}{thing}> <{EX}same> <{EX}w{number}> .\n<{EX}{thing}> <{EX}age> {age} .\n"
        for number, (thing, age) in enumerate({"a": 1, "b": 2, "c": 3}.items())
    )
    .replace("> 1 .", '> "1" .')
    .replace("> 2 .", '> "2" .')
    .replace("> 3 .", '> "3" .')
)
THERE = (
    "".join(f'<{EX}w{number}> <{EX}name> "n{number}" .\n' for number in (0, 1, 5, 6))
    + f'<{EX}w0> <{EX}size> "1" .\n<{EX}w5> <{EX}size> "9" .\n'
)


@pytest.fixture(scope="module")
def told() -> Iterator[Server]:
    with servers.serving() as server:
        yield server


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.oxigraph(tmp_path_factory.mktemp("far"), THERE) as address:
        yield address


@pytest.fixture(scope="module")
def near(tmp_path_factory: pytest.TempPathFactory, told: Server, far: str) -> FlaskClient:
    home = tmp_path_factory.mktemp("near")
    publish_nquads(home, HERE + f"<{EX}a> <{EX}same> <{EX}w1> <{EX}g1> .\n", "d" * 64)
    settings = from_environment(
        {
            "SANCTIONGRAPH_HOME": str(home),
            "SANCTIONGRAPH_SERVICE_ALLOW": f"{told.address},{far}",
        }
    )
    return create_app(settings).test_client()


SHAPES = [
    "SELECT * { ?t ex:same ?w SERVICE <FAR> { ?w ex:name ?n } }",
    "SELECT * { SERVICE <FAR> { ?w ex:name ?n } ?t ex:same ?w }",
    "SELECT * { ?t ex:same ?w FILTER(?n != 'n0') SERVICE <FAR> { ?w ex:name ?n } }",
    "SELECT * { ?t ex:same ?w FILTER EXISTS { ?t ex:age '2' } SERVICE <FAR> { ?w ex:name ?n } }",
    "SELECT * { ?t ex:same ?w MINUS { ?t ex:age '2' } SERVICE <FAR> { ?w ex:name ?n } }",
    "SELECT * { ?t ex:age ?a OPTIONAL { ?t ex:same ?w FILTER(?a = '1') } SERVICE <FAR> { ?w ex:name ?n } }",
    "SELECT * { ?t ex:same ?w SERVICE <FAR> { ?w ex:name ?n OPTIONAL { ?w ex:size ?s } } }",
    "SELECT * { ?t ex:same ?w SERVICE <FAR> { ?v ex:name ?n OPTIONAL { ?w ex:size ?s } } }",
    "SELECT * { ?t ex:same ?w SERVICE <FAR> { ?w ex:name ?n } SERVICE <FAR> { ?w ex:size ?s } }",
    "SELECT * { ?t ex:same ?w SERVICE <FAR> { ?w ex:name ?n } MINUS { ?w ex:name 'n1' } }",
    "SELECT * { ?t ex:same ?w . { SERVICE <FAR> { ?w ex:name ?n } } UNION { ?t ex:age ?n } }",
    "SELECT * { ?t ex:same ?w . OPTIONAL { SERVICE <FAR> { ?w ex:name ?n } } }",
    "SELECT * { ?t ex:same ?w . SERVICE <FAR> { SELECT (COUNT(?w) AS ?n) { ?w ex:name ?x } } }",
    "SELECT * { ?t ex:same ?w . SERVICE <FAR> { ?v ex:name ?n FILTER NOT EXISTS { ?w ex:size '1' } } }",
    "SELECT * { ?t ex:same ?w . SERVICE <FAR> { ?v ex:name ?n MINUS { ?w ex:size '1' } } }",
    "SELECT * { { ?t ex:same ?w } UNION { ?t ex:age ?w } SERVICE <FAR> { ?w ex:name ?n } }",
    "SELECT * { ?t ex:same ?u BIND(?u AS ?w) SERVICE <FAR> { ?w ex:name ?n } }",
    "SELECT * { VALUES ?w { ex:w1 ex:w5 } SERVICE <FAR> { ?w ex:name ?n } }",
    "SELECT (COUNT(*) AS ?k) { ?t ex:none ?w SERVICE <FAR> { ?w ex:name ?n } }",
    "SELECT ?n FROM <http://example.org/g1> { ?t ex:same ?w SERVICE <FAR> { ?w ex:name ?n } }",
    "SELECT (EXISTS { ?t ex:same ?w } AS ?e) ?n { ?t ex:same ?w # {\n SERVICE <FAR> { ?w ex:name ?n } }",
    "SELECT ?t { ?t ex:same ?w SERVICE <FAR> { ?w ex:name ?n } } VALUES ?n { 'n1' }",
]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_the_answer_is_that_of_one_store(near: FlaskClient, far: str, shape: str) -> None:
    """The other server's data in a graph of the same store is asked by GRAPH: the same query."""
    whole = Store()
    whole.load(HERE, RdfFormat.N_QUADS)
    whole.load(f"<{EX}a> <{EX}same> <{EX}w1> <{EX}g1> .", RdfFormat.N_QUADS)
    whole.load(THERE, RdfFormat.N_TRIPLES, to_graph=NamedNode(far))
    query = f"PREFIX ex: <{EX}> " + shape.replace("FAR", far)
    named = query.replace("SERVICE", "GRAPH")
    if " FROM " in named:
        named = named.replace(" FROM ", f" FROM NAMED <{far}> FROM ")
    solutions = whole.query(named)
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    expected = sorted(",".join(str(one[name]) for name in names) for one in solutions)
    response = near.post("/sparql?format=json", data={"query": query})
    assert response.status_code == 200, response.text
    found = response.json["results"]["bindings"]
    assert sorted(response.json["head"]["vars"]) == sorted(names)
    assert sorted(",".join(_term(one.get(name)) for name in names) for one in found) == expected
    assert found or "none" in shape or "FILTER NOT EXISTS" in shape


def _term(cell: dict[str, str] | None) -> str:
    if cell is None:
        return "None"
    if cell["type"] == "uri":
        return f"<{cell['value']}>"
    return f'"{cell["value"]}"' + (f"^^<{cell['datatype']}>" if "datatype" in cell else "")


def sent(near: FlaskClient, told: Server, query: str) -> str:
    address = told.tell("/asked", replying())
    query = f"PREFIX ex: <{EX}> " + query.replace("FAR", address)
    before = len(told.calls)
    response = near.post("/sparql", data={"query": query})
    assert response.status_code == 200, response.text
    assert len(told.calls) == before + 1
    return parse_qs(told.calls[-1][3].decode())["query"][0]


def test_values_are_sent_along(near: FlaskClient, told: Server) -> None:
    text = sent(near, told, "SELECT * { ?t ex:same ?w SERVICE <FAR> { ?w ex:name ?x } }")
    assert text.endswith("}")
    values = text.rpartition("VALUES ?w {")[2].removesuffix("}").split()
    assert sorted(values) == [f"<{EX}w{number}>" for number in range(3)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <FAR> { ?w ex:name ?x } ?t ex:same ?w }",
        "SELECT * { ?t ex:age ?w SERVICE <FAR> { ?w ex:name ?x } }",  # texts
        "SELECT * { ?t ex:same ?v SERVICE <FAR> { ?w ex:name ?x } }",
        "SELECT * { OPTIONAL { ?t ex:none ?w } SERVICE <FAR> { ?w ex:name ?x } }",
        "SELECT * { ?t ex:same ?w SERVICE <FAR> { ?v ex:name ?x FILTER(BOUND(?w)) } }",
        "SELECT * { ?t ex:same ?w SERVICE <FAR> { ?v ex:name ?x OPTIONAL { ?v ex:p ?w } } }",
        "SELECT * { ?t ex:same ?w OPTIONAL { SERVICE <FAR> { ?w ex:name ?x } } }",
    ],
)
def test_what_is_sent_as_it_is(near: FlaskClient, told: Server, query: str) -> None:
    assert "VALUES" not in sent(near, told, query)
