"""What a graph holds, counted: the figures that VoID describes a dataset by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, QuerySolutions

from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import PREFIXES

_TOTALS: Final = """
SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
WHERE { ?s ?p ?o }"""
_ENTITIES: Final = """
SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s ?p ?o FILTER(STRSTARTS(STR(?s), $base)) }"""
_CLASSES: Final = """
SELECT ?part (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?part FILTER(isIRI(?part)) } GROUP BY ?part"""
_PROPERTIES: Final = "SELECT ?part (COUNT(*) AS ?n) WHERE { ?s ?part ?o } GROUP BY ?part"
_LINKS: Final = """
SELECT ?predicate ?s ?o WHERE {
  VALUES ?predicate { skos:exactMatch skos:closeMatch skos:broadMatch skos:narrowMatch skos:relatedMatch }
  ?s ?predicate ?o }"""
#: Datasets that links go to: how their identifiers begin, what they are called, where they live.
TARGETS: Final = (
    ("wikidata", PREFIXES["wd"], "https://www.wikidata.org/"),
    ("ofac", "https://sanctionssearch.ofac.treas.gov/", "https://sanctionssearch.ofac.treas.gov/"),
    ("opensanctions", "https://www.opensanctions.org/", "https://www.opensanctions.org/"),
    ("iso3166", "https://www.iso.org/obp/", "https://www.iso.org/iso-3166-country-codes.html"),
    ("geonames", "https://sws.geonames.org/", "https://www.geonames.org/"),
)


@dataclass(frozen=True, slots=True)
class Linkset:
    """Links to one other dataset by one predicate; counted are links, things and items."""

    target: str
    predicate: str
    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a default graph; classes and properties by IRI."""

    triples: int
    distinct_subjects: int
    distinct_objects: int
    #: Things whose IRIs are ours.
    entities: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    linksets: tuple[Linkset, ...]


def count(store: GraphStore, base: str) -> Figures:
    """Counts what is in the store's default graph; entities are those whose IRIs begin with ``base``."""
    totals = next(_rows(store, _TOTALS))
    entities = next(_rows(store, _ENTITIES.replace("$base", str(Literal(base)))))
    return Figures(
        triples=_number(totals["triples"]),
        distinct_subjects=_number(totals["subjects"]),
        distinct_objects=_number(totals["objects"]),
        entities=_number(entities["n"]),
        classes=_parts(store, _CLASSES),
        properties=_parts(store, _PROPERTIES),
        linksets=_linksets(store),
    )


def _parts(store: GraphStore, query: str) -> dict[str, int]:
    found = {_iri(row["part"]): _number(row["n"]) for row in _rows(store, query)}
    return dict(sorted(found.items()))


def _linksets(store: GraphStore) -> tuple[Linkset, ...]:
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in _rows(store, _LINKS):
        obj = _iri(row["o"])
        for target, start, _ in TARGETS:
            if obj.startswith(start):
                pairs = found.setdefault((target, _iri(row["predicate"])), [])
                pairs.append((_iri(row["s"]), obj))
    return tuple(
        Linkset(
            target, predicate, len(pairs), len({s for s, _ in pairs}), len({o for _, o in pairs})
        )
        for (target, predicate), pairs in sorted(found.items())
    )


def _rows(store: GraphStore, query: str) -> QuerySolutions:
    found = store.query(query, prefixes=PREFIXES)
    if not isinstance(found, QuerySolutions):  # a SELECT always gives solutions
        raise TypeError(type(found))
    return found


def _number(value: object) -> int:
    return int(value.value) if isinstance(value, Literal) else 0


def _iri(value: object) -> str:
    return value.value if isinstance(value, NamedNode) else ""
