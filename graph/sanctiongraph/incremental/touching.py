"""Which patterns of rules a few changed triples can matter to.

What a pattern finds is otherwise only where a changed triple is part of something that it finds, or
found. So each triple that fits one of a pattern's is followed to the others, over what was there
before and what is there now, until all are found or one is missing. Filters are left out of account,
and what would take long is not followed to the end: then the pattern is taken to be touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from pyoxigraph import BlankNode, NamedNode, Triple

from sanctiongraph.incremental.change import NotBoundedError
from sanctiongraph.incremental.patterns import Conjunction, conjunctions
from sanctiongraph.incremental.surroundings import MOST, Key, Node, Surroundings
from sanctiongraph.law.subject import named_in
from sanctiongraph.matching import Terms, key_of

_NO_KEYS: Final[frozenset[Key]] = frozenset()


class Touched:
    """The triples that are believed otherwise, and what they matter to."""

    def __init__(
        self,
        triples: frozenset[Triple] = frozenset(),
        added: Iterable[Triple] = (),
        around: Surroundings | None = None,
    ) -> None:
        """``added`` are those that were not there before, ``around`` is what was."""
        self.triples = triples
        self._around = around
        said: dict[Any, list[tuple[Any, Any]]] = defaultdict(list)
        self._subjects: dict[Key, list[Any]] = defaultdict(list)
        for one in added:
            said[one.subject].append((one.predicate, one.object))
            self._subjects[one.predicate, one.object].append(one.subject)
        self._said = said
        self._nodes: dict[Any, Node] = {}
        self._by_key: dict[Key, set[Triple]] = defaultdict(set)
        for one in triples:
            self._by_key[one.predicate, None].add(one)
            self._by_key[key_of((one.subject, one.predicate, one.object))].add(one)
        self._known: dict[str, bool] = {}
        self._new: dict[Any, bool] = {}
        self._chosen: dict[tuple[Key, tuple[bool, bool]], list[Triple]] = {}

    def matters_to(self, pattern: str) -> bool:
        """Whether what the pattern of a rule finds may be otherwise."""
        if pattern not in self._known:
            self._known[pattern] = bool(self.triples) and self._matters_to(pattern)
        return self._known[pattern]

    def _matters_to(self, pattern: str) -> bool:
        try:
            places = _places(pattern)
        except NotBoundedError:  # of another form: told by the names in it
            return named_in(pattern).touches(self.triples)
        return any(
            self._joins(place, triple)
            for place in places
            for key in place.keys
            for triple in self._candidates(key, place.earlier)
        )

    def _candidates(self, key: Key, earlier: tuple[bool, bool]) -> list[Triple]:
        """The triples to be found by a key that may be where earlier ones of a conjunction have the
        subject's variable, or the object's.

        Of a thing of which nothing was said before, whatever a pattern finds has changed: it is
        enough to look from the first triple that has its variable.
        """
        if (key, earlier) not in self._chosen:
            self._chosen[key, earlier] = [
                one
                for one in (self.triples if key[0] is None else self._by_key.get(key, ()))
                if not any(
                    other and self._is_new(end)
                    for end, other in zip((one.subject, one.object), earlier, strict=True)
                )
            ]
        return self._chosen[key, earlier]

    def _joins(self, place: _Place, triple: Triple) -> bool:
        subject, obj = triple.subject, triple.object
        if not self._has(subject, place.of_subject) or not self._has(obj, place.of_object):
            return False
        values = place.found.fits(place.at, triple)
        return values is not None and _Search(self, place).joins(place.rest, values)

    def _is_new(self, thing: Any) -> bool:
        """Whether nothing was said of a thing before."""
        if thing not in self._new:
            self._new[thing] = isinstance(thing, NamedNode | BlankNode) and (
                self._around is None or self._around.is_unknown(thing)
            )
        return self._new[thing]

    def _has(self, thing: Any, keys: frozenset[Key]) -> bool:
        return not keys or keys <= self.node(thing).keys

    def node(self, thing: Any) -> Node:
        """What is said of a thing, before or now."""
        if thing not in self._nodes:
            self._nodes[thing] = self._node(thing)
        return self._nodes[thing]

    def _node(self, thing: Any) -> Node:
        if not isinstance(thing, NamedNode | BlankNode):
            return _NOTHING
        before = self._around.node(thing) if self._around else _NOTHING
        if thing not in self._said:
            return before
        pairs = [(one, obj) for one, objects in before.said.items() for obj in objects]
        return Node.of([*pairs, *self._said[thing]])

    def subjects(self, predicate: Any, obj: Any) -> list[Any]:
        """What has the property with that object, before or now; see ``Surroundings``."""
        before = self._around.subjects(predicate, obj) if self._around else []
        return [*before, *self._subjects.get((predicate, obj), ())]


_NOTHING: Final = Node.of(())


@dataclass(frozen=True, slots=True)
class _Place:
    """One triple of a conjunction, where a changed one may fit.

    ``of_subject`` and ``of_object`` are keys that its ends need to have besides.
    """

    found: Conjunction
    at: int
    rest: tuple[Terms, ...]
    keys: tuple[Key, ...]
    of_subject: frozenset[Key]
    of_object: frozenset[Key]
    #: The same of each variable of the conjunction.
    needed: Mapping[str, frozenset[Key]]
    #: Whether an earlier triple has the variable of the subject, and that of the object.
    earlier: tuple[bool, bool]


@lru_cache(maxsize=4096)  # patterns are those of the law: some hundreds
def _places(pattern: str) -> tuple[_Place, ...]:
    """Raises ``NotBoundedError`` for a pattern that has more than triples and filters."""
    found = []
    for one in conjunctions(pattern):
        needed: dict[str, set[Key]] = defaultdict(set)
        for subject, predicate, obj in one.triples:
            if isinstance(subject, str) and not isinstance(predicate, str):
                needed[subject].add((predicate, None if isinstance(obj, str) else obj))
        frozen = {name: frozenset(keys) for name, keys in needed.items()}
        for at in range(len(one.triples) - one.own, len(one.triples)):
            subject, _, obj = one.triples[at]
            before = {end for triple in one.triples[:at] for end in triple if isinstance(end, str)}
            found.append(
                _Place(
                    found=one,
                    at=at,
                    rest=one.triples[:at] + one.triples[at + 1 :],
                    keys=tuple(one.keys(at)),
                    of_subject=frozen.get(subject, _NO_KEYS),
                    of_object=frozen.get(obj, _NO_KEYS),
                    needed=frozen,
                    earlier=(subject in before, obj in before),
                )
            )
    return tuple(found)


class _Search:
    """Looks for the other triples of a conjunction."""

    def __init__(self, touched: Touched, place: _Place) -> None:
        self._touched, self._place = touched, place
        self._left = MOST

    def joins(self, rest: tuple[Terms, ...], values: Mapping[str, Any]) -> bool:
        """Whether all the rest are found with these values, as far as that is followed."""
        if not rest:
            return True
        at = max(range(len(rest)), key=lambda one: _held(rest[one], values))
        subject, predicate, obj = (
            values.get(end, end) if isinstance(end, str) else end for end in rest[at]
        )
        others = rest[:at] + rest[at + 1 :]
        if isinstance(predicate, str):
            predicates = self._place.found.listed.get(predicate)
        else:
            predicates = frozenset([predicate])
        if isinstance(subject, str) and (isinstance(obj, str) or predicates is None):
            return True
        for more in self._fitting(subject, predicates, obj):
            self._left -= 1
            if self._left < 0:
                return True
            ends = zip((subject, predicate, obj), more, strict=True)
            bound = {**values, **{end: term for end, term in ends if isinstance(end, str)}}
            if self._may_be(more, (subject, predicate, obj)) and self.joins(others, bound):
                return True
        return False

    def _fitting(
        self, subject: Any, predicates: frozenset[Any] | None, obj: Any
    ) -> Iterator[tuple[Any, Any, Any]]:
        """The triples that there are; of the ends at least one is known."""
        if isinstance(subject, str):
            for predicate in predicates or ():
                for one in self._touched.subjects(predicate, obj):
                    yield one, predicate, obj
            return
        node = self._touched.node(subject)
        for predicate in node.said if predicates is None else predicates:
            if isinstance(obj, str):
                for one in node.said.get(predicate, ()):
                    yield subject, predicate, one
            elif (predicate, obj) in node.keys:
                yield subject, predicate, obj

    def _may_be(self, terms: tuple[Any, Any, Any], triple: tuple[Any, Any, Any]) -> bool:
        """Whether new values of variables have what the conjunction needs of them."""
        if isinstance(triple[0], str) and triple[0] == triple[2] and terms[0] != terms[2]:
            return False
        return all(
            keys <= self._touched.node(terms[end]).keys
            for end in (0, 2)
            if isinstance(triple[end], str)
            and (keys := self._place.needed.get(triple[end], _NO_KEYS))
        )


def _held(triple: Terms, values: Mapping[str, Any]) -> int:
    """How closely a triple is held: by its subject more than by its object."""
    subject, _, obj = triple
    known = not isinstance(subject, str) or subject in values
    return 2 * known + (not isinstance(obj, str) or obj in values)
