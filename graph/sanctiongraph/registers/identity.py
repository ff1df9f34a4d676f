"""Which thing of the graph a register means, or that nobody can say without looking.

What is certain is taken; what is doubtful is queued and kept apart until a person decides, since a
wrong merge is worse than a missing one: it puts somebody else's name under a sanction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode
from rapidfuzz import fuzz, process

from sanctiongraph.names.comparison import compared
from sanctiongraph.names.folding import compact, folded
from sanctiongraph.names.index import NameIndex, Thing
from sanctiongraph.registers.meanings import Meant
from sanctiongraph.registers.specs import Certain, NodeSpec, ThingSpec
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import PREFIXES, term

#: From this score on a thing of the graph is worth a look; the comparison's own limit would queue
#: every aircraft that shares a word with another.
_WORTH_A_LOOK: Final = 82.0
#: How alike letters have to be for a name to be compared at all.
_ALIKE: Final = 70.0
_MOST: Final = 5
_TYPE: Final = term("rdf:type")

NEW: Final = "new"
DOUBTFUL: Final = "doubtful"


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    thing: Thing


class Identity:
    """Finds things of one graph, without those that the register itself brought into it."""

    def __init__(self, store: GraphStore, own: str) -> None:
        """``own`` is how the IRIs of the register's own things begin."""
        self._store = store
        self._own = own
        index = NameIndex.build(store)
        self._things = {one.iri: one for one in index.things() if not one.iri.startswith(own)}
        index.close()
        self._by_name: dict[str, dict[str, Thing]] = defaultdict(dict)
        self._names: list[_Name] = []
        for thing in self._things.values():
            for name in thing.names:
                self._by_name[compact(name.text)][thing.iri] = thing
                self._names.append(_Name(folded(name.text), thing))
        self._linked = {
            quad.object.value: quad.subject.value
            for quad in store.quads_for_pattern(None, term("skos:exactMatch"), None, DefaultGraph())
            if isinstance(quad.object, NamedNode) and isinstance(quad.subject, NamedNode)
        }
        self._choices: dict[tuple[str, ...], tuple[list[str], list[Thing]]] = {}

    def thing(
        self,
        spec: ThingSpec,
        classes: tuple[str, ...],
        names: Sequence[str],
        identifiers: Iterable[str],
        key: str,
    ) -> Meant:
        """The thing that is meant, as the mapping says what makes it certain."""
        like = spec.like or classes
        linked = {self._linked[one] for one in identifiers if one in self._linked}
        if len(linked) == 1:
            return Meant(linked.pop(), "identifier")
        if spec.coded is not None:
            coded = self._coded(spec.coded, key, like)
            if len(coded) == 1:
                return Meant(coded.pop(), "code")
        same = {
            thing.iri: thing
            for name in names
            for thing in self._by_name.get(compact(name), {}).values()
            if compact(name) and thing.is_of(like)
        }
        if spec.certain is Certain.NAME and len(same) == 1 and not linked:
            return Meant(next(iter(same)), "name")
        found = [
            *(
                (self._things[one], 100.0, "linked to its identifier")
                for one in linked
                if one in self._things
            ),
            *self._alike(names, like),
        ]
        best: dict[str, tuple[str, str, float, str]] = {}
        for thing, score, why in found:
            if thing.iri not in best or best[thing.iri][2] < score:
                best[thing.iri] = (thing.iri, thing.label(), score, why)
        ranked = sorted(best.values(), key=lambda one: (-one[2], one[0]))[:_MOST]
        return Meant(None, DOUBTFUL, tuple(ranked)) if ranked else Meant(None, NEW)

    def node(
        self, spec: NodeSpec, values: Sequence[tuple[str, Sequence[str]]], year: int | None
    ) -> Meant:
        """The thing of the node's class that has one of the values at each of these properties."""
        found: set[str] | None = None
        for property_, iris in values:
            having = {
                quad.subject.value
                for iri in iris
                for quad in self._store.quads_for_pattern(
                    None, NamedNode(property_), NamedNode(iri), DefaultGraph()
                )
                if isinstance(quad.subject, NamedNode)
            }
            found = having if found is None else found & having
            if not found:
                return Meant(None, NEW)
        fitting = sorted(
            one
            for one in found or ()
            if not one.startswith(self._own) and self._is_a(one, spec.kind)
        )
        if not fitting:
            return Meant(None, NEW)
        near = [one for one in fitting if self._near(one, spec, year)]
        if len(near) == 1:
            return Meant(near[0], "same values")
        why = "the year is another" if not near else "several have the same values"
        return Meant(
            None,
            DOUBTFUL,
            tuple((one, self._label(one), 90.0, why) for one in (near or fitting)[:_MOST]),
        )

    def is_own(self, iri: str) -> bool:
        """Whether it is a thing that the register itself brought along."""
        return iri.startswith(self._own)

    def label(self, iri: str) -> str:
        """The English label of a thing, else its name."""
        return self._label(iri)

    def has(self, iri: str) -> bool:
        """Whether the graph says anything of it."""
        found = self._store.quads_for_pattern(NamedNode(iri), None, None, DefaultGraph())
        return next(iter(found), None) is not None

    def _alike(
        self, names: Iterable[str], like: tuple[str, ...]
    ) -> Iterator[tuple[Thing, float, str]]:
        texts, things = self._choices_of(like)
        for name in names:
            for text, _, position in process.extract(
                folded(name), texts, scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE, limit=20
            ):
                match = compared(name, things[position])
                if match.score >= _WORTH_A_LOOK:
                    how = "the same name" if compact(name) == compact(text) else "a name like it"
                    yield match.thing, match.score, f"{how}: {name}"

    def _choices_of(self, like: tuple[str, ...]) -> tuple[list[str], list[Thing]]:
        if like not in self._choices:
            fitting = [one for one in self._names if one.text and one.thing.is_of(like)]
            self._choices[like] = [one.text for one in fitting], [one.thing for one in fitting]
        return self._choices[like]

    def _coded(self, property_: str, code: str, like: Collection[str]) -> set[str]:
        return {
            quad.subject.value
            for value in {code, code.upper()}
            for quad in self._store.quads_for_pattern(
                None, NamedNode(property_), Literal(value), DefaultGraph()
            )
            if isinstance(quad.subject, NamedNode)
            and quad.subject.value in self._things
            and self._things[quad.subject.value].is_of(like)
        }

    def _is_a(self, iri: str, class_: str) -> bool:
        found = self._store.quads_for_pattern(
            NamedNode(iri), _TYPE, NamedNode(class_), DefaultGraph()
        )
        return next(iter(found), None) is not None

    def _near(self, iri: str, spec: NodeSpec, year: int | None) -> bool:
        """Whether some event of the deal is near enough; where there is none, nothing is against it."""
        if spec.near is None or year is None:
            return True
        spans = list(self._years(iri, spec.near.events))
        reach = spec.near.years
        return not spans or any(first - reach <= year <= last + reach for first, last in spans)

    def _years(self, deal: str, events: Collection[str]) -> Iterator[tuple[int, int]]:
        for quad in self._store.quads_for_pattern(
            None, term("sg:ofDeal"), NamedNode(deal), DefaultGraph()
        ):
            event = quad.subject
            if not isinstance(event, NamedNode) or not any(
                self._is_a(event.value, one) for one in events
            ):
                continue
            for dated in self._store.quads_for_pattern(
                event, term("sg:date"), None, DefaultGraph()
            ):
                ends = [self._year(dated.object, name) for name in ("sg:earliest", "sg:latest")]
                if known := [one for one in ends if one is not None]:
                    yield min(known), max(known)

    def _year(self, date: object, bound: str) -> int | None:
        if isinstance(date, NamedNode):
            for quad in self._store.quads_for_pattern(date, term(bound), None, DefaultGraph()):
                if isinstance(quad.object, Literal):
                    return int(quad.object.value[:4])
        return None

    def _label(self, iri: str) -> str:
        if iri in self._things:
            return self._things[iri].label()
        for quad in self._store.quads_for_pattern(
            NamedNode(iri), term("rdfs:label"), None, DefaultGraph()
        ):
            if isinstance(quad.object, Literal) and quad.object.language == "en":
                return quad.object.value
        return iri.removeprefix(PREFIXES["id"])
