"""Query files: the header that each needs, and what is said of one that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, Store

from sanctiongraph.errors import BadData, BadParameter, Forbidden, NotFound
from sanctiongraph.library import Library, Parameter, read_query, thing
from sanctiongraph.vocabulary import term

GOOD = """\
#+ title: Deals
#+ question: Which deals are there?
#+ tags: [deals]
#+ parameters:
#+   of: {type: thing, description: "whose deals", default: Turkey}
#+   since: {type: date, description: "from which day on"}
SELECT ?deal { ?deal sg:recipient $of ; sg:date ?date FILTER(?date >= $since) }
"""
HEAD = "#+ title: T\n#+ question: Q?\n"


def written(folder: Path, text: str, name: str = "deals.rq") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_good_file(tmp_path: Path) -> None:
    query = read_query(written(tmp_path, GOOD))
    assert (query.name, query.title, query.tags) == ("deals", "Deals", ("deals",))
    assert query.parameters == (
        Parameter("of", "thing", "whose deals", "Turkey"),
        Parameter("since", "date", "from which day on"),
    )
    bound = query.bind({"since": "2021-01-01"})
    assert str(term("id:Turkey")) in bound
    assert '"2021-01-01"^^<http://www.w3.org/2001/XMLSchema#date>' in bound
    assert len(query.run(Store(), {"since": "2021-01-01"})) == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * {}", "needs title and question"),
        ("#+ title: T\nSELECT * {}", "needs title and question"),
        ("#+ - title\n#+ - question\n", "needs title and question"),
        (HEAD + "#+ author: me\nSELECT * {}", "may have tags and parameters, and federated"),
        ("#+ title: [\nSELECT * {}", "the header behind #\\+ is no YAML"),
        ("#+ title: T: U\n#+ question: Q?\n", "the header behind #\\+ is no YAML"),
        (HEAD + "#+ parameters: [a, b]\n", "parameters are written name: "),
        (HEAD + "#+ tags: deals\n", "tags \\[one, two\\]"),
        (HEAD + "#+ parameters: {a: text}\nSELECT ($a AS ?b) {}", "a needs type and description"),
        (HEAD + "#+ parameters: {a: {type: text}}\nSELECT ($a AS ?b) {}", "a needs type and desc"),
        (HEAD + "#+ parameters: {a: {type: text, description: d, unit: m}}\nSELECT ($a AS ?b) {}",
         "may have default"),
        (HEAD + "#+ parameters: {a: {type: float, description: d}}\nSELECT ($a AS ?b) {}",
         "type is one of thing, date, integer, text, endpoint"),
        (HEAD + "#+ parameters: {a: {type: [text], description: d}}\nSELECT ($a AS ?b) {}",
         "type is one of"),
        (HEAD + "#+ parameters: {a: {type: date, description: d, default: soon}}\nSELECT ($a AS ?b) {}",
         "default of a is 'soon': write a calendar day"),
        (HEAD + "#+ federated: maybe\nSELECT * {}", "federated is true or false"),
        (HEAD + "#+ federated: true\nSELECT * {}", "has a parameter of type endpoint"),
        (HEAD + "#+ parameters: {a: {type: endpoint, description: d}}\nSELECT * { SERVICE $a {} }",
         "has a parameter of type endpoint"),
        (HEAD + "SELECT * { ?s ?p $a }", "parameters declared are not those used, which are \\$a"),
        (HEAD + "#+ parameters: {a: {type: text, description: d}}\nSELECT * {}", "which are none"),
        (HEAD + "#+ parameters: {a: {type: text, description: d}}\nSELECT ('$a' AS ?b) {} # $a",
         "which are none"),
    ],
)  # fmt: skip
def test_a_wrong_header(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(BadData, match=message) as caught:
        read_query(path)
    assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.parametrize("name", ["Deals.rq", "deals_by.rq", "2deals.rq", "deals--by.rq"])
def test_a_wrong_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadData, match="lower case with hyphens"):
        read_query(written(tmp_path, GOOD, name))


def test_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "deals.rq"
    path.write_bytes(HEAD.encode() + b"# \xff\nSELECT * {}")
    with pytest.raises(BadData, match="not in UTF-8"):
        read_query(path)


def test_a_library_is_by_name_and_in_order(tmp_path: Path) -> None:
    for name in ("sources.rq", "deals.rq", "readme.txt"):
        written(tmp_path, GOOD, name)
    library = Library(tmp_path)
    assert [query.name for query in library] == ["deals", "sources"]
    assert len(library) == 2
    assert library["deals"].title == "Deals"
    with pytest.raises(NotFound, match="no query is named 'deal'; there are: deals, sources"):
        library["deal"]
    (tmp_path / "none").mkdir()
    with pytest.raises(NotFound, match="there are: none"):
        Library(tmp_path / "none")["deals"]


FEDERATED = (
    HEAD
    + "#+ federated: true\n#+ parameters: {at: {type: endpoint, description: d}}\n"
    + "SELECT * { SERVICE $at { ?s ?p ?o } }"
)


def test_an_endpoint_is_wikidatas_unless_another_is_given(tmp_path: Path) -> None:
    path = written(tmp_path, FEDERATED)
    assert "SERVICE <https://query.wikidata.org/sparql> {" in read_query(path).bind({})
    query = Library(tmp_path, "http://copy.example/query")["deals"]
    assert query.federated
    assert "SERVICE <http://copy.example/query> {" in query.bind({})
    assert "SERVICE <http://o.example/q> {" in query.bind({"at": "http://o.example/q"})


def test_a_federated_query_is_for_a_gateway(tmp_path: Path) -> None:
    with pytest.raises(Forbidden, match="SANCTIONGRAPH_SERVICE_ALLOW"):
        read_query(written(tmp_path, FEDERATED)).run(Store())


def test_what_cannot_be_bound(tmp_path: Path) -> None:
    query = read_query(written(tmp_path, GOOD))
    with pytest.raises(BadParameter, match="deals needs since: from which day on"):
        query.bind({})
    with pytest.raises(BadParameter, match="deals has no parameter 'until'; it has: of, since"):
        query.bind({"since": "2021-01-01", "until": "2022-01-01"})


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("date", "2021-04-07", Literal("2021-04-07", datatype=term("xsd:date"))),
        ("integer", "-9", Literal(-9)),
        ("integer", "007", Literal(7)),
        ("text", "", Literal("")),
        ("text", "' } DROP ALL", Literal("' } DROP ALL")),
        ("thing", "S400", term("id:S400")),
        ("thing", "sg:Fact", term("sg:Fact")),
        ("thing", "claim:one/001", term("claim:one/001")),
        ("thing", "law:us/pl/115/44", term("law:us/pl/115/44")),
        ("thing", "https://example.org/é", thing("https://example.org/é")),
    ],
)
def test_a_value_of_a_type(kind: str, text: str, value: object) -> None:
    assert Parameter("p", kind, "d").bind(text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(("date", text) for text in ("", "soon", "2021", "2021-13-01", "2021-02-30", "2021-04-07T00:00:00")),
        *(("integer", text) for text in ("", "9.0", "1e3", "９", "1" * 19, "--1", " 1")),
        *(("thing", text) for text in ("", "a b", "id:", ":x", "nobody:x", "id:a>b", "http://a b", "https://<")),
        ("text", "\ud800"),
        *(("endpoint", text) for text in ("", "x", "file:///etc/passwd", "id:Turkey", "http://", "http://a b/", "http://a/> { } #")),
    ],
)  # fmt: skip
def test_a_value_of_another_type(kind: str, text: str) -> None:
    with pytest.raises(BadParameter, match=r"^p is "):
        Parameter("p", kind, "d").bind(text)
