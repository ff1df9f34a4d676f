"""What is written into the text of an update, on a real store."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, Store

from sanctiongraph.errors import BadQuery
from sanctiongraph_server.problems import MalformedQuery
from sanctiongraph_server.update_dataset import with_dataset
from sanctiongraph_server.update_protocol import UpdateRequest
from sanctiongraph_server.update_text import operations
from sanctiongraph_server.update_tokens import Kind, tokens

ENDPOINT = "http://host.example/update"
G = [f"http://example.org/g{number}" for number in range(3)]
DATA = f"""
INSERT DATA {{ GRAPH <{G[0]}> {{ <a:s> <a:p> 1 , 2 }} GRAPH <{G[1]}> {{ <a:s> <a:p> 2 , 3 }} }}"""
COUNT = "INSERT { <a:c> <a:n> ?n } WHERE { SELECT (COUNT(*) AS ?n) { ?s <a:p> ?o } }"


def rewritten(update: str, using: list[str] | None = None, named: list[str] | None = None) -> str:
    request = UpdateRequest(update, ENDPOINT, tuple(using or ()), tuple(named or ()), 1.0)
    return with_dataset(request)


def store_after(*updates: str) -> Store:
    store = Store()
    for update in updates:
        store.update(update, base_iri=ENDPOINT)
    return store


def count(store: Store) -> list[str]:
    return [quad.object.value for quad in store.quads_for_pattern(None, NamedNode("a:n"), None)]


def quads(store: Store) -> set[str]:
    return {str(quad) for quad in store}


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a> <b> 1 }",
        "PREFIX a: <http://a/> CLEAR ALL ; INSERT DATA { a:x a:y 'using ; prefix' }",
        "DELETE { ?s ?p ?o } USING <g> WHERE { ?s ?p ?o }",
        "not an update at all",
        "",
    ],
)
def test_what_needs_nothing_stays_as_it_is(update: str) -> None:
    assert rewritten(update) == update


@pytest.mark.parametrize(
    ("using", "named", "found"),
    [
        ([G[0]], [], "2"),
        ([G[1]], [], "2"),
        ([G[0], G[1]], [], "3"),
        ([G[0], G[1], G[2]], [], "3"),
        ([G[2]], [], "0"),
        ([], [G[0]], "0"),
    ],
)
def test_using(using: list[str], named: list[str], found: str) -> None:
    assert count(store_after(DATA, rewritten(COUNT, using, named))) == [found]


def test_several_using_in_the_update_are_merged() -> None:
    head = f"PREFIX e: <http://example.org/> {COUNT}"
    update = head.replace("WHERE", f"USING e:g0 USING <{G[1]}> USING <{G[0]}> WHERE", 1)
    store = store_after(DATA, rewritten(update))
    assert count(store) == ["3"]
    assert {graph.value for graph in store.named_graphs()} == set(G[:2])  # type: ignore[union-attr]


def test_a_merge_sees_what_the_operations_before_it_did() -> None:
    update = f"INSERT DATA {{ GRAPH <{G[2]}> {{ <a:s> <a:p> 9 }} }} ; {COUNT}"
    assert count(store_after(DATA, rewritten(update, G))) == ["4"]


def test_named_graphs_beside_the_default_one() -> None:
    update = "INSERT { <a:c> <a:n> ?g } WHERE { ?s ?p 1 GRAPH ?g { ?s ?p 3 } }"
    assert count(store_after(DATA, rewritten(update, [G[0]], [G[1]]))) == [G[1]]
    assert count(store_after(DATA, rewritten(update, [G[0]], [G[0]]))) == []


def test_delete_where() -> None:
    more = "INSERT DATA { <a:s> <a:p> 2 , 7 }"
    store = store_after(DATA, more, rewritten("DELETE WHERE { ?s ?p ?o }", [G[0], G[1]]))
    # What the graphs have is taken out of the default graph: USING is about the pattern alone.
    held = store.quads_for_pattern(None, None, None, None)
    assert sorted(
        quad.object.value for quad in held if quad.graph_name not in map(NamedNode, G)
    ) == ["7"]


@pytest.mark.parametrize(
    "update",
    [
        "WITH <g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } USING <g> WHERE { ?s ?p ?o }",
        "CLEAR ALL ; INSERT { ?s ?p ?o } using named <g> where { ?s ?p ?o }",
    ],
)
def test_a_dataset_of_both_is_refused(update: str) -> None:
    for using, named in (([G[0]], []), ([], [G[0]])):
        with pytest.raises(BadQuery, match="using-graph-uri"):
            rewritten(update, using, named)


@pytest.mark.parametrize("update", ["CLEAR ALL", "INSERT DATA { <a> <b> 'WITH' }", "LOAD <x>"])
def test_operations_without_pattern_take_any_dataset(update: str) -> None:
    assert rewritten(update, G) == update


@pytest.mark.parametrize(
    "condition",
    [
        "?o<5",
        "?o<?x&&?x>3",
        "?o<'}'||'{'>?o",
        "?o<5#>}\n",
        "STR(?o)<'>'",
        "<a:f>(?o)<4",
        "?o IN (<a:b>, 'x>')",
        "COALESCE(<a:b>,?o)=<a:c>",
        "EXISTS { ?o <a:b> ( <a:c> ?x <a:d> ) }",
        "EXISTS { ?s ?p ?o FILTER(?o<3) }",
        'EXISTS { ?s ?p """}""" }',
        "?o<=3&&-?o<.5",
        "true<false",
    ],
)
def test_braces_are_found_whatever_stands_in_them(condition: str) -> None:
    update = f"INSERT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER({condition}) }}"
    late = f"{update} ; PREFIX x: <http://x/> CLEAR SILENT GRAPH x:g"
    assert rewritten(update, [G[0]]) == update.replace("WHERE", f"USING <{G[0]}> WHERE")
    found, _ = operations(late)
    assert [late[one.start : one.end] for one in found] == [update, "CLEAR SILENT GRAPH x:g"]


@pytest.mark.parametrize(
    ("text", "iris"),
    [
        ("{ ?s ( <a> | <b> ) ?o }", 2),
        ("{ ?s <p> ( ?x <b> ( 1 <c> ) ) }", 3),
        ("{ VALUES (?a ?b) { (<a> <b>) (UNDEF <c>) } }", 3),
        ("{ SELECT (?a<?b AS ?c) ?d (?e<?f&&?g>?h AS ?i) { ?s <p> ( ?x <q> ) } }", 2),
        (
            "{ { SELECT * { ?s ?p ?o } GROUP BY <f>(?a<?b&&?c>?d) HAVING(?a<?b&&?c>?d) } <s> <p> 1 }",
            3,
        ),
        ("{ FILTER ex:f(?a<?b&&?c>1) ?s ex:p (?a <b>) }", 1),
        ("{ FILTER(?t = <<( ?s <p> ?o )>>) }", 1),
        ("{ ?s <p> [ <q> ( ?x <r> ) ] }", 3),
        ("{ BIND(IF(?a<?b||?c>?d, <x>, <y>) AS ?z) }", 2),
    ],
)
def test_comparisons_and_iris(text: str, iris: int) -> None:
    assert sum(token.kind is Kind.IRI for token in tokens(text)) == iris


@pytest.mark.parametrize(
    "update",
    [
        "DELETE { ?s ?p ?o } WHERE { ?s ?p 'open }",
        "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o",
        "DELETE { ?s ?p ?o WHERE { ?s ?p ?o } }",
        "DELETE { ?s ?p ?o } WHERE { ?s ?p ( ?o } )",
        "DELETEWHERE { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } { ?s ?p ?o }",
        "CLEAR ALL ; ; CLEAR ALL",
        "PREFIX a:b <c> CLEAR ALL",
        "WITH DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "SELECT * { ?s ?p ?o }",
        "}",
    ],
)
def test_what_has_no_frame_is_refused_at_its_place(update: str) -> None:
    with pytest.raises(MalformedQuery, match=r"line 1, column \d+") as refused:
        rewritten(update, [G[0]])
    assert 1 <= refused.value.column <= len(update) + 1


# Declarations after a semicolon


def test_late_prefixes_hold_from_there_on() -> None:
    update = """
        PREFIX a: <http://one/> INSERT DATA { a:x a:p 1 } ;
        PREFIX a: <http://two/> PREFIX : <http://three/> INSERT DATA { a:x :p _:a } ;
        INSERT DATA { a:y :p 'a:x' } ; PREFIX unused: <http://x/>"""
    found = {(q.subject.value, q.predicate.value) for q in store_after(rewritten(update))}
    assert found == {
        ("http://one/x", "http://one/p"),
        ("http://two/x", "http://three/p"),
        ("http://two/y", "http://three/p"),
    }


