"""Timelines: the intervals on which a rule's outcome and level for a case held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pyoxigraph import NamedNode

from sanctiongraph.assessment import Level, Outcome, assessed, in_force_on, weightier
from sanctiongraph.law.cases import case_of
from sanctiongraph.law.days import IN_FORCE, THERE, Case, Changes, changes
from sanctiongraph.law.nesting import nested
from sanctiongraph.law.relaxing import as_of_literal
from sanctiongraph.law.rules import Law, Rule
from sanctiongraph.law.truthtable import is_true, row, solutions, tested
from sanctiongraph.perspective import Perspective
from sanctiongraph.vocabulary import called

_ONE_DAY = dt.timedelta(days=1)
#: Stands for all days where nothing ever changes.
_ANY_DAY = dt.date(2000, 1, 1)
#: How many cases one query asks for.
_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Period:
    """Days on end with one outcome and level: from ``since`` until the day before ``until``.

    Without ``since`` they have no beginning, without ``until`` no end. ``case`` says whether there
    was anything to ask the rule about: without a case it does not apply.
    """

    since: dt.date | None
    until: dt.date | None
    outcome: Outcome
    level: Level
    case: bool = True

    def holds_on(self, day: dt.date) -> bool:
        """Whether the day is one of them."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )


@dataclass(frozen=True, slots=True)
class Timeline:
    """The periods of a case, without gaps, or of a party over all its transactions."""

    rule: Rule
    party: str
    transaction: str | None
    periods: tuple[Period, ...]

    def on(self, day: dt.date) -> Period:
        """The period of a day."""
        return next(period for period in self.periods if period.holds_on(day))

    def to_json(self) -> dict[str, Any]:
        """As plain values for JSON; things by their short names."""
        return {
            "rule": self.rule.name,
            "party": called(self.party),
            "transaction": called(self.transaction) if self.transaction else None,
            "periods": [
                {
                    "from": period.since.isoformat() if period.since else None,
                    "until": period.until.isoformat() if period.until else None,
                    "outcome": period.outcome.value,
                    "level": period.level.value,
                    "case": period.case,
                }
                for period in self.periods
            ],
        }

    def to_text(self) -> str:
        """One line a period."""
        of = f", {called(self.transaction)}" if self.transaction else ""
        lines = [f"{self.rule.name}, {called(self.party)}{of}"]
        for period in self.periods:
            since = period.since.isoformat() if period.since else "ever"
            until = f"until {period.until.isoformat()}" if period.until else ""
            what = f"{period.outcome.value}, {period.level.value}" if period.case else "no case"
            lines.append(f"  from {since:10} {until:16} {what}")
        return "\n".join(lines)


_Value = tuple[Outcome, Level, bool]
_NO_CASE: _Value = (Outcome.DOES_NOT_APPLY, Level.NONE, False)


def timelines(
    perspective: Perspective,
    law: Law,
    rule: Rule,
    *,
    party: str | None = None,
    transaction: str | None = None,
) -> list[Timeline]:
    """The timeline of each case that fits, in the order of the cases; IRIs in full.

    A case is in it where the rule has it on any day.
    """
    return list(each_timeline(perspective, law, rule, case_of(rule, party, transaction)))


def each_timeline(
    perspective: Perspective,
    law: Law,
    rule: Rule,
    given: Mapping[str, str],
    *,
    only: Collection[Case] | None = None,
) -> Iterator[Timeline]:
    """The same, one after the other; ``given`` are values of the rule's variables.

    With ``only`` of no other cases than these.
    """
    found = changes(perspective.store, law, rule, given, perspective.graphs)
    cases = (case for case in found.own if only is None or case in only)
    while batch := list(islice(cases, _BATCH)):
        columns = _columns(perspective, law, rule, found, batch)
        read = _Reader(law, rule)
        for case in batch:
            own = {name: columns[name][case] for name in columns}
            in_force = [(day, None) for day in found.of(case, IN_FORCE)]
            days = sorted({day for changed in (*own.values(), in_force) for day, _ in changed})
            values = ((day, read.value(case, day, own)) for day in days)
            transaction = case[1] if len(case) > 1 else None
            yield Timeline(rule, case[0], transaction, tuple(_merged(values)))


def overall(timelines: list[Timeline]) -> Timeline | None:
    """The timeline of the case that matters most to the party, day by day; ``None`` of nothing."""
    if not timelines:
        return None
    first = timelines[0]
    starts = {period.since for one in timelines for period in one.periods if period.since}
    begin = min(starts, default=_ANY_DAY) - _ONE_DAY
    values = []
    for day in [begin, *sorted(starts)]:
        of_day = [period for one in timelines if (period := one.on(day)).case]
        best = min(of_day, key=lambda one: weightier(one.level, one.outcome), default=None)
        values.append((day, (best.outcome, best.level, True) if best else _NO_CASE))
    return Timeline(first.rule, first.party, None, tuple(_merged(values)))


