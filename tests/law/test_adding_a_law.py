"""The page on adding a law, followed: its Turtle is loaded, and its cases are asked."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.law.bench import Base, Case, cases_of, differences, empty

_PAGE = (Path(__file__).parents[2] / "docs" / "adding-a-law.md").read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", _PAGE, re.DOTALL | re.MULTILINE)


_CASES = [case for block in _blocks("yaml") for case in cases_of(block)]


@cache
def _base() -> Base:
    return empty("\n".join(_blocks("turtle")))


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.title)
def test_case_of_the_page(case: Case) -> None:
    assert differences(_base(), case) == []


def test_page_adds_what_the_project_lacks() -> None:
    added = _base().law.rules.keys() - empty().law.rules.keys()
    assert [iri.rsplit("/", 1)[-1] for iri in added] == ["eu-2014-512-2"]


def test_page_has_cases() -> None:
    assert len(_CASES) == 3
