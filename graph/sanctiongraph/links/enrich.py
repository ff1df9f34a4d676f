"""What Wikidata says of linked items: labels, descriptions, coordinates, images, dates.

It goes into a graph of its own, ``graph/wikidata``, about the items and not about our things, with
where it came from and when: what another dataset says is never mixed with what sources claim.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from sanctiongraph.data import DataFolders
from sanctiongraph.links.endpoint import Dataset, Row
from sanctiongraph.links.sssom import link_sets
from sanctiongraph.vocabulary import PREFIXES, WIKIDATA_GRAPH, term

#: Statements taken as they are: coordinates, image, inception, end, start, point in time, birth, death.
STATEMENTS: Final = (
    "wdt:P625",
    "wdt:P18",
    "wdt:P571",
    "wdt:P576",
    "wdt:P580",
    "wdt:P582",
    "wdt:P585",
    "wdt:P569",
    "wdt:P570",
)
_CC0: Final = NamedNode("https://creativecommons.org/publicdomain/zero/1.0/")
#: Wikidata writes schema.org's terms with http.
_DESCRIPTION: Final = NamedNode("http://schema.org/description")
_BATCH: Final = 50


def linked_items(folders: DataFolders) -> list[str]:
    """The items of Wikidata that things of the graph are linked to, in their order."""
    items = {
        link.object
        for links in link_sets(folders.links)
        for link in links.links
        if link.object.startswith(PREFIXES["wd"])
    }
    return sorted(items)


def enriched(
    dataset: Dataset, items: Sequence[str], languages: Sequence[str], on: dt.date
) -> list[Quad]:
    """The quads about the items, and about the graph they are in.

    Items are asked for in batches. Raises ``RemoteFailed``, and then nothing is given.
    """
    quads: set[Quad] = set()
    for at in range(0, len(items), _BATCH):
        quads.update(_of_items(dataset, items[at : at + _BATCH], languages))
    quads.update(_provenance(dataset, on, len({quad.subject for quad in quads})))
    return sorted(quads, key=str)


def turtle(quads: Iterable[Quad]) -> str:
    """The quads as a Turtle file with its origin on top."""
    triples = (quad.triple for quad in quads)
    prefixes = {name: PREFIXES[name] for name in ("wd", "wdt", "rdfs", "skos", "dcterms", "graph")}
    body = serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes)
    head = "# From Wikidata (CC0), taken by `sanctiongraph link enrich`; not edited by hand.\n"
    return head + (body or b"").decode("utf-8")


def _of_items(dataset: Dataset, items: Sequence[str], languages: Sequence[str]) -> Iterator[Quad]:
    values = " ".join(str(NamedNode(item)) for item in items)
    names = ", ".join(str(Literal(language)) for language in languages)
    texts = f"VALUES ?property {{ rdfs:label skos:altLabel {_DESCRIPTION} }}"
    for row in dataset.select(
        f"SELECT ?item ?property ?value WHERE {{ VALUES ?item {{ {values} }} {texts}"
        f" ?item ?property ?value . FILTER(LANG(?value) IN ({names})) }}"
    ):
        yield from _quad(row)
    for row in dataset.select(
        f"SELECT ?item ?property ?value WHERE {{ VALUES ?item {{ {values} }}"
        f" VALUES ?property {{ {' '.join(STATEMENTS)} }} ?item ?property ?value }}"
    ):
        yield from _quad(row)


def _quad(row: Row) -> Iterator[Quad]:
    item, predicate, value = row["item"], row["property"], row["value"]
    # A value that is not known is a blank node there, and says nothing here.
    if (
        isinstance(item, NamedNode)
        and isinstance(predicate, NamedNode)
        and isinstance(value, NamedNode | Literal)
    ):
        yield Quad(item, predicate, value, WIKIDATA_GRAPH)


def _provenance(dataset: Dataset, on: dt.date, items: int) -> Iterator[Quad]:
    about = (
        ("dcterms:source", Literal(dataset.origin)),
        ("dcterms:issued", Literal(on.isoformat(), datatype=term("xsd:date"))),
        ("dcterms:license", _CC0),
        ("dcterms:extent", Literal(f"{items} items")),
    )
    for name, value in about:
        yield Quad(WIKIDATA_GRAPH, term(name), value, WIKIDATA_GRAPH)
