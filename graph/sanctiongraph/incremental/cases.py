"""Which cases of the rules a change can reach, and an excerpt of the graph that decides them.

From each changed triple that fits a pattern the rest of the pattern is walked to the variables of
a case, over what was there before and what is there now. Of the cases found, everything that the
patterns of their rules look at is put into a small store, in which they are assessed as ever.

Both are done once for all viewpoints: their graphs are looked at together, which finds what each
alone would and may find more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any, Final

from pyoxigraph import NamedNode, Quad, Store, Triple

from sanctiongraph.incremental.change import NotBoundedError
from sanctiongraph.incremental.overlay import Wide
from sanctiongraph.incremental.patterns import Conjunction, conjunctions
from sanctiongraph.incremental.walking import Walker, Ways
from sanctiongraph.law.days import Case
from sanctiongraph.law.rules import Law, Rule
from sanctiongraph.matching import key_of

#: Cases beyond which assessing all of them anew costs no more.
MOST: Final = 20_000

#: A case as far as it is known: its values by variable.
_Part = frozenset[tuple[str, Any]]
_Place = tuple[str, Conjunction, int]


class Reach:
    """Where changed triples may fit the patterns of the rules."""

    def __init__(self, law: Law) -> None:
        self.rules = [law.rules[iri] for iri in sorted(law.rules)]
        self.patterns = {rule.iri: law.patterns_of(rule) for rule in self.rules}
        self._places: dict[tuple[Any, Any], list[_Place]] = defaultdict(list)
        for pattern in dict.fromkeys(one for some in self.patterns.values() for one in some):
            for found in conjunctions(pattern):
                for at in range(len(found.triples) - found.own, len(found.triples)):
                    for key in found.keys(at):
                        self._places[key].append((pattern, found, at))

    def cases(
        self, changed: Iterable[Triple], both: Wide, now: Wide
    ) -> dict[str, set[tuple[NamedNode, ...]]]:
        """The cases of each rule, by its IRI, that the changed triples may reach.

        ``both`` is the graph with all that was there before or is now, ``now`` what is there now.
        """
        fitting: dict[tuple[str, int, int], tuple[Conjunction, list[Mapping[str, Any]]]] = {}
        for triple in changed:
            terms = (triple.subject, triple.predicate, triple.object)
            for key in dict.fromkeys(((terms[1], None), key_of(terms), (None, None))):
                for pattern, found, at in self._places.get(key, ()):
                    if (values := found.fits(at, triple)) is not None:
                        place = pattern, id(found), at
                        fitting.setdefault(place, (found, []))[1].append(values)
        asked = {f"?{name}" for rule in self.rules for name in rule.asks}
        walker = Walker(both)
        parts: dict[str, set[_Part]] = defaultdict(set)
        for (pattern, _, at), (found, some_values) in fitting.items():
            names = tuple(dict.fromkeys(end for end in found.triples[at] if isinstance(end, str)))
            rows = {tuple(one[name] for name in names) for one in some_values}
            ways = walker.onward(found, at, Ways(names, rows), asked)
            parts[pattern] |= {frozenset(zip(ways.names, row, strict=True)) for row in ways.rows}
        walker = Walker(now)
        known: dict[tuple[str, _Part], set[tuple[NamedNode, ...]]] = {}
        reached: dict[str, set[tuple[NamedNode, ...]]] = {}
        for rule in self.rules:
            of_rule = {f"?{name}" for name in rule.asks}
            some = {
                frozenset(one for one in part if one[0] in of_rule)
                for pattern in self.patterns[rule.iri]
                for part in parts.get(pattern, ())
            }
            cases: set[tuple[NamedNode, ...]] = set()
            for part in _widest(some, len(of_rule)):
                key = rule.case_pattern, part
                if key not in known:
                    known[key] = _completed(rule, part, walker)
                cases |= known[key]
            if cases:
                reached[rule.iri] = cases
        if sum(map(len, reached.values())) > MOST:
            raise NotBoundedError(f"more than {MOST:,} cases are touched")
        return reached

    def excerpt(self, cases: Mapping[str, set[tuple[NamedNode, ...]]], now: Wide) -> Store:
        """All that the patterns of their rules look at for these cases, in the graphs where it is."""
        bindings: dict[str, set[_Part]] = defaultdict(set)
        for rule in self.rules:
            for pattern in self.patterns[rule.iri]:
                for case in cases.get(rule.iri, ()):
                    bindings[pattern].add(_named(rule, case))
        walker, seen = Walker(now), set[Quad]()
        for pattern, parts in bindings.items():
            for found in conjunctions(pattern):
                ends = {end for triple in found.triples for end in triple if isinstance(end, str)}
                starts: dict[tuple[str, ...], set[tuple[Any, ...]]] = defaultdict(set)
                for part in parts:
                    own = dict(sorted(one for one in part if one[0] in ends))
                    starts[tuple(own)].add(tuple(own.values()))
                for names, rows in starts.items():
                    walker.through(found, Ways(names, rows), (), seen)
        store = Store()
        store.bulk_extend(seen)
        return store


def named(case: Iterable[NamedNode]) -> Case:
    """A case by the IRIs of its values."""
    return tuple(one.value for one in case)


def _named(rule: Rule, case: tuple[NamedNode, ...]) -> _Part:
    return frozenset((f"?{name}", term) for name, term in zip(rule.asks, case, strict=True))


def _widest(parts: set[_Part], whole: int) -> Iterator[_Part]:
    """The parts without those that others of them include.

    A whole case stays: it may be one that was there and is no more, which no completing finds.
    """
    for part in parts:
        within = (frozenset(some) for size in range(len(part)) for some in combinations(part, size))
        if len(part) == whole or not any(one in parts for one in within):
            yield part


def _completed(rule: Rule, part: _Part, walker: Walker) -> set[tuple[NamedNode, ...]]:
    """The cases that a part of one belongs to: those that there may be now, and a whole one itself."""
    values = dict(sorted(part))
    names = tuple(f"?{name}" for name in rule.asks)
    ways = Ways(tuple(values), {tuple(values.values())})
    if len(values) < len(names):
        ways = walker.through(conjunctions(rule.case_pattern)[0], ways, names, None)
    if not ways.rows:
        return set()
    if set(ways.names) < set(names):
        raise NotBoundedError(f"{rule.name} has cases that its pattern does not bind")
    found = set()
    for row in ways.rows:
        of = dict(zip(ways.names, row, strict=True))
        case = tuple(of[name] for name in names)
        if not all(isinstance(one, NamedNode) for one in case):
            raise NotBoundedError(f"{rule.name} has a case without a name")
        found.add(case)
    return found
