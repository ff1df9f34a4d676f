"""Nested patterns say what the patterns say: on the real rules, and on what is not plain."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions

from sanctiongraph import Graph
from sanctiongraph.law.nesting import nested
from sanctiongraph.law.rules import read_law
from sanctiongraph.vocabulary import PREFIXES

_DAYS = ("2018-09-20", "2020-12-14", "2025-12-06")


def test_the_real_patterns_match_for_the_same_cases(graph: Graph) -> None:
    law = read_law(graph.store)
    plain = matched = 0
    for rule in law.rules.values():
        names = (*rule.asks, "asOf")
        variables = " ".join(f"?{name}" for name in rule.asks)
        patterns = [rule.case_pattern, *rule.sanctioned_by]
        for condition in law.conditions_of(rule):
            patterns += [*condition.established_by, *condition.refuted_by]
        days = " ".join(f'"{day}"^^xsd:date' for day in _DAYS)
        cases = (
            f"{{ SELECT DISTINCT {variables} WHERE {{ {rule.case_pattern.split('FILTER')[0]} }} }}"
        )
        for pattern in patterns:
            text = (
                f"SELECT {variables} ?asOf ?plainly ?nestedly WHERE {{ {cases} VALUES ?asOf {{ {days} }} "
                f"BIND(EXISTS {{ {pattern} }} AS ?plainly) BIND(EXISTS {{ {nested(pattern, names)} }} AS ?nestedly) }}"
            )
            found = graph.store.query(text, prefixes=PREFIXES)
            assert isinstance(found, QuerySolutions)
            for row in found:
                assert row["plainly"] == row["nestedly"], (rule.name, pattern)
                matched += isinstance(row["plainly"], Literal) and row["plainly"].value == "true"
            plain += nested(pattern, names) == pattern
    assert matched > 100
    assert plain < 30  # those of one triple, and few others


@pytest.mark.parametrize(
    "pattern",
    [
        "{ ?a sg:p ?b } UNION { ?a sg:q ?b }",
        "?a sg:p/sg:q ?b",
        "?a sg:p ( ?b )",
        "?a sg:p 12",
        "OPTIONAL { ?a sg:p ?b }",
        "?a sg:p ?b BIND(?b AS ?c)",
        "?a sg:p ?b FILTER(EXISTS { ?b sg:q ?c } || ?b = ?a)",
    ],
)
def test_what_is_not_plain_is_left_as_it_is(pattern: str) -> None:
    assert nested(pattern, ("a",)) == pattern


def test_each_step_starts_from_what_is_bound() -> None:
    text = nested(
        "?m a sg:M ; sg:q ?d ; sg:p ?a . ?d sg:day ?day . FILTER(?day <= $asOf)", ("a", "asOf")
    )
    order = [
        text.index(part)
        for part in ("?m sg:p ?a", "?m a sg:M", "?m sg:q ?d", "?d sg:day ?day", "<=")
    ]
    assert order == sorted(order)
    assert NamedNode(PREFIXES["sg"] + "p")  # the prefixes of patterns are the project's
    assert "FILTER( ?day<= $asOf)" in text
