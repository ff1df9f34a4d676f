"""The cases of the YAML files beside this: each asks one rule about one party and says what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.law.bench import Base, Case, cases_in, differences, empty, real

_CASES = cases_in(Path(__file__).parent)
_BASES: dict[str, Callable[[], Base]] = {"real": cache(real), "empty": cache(empty)}


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{file}: {case.title}") for file, case in _CASES]
)
def test_case(case: Case) -> None:
    assert differences(_BASES[case.base](), case) == []


def test_titles_are_unique() -> None:
    titles = [title for _, case in _CASES if (title := case.title)]
    assert sorted(titles) == sorted(set(titles))


def test_every_rule_has_a_case() -> None:
    asked = {case.rule for _, case in _CASES}
    assert {rule.name for rule in _BASES["empty"]().law.rules.values()} - asked == set()
