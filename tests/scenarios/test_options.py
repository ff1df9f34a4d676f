"""The options for the S-400s: what the rules find, compared with readings of the statutes by hand."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from pyoxigraph import Store

from sanctiongraph.assessment import assess
from sanctiongraph.errors import NotFound
from sanctiongraph.exposure import Standing
from sanctiongraph.law.rules import Law
from sanctiongraph.law.telling import Told
from sanctiongraph.options import OptionsTable, options_table
from sanctiongraph.perspective import Perspective, open_perspective, suppose
from sanctiongraph.scenario import scenario

#: What they share takes seconds to make.
pytestmark = pytest.mark.xdist_group("options")

RULE_1241, RULE_1245 = "ndaa-2021-1241-e", "ndaa-2020-1245-transfer-permitted"
POSSESSION_1241 = (RULE_1241, "turkey-no-longer-possesses-s-400")
RUSSIAN_STAFF = (RULE_1241, "no-russian-operation-in-turkey")
ASSURANCE_1241 = (RULE_1241, "reliable-assurances-against-reacquisition")
POSSESSION_1245 = (RULE_1245, "no-s-400-or-associated-equipment")
ASSURANCE_1245 = (RULE_1245, "credible-assurances-against-s-400")
ASSURANCE_236 = ("caatsa-236-c", "reliable-assurances-under-236")


def word(table: OptionsTable, option: str, column: tuple[str, str]) -> str:
    rule, condition = column
    for index, test in enumerate(table.tests):
        for one in test.conditions:
            if (test.rule.name, one.name) == (rule, condition):
                return table.row(option).word(index, one)
    raise AssertionError(f"{rule} does not test {condition}")


# Section 1241 asks for the batteries, whoever owns or uses them; section 1245 for what goes with
# them as well. Custody that is for Turkey is Turkey's. Nobody states whether Russian staff work in
# Turkey now, so that stays open until the system has left.
@pytest.mark.parametrize(
    ("option", "possession_1241", "possession_1245", "russian_staff"),
    [
        ("as-things-are", "fails", "fails", "open"),
        ("status-quo", "fails", "fails", "open"),
        ("storage-in-turkey", "fails", "fails", "open"),
        ("storage-in-turkey-russian-upkeep", "fails", "fails", "fails"),
        ("dismantle", "fails", "fails", "open"),
        ("disable", "fails", "fails", "open"),
        ("storage-at-incirlik", "met", "met", "open"),
        ("custody-abroad", "met", "met", "met"),
        ("custody-abroad-for-turkey", "fails", "fails", "met"),
        ("loan-abroad", "met", "met", "met"),
        ("destroy-batteries-only", "met", "fails", "met"),
        ("destroy", "met", "met", "met"),
        ("destroy-with-russian-staff", "met", "met", "fails"),
        ("return-to-russia", "met", "met", "met"),
        ("return-to-russia-batteries-only", "met", "fails", "met"),
        ("return-to-russia-with-refund", "met", "met", "met"),
        ("hand-over-to-united-states", "met", "met", "met"),
        ("transfer-to-friendly-state", "met", "met", "met"),
        ("transfer-to-friendly-state-batteries-only", "met", "fails", "met"),
        ("transfer-to-friendly-state-with-russian-consent", "met", "met", "met"),
        ("transfer-to-iran", "met", "met", "met"),
        ("transfer-to-north-korea", "met", "met", "met"),
        ("assurances", "fails", "fails", "open"),
    ],
)
def test_possession_and_russian_staff(
    table: OptionsTable, option: str, possession_1241: str, possession_1245: str, russian_staff: str
) -> None:
    assert word(table, option, POSSESSION_1241) == possession_1241
    assert word(table, option, POSSESSION_1245) == possession_1245
    assert word(table, option, RUSSIAN_STAFF) == russian_staff


def test_every_option_is_in_the_table_above(table: OptionsTable) -> None:
    (marker,) = test_possession_and_russian_staff.pytestmark  # type: ignore[attr-defined]
    assert {row.name for row in table.rows} == {case[0] for case in marker.args[1]}


@pytest.mark.parametrize("column", [ASSURANCE_1241, ASSURANCE_1245, ASSURANCE_236])
def test_no_physical_act_is_an_assurance(table: OptionsTable, column: tuple[str, str]) -> None:
    met = [row.name for row in table.rows if word(table, row.name, column) == "met"]
    assert met == ["assurances"]


# Giving up all that was bought is such a step, and ends two harms of 231(d) unless Iran or North
# Korea gets it; storage, and custody for Turkey, leave all of that open.
@pytest.mark.parametrize(
    ("option", "steps", "harm"),
    [
        ("as-things-are", "open", "open"),
        ("storage-in-turkey", "open", "open"),
        ("custody-abroad-for-turkey", "open", "open"),
        ("dismantle", "open", "open"),
        ("destroy", "met", "met"),
        ("return-to-russia", "met", "met"),
        ("hand-over-to-united-states", "met", "met"),
        ("transfer-to-friendly-state", "met", "met"),
        ("transfer-to-iran", "met", "open"),
        ("transfer-to-north-korea", "met", "open"),
    ],
)
def test_sections_236_and_231_d(table: OptionsTable, option: str, steps: str, harm: str) -> None:
    assert word(table, option, ("caatsa-236-c", "conduct-given-up-in-fact")) == steps
    assert word(table, option, ("caatsa-231-d", "no-harm-to-alliance")) == harm
    assert word(table, option, ("caatsa-231-d", "no-higher-risk-to-defence-systems")) == harm


def test_no_option_alone_makes_any_rule_apply(table: OptionsTable) -> None:
    for row in table.rows:
        for result in row.results:
            assert result is not None
            assert result.outcome.value == "does-not-apply"


def exposed(table: OptionsTable, option: str) -> set[tuple[str, str, str]]:
    return {
        (one.rule.rpartition("/")[2], one.party.rpartition("/")[2], one.after.value)
        for one in table.row(option).exposures
    }


def test_a_refund_is_a_new_transaction_with_the_russian_sector(table: OptionsTable) -> None:
    with_refund = exposed(table, "return-to-russia-with-refund")
    assert ("caatsa-231-a-supply", "SSB", "eligible") in with_refund
    assert ("caatsa-231-a-supply", "Turkey", "eligible") in with_refund
    assert not exposed(table, "return-to-russia")


def test_a_refund_waits_for_a_determination(table: OptionsTable) -> None:
    for one in table.row("return-to-russia-with-refund").new_exposure:
        assert {iri.rpartition("/")[2] for iri in one.missing} == {
            "significant",
            "determined-under-231",
        }


def test_russian_upkeep_and_russian_consent_are_dealings_with_the_sector(
    table: OptionsTable,
) -> None:
    assert ("caatsa-231-a", "SSB", "eligible") in exposed(table, "storage-in-turkey-russian-upkeep")
    consent = exposed(table, "transfer-to-friendly-state-with-russian-consent")
    assert ("caatsa-231-a", "SSB", "eligible") in consent
    assert ("caatsa-231-a", "FriendlyThirdState", "eligible") in consent
    assert not table.row("transfer-to-friendly-state").new_exposure


def test_transfer_to_a_state_under_sanctions(table: OptionsTable) -> None:
    # Whether the United Nations Register counts ground-to-air missiles is unverified: left open.
    assert ("caatsa-107", "Turkey", "open") in exposed(table, "transfer-to-iran")
    assert ("nkspea-104-a-9", "Turkey", "eligible") in exposed(table, "transfer-to-north-korea")


@pytest.mark.parametrize("option", ["status-quo", "storage-in-turkey", "destroy", "assurances"])
def test_keeping_destroying_and_promising_expose_nobody(table: OptionsTable, option: str) -> None:
    assert not table.row(option).exposures


def test_nothing_is_newly_exposed_as_things_are(table: OptionsTable) -> None:
    assert not table.row("as-things-are").exposures


def test_before_its_day_an_option_changes_nothing_but_what_it_says_of_now(
    store: Store, law: Law
) -> None:
    early = options_table(Perspective(store), law, dt.date(2026, 1, 1))
    for option in ("destroy", "return-to-russia-with-refund", "transfer-to-north-korea"):
        assert word(early, option, POSSESSION_1241) == "fails"
        assert not early.row(option).new_exposure


def test_json_and_text(table: OptionsTable) -> None:
    found = json.loads(json.dumps(table.to_json()))
    assert found["matter"] == "id:S400HandlingQuestion"
    assert {test["rule"] for test in found["tests"]} == {
        RULE_1241, RULE_1245, "caatsa-236-c", "caatsa-231-d",
    }  # fmt: skip
    refund = next(o for o in found["options"] if o["option"] == "return-to-russia-with-refund")
    assert refund["models"] == ["id:ReturnS400"]
    assert {one["after"] for one in refund["new_exposure"]} == {Standing.ELIGIBLE.value}
    assert refund["left_open"]
    text = table.to_text()
    assert "SSB eligible under caatsa-231-a-supply (S400RefundContract, S400RefundPayment)" in text
    assert len(table.columns()) == 10


def test_a_matter_that_there_is_not(store: Store, law: Law) -> None:
    with pytest.raises(NotFound, match="S400HandlingQuestion"):
        options_table(Perspective(store), law, dt.date(2026, 2, 1), "F35")


def test_what_was_told_before_is_asked_again_where_it_may_be_otherwise(
    store: Store, law: Law
) -> None:
    """Each rule as it stands in a scenario, asked as if nothing were known of the graph."""
    base, told = open_perspective(store), Told()
    day = dt.date(2026, 6, 1)
    chosen = [scenario(store, one) for one in ("transfer-to-iran", "storage-in-turkey")]
    for rule in law.rules.values():
        assess(store, law, rule, day, told=told)
    for one in chosen:
        there = suppose(base, one)
        known = told.where(there.touched)
        for rule in law.rules.values():
            anew = assess(there.store, law, rule, day)
            assert assess(there.store, law, rule, day, told=known) == anew, (one.name, rule.name)
