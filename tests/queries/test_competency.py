"""The competency questions: each asked of the real graph and held against what is expected."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from sanctiongraph import Graph

from .cases import Case, all_cases, differences

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "competency.md").read_text("utf-8")
CASES = all_cases()
LISTED = [case for case in CASES if case.number is not None]
CALLS = re.findall(r"^\| \d+ \|.*`sanctiongraph query ([^`]+)`", PAGE, re.MULTILINE)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_answer(case: Case, graph: Graph) -> None:
    table = graph.run(case.query, **case.parameters)
    assert not differences(table, case.expected)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case_names_columns_that_the_query_has(case: Case, graph: Graph) -> None:
    columns = set(graph.run(case.query, **case.parameters).columns)
    for key in ("exact", "contains", "absent"):
        for row in case.expected.get(key, []):
            assert set(row) <= columns


def test_every_case_expects_something() -> None:
    assert [str(case) for case in CASES if not case.expected] == []


def test_numbers_run_from_one_without_gap() -> None:
    numbers = sorted(case.number for case in LISTED if case.number)
    assert numbers == list(range(1, len(LISTED) + 1))


@pytest.mark.parametrize("case", LISTED, ids=str)
def test_page_lists_the_question_with_its_query_and_answer(case: Case) -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| {case.number} |"))
    assert f"| {case.question} |" in row
    assert f"(../queries/{case.query}.rq)" in row
    assert f"| {case.answer} |" in row


@pytest.mark.parametrize("call", CALLS)
def test_call_on_the_page_is_the_one_tested(call: str) -> None:
    name, *rest = shlex.split(call)
    given = {
        option.removeprefix("--"): value
        for option, value in zip(rest[::2], rest[1::2], strict=True)
    }
    assert (name, given) in [(case.query, case.parameters) for case in LISTED]


def test_page_has_a_call_for_each_question() -> None:
    assert len(CALLS) == len(LISTED)
