"""Scenarios: triples supposed and claims withdrawn, as values. Form: ``docs/scenarios.md``.

What comes of one is in ``supposition``; nothing here changes a store.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from sanctiongraph.errors import BadData, NotFound
from sanctiongraph.naming import name_blank_nodes
from sanctiongraph.reading import is_scenario_graph, with_date_bounds
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import PREFIXES, SCENARIOS_GRAPH, local_name, shorten, term

_TYPE: Final = term("rdf:type")
_SCENARIO: Final = term("sg:Scenario")
_ADDED: Final = "/added"
_WITHDRAWN: Final = "/withdrawn"
#: What the graphs of a scenario are called behind its IRI.
PARTS: Final = (_ADDED, _WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is supposed and what is left out of account; other scenarios' parts are in it already.

    ``withdraws`` are the IRIs of whole claims, ``withdrawn`` single triples. ``models`` are the
    courses of action whose effects it supposes, ``about`` the matters that it deals with.
    """

    iri: str
    label: str
    definition: str = ""
    models: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    extends: tuple[str, ...] = ()
    withdraws: tuple[str, ...] = ()
    added: tuple[Triple, ...] = ()
    withdrawn: tuple[Triple, ...] = ()

    @property
    def name(self) -> str:
        """The last part of the IRI, by which commands call it."""
        return local_name(self.iri)

    @property
    def added_graph(self) -> NamedNode:
        """The graph of what is supposed."""
        return NamedNode(self.iri + _ADDED)


def scenarios(store: GraphStore) -> list[Scenario]:
    """The named scenarios of a store, in the order of their IRIs."""
    known = _Described.of(store)
    return [_whole(known.read(iri), known) for iri in known.iris]


def scenario(store: GraphStore, name: str) -> Scenario:
    """A scenario by the last part of its IRI, its short form or its IRI. Raises ``NotFound``."""
    known = _Described.of(store)
    for iri in known.iris:
        if name in {local_name(iri), iri, shorten(iri)}:
            return _whole(known.read(iri), known)
    names = ", ".join(map(local_name, known.iris)) or "none"
    raise NotFound(f"no scenario is named {name!r}; there are: {names}")


