"""Which of all cases fit the patterns of a rule: each pattern is a question of its own.

What was told before is not asked again: see ``telling``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal

from sanctiongraph.binding import bind, parts_of
from sanctiongraph.errors import BadData
from sanctiongraph.law.nesting import with_filters_nested
from sanctiongraph.law.relaxing import as_of_literal
from sanctiongraph.law.rules import Rule
from sanctiongraph.law.stages import staged
from sanctiongraph.law.telling import Asked, Told, Values
from sanctiongraph.law.tokens import TOKEN, VARIABLE
from sanctiongraph.vocabulary import term


class Fitting:
    """Asks the patterns of a rule for all cases at once.

    What fits a pattern gets its mark: a bit, kept by the variables of a case that the pattern
    looks at and their values. So a pattern costs what fits it, however many cases there are.
    """

    def __init__(
        self, rule: Rule, as_of: dt.date, ask: Callable[[Asked], list[Values]], told: Told
    ) -> None:
        self._rule, self._as_of = rule, as_of
        self._ask, self._told = ask, told
        self._marks: dict[tuple[int, ...], dict[Values, int]] = {}

    def cases(self) -> list[Values]:
        """All cases, in the order of their terms."""
        return self._answer(_of_cases(self._rule.case_pattern, self._rule.asks))

    def mark(self, bit: int, pattern: str) -> None:
        """Sets the bit for whatever the pattern matches."""
        asked = _of_fitting(pattern, self._rule.case_pattern, self._rule.asks)
        marks = self._marks.setdefault(asked.at, {})
        for values in self._answer(asked):
            marks[values] = marks.get(values, 0) | bit

    def marks(self, case: Values) -> int:
        """The bits of a case."""
        found = 0
        for at, marks in self._marks.items():
            found |= marks.get(tuple([case[i] for i in at]), 0)
        return found

    def _answer(self, asked: Asked) -> list[Values]:
        if _NO_DAY in asked.text:
            day = as_of_literal(self._told.day(asked.patterns, self._as_of))
            asked = replace(asked, text=asked.text.replace(_NO_DAY, str(day)))
        found = self._told.get(asked)
        if found is None:
            found = self._ask(asked)
            self._told.put(asked, found)
        return found


@lru_cache(maxsize=4096)  # patterns are those of the law: some hundreds
def _of_cases(case_pattern: str, asks: tuple[str, ...]) -> Asked:
    """What gives all cases, in the order of their terms."""
    order = f" ORDER BY {_listed(asks)}"
    return _select(asks, asks, _cases(case_pattern, asks), (case_pattern,), order)


@lru_cache(maxsize=4096)
def _of_fitting(pattern: str, case_pattern: str, asks: tuple[str, ...]) -> Asked:
    """What gives the values of those variables that a pattern looks at for which it matches."""
    both = (pattern, case_pattern)
    pattern = _without_day(pattern)
    looked_at = _variables(pattern)
    names = tuple(name for name in asks if name in looked_at)
    try:
        own = _variables(parts_of(pattern).triples)
    except BadData:  # more than triples and filters: asked as it is, case by case
        where = f"{_one_of(case_pattern, asks, asks)} FILTER EXISTS {{ {pattern} }}"
        return _select(asks, asks, where, both)
    tail = "" if names else " LIMIT 1"  # the same for every case
    if own.issuperset(names):
        return _select(asks, names, staged(pattern, frozenset(names)), both[:1], tail)
    where = f"{_one_of(case_pattern, asks, names)} {with_filters_nested(pattern, names)}"
    return _select(asks, names, where, both, tail)


def _one_of(case_pattern: str, asks: tuple[str, ...], names: tuple[str, ...]) -> str:
    return f"{{ SELECT DISTINCT {_listed(names)} WHERE {{ {_cases(case_pattern, asks)} }} }}"


def _cases(case_pattern: str, asks: tuple[str, ...]) -> str:
    pattern = _without_day(case_pattern)
    try:
        return staged(pattern, frozenset(asks))
    except BadData:
        return pattern


#: Stands for the day, so that a pattern is made ready once and then asked for any day.
_NO_DAY: Final = str(Literal("as of", datatype=term("xsd:date")))


def _without_day(pattern: str) -> str:
    return bind(pattern, {"asOf": Literal("as of", datatype=term("xsd:date"))})


def _select(
    asks: tuple[str, ...],
    names: tuple[str, ...],
    where: str,
    patterns: tuple[str, ...],
    tail: str = "",
) -> Asked:
    text = f"SELECT DISTINCT {_listed(names) or '(1 AS ?found)'} WHERE {{ {where} }}{tail}"
    return Asked(text, names, tuple(map(asks.index, names)), patterns)


def _variables(pattern: str) -> set[str]:
    return {token[1:] for token in TOKEN.findall(pattern) if VARIABLE.fullmatch(token)}


def _listed(names: Iterable[str]) -> str:
    return " ".join(f"?{name}" for name in names)
