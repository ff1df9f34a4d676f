"""The days on which a rule's answer for a case can change.

Between two days that a rule compares with ``$asOf`` its answer stays as it is. So the patterns are
relaxed: a filter with ``$asOf`` is left out and what it compares is asked for instead, and a
``FILTER NOT EXISTS`` with ``$asOf`` inside is looked for as if it were to be found. That gives more
days than needed at times, and never fewer.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from sanctiongraph.errors import BadData
from sanctiongraph.law import durations
from sanctiongraph.law.rules import Law, Rule
from sanctiongraph.law.tokens import AS_OF, TOKEN, VARIABLE, closed
from sanctiongraph.law.truthtable import GraphNames, columns_of, solutions
from sanctiongraph.stores.graphstore import GraphStore

Case = tuple[str, ...]

_CONSTANT: Final = re.compile(r"""["'](\d{4}-\d\d-\d\d)["']""")
_ONE_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A pattern without its comparisons with ``$asOf``, and the variables that these compare."""

    pattern: str
    days: tuple[str, ...]


def relax(pattern: str) -> list[Relaxed]:
    """The pattern itself first, relaxed, then one for each ``EXISTS`` in it that compares.

    Raises ``BadData`` where ``$asOf`` is used in another way than ``docs/law.md`` allows.
    """
    kept: list[str] = []
    days: dict[str, None] = {}
    inner: list[Relaxed] = []
    tokens = [token for token in TOKEN.findall(pattern) if not token.startswith("#")]
    at = 0
    while at < len(tokens):
        if tokens[at].upper() != "FILTER":
            kept.append(tokens[at])
            at += 1
            continue
        end = closed(tokens, at)
        if not any(AS_OF.fullmatch(token) for token in tokens[at:end]):
            kept += tokens[at:end]
        else:
            kept.append(
                " FILTER(true) "
            )  # in its place, so that what stands around it still parses
            names, groups = _compared(tokens[at:end])
            days.update(dict.fromkeys(names))
            inner += [one for group in groups for one in relax(group)]
        at = end
    if any(AS_OF.fullmatch(token) for token in kept):
        raise BadData(f"$asOf stands outside a FILTER in the pattern {pattern.strip()!r}")
    outer = "".join(kept)
    return [
        Relaxed(outer, tuple(days)),
        *(Relaxed(f"{outer} FILTER(true) {one.pattern}", one.days) for one in inner),
    ]


def _compared(tokens: list[str]) -> tuple[list[str], list[str]]:
    """The variables of a filter's expression, and the texts of the graph patterns in it."""
    names: list[str] = []
    groups: list[str] = []
    at = 0
    while at < len(tokens):
        if tokens[at] == "{":
            end = closed(tokens, at)
            groups.append("".join(tokens[at + 1 : end - 1]))
            at = end
            continue
        if VARIABLE.fullmatch(tokens[at]) and not AS_OF.fullmatch(tokens[at]):
            names.append(tokens[at][1:])
        at += 1
    return names, groups


@dataclass(frozen=True, slots=True)
class Changes:
    """On which days each column of a rule's truth table can change, by the column's name.

    ``always`` are the days that hold for every case, ``own`` those of each case that the rule has on
    some day. The column ``there`` is whether the rule has the case.
    """

    always: Mapping[str, set[dt.date]]
    own: Mapping[Case, Mapping[str, set[dt.date]]]

    def of(self, case: Case, column: str) -> list[dt.date]:
        """The days on which a column can change for a case, in order."""
        return sorted(self.always.get(column, set()) | self.own[case].get(column, set()))


THERE: Final = "there"
IN_FORCE: Final = "in force"


def changes(
    store: GraphStore, law: Law, rule: Rule, given: Mapping[str, str], graphs: GraphNames
) -> Changes:
    """The cases of a rule and the days on which its answers can change; ``given`` binds variables."""
    variables = " ".join(f"?{name}" for name in rule.asks)
    values = " ".join(f"VALUES ?{name} {{ {NamedNode(iri)} }}" for name, iri in given.items())
    there = relax(rule.case_pattern)
    cases = f"{{ SELECT DISTINCT {variables} WHERE {{ {values} {there[0].pattern} }} }}"
    own: dict[Case, dict[str, set[dt.date]]] = {}
    for solution in solutions(store, rule, f"SELECT {variables} WHERE {cases}", graphs):
        own[tuple(_text(solution[name]) for name in rule.asks)] = {}
    always = {THERE: _moving(rule.case_pattern), IN_FORCE: in_force(law, rule)}
    asked = [(THERE, values, one, shifts(rule.case_pattern)) for one in there]
    for column, patterns in columns_of(law, rule):
        for pattern in filter(AS_OF.search, patterns):
            always.setdefault(column, set()).update(_moving(pattern))
            asked += [(column, cases, one, shifts(pattern)) for one in relax(pattern)]
    for column, where, one, by in asked:
        if not one.days or not own:
            continue
        days = " ".join(f"?{name}" for name in one.days)
        text = f"SELECT DISTINCT {variables} {days} WHERE {{ {where} {one.pattern} }}"
        for solution in solutions(store, rule, text, graphs):
            columns = own.get(tuple(_text(solution[name]) for name in rule.asks))
            if columns is not None:
                found = moved(_days(solution[name] for name in one.days), by)
                columns.setdefault(column, set()).update(found)
    return Changes(always, {case: own[case] for case in sorted(own)})


def in_force(law: Law, rule: Rule) -> set[dt.date]:
    """The days on which the rule, or one that excepts from it, comes into force or goes out of it."""
    rules = [rule, *(law.rules[iri] for iri in rule.exceptions if iri in law.rules)]
    bounds = (day for one in rules for day in (one.in_force_from, one.in_force_until))
    return {dt.date.fromisoformat(day) for day in bounds if day}


def _moving(pattern: str) -> set[dt.date]:
    """The days on which what a pattern itself names can change its answer."""
    return moved(named_days(pattern), shifts(pattern))


def named_days(pattern: str) -> set[dt.date]:
    """The days that a pattern itself names."""
    return {dt.date.fromisoformat(day) for day in _CONSTANT.findall(pattern)}


def shifts(pattern: str) -> set[tuple[int, int]]:
    """By how many months and days a pattern moves a day, either way.

    Raises ``BadData`` for a duration that is not of whole days.
    """
    found = {(0, 0)}
    for one in durations.named_in(pattern):
        found |= {(one.months, one.days), (-one.months, -one.days)}
    return found


def moved(days: Iterable[dt.date], by: Iterable[tuple[int, int]]) -> set[dt.date]:
    """Each day, the day after, and the same moved; months have their ends, so with days to spare."""
    found = set()
    for day in days:
        for months, more in by:
            margin = range(-4, 5) if months else range(2)
            for step in margin:
                try:
                    found.add(_months_on(day, months) + dt.timedelta(days=more + step))
                except (OverflowError, ValueError):
                    continue  # before the first or after the last day of the calendar
    return found


def _months_on(day: dt.date, months: int) -> dt.date:
    years, month = divmod(day.month - 1 + months, 12)
    first = dt.date(day.year + years, month + 1, 1)
    following = dt.date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first.replace(day=min(day.day, (following - _ONE_DAY).day))


def _days(cells: Iterable[object]) -> Iterator[dt.date]:
    for cell in cells:
        if isinstance(cell, Literal) and _CONSTANT.fullmatch(f'"{cell.value}"'):
            yield dt.date.fromisoformat(cell.value)


def _text(cell: object) -> str:
    return str(getattr(cell, "value", ""))