def scenario_file(path: Path, store: GraphStore) -> Scenario:
    """The scenario of a TriG (or Turtle) file. Raises ``BadData`` and ``NotFound``."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise NotFound(f"the scenario file {path} cannot be read: {error.strerror}") from error
    return scenario_text(text, store, name=path.stem)


def scenario_text(text: str | bytes, store: GraphStore, *, name: str = "given") -> Scenario:
    """The one scenario that a TriG text describes; it may extend those of the store.

    Triples outside every graph are supposed by a scenario called ``name``, so that a few lines of
    Turtle are a scenario as well. Raises ``BadData`` where there is none, or more than one.
    """
    try:
        quads = list(parse(text, format=RdfFormat.TRIG))
    except (SyntaxError, ValueError) as error:
        raise BadData(f"the scenario does not parse: {error}") from error
    loose = f"{PREFIXES['scenario']}{_slug(name)}"
    own = [quad for quad in quads if isinstance(quad.graph_name, DefaultGraph)]
    if own:
        added = NamedNode(loose + _ADDED)
        about = Quad(NamedNode(loose), _TYPE, _SCENARIO, SCENARIOS_GRAPH)
        quads = [quad for quad in quads if not isinstance(quad.graph_name, DefaultGraph)]
        quads += [about, *(Quad(q.subject, q.predicate, q.object, added) for q in own)]
    for quad in quads:
        if quad.graph_name != SCENARIOS_GRAPH and not is_scenario_graph(quad.graph_name):
            raise BadData(
                f"the scenario has a graph {quad.graph_name}: only graph:scenarios and the "
                "scenario's /added and /withdrawn belong in it"
            )
    named = Store()
    named.extend(with_date_bounds(name_blank_nodes(quads)))
    given = _Described.of(named)
    if len(given.iris) != 1:
        described = ", ".join(map(local_name, given.iris)) or "none"
        raise BadData(f"describe one sg:Scenario in graph:scenarios; described: {described}")
    return _whole(given.read(given.iris[0]), given, _Described.of(store))


class _Described:
    """The scenarios that a store describes, each read by itself: most of them nobody asks for."""

    def __init__(self, store: GraphStore, about: Iterable[Quad]) -> None:
        self._store = store
        self._values: dict[tuple[str, str], list[NamedNode | Literal]] = {}
        self._read: dict[str, Scenario] = {}
        iris: set[str] = set()
        for quad in about:
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                key = quad.subject.value, quad.predicate.value
                self._values.setdefault(key, []).append(quad.object)
                if quad.predicate == _TYPE and quad.object == _SCENARIO:
                    iris.add(quad.subject.value)
        self.iris = sorted(iris)

    @classmethod
    def of(cls, store: GraphStore) -> _Described:
        """Reads what is known about each."""
        return cls(store, store.quads_for_pattern(None, None, None, SCENARIOS_GRAPH))

    def read(self, iri: str) -> Scenario:
        """One of them, with its own triples only."""
        if iri not in self._read:
            self._read[iri] = self._own(iri)
        return self._read[iri]

    def _own(self, iri: str) -> Scenario:
        return Scenario(
            iri=iri,
            label=self._english(iri, "rdfs:label") or local_name(iri),
            definition=self._english(iri, "skos:definition"),
            models=self._texts(iri, "sg:models"),
            about=self._texts(iri, "sg:about"),
            extends=self._texts(iri, "sg:extends"),
            withdraws=self._texts(iri, "sg:withdraws"),
            added=_triples(self._store, iri + _ADDED),
            withdrawn=_triples(self._store, iri + _WITHDRAWN),
        )

    def _texts(self, iri: str, name: str) -> tuple[str, ...]:
        return tuple(sorted(one.value for one in self._values.get((iri, term(name).value), ())))

    def _english(self, iri: str, name: str) -> str:
        for value in self._values.get((iri, term(name).value), ()):
            if isinstance(value, Literal) and value.language in {"en", None}:
                return value.value
        return ""


def _whole(one: Scenario, *described: _Described) -> Scenario:
    """The scenario with the parts of those that it extends, theirs first.

    They are looked for in what is described, where it is first.
    """
    read = {one.iri: one}
    parts: dict[str, Scenario] = {}

    def visit(iri: str, path: tuple[str, ...]) -> None:
        if iri in path:
            raise BadData(f"{shorten(iri)} extends itself")
        if iri not in read:
            known = next((some for some in described if iri in some.iris), None)
            if known is None:
                raise NotFound(f"{shorten(path[-1])} extends {shorten(iri)}, which there is not")
            read[iri] = known.read(iri)
        for parent in read[iri].extends:
            visit(parent, (*path, iri))
        parts.setdefault(iri, read[iri])

    visit(one.iri, ())
    return replace(
        one,
        withdraws=tuple(dict.fromkeys(iri for part in parts.values() for iri in part.withdraws)),
        added=tuple(dict.fromkeys(triple for part in parts.values() for triple in part.added)),
        withdrawn=tuple(
            dict.fromkeys(triple for part in parts.values() for triple in part.withdrawn)
        ),
    )


def _triples(store: GraphStore, graph: str) -> tuple[Triple, ...]:
    found = store.quads_for_pattern(None, None, None, NamedNode(graph))
    triples = [quad.triple for quad in found]
    if graph.endswith(_WITHDRAWN) and any(
        isinstance(end, BlankNode) for triple in triples for end in (triple.subject, triple.object)
    ):
        raise BadData(f"{graph}: a blank node cannot be withdrawn: name the date or place")
    return tuple(sorted(triples, key=str))


def _slug(name: str) -> str:
    return (
        "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in name) or "given"
    )