def test_a_late_base_holds_from_there_on() -> None:
    update = """
        INSERT DATA { <x> <p> 1 } ; BASE <http://one/a/> INSERT DATA { <x> <p> <../y> } ;
        BASE <b/> PREFIX r: <r#> INSERT DATA { <x> r:p <> }"""
    found = {(q.subject.value, q.object.value) for q in store_after(rewritten(update))}
    assert found == {
        ("http://host.example/x", "1"),
        ("http://one/a/x", "http://one/y"),
        ("http://one/a/b/x", "http://one/a/b/"),
    }


def test_a_prefix_does_not_hold_before_it_is_declared() -> None:
    update = "INSERT DATA { a:x a:p 1 } ; PREFIX a: <http://one/> INSERT DATA { a:x a:p 2 }"
    with pytest.raises(SyntaxError):
        store_after(rewritten(update))


def test_computed_iris_after_a_second_base_are_refused() -> None:
    update = "CLEAR ALL ; BASE <http://b/> INSERT { <x> <p> ?i } WHERE { BIND(IRI('y') AS ?i) }"
    with pytest.raises(MalformedQuery, match="second BASE"):
        rewritten(update)


def test_late_declarations_with_a_dataset() -> None:
    update = f"PREFIX a: <a:> CLEAR DEFAULT ; PREFIX p: <a:> {COUNT.replace('<a:p>', 'p:p')}"
    assert count(store_after(DATA, rewritten(update, G[:2]))) == ["3"]


