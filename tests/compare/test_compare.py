"""What differs when one side or the other is believed, and on which claims it rests."""

from __future__ import annotations

import datetime as dt
import json
import shutil

import pytest
from click.testing import CliRunner
from pyoxigraph import Store

from sanctiongraph.cli import main
from sanctiongraph.compare import Comparison, Difference, Side, compare
from sanctiongraph.data import DataFolders, data_folders
from sanctiongraph.dataset import dataset
from sanctiongraph.law.rules import read_law
from sanctiongraph.perspective import open_perspective
from sanctiongraph.vocabulary import local_name, shorten
from tests.real import real_home

#: What they share takes seconds to make.
pytestmark = pytest.mark.xdist_group("comparisons")

DAY = dt.date(2025, 12, 6)
#: Rules over what the two sides say of the S-400, laid over the real data.
RULES = """
@prefix sg: <https://w3id.org/sanctiongraph/ontology#> .
@prefix law: <https://w3id.org/sanctiongraph/law/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
law:test-s-400 a sg:Rule ; rdfs:label "A rule of this test"@en ;
    sg:provision <https://w3id.org/sanctiongraph/law/us/pl/116/92/s1245> ;
    sg:deonticModality sg:Permission ; sg:verification sg:PrimaryText ; sg:asks "?party" ;
    sg:casePattern " ?possession a sg:Possession ; sg:possessor ?party ; sg:equipment ?equipment . " ;
    sg:allOf ( law:test-not-in-use law:test-lawful law:test-two-stances ) .
law:test-not-in-use a sg:Condition ; rdfs:label "the system is not in use"@en ;
    sg:verification sg:PrimaryText ;
    sg:establishedBy " ?possession sg:possessor ?party ; sg:equipment ?equipment . ?use sg:equipment ?equipment ; sg:status sg:NotInUse . " .
law:test-lawful a sg:Condition ; rdfs:label "taking delivery broke no law"@en ;
    sg:verification sg:PrimaryText ;
    sg:refutedBy " ?delivery a sg:Delivery ; sg:subject ?party . ?breach sg:subject ?delivery . ?breach a sg:Violation . " ,
        " ?delivery a sg:Delivery ; sg:subject ?party . ?delivery sg:violates ?law . " .
law:test-two-stances a sg:Condition ; rdfs:label "the party takes the measures to be unfair or its removal political"@en ;
    sg:verification sg:PrimaryText ;
    sg:establishedBy " ?stance sg:heldBy ?party ; sg:quality <https://w3id.org/sanctiongraph/id/Unfair> . " ,
        " ?stance sg:heldBy ?party ; sg:quality <https://w3id.org/sanctiongraph/id/PoliticallyMotivated> . " .
"""


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> DataFolders:
    root = tmp_path_factory.mktemp("data")
    real = data_folders().root
    for folder in ("ontology", "queries"):
        shutil.copytree(real / folder, root / folder)
    for path in sorted((real / "graph").iterdir()):
        if path.is_dir() and path.name != "sanctiongraph":
            shutil.copytree(path, root / "graph" / path.name)
    (root / "ontology" / "law" / "rules" / "test.ttl").write_text(RULES, "utf-8")
    return data_folders(root)


@pytest.fixture(scope="session")
def store(folders: DataFolders) -> Store:
    return dataset(folders)


def sides(store: Store, first: str, second: str) -> tuple[Side, Side]:
    return Side(open_perspective(store, first), DAY), Side(open_perspective(store, second), DAY)


def of_rule(found: Comparison, rule: str, party: str = "Turkey") -> Difference:
    (one,) = [d for d in found.differences if d.rule.name == rule and local_name(d.party) == party]
    return one


@pytest.fixture(scope="session")
def told(store: Store) -> Comparison:
    return compare(*sides(store, "turkey", "united-states"), read_law(store))


def rests(found: Difference, side: str, condition: str) -> set[tuple[str, ...]]:
    return {
        tuple(local_name(iri) for iri in one.claims)
        for one in getattr(found, f"{side}_rests")
        if any(local_name(name) == condition for name in one.without)
    }


def test_not_in_use_rests_on_what_barrack_said(told: Comparison) -> None:
    one = of_rule(told, "test-s-400")
    (iri,) = [name for name in one.left if local_name(name) == "test-not-in-use"]
    assert (one.left[iri], one.right[iri]) == ("unknown", "established")
    found = rests(one, "right", "test-not-in-use")
    assert all(len(claims) == 1 or len(claims) == 2 for claims in found)
    assert any("044" in claims for claims in found)


