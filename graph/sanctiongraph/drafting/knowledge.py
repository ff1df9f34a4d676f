"""What the graph knows that helps to read a text: names, kinds, and what is said of which kind.

It is read from the data files, not from a built graph, so a source can be left out: a draft is
measured against claims that the draft has not seen.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from sanctiongraph.data import DataFolders
from sanctiongraph.links.identity import merges, unified
from sanctiongraph.reading import Kind, read_all
from sanctiongraph.vocabulary import PREFIXES, term

_LABEL, _ALIAS, _TYPE = term("rdfs:label"), term("skos:altLabel"), term("rdf:type")
_BELOW: Final = term("rdfs:subClassOf")
_DOMAIN, _RANGE = term("rdfs:domain"), term("rdfs:range")
_ADJECTIVE: Final = term("sg:adjective")
#: What has a name of its own, rather than a description that we gave it.
NAMED: Final = tuple(
    PREFIXES["sg"] + name
    for name in (
        "Person",
        "Body",
        "UnnamedGroup",
        "Office",
        "WeaponSystem",
        "Programme",
        "Location",
        "Act",
    )
)
_TIES: Final = (
    "sg:speaksFor",
    "sg:officeOf",
    "sg:locatedIn",
    "sg:agencyOf",
    "sg:ofSystem",
    "sg:develops",
    "sg:category",
)


@dataclass(frozen=True, slots=True)
class Known:
    """A thing of the graph: its names in all languages, and its classes with those above them."""

    iri: str
    label: str
    names: tuple[str, ...]
    kinds: frozenset[str]
    adjectives: tuple[str, ...] = ()

    def is_a(self, *names: str) -> bool:
        """Whether it is of one of these classes: ``is_a("Person", "Body")``."""
        return any(PREFIXES["sg"] + name in self.kinds for name in names)

    @property
    def named(self) -> bool:
        """Whether it goes by a name of its own."""
        return not self.kinds.isdisjoint(NAMED)


@dataclass(frozen=True, slots=True)
class Use:
    """That things of a class are said to have a property, with values of a class, so often."""

    property: str
    kind: str
    times: int


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The things by IRI, their ties by property, the classes' labels, and the uses of each class."""

    things: Mapping[str, Known]
    ties: Mapping[tuple[str, str], tuple[str, ...]]
    classes: Mapping[str, tuple[str, ...]]
    above: Mapping[str, frozenset[str]]
    uses: Mapping[str, tuple[Use, ...]]
    #: Properties of the ontology with the class of what has them and that of their values.
    declared: tuple[tuple[str, str, str], ...]
    #: By thing: what claims say of it, as pairs of a property and a thing.
    said: Mapping[str, frozenset[tuple[str, str]]]

    def tied(self, iri: str, name: str) -> tuple[str, ...]:
        """What a thing is tied to by a property such as ``sg:speaksFor``."""
        return self.ties.get((iri, name), ())

    def offices_of(self, person: str) -> list[str]:
        """The offices that claims have a person hold, at any time."""
        holder, office = term("sg:holder").value, term("sg:office").value
        holdings = [said for said in self.said.values() if (holder, person) in said]
        return sorted({value for said in holdings for name, value in said if name == office})

    def of_body(self, name: str, body: str) -> list[str]:
        """The things that a property ties to a body: its groups by ``sg:speaksFor``."""
        return sorted(one for (one, tie), to in self.ties.items() if tie == name and body in to)


def knowledge(folders: DataFolders, without: Iterable[str] = ()) -> Knowledge:
    """What the data files know, but for imported registers and the source folders in ``without``.

    Raises ``BadData`` where a file cannot be read.
    """
    left_out = {folders.sources / name for name in without}
    merged = merges(folders)
    quads: list[Quad] = []
    for file, found in read_all(folders):
        if file.kind in (Kind.SCENARIOS, Kind.WIKIDATA, Kind.LINKS, Kind.REGISTER):
            continue
        if left_out.isdisjoint(file.path.parents):
            quads += unified(found, merged) if merged else found
    return _known(quads)