def to_json(
    found: list[Timeline], *, rule: Rule, party: str, perspective: Perspective
) -> dict[str, Any]:
    """A rule's timelines for a party as plain values for JSON."""
    whole = overall(found)
    return {
        "rule": rule.name,
        "party": called(party),
        "viewpoint": perspective.viewpoint,
        "scenario": perspective.scenario,
        "overall": whole.to_json()["periods"] if whole else [],
        "timelines": [one.to_json() for one in found],
    }


#: A column of one case: what it is from each day on, in order.
_Column = list[tuple[dt.date, Any]]


def _columns(
    perspective: Perspective, law: Law, rule: Rule, found: Changes, cases: list[Case]
) -> dict[str, dict[Case, _Column]]:
    """Each column of the truth table for the cases, asked for on the days when it can change."""
    tests = {
        THERE: f"EXISTS {{ {nested(rule.case_pattern, (*rule.asks, 'asOf'))} }}",
        **tested(law, rule),
    }
    alike: dict[Any, list[str]] = {}
    for name in tests:
        days = tuple(tuple(found.of(case, name)) for case in cases)
        alike.setdefault(days, []).append(name)
    columns: dict[str, dict[Case, _Column]] = {name: {} for name in tests}
    for days, names in alike.items():
        asked = [
            (case, day)
            for case, own in zip(cases, days, strict=True)
            for day in (own[0] - _ONE_DAY if own else _ANY_DAY, *own)
        ]
        for case, day, cells in _asked(perspective, rule, asked, {n: tests[n] for n in names}):
            for name in names:
                columns[name].setdefault(case, []).append((day, cells[name]))
    return columns


def _asked(
    perspective: Perspective,
    rule: Rule,
    asked: Sequence[tuple[Case, dt.date]],
    tests: Mapping[str, str],
) -> Iterator[tuple[Case, dt.date, Mapping[str, Any]]]:
    """The tests for each case and day, in the order asked."""
    names = (*rule.asks, "asOf")
    variables = " ".join(f"?{name}" for name in names)
    values = "\n".join(
        f"({' '.join(str(NamedNode(iri)) for iri in case)} {as_of_literal(day)})"
        for case, day in asked
    )
    binds = "\n".join(f"BIND({test} AS ?{name})" for name, test in tests.items())
    columns = " ".join(f"?{name}" for name in tests)
    text = f"SELECT {variables} {columns} WHERE {{ VALUES ({variables}) {{ {values} }}\n{binds} }}"
    found = {}
    for solution in solutions(perspective.store, rule, text, perspective.graphs):
        cells = {name: solution[name] for name in (*names, *tests)}
        day = dt.date.fromisoformat(cells["asOf"].value)
        found[tuple(cells[name].value for name in rule.asks), day] = cells
    for case, day in asked:
        yield case, day, found[case, day]


class _Reader:
    """What a rule comes to for the columns of a case on a day; alike lines are worked out once."""

    def __init__(self, law: Law, rule: Rule) -> None:
        self._law = law
        self._rule = rule
        self._conditions = law.conditions_of(rule)
        self._in_force = [rule, *(law.rules[iri] for iri in rule.exceptions if iri in law.rules)]
        self._known: dict[Any, _Value] = {}

    def value(self, case: Case, day: dt.date, own: Mapping[str, _Column]) -> _Value:
        """The value of a day, each column standing as it was last found."""
        cells = {name: _standing(column, day) for name, column in own.items()}
        if not is_true(cells[THERE]):
            return _NO_CASE
        key = (*cells.values(), *(in_force_on(one, day) for one in self._in_force))
        if key not in self._known:
            bound = {name: NamedNode(iri) for name, iri in zip(self._rule.asks, case, strict=True)}
            line = row(self._rule, self._conditions, bound | cells)
            one = assessed(self._law, self._rule, day, line)
            self._known[key] = (one.outcome, one.level, True)
        return self._known[key]


def _standing(column: _Column, day: dt.date) -> Any:
    """The last value that is not later than the day; the first where all are."""
    value = column[0][1]
    for since, later in column:
        if since > day:
            break
        value = later
    return value


def _merged(
    values: Iterable[tuple[dt.date, _Value]],
) -> Iterator[Period]:
    """Days in order, the first standing for all days before the second, as maximal periods."""
    starts: list[tuple[dt.date | None, _Value]] = []
    for day, value in values:
        if not starts:
            starts.append((None, value))
        elif starts[-1][1] != value:
            starts.append((day, value))
    ends = [since for since, _ in starts[1:]] + [None]
    for (since, (outcome, level, case)), until in zip(starts, ends, strict=True):
        yield Period(since, until, outcome, level, case)
