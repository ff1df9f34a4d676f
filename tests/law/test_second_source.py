"""What the rules make of India from the second source alone."""

from __future__ import annotations

import pytest

from sanctiongraph import Graph
from sanctiongraph.assessment import Level, Outcome
from sanctiongraph.law.algebra import Status
from sanctiongraph.reasoner import Question
from sanctiongraph.scenario import scenario_text
from sanctiongraph.vocabulary import PREFIXES

SOURCE = PREFIXES["source"] + "india-s400-delivery"
#: Every claim of another source that speaks of the deal, its events, or the counterparty's sector.
OTHERS = f"""
SELECT DISTINCT ?claim WHERE {{
  VALUES ?thing {{ id:IndiaS400Deal id:IndiaS400Contract id:IndiaS400Delivery1 id:Rosoboronexport }}
  GRAPH ?claim {{ {{ ?thing ?p ?o }} UNION {{ ?s ?q ?thing }} }}
  ?claim sg:source ?source . FILTER(?source != <{SOURCE}>)
}}"""


@pytest.mark.parametrize("viewpoint", ["sources", "russia"])
def test_the_report_alone_makes_india_eligible_and_nobody_determined(
    graph: Graph, viewpoint: str
) -> None:
    claims = sorted(f"<{graph_iri(row['claim'])}>" for row in graph.query(OTHERS))
    assert len(claims) > 20
    withdrawn = scenario_text(
        f"""@prefix sg: <{PREFIXES["sg"]}> .
        @prefix rdfs: <{PREFIXES["rdfs"]}> .
        GRAPH <{PREFIXES["graph"]}scenarios> {{
          <{PREFIXES["scenario"]}alone> a sg:Scenario ; rdfs:label "the report alone"@en ;
            sg:withdraws {", ".join(claims)} .
        }}""",
        graph.store,
    )
    question = Question.of(
        "caatsa-231-a", "India", as_of="2025-12-06", viewpoint=viewpoint, scenario=withdrawn
    )
    found = graph.reasoner.ask(question)
    contract = next(
        one for one in found.cases if (one.transaction or "").endswith("IndiaS400Contract")
    )
    assert (found.outcome, found.level) == (Outcome.DOES_NOT_APPLY, Level.ELIGIBLE)
    assert (contract.outcome, contract.level) == (Outcome.DOES_NOT_APPLY, Level.ELIGIBLE)
    statuses = {name.rsplit("/", 1)[-1]: status for name, status in contract.statuses.items()}
    assert statuses["counterparty-in-sector"] is Status.ESTABLISHED
    assert statuses["determined-under-231"] is Status.REFUTED


@pytest.mark.parametrize("thing", ["S400", "Rosoboronexport", "CAATSA"])
def test_pages_of_what_both_sources_speak_of_show_both(graph: Graph, thing: str) -> None:
    names = {"CAATSA": PREFIXES["law"] + "us/pl/115/44"}
    sources = {claim.source for claim in graph.entity(names.get(thing, thing)).claims()}
    assert SOURCE in sources
    if thing != "Rosoboronexport":  # the first source does not name it
        assert PREFIXES["source"] + "turkey-us-caatsa-talks" in sources


def graph_iri(name: object) -> str:
    """The IRI of a claim's short name."""
    return PREFIXES["claim"] + str(name).removeprefix("claim:")