def _known(quads: list[Quad]) -> Knowledge:
    names: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    adjectives: dict[str, list[str]] = defaultdict(list)
    types: dict[str, set[str]] = defaultdict(set)
    below: dict[str, set[str]] = defaultdict(set)
    ties: dict[tuple[str, str], list[str]] = defaultdict(list)
    tie_of = {term(name): name for name in _TIES}
    for quad in quads:
        subject = getattr(quad.subject, "value", "")
        if quad.predicate in (_LABEL, _ALIAS) and isinstance(quad.object, Literal):
            rank = int(quad.predicate == _ALIAS)
            names[subject].append((rank, quad.object.language or "", quad.object.value))
        elif quad.predicate == _ADJECTIVE and isinstance(quad.object, Literal):
            adjectives[subject].append(quad.object.value)
        elif isinstance(quad.object, NamedNode):
            if quad.predicate == _TYPE:
                types[subject].add(quad.object.value)
            elif quad.predicate == _BELOW:
                below[subject].add(quad.object.value)
            elif quad.predicate in tie_of:
                to = ties[subject, tie_of[quad.predicate]]
                if quad.object.value not in to:
                    to.append(quad.object.value)
    classes = {
        iri: tuple(text for _, language, text in sorted(found) if language == "en")
        for iri, found in names.items()
        if iri.startswith(PREFIXES["sg"])
    }
    above = {iri: _above(iri, below) for iri in classes}
    things = {
        iri: Known(
            iri,
            _label(found),
            tuple(dict.fromkeys(text for _, _, text in sorted(found))),
            frozenset().union(*(_above(kind, below) for kind in types[iri])),
            tuple(sorted(set(adjectives[iri]))),
        )
        for iri, found in sorted(names.items())
        if iri.startswith((PREFIXES["id"], PREFIXES["law"])) and types[iri]
    }
    said: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for quad in _claimed(quads):
        said[getattr(quad.subject, "value", "")].add(
            (quad.predicate.value, getattr(quad.object, "value", ""))
        )
    return Knowledge(
        things,
        {key: tuple(to) for key, to in ties.items()},
        classes,
        above,
        _uses(quads, types, above),
        _declared(quads),
        {iri: frozenset(found) for iri, found in said.items()},
    )


def _declared(quads: Iterable[Quad]) -> tuple[tuple[str, str, str], ...]:
    """Properties that have both a domain and a range of ours."""
    ends: dict[str, dict[NamedNode, str]] = defaultdict(dict)
    for quad in quads:
        value = getattr(quad.object, "value", "")
        if quad.predicate in (_DOMAIN, _RANGE) and value.startswith(PREFIXES["sg"]):
            ends[getattr(quad.subject, "value", "")].setdefault(quad.predicate, value)
    return tuple(
        (name, found[_DOMAIN], found[_RANGE])
        for name, found in sorted(ends.items())
        if len(found) == 2
    )


def _claimed(quads: Iterable[Quad]) -> Iterator[Quad]:
    """What claims say of things by way of other things."""
    for quad in quads:
        graph = quad.graph_name
        claimed = isinstance(graph, NamedNode) and graph.value.startswith(PREFIXES["claim"])
        if claimed and quad.predicate != _TYPE and isinstance(quad.object, NamedNode):
            yield quad


def _label(names: list[tuple[int, str, str]]) -> str:
    return min(names, key=lambda one: (one[0], one[1] != "en", one[2]))[2]


def _above(kind: str, below: Mapping[str, set[str]]) -> frozenset[str]:
    """A class with all above it."""
    found: set[str] = set()
    waiting = [kind]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += below.get(one, ())
    return frozenset(found)


def _uses(
    quads: list[Quad], types: Mapping[str, set[str]], above: Mapping[str, frozenset[str]]
) -> dict[str, tuple[Use, ...]]:
    """Of each class: the properties that claims give its things, the commonest first."""
    counted: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for quad in _claimed(quads):
        for kind in _narrowest(types.get(getattr(quad.subject, "value", ""), set()), above):
            for value in _narrowest(types.get(getattr(quad.object, "value", ""), set()), above):
                counted[kind][quad.predicate.value, value] += 1
    return {
        kind: tuple(
            Use(name, value, times)
            for (name, value), times in sorted(found.items(), key=lambda one: (-one[1], one[0]))
        )
        for kind, found in counted.items()
    }


def _narrowest(kinds: set[str], above: Mapping[str, frozenset[str]]) -> list[str]:
    return sorted(
        one
        for one in kinds
        if not any(other != one and one in above.get(other, ()) for other in kinds)
    )
