"""Candidates for links: items of Wikidata that may be what a thing of the graph is.

Found by label and alias in every language of the graph, and weighed by how alike the names are, in
how many languages they agree, whether the item is of a kind that fits, and whether it is tied to
items that the thing's neighbours are linked to. What comes out are rows for a person to review;
nothing goes into the graph by itself.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode

from sanctiongraph.links.check import OBJECT_KINDS
from sanctiongraph.links.endpoint import Dataset, Extract, Row
from sanctiongraph.links.sssom import Link
from sanctiongraph.names.comparison import alikeness
from sanctiongraph.names.folding import folded
from sanctiongraph.names.index import NameIndex, Thing
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import PREFIXES, shorten

_LEXICAL: Final = PREFIXES["semapv"] + "LexicalMatching"
_EXACT: Final = PREFIXES["skos"] + "exactMatch"
_ITEM: Final = PREFIXES["wd"] + "Q"
#: What each reason can add to a confidence at the most.
_NAME: Final = 0.7
_LANGUAGES: Final = 0.1
_KIND: Final = 0.12
_NEIGHBOURS: Final = 0.08
#: A candidate of another kind loses this much.
_WRONG_KIND: Final = 0.25
#: What is below is not written down.
LEAST: Final = 0.65
_BATCH: Final = 60
#: What an item is an instance of (P31) where it is such a thing. The items are those of
#: ``graph/links/wikidata.sssom.tsv`` for classes, and classes seen on linked items' statements.
_INSTANCE_OF: Final[Mapping[str, frozenset[str]]] = {
    "sg:State": frozenset({"Q3624078", "Q6256"}),
    "sg:Person": frozenset({"Q5"}),
    "sg:Office": frozenset({"Q4164871"}),
    "sg:Legislature": frozenset({"Q11204"}),
    "sg:WeaponSystem": frozenset({"Q2538984"}),
    "sg:NewsOrganisation": frozenset({"Q192283"}),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item with its names, what it is an instance of, and what it is tied to."""

    item: str
    names: frozenset[tuple[str, str]]
    kinds: frozenset[str] = frozenset()
    tied: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A candidate for a thing, with its confidence and the reasons that make it up."""

    thing: str
    item: str
    confidence: float
    reasons: tuple[tuple[str, float], ...]
    label: str

    def link(self, thing_label: str, category: str, on: dt.date) -> Link:
        """As a row to review; the reasons stand in the comment."""
        reasons = ", ".join(f"{name} {points:+.2f}" for name, points in self.reasons)
        return Link(
            subject=self.thing,
            predicate=_EXACT,
            object=self.item,
            justification=_LEXICAL,
            author="sanctiongraph link propose",
            date=on,
            confidence=self.confidence,
            evidence=f"to review: {reasons}",
            subject_label=thing_label,
            subject_category=category,
            object_label=self.label,
        )


@dataclass(slots=True)
class Proposer:
    """Proposes items for things of a store, asking a dataset.

    ``linked`` gives the item of each thing that has one already; what is proposed is never one of
    those items.
    """

    store: GraphStore
    dataset: Dataset
    linked: Mapping[str, str]
    _index: NameIndex | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        if isinstance(self.dataset, Extract):
            self._index = NameIndex.build(self.dataset.store, kinds="wdt:P31", below=_ITEM)

    def proposals(self, things: Sequence[Thing], most: int = 3) -> list[Proposal]:
        """The best candidates of each thing, things in their order. Raises ``RemoteFailed``."""
        found: list[Proposal] = []
        for at in range(0, len(things), _BATCH):
            batch = things[at : at + _BATCH]
            candidates = self._candidates(batch)
            for thing in batch:
                weighed = [self._weighed(thing, one) for one in candidates[thing.iri]]
                fitting = [one for one in weighed if one.confidence >= LEAST]
                fitting.sort(key=lambda one: (-one.confidence, one.item))
                found += fitting[:most]
        return found

    def _candidates(self, things: Sequence[Thing]) -> dict[str, list[Candidate]]:
        taken = set(self.linked.values())
        items: dict[str, set[str]] = defaultdict(set)
        for thing in things:
            if self._index is not None:
                for name in thing.names:
                    items[thing.iri] |= {one.iri for one in self._index.candidates(name.text, 20)}
        if self._index is None:
            items = self._by_name(things)
        asked = sorted(set().union(*items.values()) - taken) if items else []
        described = self._described(asked)
        return {
            thing.iri: [described[item] for item in sorted(items[thing.iri]) if item in described]
            for thing in things
        }

    def _by_name(self, things: Sequence[Thing]) -> dict[str, set[str]]:
        """The items of an endpoint that bear one of the names, to the letter."""
        owners: dict[tuple[str, str], list[str]] = defaultdict(list)
        for thing in things:
            for name in thing.names:
                owners[name.text, name.language or "en"].append(thing.iri)
        items: dict[str, set[str]] = defaultdict(set)
        literals = " ".join(str(Literal(text, language=lang)) for text, lang in sorted(owners))
        for row in self.dataset.select(
            f"SELECT DISTINCT ?item ?name WHERE {{ VALUES ?name {{ {literals} }}"
            " { ?item rdfs:label ?name } UNION { ?item skos:altLabel ?name }"
            f' FILTER(STRSTARTS(STR(?item), "{_ITEM}")) }} LIMIT 5000'
        ):
            found = row["name"]
            if isinstance(found, Literal):
                for iri in owners.get((found.value, found.language or "en"), ()):
                    items[iri].add(_iri(row, "item"))
        return items

    def _described(self, items: Sequence[str]) -> dict[str, Candidate]:
        names: dict[str, set[tuple[str, str]]] = defaultdict(set)
        kinds: dict[str, set[str]] = defaultdict(set)
        tied: dict[str, set[str]] = defaultdict(set)
        for at in range(0, len(items), _BATCH):
            values = " ".join(str(NamedNode(item)) for item in items[at : at + _BATCH])
            for row in self.dataset.select(
                f"SELECT ?item ?name WHERE {{ VALUES ?item {{ {values} }}"
                " { ?item rdfs:label ?name } UNION { ?item skos:altLabel ?name } }"
            ):
                if isinstance(name := row["name"], Literal):
                    names[_iri(row, "item")].add((name.value, name.language or ""))
            for row in self.dataset.select(
                f"SELECT ?item ?property ?other WHERE {{ VALUES ?item {{ {values} }}"
                " { ?item ?property ?other } UNION { ?other ?property ?item }"
                f' FILTER(STRSTARTS(STR(?property), "{PREFIXES["wdt"]}") && STRSTARTS(STR(?other), "{_ITEM}")) }}'
            ):
                item, other = _iri(row, "item"), _iri(row, "other")
                instance = _iri(row, "property") == PREFIXES["wdt"] + "P31"
                (kinds if instance else tied)[item].add(other)
        return {
            item: Candidate(
                item, frozenset(names[item]), frozenset(kinds[item]), frozenset(tied[item])
            )
            for item in items
            if names[item]
        }

    def _weighed(self, thing: Thing, one: Candidate) -> Proposal:
        best = max(
            (alikeness(name.text, text), text) for name in thing.names for text, _ in one.names
        )
        theirs = {(folded(text), language) for text, language in one.names}
        agreeing = {n.language for n in thing.names if (folded(n.text), n.language) in theirs}
        reasons = [
            ("name", round(_NAME * best[0], 3)),
            ("languages", round(_LANGUAGES * min(len(agreeing), 2) / 2, 3)),
            ("kind", _kind(thing, one)),
            ("neighbours", self._neighbourly(thing, one)),
        ]
        confidence = round(min(0.99, max(0.0, sum(points for _, points in reasons))), 3)
        return Proposal(thing.iri, one.item, confidence, tuple(reasons), best[1])

    def _neighbourly(self, thing: Thing, one: Candidate) -> float:
        node = NamedNode(thing.iri)
        near = {
            quad.object for quad in self.store.quads_for_pattern(node, None, None, DefaultGraph())
        }
        near |= {
            quad.subject for quad in self.store.quads_for_pattern(None, None, node, DefaultGraph())
        }
        items = {self.linked.get(getattr(other, "value", "")) for other in near} - {None}
        return _NEIGHBOURS if items & one.tied else 0.0


def candidates_for_links(store: GraphStore, linked: Iterable[str]) -> list[Thing]:
    """The things that should have an item and have none: what lasts, in the order of their IRIs."""
    wanted = frozenset(
        PREFIXES["sg"] + name
        for name in ("Person", "Body", "Office", "WeaponSystem", "Programme", "Location", "Act")
    )
    index = NameIndex.build(store)
    known = set(linked)
    found = [one for one in index.things() if one.classes & wanted and one.iri not in known]
    index.close()
    return sorted(found, key=lambda one: one.iri)


def category(thing: Thing) -> str:
    """The class of ours by which a thing's kind is compared; empty where none is."""
    names = sorted(shorten(one) for one in thing.classes)
    return next((name for name in names if name in OBJECT_KINDS), "")


def _kind(thing: Thing, one: Candidate) -> float:
    """What the item's kind says: for it, against it, or nothing where either is not known."""
    wanted = {
        PREFIXES["wd"] + item
        for name in (shorten(kind) for kind in thing.classes)
        for item in _INSTANCE_OF.get(name, ())
    }
    if not wanted or not one.kinds:
        return 0.0
    known = {PREFIXES["wd"] + item for items in _INSTANCE_OF.values() for item in items}
    if wanted & one.kinds:
        return _KIND
    return -_WRONG_KIND if one.kinds & known else 0.0


def _iri(row: Row, name: str) -> str:
    value = row[name]
    return value.value if isinstance(value, NamedNode) else ""
