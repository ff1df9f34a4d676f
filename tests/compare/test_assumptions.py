"""What makes the difference where a side supposes a scenario, and between two days."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from sanctiongraph import Graph
from sanctiongraph.compare import Comparison, Difference, Side, compare
from sanctiongraph.law.rules import read_law
from sanctiongraph.perspective import open_perspective
from sanctiongraph.scenario import scenario_text
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import local_name

LATER = dt.date(2026, 6, 1)
DETERMINATION = "https://w3id.org/sanctiongraph/claim/defenceturkey-caatsa-statement/006"
#: A payment of which only Erdogan speaks.
DEPOSIT = "https://w3id.org/sanctiongraph/claim/sputnik-s400-agreement/004"


@pytest.fixture(scope="module")
def store(graph: Graph) -> GraphStore:
    return graph.store


def between(left: Side, right: Side, rule: str, party: str, transaction: str = "") -> Comparison:
    law = read_law(left.perspective.store)
    base = "https://w3id.org/sanctiongraph/id/"
    return compare(
        left,
        right,
        law,
        rule=law.rule(rule),
        party=base + party,
        transaction=base + transaction if transaction else None,
    )


def side(store: GraphStore, day: dt.date, viewpoint: str = "sources", scenario: str = "") -> Side:
    supposed = scenario_text(scenario, store) if "{" in scenario or "." in scenario else scenario
    return Side(open_perspective(store, viewpoint, supposed or None), day)


def only(found: Comparison) -> Difference:
    (one,) = found.differences
    return one


def told(one: Difference, side: str, condition: str) -> list[tuple[set[str], set[str], set[str]]]:
    """Things supposed, claims withdrawn and claims believed that a condition rests on."""
    return [
        tuple(set(map(local_name, iris)) for iris in (r.supposed, r.withdrawn, r.claims))  # type: ignore[misc]
        for r in getattr(one, f"{side}_rests")
        if any(local_name(name) == condition for name in r.without)
    ]


def test_an_option_is_told_by_what_it_supposes(store: GraphStore) -> None:
    found = between(
        side(store, LATER, scenario="destroy"), side(store, LATER),
        "ndaa-2020-1245-transfer-permitted", "Turkey",
    )  # fmt: skip
    one = only(found)
    assert told(one, "left", "no-s-400-or-associated-equipment") == [
        ({"TurkeyS400Possession"}, set(), set())
    ]
    assert one.right_rests == ()
    text = found.to_text()
    assert "destroy would conclude otherwise (no-s-400-or-associated-equipment refuted)" in text
    assert "supposing TurkeyS400Possession" in text
    plain = json.loads(json.dumps(found.to_json()))
    assert "TurkeyS400Possession" in {
        thing["id"]
        for rested in plain["differences"][0]["rests_on"]
        for thing in rested["supposed"]
    }


WITHDRAWING = f"""
@prefix sg: <https://w3id.org/sanctiongraph/ontology#> .
@prefix graph: <https://w3id.org/sanctiongraph/graph/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
GRAPH graph:scenarios {{
  <https://w3id.org/sanctiongraph/scenario/doubted> a sg:Scenario ; rdfs:label "one claim doubted"@en ;
    sg:withdraws <{DETERMINATION}> .
}}
"""


def test_a_withdrawn_claim_is_named(store: GraphStore) -> None:
    found = between(
        side(store, dt.date(2020, 12, 14)), side(store, dt.date(2020, 12, 14), scenario=WITHDRAWING),
        "caatsa-231-a", "SSB", "TurkeyS400Delivery",
    )  # fmt: skip
    one = only(found)
    assert (one.left["outcome"], one.right["outcome"]) == ("applies", "does-not-apply")
    assert told(one, "right", "outcome") == [(set(), {"006"}, set())]
    assert "withdrawing claim:defenceturkey-caatsa-statement/006" in found.to_text()


def test_a_claim_withdrawn_on_the_left_is_named_there(store: GraphStore) -> None:
    day = dt.date(2020, 12, 14)
    found = between(
        side(store, day, scenario=WITHDRAWING), side(store, day),
        "caatsa-231-a", "SSB", "TurkeyS400Delivery",
    )  # fmt: skip
    one = only(found)
    assert (one.left["outcome"], one.right["outcome"]) == ("does-not-apply", "applies")
    assert told(one, "left", "outcome") == [(set(), {"006"}, set())]
    assert one.right_rests == ()
    # The store of the left side has the claim no more: its words come from the one before.
    (plain,) = found.to_json()["differences"]
    named = {
        (rested["side"], claim["id"], claim["modality"])
        for rested in plain["rests_on"]
        for claim in rested["withdrawn"]
        if claim["wording"]
    }
    assert named == {("left", "claim:defenceturkey-caatsa-statement/006", "Fact")}


def test_a_claim_withdrawn_on_the_left_that_only_a_viewpoint_believes(store: GraphStore) -> None:
    doubted = WITHDRAWING.replace(DETERMINATION, DEPOSIT)
    found = between(
        side(store, LATER, "turkey", doubted), side(store, LATER, "turkey"),
        "caatsa-231-a", "SSB", "TurkeyS400Deposit2017",
    )  # fmt: skip
    one = only(found)
    assert one.left_case is None
    assert one.right_case is not None
    assert told(one, "left", "outcome") == [(set(), {"004"}, set())]


def test_a_claim_that_one_viewpoint_believes_is_named_beside_a_scenario(store: GraphStore) -> None:
    nothing = "id:Nothing a sg:Event ."
    supposing = (
        "@prefix sg: <https://w3id.org/sanctiongraph/ontology#> .\n"
        "@prefix id: <https://w3id.org/sanctiongraph/id/> .\n" + nothing
    )
    found = between(
        side(store, dt.date(2025, 12, 6), "turkey", supposing),
        side(store, dt.date(2025, 12, 6), "united-states"),
        "caatsa-231-a", "SSB", "TurkeyS400Deposit2017",
    )  # fmt: skip
    one = only(found)
    assert told(one, "left", "outcome") == [(set(), set(), {"004"})]


def test_two_days_name_the_claim_that_dates_the_change(store: GraphStore) -> None:
    found = between(
        side(store, dt.date(2020, 12, 13)), side(store, dt.date(2025, 12, 6)),
        "caatsa-231-a", "SSB", "TurkeyS400Delivery",
    )  # fmt: skip
    one = only(found)
    by = {(dated.edtf, local_name(name)): dated for dated in one.dates for name in dated.changes}
    determined = by["2020-12-14", "determined-under-231"]
    assert determined.claims == (DETERMINATION,)
    assert set(determined.changes.values()) == {dt.date(2020, 12, 14)}
    assert "by the date 2020-12-14" in found.to_text()


def test_two_days_name_the_day_of_the_law(store: GraphStore) -> None:
    found = between(
        side(store, dt.date(2018, 1, 28)), side(store, dt.date(2018, 1, 29)),
        "caatsa-231-a", "EquipmentDevelopmentDepartment", "ChinaSu35Delivery2017",
    )  # fmt: skip
    (dated,) = only(found).dates
    assert (dated.edtf, dated.claims) == ("2018-01-29", ())
    assert {local_name(name) for name in dated.changes} == {"imposition-duty-has-begun"}
    assert "a day that the law names" in found.to_text()


def test_two_days_name_a_date_that_a_term_is_counted_from(store: GraphStore) -> None:
    found = between(
        side(store, dt.date(2021, 12, 13)), side(store, dt.date(2021, 12, 14)),
        "ndaa-2021-1241-e", "SSB",
    )  # fmt: skip
    dates = only(found).dates
    assert {dated.edtf for dated in dates} == {"2020-12-14"}
    assert {day for dated in dates for day in dated.changes.values()} == {dt.date(2021, 12, 14)}
    assert all(dated.claims for dated in dates)


def test_a_rule_that_comes_into_force_is_told_by_its_day(store: GraphStore) -> None:
    found = between(
        side(store, dt.date(2020, 12, 31)), side(store, dt.date(2021, 1, 1)),
        "ndaa-2021-1241-b", "Turkey", "TurkeyS400Delivery",
    )  # fmt: skip
    assert ("2021-01-01", ()) in {(dated.edtf, dated.claims) for dated in only(found).dates}
