"""What is too deep or too long for the engine, and that nothing else is refused for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctiongraph.errors import BadQuery
from sanctiongraph_server.limits import DEEPEST, MOST_GROUPS, MOST_OPERATORS, check

OVER = DEEPEST + 1
IRIS = " ".join(f"<http://example.org/a-b/c*d/{n}>" for n in range(3000))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {" + "{" * MOST_GROUPS + "}" * MOST_GROUPS + "}",
        "SELECT * {" + "OPTIONAL { ?s ?p ?o }" * MOST_GROUPS + "}",
        "SELECT (" + "(" * OVER + "1" + ")" * OVER + " AS ?x) {}",
        "SELECT (" + "IF(1," * OVER + "1" + ",1)" * OVER + " AS ?x) {}",
        "SELECT * { ?s ?p " + "[ ?p " * OVER + "1" + "]" * OVER + "}",
        "SELECT * { " + "<<" * OVER + "?s ?p ?o" + ">> ?p ?o" * OVER + "}",
        "SELECT (" + "1+" * MOST_OPERATORS + "1-1 AS ?x) {}",
        "SELECT (" + "!" * MOST_OPERATORS + "!1 AS ?x) {}",
        "SELECT (" + "true-" * MOST_OPERATORS + "1-1 AS ?x) {}",
        "SELECT * {" + "FILTER(1)" * MOST_OPERATORS + "FILTER(1)}",
        # Closed only in what is hidden, or could be.
        "SELECT (" + "(')'+" * OVER + "1",
        "SELECT (" + "(1+#)\n" * OVER + "1",
        "SELECT (" + "(1<2#)>\n+" * OVER + "1",
    ],
)
def test_refused(query: str) -> None:
    with pytest.raises(BadQuery, match="more than"):
        check(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { VALUES (?s ?o) {" + "(1 -2)" * 5000 + "} }",
        "SELECT * { VALUES ?s {" + IRIS + "} }",
        "SELECT * { ?s ?p ?o FILTER(?o IN (" + IRIS.replace(" ", ",") + ")) }",
        "SELECT * { ?s ?p '" + "((((+" * 5000 + "' } # " + "[[[[" * 5000,
        "SELECT * {" + "?s ?p ?o ; ?p (1 2), [] ." * 300 + "}",
        "SELECT * {" + "<<?s ?p ?o>> ?p <http://x/>." * 300 + "}",
    ],
)
def test_passed(query: str) -> None:
    check(query)


@given(st.text(alphabet="([{}])<>'#\\\n+-/:?a1 \"", max_size=60))
def test_any_short_text_is_read_to_its_end(text: str) -> None:
    check("()" * OVER + text)