def test_the_breach_of_law_rests_on_us_officials(told: Comparison) -> None:
    # US officials say so of the delivery: on their word there is something to ask about Russia.
    one = of_rule(told, "caatsa-231-f", "Russia")
    assert one.left_case is None
    assert one.right_case is not None
    assert {tuple(map(shorten, rested.claims)) for rested in one.right_rests} == {
        ("claim:turkey-us-caatsa-talks/053",)
    }
    assert not one.left_rests
    assert of_rule(told, "caatsa-231-f", "Turkey").right_rests == one.right_rests


def test_where_either_of_two_claims_would_do_both_are_told_together(told: Comparison) -> None:
    one = of_rule(told, "test-s-400")
    assert rests(one, "left", "test-two-stances") == {("033", "059")}


def test_a_payment_that_only_erdogan_speaks_of_is_a_case_on_his_word_alone(
    told: Comparison,
) -> None:
    found = {
        (one.rule.name, local_name(one.party)): one
        for one in told.differences
        if one.transaction and local_name(one.transaction) == "TurkeyS400Deposit2017"
    }
    one = found["caatsa-231-a", "SSB"]
    assert one.right_case is None
    assert [tuple(map(shorten, rested.claims)) for rested in one.left_rests] == [
        ("claim:sputnik-s400-agreement/004",)
    ]


def test_the_other_way_round_the_sides_change_places(store: Store, told: Comparison) -> None:
    other = compare(*sides(store, "united-states", "turkey"), read_law(store))
    assert other.compared == told.compared
    assert [(d.left, d.left_rests) for d in other.differences] == [
        (d.right, d.right_rests) for d in told.differences
    ]


def test_a_viewpoint_beside_itself_has_no_differences(store: Store) -> None:
    found = compare(*sides(store, "everyone", "everyone"), read_law(store))
    assert found.differences == ()
    assert found.compared > 0


def test_two_days_say_when_it_changed(store: Store) -> None:
    law = read_law(store)
    perspective = open_perspective(store)
    first, second = Side(perspective, dt.date(2020, 12, 13)), Side(perspective, DAY)
    found = compare(first, second, law, rule=law.rule("caatsa-231-a"))
    one = next(d for d in found.differences if local_name(d.transaction or "") == "TurkeyS400Delivery"
               and local_name(d.party) == "SSB")  # fmt: skip
    assert (one.left["level"], one.right["level"]) == ("eligible", "sanctioned")
    assert one.changed_on == (dt.date(2020, 12, 14),)
    assert not one.left_rests
    assert "changed on 2020-12-14" in found.to_text()


def test_as_json_and_as_text(told: Comparison) -> None:
    plain = json.loads(json.dumps(told.to_json()))
    assert plain["left"] == {"viewpoint": "turkey", "scenario": None, "as_of": "2025-12-06"}
    assert plain["compared"] == told.compared
    one = next(d for d in plain["differences"] if d["rule"] == "caatsa-231-f")
    assert one["party"] == "Russia"
    assert one["left"] == {"case": False, "outcome": "does-not-apply", "level": "none"}
    (rested,) = one["rests_on"]
    assert rested["side"] == "right"
    assert rested["claims"][0]["id"] == "claim:turkey-us-caatsa-talks/053"
    assert rested["claims"][0]["speakers"] == ["USOfficials"]
    assert "US officials: taking delivery broke United States law." in told.to_text()


def test_the_commands(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANCTIONGRAPH_HOME", str(real_home(tmp_path_factory)))

    def run(*arguments: str) -> str:
        found = CliRunner().invoke(main, list(arguments))
        assert found.exit_code == 0, found.output
        return found.output

    as_of = ("--as-of", "2025-12-06")
    both = ("--viewpoint", "turkey", "--with-viewpoint", "united-states")
    assert "caatsa-231-f, Russia" in run("compare", *both, *as_of)
    one = json.loads(run("compare", *both, *as_of, "--rule", "caatsa-231-f", "--json"))
    assert [d["party"] for d in one["differences"]] == ["Russia", "Turkey"]
    line = run("timeline", "--rule", "caatsa-231-a", "--party", "SSB")
    assert "from 2020-12-14" in line
    told = json.loads(run("timeline", "--rule", "caatsa-231-a", "--party", "SSB", "--json"))
    assert told["overall"][-1]["level"] == "sanctioned"
    failed = CliRunner().invoke(main, ["compare", *as_of])
    assert failed.exit_code == 1
    assert "both sides are the same" in failed.output
    failed = CliRunner().invoke(main, ["compare", "--with-viewpoint", "atlantis"])
    assert "there are: everyone, russia, sources, turkey, united-states" in failed.output
