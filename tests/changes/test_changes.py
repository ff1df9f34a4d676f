"""What would have to change, on the real graph, and the two commands."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from click.testing import CliRunner
from pyoxigraph import Store

from sanctiongraph import Graph
from sanctiongraph.changes import Changes, Target, changes
from sanctiongraph.changes_text import to_text
from sanctiongraph.cli import main
from sanctiongraph.errors import NotFound
from sanctiongraph.law.rules import Law
from sanctiongraph.perspective import Perspective
from sanctiongraph.vocabulary import PREFIXES

#: What they share takes seconds to make.
pytestmark = pytest.mark.xdist_group("changes")

DAY = dt.date(2026, 2, 1)


#: An answer supposes each option of the graph, so it is worked out once for all tests.
_ANSWERED: dict[tuple[str, str, dt.date], list[Changes]] = {}


def ask(store: Store, law: Law, target: str, party: str, day: dt.date = DAY) -> list[Changes]:
    key = (target, party, day)
    if key not in _ANSWERED:
        _ANSWERED[key] = changes(
            Perspective(store), law, Target.of(law, target), PREFIXES["id"] + party, day
        )
    return _ANSWERED[key]


def names(answer: Changes) -> list[set[str]]:
    return [{change.condition.name for change in one} for one in answer.sets]


def test_what_f35_transfer_waits_for(store: Store, law: Law) -> None:
    (answer,) = ask(store, law, "ndaa-2020-1245-transfer-permitted", "Turkey")
    assert names(answer) == [
        {
            "no-s-400-or-associated-equipment",
            "no-s-400-materials-or-personnel",
            "credible-assurances-against-s-400",
            "no-other-russian-purchase-since-2019-07-31",
            "both-secretaries-certified",
        }
    ]
    of = {change.condition.name: change for change in answer.sets[0]}
    possession = of["no-s-400-or-associated-equipment"]
    assert [iri.rpartition("/")[2] for iri in possession.condition.changed_by] == ["Turkey"]
    assert "return-to-russia" in possession.options
    assert "return-to-russia-batteries-only" not in possession.options
    assert "storage-in-turkey" not in possession.options
    assert of["credible-assurances-against-s-400"].options == ("assurances",)
    assert of["both-secretaries-certified"].options == ()
    assert answer.completed_by(answer.sets[0]) == []


def test_what_an_option_sets_off_stands_beside_what_it_brings(store: Store, law: Law) -> None:
    (answer,) = ask(store, law, "ndaa-2020-1245-transfer-permitted", "Turkey")
    effects = {one.scenario.name: one for one in answer.options}
    refund = effects["return-to-russia-with-refund"]
    assert {one.party.rpartition("/")[2] for one in refund.exposures} >= {"SSB", "Turkey"}
    assert not effects["return-to-russia"].exposures
    assert "storage-in-turkey" not in effects


def test_termination_under_236_has_four_ways_and_tests_no_possession(
    store: Store, law: Law
) -> None:
    (answer,) = ask(store, law, "caatsa-236-c", "SSB")
    common = {
        "termination-notice-given",
        "conduct-given-up-in-fact",
        "reliable-assurances-under-236",
        "review-report-submitted",
    }
    assert all(common < one for one in names(answer))
    ways = {frozenset(one - common) for one in names(answer)}
    assert ways == {
        frozenset({conduct, review})
        for conduct in ("conduct-ceased", "verifiable-steps-taken")
        for review in ("review-period-passed", "approval-under-216")
    }


def test_the_end_of_the_sanctions_has_both_ways_or_an_authority_that_says_one_is_enough(
    store: Store, law: Law
) -> None:
    (answer,) = ask(store, law, "sanctions-over-s-400-terminable", "SSB")
    found = names(answer)
    cautious = {"turkey-no-longer-possesses-s-400", "termination-certified-under-1241"}
    assert all(cautious < one or "termination-under-236-suffices" in one for one in found)
    assert len(found) == 8
    of = {change.condition.name: change for one in answer.sets for change in one}
    assert "return-to-russia" in of["conduct-given-up-in-fact"].options


def test_each_way_is_one_and_is_minimal(store: Store, law: Law) -> None:
    for target in ("caatsa-236-c", "ndaa-2021-1241-e"):
        (answer,) = ask(store, law, target, "SSB")
        found = names(answer)
        assert not any(a < b for a in found for b in found)


def test_that_a_rule_no_longer_applies(store: Store, law: Law) -> None:
    answers = ask(store, law, "not:caatsa-231-a", "SSB")
    whole = names(answers[0])
    assert {"determined-under-231"} in whole
    assert {"reduction-certified-within-180-days"} in whole
    assert {"waiver-231-b-determined", "russia-cyber-certified"} in whole
    # Cases that stand alike are told once.
    assert len(answers[0].transactions) > 1


def test_ways_that_somebody_can_take_come_first(store: Store, law: Law) -> None:
    answer = ask(store, law, "not:caatsa-231-a", "SSB")[0]
    possible = [all(change.can_be_made for change in one) for one in answer.sets]
    assert possible == sorted(possible, reverse=True)
    assert any(possible)


def test_nothing_has_to_change_and_nothing_can(store: Store, law: Law) -> None:
    answer = ask(store, law, "caatsa-231-a", "SSB")[0]
    assert answer.sets == ((),)
    assert "nothing has to change" in to_text(answer)
    early = ask(store, law, "ndaa-2020-1245-transfer-permitted", "Turkey", dt.date(2018, 1, 1))[0]
    assert early.sets == ()
    assert "not in force" in to_text(early)


def test_a_party_without_a_case(store: Store, law: Law) -> None:
    with pytest.raises(NotFound, match="id:SSB"):
        ask(store, law, "ndaa-2021-1241-e", "Greece")


def test_a_target_that_there_is_not(law: Law) -> None:
    with pytest.raises(NotFound, match="no rule is named"):
        Target.of(law, "not:caatsa-999")


@pytest.fixture
def home(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setattr(Graph, "open", classmethod(lambda *_, **__: graph))
    return CliRunner()


def test_command_changes(home: CliRunner) -> None:
    target = ["--target", "ndaa-2021-1241-e", "--party", "SSB", "--as-of", "2026-02-01"]
    result = home.invoke(main, ["changes", *target])
    assert result.exit_code == 0, result.output
    assert "turkey-no-longer-possesses-s-400" in result.output
    assert "for PresidentOfTheUnitedStates alone to judge" in result.output
    (found,) = json.loads(home.invoke(main, ["changes", *target, "--json"]).output)
    assert found["outcome"] == "does-not-apply"
    assert found["wanted"] == "applies"
    assert {"condition", "now", "wanted", "changed_by", "options"} <= set(
        found["sets"][0]["changes"][0]
    )


def test_command_options(home: CliRunner) -> None:
    result = home.invoke(main, ["options", "--as-of", "2026-02-01"])
    assert result.exit_code == 0, result.output
    assert "storage-in-turkey" in result.output
    found = json.loads(home.invoke(main, ["options", "--as-of", "2026-02-01", "--json"]).output)
    assert len(found["options"]) == 23


def test_errors_of_the_commands(home: CliRunner) -> None:
    result = home.invoke(main, ["changes", "--target", "x", "--party", "SSB"])
    assert result.exit_code == 1
    assert "no rule is named 'x'" in result.output
    result = home.invoke(main, ["options", "--viewpoint", "nobody"])
    assert result.exit_code == 1
    assert "nobody" in result.output
