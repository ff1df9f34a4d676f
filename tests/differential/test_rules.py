"""Our rules and the same rules written apart for Nemo, on made-up trades: the same answers.

Nemo has two values, so what is compared is where they suffice: which conditions something speaks
for and which something speaks against, and the cases where the rule applies or does not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, Store

from benchmarks.arms_trade import Files, dense, write
from sanctiongraph.assessment import Assessment, Outcome, assess
from sanctiongraph.data import data_folders
from sanctiongraph.entailment import entail
from sanctiongraph.law.algebra import Status
from sanctiongraph.law.rules import read_law
from sanctiongraph.ownership import add_ownership
from sanctiongraph.reading import Kind, data_files, read_file, with_date_bounds
from tests.differential.nemo import reason, rows

_DAYS = [dt.date.fromisoformat(day) for day in ("2014-08-12", "2014-08-13", "2017-08-01", "2017-08-02", "2018-01-28", "2018-01-29",
         "2018-08-12", "2018-08-13", "2019-09-08", "2021-06-30", "2025-12-24")]  # fmt: skip
#: Few and large: the same facts in smaller trades take twice the time, most of it to begin.
_SEEDS = range(2)
_SPEAKS_FOR = {Status.ESTABLISHED, Status.DISPUTED}
_SPEAKS_AGAINST = {Status.REFUTED, Status.DISPUTED}


@pytest.mark.parametrize("seed", _SEEDS)
@pytest.mark.parametrize("as_of", _DAYS, ids=str)
def test_caatsa_231(as_of: dt.date, seed: int, tmp_path: Path) -> None:
    files, _ = write(dense(200, as_of, seed), as_of, tmp_path)
    ours = _assessed(files, "caatsa-231-a", as_of)
    engine = reason(files, "rules", "conditions")
    assert rows(engine, "case") == {(one.party, one.transaction) for one in ours}
    assert rows(engine, "applies") == _with(ours, Outcome.APPLIES)
    assert rows(engine, "doesNotApply") == _with(ours, Outcome.DOES_NOT_APPLY)
    assert rows(engine, "established") == _conditions(ours, _SPEAKS_FOR)
    assert rows(engine, "refuted") == _conditions(ours, _SPEAKS_AGAINST)


@pytest.mark.parametrize("seed", _SEEDS)
@pytest.mark.parametrize("as_of", _DAYS, ids=str)
def test_half_owned(as_of: dt.date, seed: int, tmp_path: Path) -> None:
    files, _ = write(dense(450, as_of, seed), as_of, tmp_path)
    ours = _assessed(files, "ofac-50-percent", as_of)
    engine = reason(files, "rules", "ownership")
    assert rows(engine, "tooDeep") == set()
    condition = "half-owned-by-blocked-persons"
    assert rows(engine, "half") == {row[:1] for row in _conditions(ours, _SPEAKS_FOR, condition)}
    assert rows(engine, "clear") == {
        row[:1] for row in _conditions(ours, _SPEAKS_AGAINST, condition)
    }


def test_trades_are_not_trivial(tmp_path: Path) -> None:
    """Over all days and seeds every outcome occurs, and every condition in each way that it can."""
    outcomes: set[Outcome] = set()
    statuses: dict[str, set[Status]] = {}
    for seed in _SEEDS:
        for as_of in _DAYS[-3:]:
            files, _ = write(dense(200, as_of, seed), as_of, tmp_path)
            for one in _assessed(files, "caatsa-231-a", as_of):
                outcomes.add(one.outcome)
                for iri, status in one.statuses.items():
                    statuses.setdefault(iri.rpartition("/")[2], set()).add(status)
    assert outcomes == set(Outcome)
    fixed = {"actor-is-person", "imposition-duty-has-begun"}
    assert {name for name, found in statuses.items() if len(found) == 1} == fixed


def _assessed(files: Files, rule: str, as_of: dt.date) -> list[Assessment]:
    store = Store()
    store.bulk_extend(_base())
    store.bulk_load(path=files.triples, format=RdfFormat.N_TRIPLES)
    entail(store)
    add_ownership(store)
    law = read_law(store)
    return assess(store, law, law.rule(rule), as_of)


@cache
def _base() -> list[Quad]:
    """The vocabulary and the law, and what of the law the accepted graph needs."""
    files = [one for one in data_files(data_folders()) if one.kind in {Kind.ONTOLOGY, Kind.LAW}]
    quads = [quad for file in files for quad in with_date_bounds(read_file(file))]
    return quads + [Quad(quad.subject, quad.predicate, quad.object) for quad in quads]


def _with(found: Iterable[Assessment], outcome: Outcome) -> set[tuple[str | None, ...]]:
    return {(one.party, one.transaction) for one in found if one.outcome is outcome}


def _conditions(
    found: Iterable[Assessment], statuses: set[Status], condition: str | None = None
) -> set[tuple[str | None, ...]]:
    """Case and condition, wherever the condition has one of the statuses."""
    return {
        (*one.case.values(), iri.rpartition("/")[2])
        for one in found
        for iri, status in one.statuses.items()
        if status in statuses and (condition is None or iri.endswith(f"/{condition}"))
    }
