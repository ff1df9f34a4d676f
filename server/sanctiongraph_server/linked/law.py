"""The law as pages show it: acts as their provisions, with the rules and conditions of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode

from sanctiongraph.law.rules import Law
from sanctiongraph.vocabulary import term
from sanctiongraph_server.linked.ahead import look_ahead
from sanctiongraph_server.linked.rules import ConditionShown, Mark, RuleReading, RuleShown
from sanctiongraph_server.linked.values import Value, Values, texts
from sanctiongraph_server.tasks import Opened, Seen, seen_of

_PROVISION_OF: Final = term("sg:provisionOf")
_DIGITS: Final = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class ProvisionShown:
    """A provision: where it stands in the act, our summary of it, and what is encoded of it."""

    thing: Value
    depth: int
    anchor: str
    aliases: tuple[Value, ...]
    summary: tuple[Value, ...]
    notes: tuple[Value, ...]
    mark: Mark | None
    texts: tuple[Value, ...]
    rules: tuple[RuleShown, ...]
    #: Conditions that it is the authority for, beside those of its own rules.
    conditions: tuple[ConditionShown, ...]


@dataclass(frozen=True, slots=True)
class LawShown:
    """What a page about an act, a provision, a rule or a condition has of the law."""

    act: Value | None
    provisions: tuple[ProvisionShown, ...]
    rule: RuleShown | None
    condition: ConditionShown | None
    used_by: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class ActShown:
    """An act in the list of all."""

    thing: Value
    names: tuple[Value, ...]
    provisions: int
    rules: int
    marks: tuple[tuple[Mark, int], ...]


@dataclass(frozen=True, slots=True)
class Acts(Seen):
    """All acts."""

    acts: tuple[ActShown, ...]


@dataclass(frozen=True, slots=True)
class ShowActs:
    """The acts that the graph knows, those with rules first."""

    language: str

    def perform(self, opened: Opened) -> Acts:
        """See ``tasks.Task``."""
        reading = LawReading(opened, Values(opened.store, self.language))
        acts = [
            reading.act_in_list(quad.subject)
            for quad in opened.store.quads_for_pattern(
                None, term("rdf:type"), term("sg:Act"), DefaultGraph()
            )
            if isinstance(quad.subject, NamedNode)
        ]
        acts.sort(key=lambda one: (-one.rules, -one.provisions, one.thing.text))
        return Acts(*seen_of(opened), tuple(acts))


class LawReading:
    """Reads the law of an open snapshot."""

    def __init__(self, opened: Opened, values: Values) -> None:
        self._store = opened.store
        self._law: Law = opened.reasoner().law
        self._values = values
        self._rules = RuleReading(opened.store, self._law, values)

    def of(self, node: NamedNode) -> LawShown | None:
        """What there is of the law to a thing; ``None`` where it is no part of it."""
        iri = node.value
        if rule := self._law.rules.get(iri):
            users = self._rules.with_exception(iri)
            return LawShown(None, (), self._rules.rule(rule, every=True), None, users)
        if condition := self._law.conditions.get(iri):
            users = self._rules.testing(iri)
            return LawShown(None, (), None, self._rules.condition(condition), users)
        kinds = self._values.own(node).get(term("rdf:type"), [])
        if not {term("sg:Act"), term("sg:Provision")}.isdisjoint(kinds):
            look_ahead(self._store, map(NamedNode, (*self._law.rules, *self._law.conditions)))
        if term("sg:Act") in kinds:
            provisions = self._provisions(node)
            return LawShown(None, tuple(map(self._provision, provisions)), None, None, ())
        if term("sg:Provision") in kinds:
            acts = self._values.own(node).get(_PROVISION_OF, [])
            act = next((self._values.of(one) for one in acts), None)
            below = [one for one in self._parts(node) if one != node]
            shown = tuple(map(self._provision, (node, *below)))
            return LawShown(act, shown, None, None, ())
        return None

    def act_in_list(self, act: NamedNode) -> ActShown:
        """An act with figures of what is encoded of it."""
        provisions = self._provisions(act)
        marks: dict[Mark, int] = {}
        for one in provisions:
            if mark := self._mark_of(one):
                marks[mark] = marks.get(mark, 0) + 1
        within = {one.value for one in (act, *provisions)}
        own = self._values.own(act)
        names = texts([*own.get(term("skos:altLabel"), []), *own.get(term("skos:notation"), [])])
        return ActShown(
            thing=self._values.of(act),
            names=tuple({one.text: one for one in reversed(names)}.values())[::-1],
            provisions=len(provisions),
            rules=sum(rule.provision in within for rule in self._law.rules.values()),
            marks=tuple(sorted(marks.items(), key=lambda one: -one[1])),
        )

    def _provisions(self, act: NamedNode) -> list[NamedNode]:
        quads = self._store.quads_for_pattern(None, _PROVISION_OF, act, DefaultGraph())
        found = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
        return sorted(found, key=_in_order)

    def _parts(self, provision: NamedNode) -> list[NamedNode]:
        quads = self._store.quads_for_pattern(None, term("sg:partOf"), provision, DefaultGraph())
        found = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
        return sorted(found, key=_in_order)

    def _provision(self, node: NamedNode) -> ProvisionShown:
        own = self._values.own(node)
        rules = [rule for rule in self._law.rules.values() if rule.provision == node.value]
        tested = {one.iri for rule in rules for one in self._law.conditions_of(rule)}
        others = [
            one
            for one in self._law.conditions.values()
            if one.provision == node.value and one.iri not in tested
        ]
        act = next(
            (one.value for one in own.get(_PROVISION_OF, []) if isinstance(one, NamedNode)), ""
        )
        path = node.value.removeprefix(act).strip("/")
        return ProvisionShown(
            thing=self._values.of(node),
            depth=path.count("/"),
            anchor=path.replace("/", "-"),
            aliases=texts(own.get(term("skos:altLabel"), [])),
            summary=texts(own.get(term("skos:definition"), [])),
            notes=texts(own.get(term("skos:scopeNote"), [])),
            mark=self._mark_of(node),
            texts=texts(own.get(term("schema:url"), [])),
            rules=tuple(self._rules.rule(one) for one in sorted(rules, key=lambda one: one.name)),
            conditions=tuple(map(self._rules.condition, sorted(others, key=lambda one: one.label))),
        )

    def _mark_of(self, node: NamedNode) -> Mark | None:
        marks = self._values.own(node).get(term("sg:verification"), [])
        return next(
            (self._rules.mark(one.value) for one in marks if isinstance(one, NamedNode)), None
        )


def _in_order(node: NamedNode) -> list[tuple[int, str]]:
    """Sections by their numbers: 9 before 10."""
    parts = _DIGITS.split(node.value)
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]
