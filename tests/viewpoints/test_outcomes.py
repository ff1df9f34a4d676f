"""Assessments as triples: found by plain patterns, as of a day, and the same as assessing then."""

from __future__ import annotations

import datetime as dt

import pytest
from pyoxigraph import NamedNode, QuerySolutions

from sanctiongraph import Graph
from sanctiongraph.assessment import assess
from sanctiongraph.law.rules import read_law
from sanctiongraph.outcomes import assessments_graph
from sanctiongraph.perspective import open_perspective
from sanctiongraph.vocabulary import PREFIXES, local_name

#: Who is at which level under which rule as of a day, on the accepted graph alone.
AS_OF = """
SELECT ?rule ?party ?transaction ?outcome ?level WHERE {
  ?one a sg:Assessment ; sg:onViewpoint ?viewpoint ; sg:assessedRule ?rule ; sg:assessedParty ?party ;
    sg:outcome ?outcome ; sg:level ?level .
  OPTIONAL { ?one sg:assessedTransaction ?transaction }
  FILTER NOT EXISTS { ?one sg:holdsFrom ?from . ?from sg:latest ?first . FILTER(?first > "%s"^^xsd:date) }
  FILTER NOT EXISTS { ?one sg:holdsUntil ?to . ?to sg:earliest ?end . FILTER(?end <= "%s"^^xsd:date) }
}"""
_NAMES = {
    "Applies": "applies", "DoesNotApply": "does-not-apply", "Disputed": "disputed",
    "Undetermined": "undetermined", "NoLevel": "none", "Eligible": "eligible",
    "Determined": "determined", "Sanctioned": "sanctioned",
}  # fmt: skip


def rows(graph: Graph, day: str, viewpoint: str | None = None) -> list[tuple[str, ...]]:
    graphs = [assessments_graph(viewpoint)] if viewpoint else None
    found = graph.store.query(AS_OF % (day, day), prefixes=PREFIXES, default_graph=graphs)
    assert isinstance(found, QuerySolutions)

    def text(cell: object) -> str:
        return cell.value if isinstance(cell, NamedNode) else ""

    return sorted(
        (text(r["rule"]), text(r["party"]), text(r["transaction"]),
         _NAMES[local_name(text(r["outcome"]))], _NAMES[local_name(text(r["level"]))])
        for r in found
    )  # fmt: skip


@pytest.mark.parametrize(
    "day", ["2016-12-31", "2018-09-20", "2020-12-13", "2020-12-14", "2025-12-06"]
)
@pytest.mark.parametrize("viewpoint", [None, "sources", "turkey", "united-states", "everyone"])
def test_the_triples_say_what_assessing_says(graph: Graph, day: str, viewpoint: str | None) -> None:
    law = read_law(graph.store)
    perspective = open_perspective(graph.store, viewpoint or "sources")
    expected = []
    for rule in law.rules.values():
        as_of = dt.date.fromisoformat(day)
        for one in assess(perspective.store, law, rule, as_of, graphs=perspective.graphs):
            case = (rule.iri, one.party, one.transaction or "")
            expected.append((*case, one.outcome.value, one.level.value))
    assert rows(graph, day, viewpoint) == sorted(expected)


def test_a_plain_query_sees_the_outcomes_on_what_sources_state(graph: Graph) -> None:
    rule, ssb = PREFIXES["law"] + "caatsa-231-a", PREFIXES["id"] + "SSB"
    levels = {row[4] for row in rows(graph, "2025-12-06") if row[:2] == (rule, ssb)}
    assert "sanctioned" in levels
    assert not any(
        row[4] == "sanctioned" for row in rows(graph, "2020-12-13") if row[:2] == (rule, ssb)
    )
