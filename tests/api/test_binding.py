"""Parameters in SPARQL: whatever their values, the text around them stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

from sanctiongraph.binding import bind, parameters, renamed

EX = "http://example.org/"
texts = st.text(st.characters(exclude_categories=["Cs"]))
hostile = texts | st.lists(
    st.sampled_from(["'", '"', "\\", "\n", "\r", "}", "{", "#", ">", "<", "$x", "?x", ".", ";", "é",
                     "UNION", "SERVICE", "'''", '"""', "\\u0022", "\0", "\u2028", "^^", "@en"])
).map("".join)  # fmt: skip
languages = st.sampled_from(["en", "tr", "en-GB"])
terms = (
    hostile.map(Literal)
    | st.builds(Literal, hostile, language=languages)
    | st.builds(
        Literal, hostile, datatype=st.sampled_from([NamedNode(EX + "t"), NamedNode(EX + "é")])
    )
    | st.from_regex(r"[a-zé0-9$?/:@!'()*+,;=.-]{0,12}(#[a-z$?]*)?", fullmatch=True).map(
        lambda local: NamedNode(f"{EX}{local}")
    )
)


@given(terms)
@example(Literal('" } ; DROP ALL #'))
@example(Literal("\\"))
@example(Literal("$value"))
def test_a_value_comes_back_as_the_term_it_is(value: Literal | NamedNode) -> None:
    rows = Store().query(bind("SELECT ($value AS ?it) (1 AS ?one) {}", {"value": value}))
    assert [(row["it"], row["one"].value) for row in rows] == [(value, "1")]  # type: ignore[union-attr]


@given(terms, terms)
def test_one_value_is_not_read_for_another(one: Literal, other: Literal) -> None:
    query = "SELECT ($a AS ?x) ($b AS ?y) {}"
    (row,) = Store().query(bind(query, {"a": one, "b": other}))  # type: ignore[misc]
    assert (row["x"], row["y"]) == (one, other)


@pytest.mark.parametrize(
    "token",
    [
        "# $v to the end of the line\n",
        f"<{EX}$v>",
        "'$v'",
        '"$v"',
        "'''a ' $v '' b'''",
        '"""a " $v "" b"""',
        r"'it\'s $v'",
        r'"a \" $v"',
        r'"a \\"',
        '"" ',
        "'#' ",
        "?v",
        "$vv",
        "$v_",
    ],
)
def test_what_is_no_parameter_is_left(token: str) -> None:
    bound = bind(f"{token} $v", {"v": Literal("X")})
    assert bound == f'{token} "X"'
    assert parameters(f"{token} $v") - {"vv", "v_"} == {"v"}


@given(hostile)
def test_strings_and_comments_are_untouched(text: str) -> None:
    line = "".join(text.splitlines()).replace("\x00", "")
    for quoted in (str(Literal(text)), f"# {line}\n"):
        assert bind(quoted, {"v": Literal("X"), "x": Literal("X")}) == quoted
        assert parameters(quoted) == set()


@pytest.mark.parametrize(
    ("sparql", "names"),
    [
        ("SELECT * { ?s $p ?o }", {"p"}),
        ("SELECT * { $a $b $a }", {"a", "b"}),
        ("SELECT * { ?s ?p 1.$o }", {"o"}),
        ("SELECT * { ?s <$p> '$q' } # $r", set()),
        ("FILTER(?a<$b&&?a>$c)", {"c"}),  # an IRI, by the standard's longest match: put spaces
        ("FILTER(?a < $b)", {"b"}),
        ("VALUES ?x {$x}", {"x"}),
    ],
)
def test_names(sparql: str, names: set[str]) -> None:
    assert parameters(sparql) == names


def test_a_value_reaches_into_every_part_of_a_query() -> None:
    store = Store()
    store.update(f"INSERT DATA {{ <{EX}a> <{EX}p> 1 . <{EX}b> <{EX}p> 2 }}")
    query = (
        f"SELECT ?s ?n {{ {{ SELECT ?s {{ ?s <{EX}p> $n }} }} FILTER EXISTS {{ ?s ?p $n }}"
        f" OPTIONAL {{ ?s <{EX}p> ?n FILTER(?n = $n) }} }}"
    )
    (row,) = store.query(bind(query, {"n": Literal(2)}))  # type: ignore[misc]
    assert (row["s"], row["n"]) == (NamedNode(EX + "b"), Literal(2))


def test_a_parameter_without_a_value_stays_a_variable() -> None:
    assert bind("SELECT * { $s ?p $o }", {"o": Literal("x")}) == 'SELECT * { $s ?p "x" }'


def test_a_parameter_gets_another_name() -> None:
    text = "SELECT ?date { ?s ?p $date FILTER($date > '$date') $dates } # $date"
    assert renamed(text, {"date": "asOf"}) == (
        "SELECT ?date { ?s ?p $asOf FILTER($asOf > '$date') $dates } # $date"
    )