DECLARATIONS = st.lists(
    st.sampled_from(
        [
            "PREFIX a: <http://one/>",
            "PREFIX a: <two#>",
            "PREFIX b: <http://three/>",
            "BASE <http://four/x/>",
            "BASE <five/>",
        ]
    ),
    max_size=2,
)
OPERATIONS = st.sampled_from(
    [
        "INSERT DATA { <s> a:p 1 }",
        "INSERT DATA { GRAPH a:g { a:s b:p <o> , 'a:p <x>' } }",
        "INSERT { <t> b:q ?o } WHERE { GRAPH a:g { ?s ?p ?o } FILTER(?o!=<o>&&?o<5||?o>3) }",
        "DELETE WHERE { <s> a:p ?o }",
        "DROP SILENT GRAPH a:g",
        "WITH a:g DELETE { ?s ?p ?o } INSERT { <w> ?p ?o } WHERE { ?s ?p ?o }",
    ]
)


@given(st.lists(st.tuples(DECLARATIONS, OPERATIONS), min_size=1, max_size=4))
def test_operations_do_together_what_they_do_one_by_one(parts: list[tuple[list[str], str]]) -> None:
    """Each on its own with all declarations so far, which needs no rewriting, is the measure."""
    first = ["PREFIX a: <http://zero/>", "PREFIX b: <http://zero/>"]
    parts = [(first + parts[0][0], parts[0][1]), *parts[1:]]
    whole = " ; ".join(f"{' '.join(declared)} {operation}" for declared, operation in parts)
    so_far: list[str] = []
    one_by_one = []
    for declared, operation in parts:
        so_far += declared
        one_by_one.append(f"{' '.join(so_far)} {operation}")
    assert quads(store_after(rewritten(whole))) == quads(store_after(*one_by_one))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=12), st.data())
def test_a_merge_is_the_union(triples: list[tuple[int, int]], data: st.DataObject) -> None:
    store = Store()
    for number, graph in triples:
        subject = NamedNode(f"a:{number}")
        store.add(Quad(subject, NamedNode("a:p"), subject, NamedNode(G[graph])))
    using = data.draw(st.lists(st.sampled_from(G), min_size=1, unique=True))
    store.update(rewritten(COUNT, using), base_iri=ENDPOINT)
    union = {number for number, graph in triples if G[graph] in using}
    assert count(store) == [str(len(union))]


@given(st.text("{}()[]<>'\"#;.:?ab \n\\", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        rewritten(text, [G[0]])
    except BadQuery as error:
        assert str(error)  # noqa: PT017
