"""Which of all cases fit the patterns of a rule: each pattern is a question of its own.

What one rule asks others ask as well, since they share conditions, and in a scenario most of what
patterns look at is as it was. So answers are kept by the text of their questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import Literal, Triple

from sanctiongraph.binding import bind
from sanctiongraph.errors import BadData
from sanctiongraph.law.joins import bound, joined, variables
from sanctiongraph.law.rules import Rule
from sanctiongraph.law.stages import staged
from sanctiongraph.law.subject import Subject, named_in, spoken_of

#: Values of the variables of a case.
Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A SELECT for variables of a case, and where among all of these they stand."""

    text: str
    names: tuple[str, ...]
    at: tuple[int, ...]


class Told:
    """What one graph has told to questions about all cases.

    Where a few triples are others, only what can look at them is asked anew.
    """

    def __init__(self) -> None:
        self._found: dict[str, list[Values]] = {}
        self._before: Told | None = None
        self._spoken: frozenset[str] = frozenset()
        self._subjects: dict[str, Subject] = {}

    def where(self, touched: Iterable[Triple]) -> Told:
        """Of the same graph, where whatever is otherwise is among these triples."""
        other = Told()
        other._before, other._spoken = self, spoken_of(touched)
        other._subjects = self._subjects
        return other

    def get(self, text: str) -> list[Values] | None:
        """The answer to a question, if it is known."""
        if text in self._found or self._before is None:
            return self._found.get(text)
        found = self._before.get(text)
        return None if found is None or self._subject(text).named_among(self._spoken) else found

    def put(self, text: str, found: list[Values]) -> None:
        """Keeps an answer, which is not changed any more."""
        self._found[text] = found

    def _subject(self, text: str) -> Subject:
        if text not in self._subjects:
            self._subjects[text] = named_in(text)
        return self._subjects[text]


class Fitting:
    """Asks the patterns of a rule for all cases at once.

    What fits a pattern gets its mark: a bit, kept by the variables of a case that the pattern
    looks at and their values. So a pattern costs what fits it, however many cases there are.
    """

    def __init__(
        self, rule: Rule, as_of: Literal, ask: Callable[[Asked], list[Values]], told: Told
    ) -> None:
        self._asks, self._as_of = rule.asks, as_of
        self._ask, self._told = ask, told
        self._cases = _or_as_it_is(_on_day(rule.case_pattern, as_of), rule.asks)
        self._marks: dict[tuple[int, ...], dict[Values, int]] = {}

    def cases(self) -> list[Values]:
        """All cases, in the order of their terms."""
        return self._answer(_select(self._asks, self._cases, f" ORDER BY {_listed(self._asks)}"))

    def mark(self, bit: int, pattern: str) -> None:
        """Sets the bit for whatever the pattern matches."""
        asked = _asked(_on_day(pattern, self._as_of), self._asks, self._cases)
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
        found = self._told.get(asked.text)
        if found is None:
            found = self._ask(asked)
            self._told.put(asked.text, found)
        return found


@lru_cache(maxsize=4096)  # the day is in it: some hundreds for each
def _asked(pattern: str, asks: tuple[str, ...], cases: str) -> Asked:
    """The question for the variables of a case that a pattern looks at, where it matches."""
    try:
        own = bound(pattern)
    except BadData:  # more than triples and filters: asked as it is, case by case
        where = f"{{ SELECT DISTINCT {_listed(asks)} WHERE {{ {cases} }} }}"
        return _select(asks, f"{where} FILTER EXISTS {{ {pattern} }}")
    looked_at = variables(pattern)
    names = tuple(name for name in asks if name in looked_at)
    if own.issuperset(names):
        where = staged(pattern, frozenset(names))
    else:
        distinct = f"{{ SELECT DISTINCT {_listed(names)} WHERE {{ {cases} }} }} "
        where = distinct + joined(pattern, frozenset(names))
    if not names:  # the same for every case
        return _select((), where, " LIMIT 1")
    return _select(names, where, at=tuple(map(asks.index, names)))


def _select(
    names: tuple[str, ...], where: str, tail: str = "", at: tuple[int, ...] | None = None
) -> Asked:
    asked = _listed(names) or "(1 AS ?found)"
    text = f"SELECT DISTINCT {asked} WHERE {{ {where} }}{tail}"
    return Asked(text, names, tuple(range(len(names))) if at is None else at)


def _listed(names: Iterable[str]) -> str:
    return " ".join(f"?{name}" for name in names)


@lru_cache(maxsize=4096)  # patterns are those of the law: some hundreds
def _on_day(pattern: str, as_of: Literal) -> str:
    return bind(pattern, {"asOf": as_of})


def _or_as_it_is(pattern: str, asks: tuple[str, ...]) -> str:
    try:
        return staged(pattern, frozenset(asks))
    except BadData:
        return pattern
