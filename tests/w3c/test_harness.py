"""What the run of the W3C suites rests on: reading, comparing, and holding to the list."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from . import manifests
from .manifests import Data, Test
from .rdf import Table, Text, result, same, same_data
from .report import Expected, Outcome, differences, expected_failures, page

A, P = NamedNode("a:a"), NamedNode("a:p")


def table(*rows: dict[str, object], variables: str = "x y") -> Table:
    return Table(tuple(variables.split()), rows)


def test_blank_nodes_are_compared_by_their_place() -> None:
    one, two, three = BlankNode(), BlankNode(), BlankNode()
    assert same(table({"x": one, "y": one}), table({"x": two, "y": two}), False, False)
    assert not same(table({"x": one, "y": one}), table({"x": two, "y": three}), False, False)
    rows = ({"x": one}, {"x": two})
    assert not same(table(*rows), table({"x": three}, {"x": three}), False, False)
    assert same_data([Quad(one, P, two)], [Quad(two, P, three)])
    assert not same_data([Quad(one, P, two)], [Quad(two, P, two)])


@pytest.mark.parametrize("blank", [False, True])
def test_order_and_number_of_solutions(blank: bool) -> None:
    y = {"y": BlankNode()} if blank else {}
    one, two = {"x": Literal(1), **y}, {"x": Literal(2), **y}
    assert same(table(one, two), table(two, one), False, False)
    assert not same(table(one, two), table(two, one), True, False)
    assert same(table(one, two), table(one, two), True, False)
    assert not same(table(one, one, two), table(one, two, two), False, False)
    assert not same(table(one, two), table(one), False, False)


def test_reduced_may_leave_out_duplicates() -> None:
    one, two = {"x": Literal(1)}, {"x": Literal(2)}
    assert same(table(one, one, two), table(one, two), False, True)
    assert not same(table(one, one, two), table(one), False, True)
    assert not same(table(one, two), table(one, two, two), False, True)


def test_other_kinds_of_results() -> None:
    assert same(True, True, False, False)
    assert not same(True, False, False, False)
    assert not same(True, table(), False, False)
    assert not same(table(variables="x"), table(variables="y"), False, False)
    csv = result(b"x,y\r\n_:a,1\r\n", "text/csv")
    assert same(csv, result(b"y,x\r\n1,_:b\r\n", "text/csv"), False, False)
    assert not same(csv, result(b"x,y\r\n_:a,2\r\n", "text/csv"), False, False)
    assert isinstance(csv, Text)


MANIFEST = """
@prefix mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#> .
@prefix qt: <http://www.w3.org/2001/sw/DataAccess/tests/test-query#> .
@prefix : <http://example.org/manifest#> .
<> mf:include ( <sub/manifest.ttl> ) ; mf:entries ( :one ) .
:one a mf:QueryEvaluationTest ; mf:name "One" ;
  mf:action [ qt:query <one.rq> ; qt:data <d.ttl> ; qt:graphData <g.ttl> ] ; mf:result <one.srx> .
"""


def test_manifests(tmp_path: Path) -> None:
    (tmp_path / "s" / "sub").mkdir(parents=True)
    (tmp_path / "s" / "manifest.ttl").write_text(MANIFEST)
    inner = MANIFEST.replace("mf:include ( <sub/manifest.ttl> ) ;", "").replace(":one", ":two")
    (tmp_path / "s" / "sub" / "manifest.ttl").write_text(inner)
    found = list(manifests.tests(tmp_path, "s/manifest.ttl"))
    assert [test.id for test in found] == ["s/sub#two", "s#one"]
    base = "https://w3c.github.io/rdf-tests/sparql/s/"
    assert found[1].request == base + "one.rq"
    assert found[1].data == Data((base + "d.ttl",), ((base + "g.ttl", base + "g.ttl"),))
    assert found[1].result == base + "one.srx"


ONE, TWO = (Test(f"s#{name}", name, "QueryEvaluationTest", "s") for name in ("one", "two"))
FAILED, PASSED = Outcome("x", {"s#one": "wrong"}), Outcome("x", {})
LISTED = [Expected("pyoxigraph", "why", ("s#one",))]


@pytest.mark.parametrize(
    ("gateway", "alone", "known", "said"),
    [
        (FAILED, FAILED, LISTED, []),
        (PASSED, PASSED, [], []),
        (FAILED, FAILED, [], ["FAILED s#one"]),
        (PASSED, FAILED, LISTED, ["PASSED s#one"]),
        (FAILED, PASSED, LISTED, ["passes by itself"]),
        (FAILED, FAILED, LISTED * 2, ["listed 2 times"]),
        (FAILED, FAILED, [Expected("gateway", "", ("s#one",))], ["no cause"]),
        (FAILED, FAILED, [*LISTED, Expected("suite", "", ("s#six",))], ["no such test"]),
    ],
)
def test_the_list_holds_both_ways(
    gateway: Outcome, alone: Outcome, known: list[Expected], said: list[str]
) -> None:
    found = differences([ONE, TWO], gateway, alone, known)
    assert len(found) == len(said)
    for line, part in zip(found, said, strict=True):
        assert part in line


def test_the_page_counts() -> None:
    text = page([ONE, TWO], 3, [FAILED, PASSED], LISTED)
    assert "| s | 2 | 1 | 2 |" in text
    assert "`s#one`" in text


def test_no_failure_is_the_gateways() -> None:
    assert {one.cause for one in expected_failures()} <= {"pyoxigraph", "suite", "policy"}
    assert all(one.reason for one in expected_failures())
