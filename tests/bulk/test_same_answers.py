"""Three ways to the answers for all cases agree: tables, SPARQL joins, and ``EXISTS`` case by case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from benchmarks.arms_trade import dense, write
from sanctiongraph import Graph
from sanctiongraph.assessment import Outcome, assess
from sanctiongraph.bulk.assess import assess_all, by_sparql
from sanctiongraph.bulk.facts import Facts, of_files, of_perspective
from sanctiongraph.data import data_folders
from sanctiongraph.law.rules import Law, Rule, read_law
from sanctiongraph.perspective import open_perspective
from tests.bulk.drawn import facts

_DAYS = [dt.date.fromisoformat(day) for day in ("2014-08-13", "2017-08-02", "2020-12-14", "2025-12-24")]  # fmt: skip


@cache
def _law() -> Law:
    return of_files([], data_folders()).law


def _drawn(folder: Path, as_of: dt.date, seed: int) -> Facts:
    path = folder / "facts.nt"
    path.write_text("".join(facts(_law(), as_of, seed)), encoding="utf-8")
    return of_files([path], data_folders())


def _check_same(found: Facts, rules: Sequence[Rule], as_of: dt.date) -> int:
    """Compares everything that an assessment has; returns how many cases there are."""
    plain = by_sparql(found, rules, as_of, None)
    with assess_all(found, rules, as_of, small=0) as mass:
        assert mass.because is None
        for ours, theirs in zip(mass.rules, plain.rules, strict=True):
            assert list(ours) == list(theirs), ours.rule.name
            assert ours.summary() == theirs.summary()
            assert len(ours) == len(theirs)
    return sum(map(len, plain.rules))


@pytest.mark.parametrize(("as_of", "seed"), [(_DAYS[0], 0), (_DAYS[2], 2)], ids=str)
def test_all_rules_on_made_up_facts(as_of: dt.date, seed: int, tmp_path: Path) -> None:
    found = _drawn(tmp_path, as_of, seed)
    assert _check_same(found, list(_law().rules.values()), as_of) > 500


def test_made_up_facts_are_not_trivial(tmp_path: Path) -> None:
    """Over some seeds all rules have cases, and most conditions come out in more than one way."""
    as_of = dt.date(2025, 12, 24)
    rules = list(_law().rules.values())
    cases: set[str] = set()
    outcomes: set[Outcome] = set()
    statuses: dict[str, set[object]] = {}
    for seed in range(4):
        for one in by_sparql(_drawn(tmp_path, as_of, seed), rules, as_of, None).rules:
            for assessment in one:
                cases.add(one.rule.name)
                outcomes.add(assessment.outcome)
                for iri, status in assessment.statuses.items():
                    statuses.setdefault(iri.rpartition("/")[2], set()).add(status)
    assert cases == {rule.name for rule in rules}
    assert outcomes == set(Outcome)
    varied = {name for name, found in statuses.items() if len(found) > 1}
    assert len(varied) > 0.7 * len(statuses), sorted(statuses.keys() - varied)


@pytest.mark.parametrize(("as_of", "seed"), list(zip(_DAYS, range(4), strict=True)), ids=str)
def test_a_dense_arms_trade(as_of: dt.date, seed: int, tmp_path: Path) -> None:
    files, _ = write(dense(60, as_of, seed), as_of, tmp_path)
    found = of_files([files.triples], data_folders())
    rules = [_law().rule("caatsa-231-a"), _law().rule("ofac-50-percent")]
    assert _check_same(found, rules, as_of) > 100


@pytest.mark.parametrize(
    ("day", "viewpoint"),
    [("2025-12-06", "everyone")],
)
def test_all_rules_on_the_real_graph(graph: Graph, day: str, viewpoint: str) -> None:
    law = read_law(graph.store)
    with of_perspective(open_perspective(graph.store, viewpoint)) as found:
        assert _check_same(found, list(law.rules.values()), dt.date.fromisoformat(day)) > 50


def test_a_case_alone_has_the_same_answer(tmp_path: Path) -> None:
    as_of = dt.date(2025, 12, 24)
    found = _drawn(tmp_path, as_of, 7)
    store, law = found.store(), found.law
    compared = 0
    with assess_all(found, list(law.rules.values()), as_of) as mass:
        for one in mass.rules:
            for assessment in list(one)[::13]:
                alone = assess(store, law, one.rule, as_of, case=assessment.case)
                assert alone == [assessment], (one.rule.name, assessment.case)
                compared += 1
    assert compared > 60
