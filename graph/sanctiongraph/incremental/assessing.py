"""Assessments, kept up: of the cases that a change can reach, on each viewpoint."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Final

from pyoxigraph import NamedNode, Quad, Store, Triple

from sanctiongraph.incremental.cases import Reach, named
from sanctiongraph.incremental.change import ASSESSED
from sanctiongraph.incremental.overlay import DEFAULT, GraphName, Overlay, Wide
from sanctiongraph.increments import Increments
from sanctiongraph.law.days import Case
from sanctiongraph.law.rules import Law, Rule, read_law
from sanctiongraph.law.subject import subject_of
from sanctiongraph.outcomes import (
    assessment_triples,
    assessments_graph,
    days_described,
    ends_of,
    path_of,
)
from sanctiongraph.perspective import Perspective
from sanctiongraph.timeline import Timeline, each_timeline
from sanctiongraph.viewpoints import SOURCES, Viewpoint
from sanctiongraph.vocabulary import term

_ENDS: Final = (term("sg:holdsFrom"), term("sg:holdsUntil"))


class Assessing:
    """Brings the assessments on viewpoints to what the rules make of their graphs now."""

    def __init__(self, quads: Overlay) -> None:
        self._quads = quads
        self._law: Law = read_law(quads.base)
        self._reach = Reach(self._law)
        self._increments = Increments(quads.base).over(Store())

    def update(self, viewpoints: Collection[Viewpoint]) -> int:
        """Needs the viewpoints' graphs to be as they are now; returns how many cases that were."""
        graphs: list[GraphName] = [DEFAULT, *(one.graph for one in viewpoints)]
        changed = {quad.triple for quad in self._quads.touched() if quad.graph_name in graphs}
        before, now = (
            Wide(self._quads, graphs, ASSESSED, before=before) for before in (True, False)
        )
        reached = self._reach.cases(changed, before, now)
        if not reached:
            return 0
        excerpt = self._reach.excerpt(reached, now)
        rules = [
            (rule, {named(case) for case in reached[rule.iri]})
            for rule in self._reach.rules
            if rule.iri in reached
        ]
        plain = {rule.iri: self._lines(Perspective(excerpt), rule, cases) for rule, cases in rules}
        for one in viewpoints:
            own = excerpt.quads_for_pattern(None, None, None, one.graph)
            added = [quad.triple for quad in own]
            perspective = Perspective(excerpt, (DEFAULT, one.graph), one.name)
            lines: list[Timeline] = []
            old: set[Triple] = set()
            for rule, cases in rules:
                same = one.name == SOURCES or not subject_of(self._law, rule).touches(added)
                lines += plain[rule.iri] if same else self._lines(perspective, rule, cases)
                old |= self._there(one, rule, cases)
            new = {triple for line in lines for triple in assessment_triples(one, line)}
            self._replace(one, old, new, ends_of(lines))
        return sum(map(len, reached.values()))

    def _lines(
        self, perspective: Perspective, rule: Rule, cases: Collection[Case]
    ) -> list[Timeline]:
        return list(each_timeline(perspective, self._law, rule, {}, only=cases))

    def _there(self, viewpoint: Viewpoint, rule: Rule, cases: Iterable[Case]) -> set[Triple]:
        """What the graph of assessments says of these cases."""
        graph = assessments_graph(viewpoint.name)
        found: set[Triple] = set()
        for case in cases:
            path = path_of(viewpoint, rule, *case) + "/"
            by, value = (
                ("sg:assessedTransaction", case[1])
                if len(case) > 1
                else ("sg:assessedParty", case[0])
            )
            for quad in self._quads.quads(None, term(by), NamedNode(value), graph):
                node = quad.subject
                if not isinstance(node, NamedNode) or not node.value.startswith(path):
                    continue
                if "/" not in node.value[len(path) :]:  # else it is of another case
                    about = self._quads.quads(node, None, None, graph)
                    found.update(one.triple for one in about)
        return found

    def _replace(
        self, one: Viewpoint, old: set[Triple], new: set[Triple], days: set[dt.date]
    ) -> None:
        own = assessments_graph(one.name)
        graphs: list[GraphName] = [own, *([DEFAULT] if one.name == SOURCES else [])]
        new = {*new, *days_described(days, self._increments)}
        for graph in graphs:
            for triple in old - new:
                self._quads.remove(Quad(triple.subject, triple.predicate, triple.object, graph))
            for triple in new:
                self._quads.add(Quad(triple.subject, triple.predicate, triple.object, graph))
        left = {triple.object for triple in old - new if triple.predicate in _ENDS}
        for day in left:
            if isinstance(day, NamedNode) and not self._is_end(day, own):
                for quad in list(self._quads.quads(day, None, None, own)):
                    for graph in graphs:
                        self._quads.remove(Quad(quad.subject, quad.predicate, quad.object, graph))

    def _is_end(self, day: NamedNode, graph: NamedNode) -> bool:
        return any(
            next(self._quads.quads(None, end, day, graph), None) is not None for end in _ENDS
        )
