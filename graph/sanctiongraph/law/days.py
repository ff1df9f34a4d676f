"""The days on which a rule's answer for a case can change.

Between two days that a rule compares with ``$asOf`` its answer stays as it is. So the patterns are
relaxed and asked what they compare: see ``relaxing``. That gives more days than needed at times, and
never fewer.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from sanctiongraph.law.relaxing import moved, named_days, relax, shifts
from sanctiongraph.law.rules import Law, Rule
from sanctiongraph.law.tokens import AS_OF
from sanctiongraph.law.truthtable import GraphNames, columns_of, solutions
from sanctiongraph.stores.graphstore import GraphStore

Case = tuple[str, ...]

_CONSTANT: Final = re.compile(r"""["'](\d{4}-\d\d-\d\d)["']""")
_ONE_DAY: Final = dt.timedelta(days=1)


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


def _days(cells: Iterable[object]) -> Iterator[dt.date]:
    for cell in cells:
        if isinstance(cell, Literal) and _CONSTANT.fullmatch(f'"{cell.value}"'):
            yield dt.date.fromisoformat(cell.value)


def _text(cell: object) -> str:
    return str(getattr(cell, "value", ""))
