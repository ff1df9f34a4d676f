"""Which dates make the difference between two days, and whose word they rest on.

Between two days a condition changes on the days that its patterns compare with ``$asOf``. Those on
which it does change are found by asking on the day before as well; the dates that name them are
ground triples, which rest on claims, on the law, or stand in the pattern itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, QueryTriples, Triple

from sanctiongraph.assessment import assess
from sanctiongraph.beliefs import accepted
from sanctiongraph.binding import parts_of
from sanctiongraph.causes import aspects
from sanctiongraph.datenotes import BOUNDS, EDTF, DateNote, date_note
from sanctiongraph.law.days import in_force
from sanctiongraph.law.relaxing import moved, named_days, relax, shifts
from sanctiongraph.law.rules import Law, Rule
from sanctiongraph.law.telling import Told
from sanctiongraph.law.tokens import AS_OF
from sanctiongraph.perspective import Perspective
from sanctiongraph.resting import Aspects
from sanctiongraph.vocabulary import PREFIXES

_ONE_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date on which aspects of a conclusion changed.

    ``changes`` are the aspects by name, each with the day of its change. ``edtf`` is the date as it
    is written, ``inferred`` why where it was inferred, ``claims`` those that give it. Without claims
    it is a day that the law itself names.
    """

    edtf: str
    inferred: str | None
    claims: tuple[str, ...]
    changes: Mapping[str, dt.date]


def dates_between(
    perspective: Perspective,
    law: Law,
    rule: Rule,
    case: Mapping[str, str],
    names: Collection[str],
    days: tuple[dt.date, dt.date],
    told: Told | None = None,
) -> tuple[Dated, ...]:
    """The dates after the first day, up to the second, by which these aspects came to differ.

    With ``told`` all cases are asked about, and what the perspective told is not asked again.
    """
    return _Between(perspective, law, rule, case, days, told).found(names)


@dataclass(frozen=True, slots=True)
class _Bound:
    """A day that a pattern compares: of a date node of the graph, or of the law."""

    day: dt.date
    node: NamedNode | None


class _Between:
    """One case between two days."""

    def __init__(
        self,
        perspective: Perspective,
        law: Law,
        rule: Rule,
        case: Mapping[str, str],
        days: tuple[dt.date, dt.date],
        told: Told | None,
    ) -> None:
        self._perspective = perspective
        self._law = law
        self._rule = rule
        self._case = case
        self._first, self._last = sorted(days)
        self._told = told
        self._drawn: dict[dt.date, Aspects] = {}
        self._believed = set(perspective.beyond_facts())

    def found(self, names: Collection[str]) -> tuple[Dated, ...]:
        changes: dict[_Bound, dict[str, dt.date]] = {}
        for name in names:
            for pattern in self._patterns(name):
                for bound in self._bounds(pattern):
                    for day in sorted(moved([bound.day], shifts(pattern))):
                        if self._first < day <= self._last and self._changed(name, day):
                            changes.setdefault(bound, {}).setdefault(name, day)
            for day in self._in_force(name):
                changes.setdefault(_Bound(day, None), {}).setdefault(name, day)
        # A date's two bounds are one date, if they are of one day.
        told: dict[tuple[str, NamedNode | None, str | None], dict[str, dt.date]] = {}
        for bound, changed in changes.items():
            note = self._note(bound)
            told.setdefault((note.edtf, bound.node, note.inferred), {}).update(changed)
        return tuple(
            Dated(edtf, inferred, self._claims(node) if node else (), changed)
            for (edtf, node, inferred), changed in sorted(told.items(), key=str)
        )

    def _note(self, bound: _Bound) -> DateNote:
        """The date as it is written, else the day."""
        note = date_note(self._perspective.store, bound.node) if bound.node else None
        return note or DateNote(bound.day.isoformat(), None)

    def _patterns(self, name: str) -> Iterator[str]:
        """The patterns that an aspect hangs on by itself; an outcome hangs on its conditions."""
        if name == "case":
            yield self._rule.case_pattern
        elif name == "level":
            yield from self._rule.sanctioned_by
        elif condition := self._law.conditions.get(name):
            yield from (*condition.established_by, *condition.refuted_by)

    def _in_force(self, name: str) -> Iterator[dt.date]:
        if name != "outcome":
            return
        for day in sorted(in_force(self._law, self._rule)):
            if self._first < day <= self._last and self._changed(name, day):
                yield day

    def _bounds(self, pattern: str) -> Iterator[_Bound]:
        if not AS_OF.search(pattern):
            return
        yield from (_Bound(day, None) for day in sorted(named_days(pattern)))
        seen: set[_Bound] = set()
        for one in relax(pattern):
            if not one.days:
                continue
            for triple in self._matched(one.pattern):
                if triple.predicate in BOUNDS and isinstance(triple.object, Literal):
                    node = triple.subject if isinstance(triple.subject, NamedNode) else None
                    seen.add(_Bound(dt.date.fromisoformat(triple.object.value), node))
        yield from sorted(seen, key=str)

    def _matched(self, pattern: str) -> list[Triple]:
        template = parts_of(pattern).triples
        if not template:
            return []
        values = " ".join(
            f"VALUES ?{name} {{ {NamedNode(iri)} }}" for name, iri in self._case.items()
        )
        found = self._perspective.store.query(
            f"CONSTRUCT {{ {template} }} WHERE {{ {values} {pattern} }}",
            prefixes=PREFIXES,
            default_graph=list(self._perspective.graphs),
        )
        assert isinstance(found, QueryTriples)
        return list(found)

    def _changed(self, name: str, day: dt.date) -> bool:
        return self._on(day - _ONE_DAY).get(name) != self._on(day).get(name)

    def _on(self, day: dt.date) -> Aspects:
        if day not in self._drawn:
            store, graphs = self._perspective.store, self._perspective.graphs
            found = assess(
                store,
                self._law,
                self._rule,
                day,
                case=self._case,
                graphs=graphs,
                told=self._told,
            )
            self._drawn[day] = aspects(found[0] if found else None)
        return self._drawn[day]

    def _claims(self, node: NamedNode) -> tuple[str, ...]:
        """The claims that are believed and give the date."""
        store = self._perspective.store
        graphs = {
            quad.graph_name
            for quad in store.quads_for_pattern(node, EDTF, None, None)
            if isinstance(quad.graph_name, NamedNode)
        }
        return tuple(sorted(one.value for one in graphs if accepted(store, one, self._believed)))
