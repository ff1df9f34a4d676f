"""Tasks of readers that only the tools have: finding things by name, and describing a class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import NamedNode, QuerySolutions

from sanctiongraph.binding import bind
from sanctiongraph.errors import BadParameter, NotFound
from sanctiongraph.library import thing
from sanctiongraph.names.comparison import matches
from sanctiongraph.results import Table
from sanctiongraph.vocabulary import PREFIXES, shorten, term
from sanctiongraph_server.linked.names import index
from sanctiongraph_server.tasks import Opened

#: Most things that one search gives.
MOST_FOUND: Final = 50
_EXAMPLES: Final = 5


@dataclass(frozen=True, slots=True)
class Search:
    """The things that may be meant by a name, the likeliest first."""

    text: str
    #: A class that they are to be of, as in ``library.thing``; empty for any.
    kind: str
    most: int

    def perform(self, opened: Opened) -> dict[str, Any]:
        """See ``tasks.Task``. Raises ``BadParameter``."""
        classes = [_class(self.kind).value] if self.kind else []
        found = matches(
            opened.once(index),
            self.text,
            classes=classes,
            strict=True,
            most=min(self.most, MOST_FOUND),
        )
        return {
            "version": opened.snapshot.name,
            "found": [
                {
                    "thing": shorten(one.thing.iri),
                    "iri": one.thing.iri,
                    "label": one.thing.label(),
                    "names": sorted({name.text for name in one.thing.names}),
                    "classes": sorted(
                        shorten(iri) for iri in one.thing.classes if iri.startswith(PREFIXES["sg"])
                    ),
                    "claims": one.thing.mentions,
                    "score": one.score,
                }
                for one in found
            ],
        }


_TERM: Final = """
SELECT ?label ?definition WHERE {
  $class a owl:Class .
  OPTIONAL { $class rdfs:label ?label . FILTER(LANG(?label) = "en") }
  OPTIONAL { $class skos:definition ?definition . FILTER(LANG(?definition) = "en") }
} LIMIT 1"""
_PARENTS: Final = """
SELECT DISTINCT ?class WHERE {
  $class rdfs:subClassOf ?class . FILTER(ISIRI(?class) && ?class != $class)
} ORDER BY ?class"""
_CHILDREN: Final = """
SELECT DISTINCT ?class WHERE {
  ?class rdfs:subClassOf $class . FILTER(ISIRI(?class) && ?class != $class)
} ORDER BY ?class"""
# What is said of the things of the class, not only what names it as its domain.
_PROPERTIES: Final = """
SELECT ?property (SAMPLE(?name) AS ?label) (SAMPLE(?text) AS ?definition) (COUNT(DISTINCT ?thing) AS ?things)
WHERE {
  ?thing a $class ; ?property ?value .
  OPTIONAL { ?property rdfs:label ?name . FILTER(LANG(?name) = "en") }
  OPTIONAL { ?property skos:definition ?text . FILTER(LANG(?text) = "en") }
} GROUP BY ?property ORDER BY DESC(?things) ?property LIMIT 60"""
_COUNT: Final = "SELECT (COUNT(DISTINCT ?thing) AS ?things) WHERE { ?thing a $class }"
_SOME: Final = f"""
SELECT ?thing ?label WHERE {{
  ?thing a $class ; rdfs:label ?label . FILTER(LANG(?label) = "en")
}} ORDER BY ?thing LIMIT {_EXAMPLES}"""


@dataclass(frozen=True, slots=True)
class DescribeClass:
    """What a class means, what is above and below it, and which properties its things have."""

    name: str

    def perform(self, opened: Opened) -> dict[str, Any]:
        """See ``tasks.Task``. Raises ``BadParameter``, and ``NotFound`` for what is no class."""
        node = _class(self.name)

        def rows(query: str) -> list[dict[str, Any]]:
            answer = opened.store.query(bind(query, {"class": node}), prefixes=PREFIXES)
            assert isinstance(answer, QuerySolutions)
            return list(Table.of(answer))

        described = rows(_TERM)
        if not described:
            raise NotFound(
                f"{self.name!r} is no class of the graph: run the library query 'overview', which"
                " lists them"
            )
        return {
            "version": opened.snapshot.name,
            "class": shorten(node.value),
            "iri": node.value,
            **described[0],
            "broader": [row["class"] for row in rows(_PARENTS)],
            "narrower": [row["class"] for row in rows(_CHILDREN)],
            "things": rows(_COUNT)[0]["things"],
            "properties": rows(_PROPERTIES),
            "examples": rows(_SOME),
        }


def _class(name: str) -> NamedNode:
    """The class of that name, without a prefix one of ours. Raises ``BadParameter``."""
    try:
        return thing(name) if ":" in name else term(f"sg:{thing(name).value.rpartition('/')[2]}")
    except ValueError as error:
        raise BadParameter(
            f"{name!r} is no class: write a name such as ArmsDeal, sg:ArmsDeal or an IRI"
        ) from error
