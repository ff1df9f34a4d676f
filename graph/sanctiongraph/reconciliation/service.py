"""The answers of a reconciliation service: candidates with their reasons, suggestions, and values.

Everything is plain values for JSON, in the forms of the Reconciliation Service API 0.2 (W3C Entity
Reconciliation Community Group).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions

from sanctiongraph.binding import bind
from sanctiongraph.names.comparison import (
    OTHER_TYPE,
    Feature,
    Match,
    alikeness,
    compared,
    matches,
    summed,
)
from sanctiongraph.names.folding import folded
from sanctiongraph.names.index import NameIndex, Thing
from sanctiongraph.reconciliation.identifiers import (
    IDENTIFIER_SPACE,
    SCHEMA_SPACE,
    identifier,
    schema_iri,
    schema_name,
    thing,
)
from sanctiongraph.reconciliation.queries import Query, Wanted
from sanctiongraph.results import plain
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import PREFIXES, term

#: Of a score, the part that the wanted properties make up where a query names some.
_PROPERTIES: Final = 0.3
#: From here on a value agrees with the one wanted: texts of the same words are no more alike than
#: this, and what is less alike may be another number, name or date.
_AGREES: Final = 0.98
_MOST_SUGGESTED: Final = 20
_TYPE: Final = term("rdf:type")
_COUNTED: Final = """
SELECT ?property (COUNT(DISTINCT ?thing) AS ?n) WHERE {
  ?thing a $class ; ?property ?value . FILTER(?property != rdf:type)
} GROUP BY ?property"""
_LABEL: Final = term("rdfs:label")
_DEFINITION: Final = term("skos:definition")
#: What users think of first when they choose a type.
_DEFAULT_TYPES: Final = ("Agent", "State", "Person", "WeaponSystem", "ArmsDeal", "Act")
_KINDS_OF_TERM: Final = {
    "type": (term("owl:Class"),),
    "property": (term("owl:ObjectProperty"), term("owl:DatatypeProperty")),
}


@dataclass(frozen=True, slots=True)
class Service:
    """Answers from one graph and the index of its names."""

    store: GraphStore
    index: NameIndex

    def manifest(self, address: str, site: str) -> dict[str, Any]:
        """Section 3. ``address`` is the service's own, ``site`` that of the gateway, no slash behind."""
        return {
            "versions": ["0.2"],
            "name": "sanctiongraph",
            "identifierSpace": IDENTIFIER_SPACE,
            "schemaSpace": SCHEMA_SPACE,
            "documentation": "https://w3id.org/sanctiongraph/",
            "view": {"url": f"{site}/{{{{id}}}}"},
            "defaultTypes": [self._type(SCHEMA_SPACE + name) for name in _DEFAULT_TYPES],
            "preview": {"url": f"{address}/preview?id={{{{id}}}}", "width": 420, "height": 220},
            "suggest": {
                kind: {"service_url": address, "service_path": f"/suggest/{kind}"}
                for kind in ("entity", "type", "property")
            },
            "extend": {
                "propose_properties": {"service_url": address, "service_path": "/extend/propose"},
                "property_settings": [
                    {
                        "name": "limit",
                        "label": "Limit",
                        "type": "number",
                        "default": 0,
                        "help_text": "Most values of each row; 0 takes all",
                    }
                ],
            },
        }

    def reconciled(self, batch: Mapping[str, Query]) -> dict[str, Any]:
        """Section 4: the candidates of each query, the best first."""
        return {key: {"result": self._candidates(query)} for key, query in batch.items()}

    def suggested(self, kind: str, prefix: str, skipped: int = 0) -> dict[str, Any]:
        """Section 5: entities, types or properties of which a name begins with the prefix.

        At most twenty, after the first ``skipped``.
        """
        end = skipped + _MOST_SUGGESTED
        if kind == "entity":
            found = self.index.beginning(prefix, most=end)[skipped:]
            return {"result": [self._suggestion(one) for one in found]}
        start = folded(prefix)
        terms = []
        for class_ in _KINDS_OF_TERM[kind]:
            for quad in self.store.quads_for_pattern(None, _TYPE, class_, DefaultGraph()):
                if isinstance(quad.subject, NamedNode) and (label := self._label(quad.subject)):
                    words = f" {folded(label)}"
                    if f" {start}" in words:
                        terms.append((not words.startswith(f" {start}"), label, quad.subject))
        terms.sort(key=lambda row: (row[0], row[1], row[2].value))
        return {"result": [self._term(node) for _, _, node in terms[skipped:end]]}

    def summary(self, identifier_: str) -> dict[str, Any] | None:
        """Section 6: what a preview shows of a thing; ``None`` where there is none."""
        found = self.index.thing(thing(identifier_))
        if found is None:
            return None
        return {
            **self._suggestion(found),
            "iri": found.iri,
            "names": [name.text for name in found.names][1:],
            "mentions": found.mentions,
        }

    def proposed(self, type_: str, limit: int) -> dict[str, Any]:
        """Section 7.1: the properties that things of a class have, the most frequent first."""
        asked = bind(_COUNTED, {"class": NamedNode(schema_iri(type_))})
        solutions = self.store.query(asked, prefixes=PREFIXES)
        assert isinstance(solutions, QuerySolutions)
        counts = {row["property"].value: int(row["n"].value) for row in solutions}
        ranked = sorted(counts, key=lambda name: (-counts[name], name))
        terms = [self._term(NamedNode(name)) for name in ranked[:limit]]
        return {"type": type_, "limit": limit, "properties": terms}

    def extended(self, ids: Iterable[str], properties: Iterable[tuple[str, int]]) -> dict[str, Any]:
        """Section 7.3: values of properties, each with the most values wanted, or 0 for all."""
        wanted = [(name, schema_iri(name), most) for name, most in properties]
        return {
            "meta": [
                {"id": name, "name": self._label(NamedNode(iri)) or name} for name, iri, _ in wanted
            ],
            "rows": {
                one: {name: self._values(thing(one), iri, most) for name, iri, most in wanted}
                for one in ids
            },
        }

    def _candidates(self, query: Query) -> list[dict[str, Any]]:
        found = [self._scored(one, query) for one in self._found(query)]
        if query.wanted:
            found.sort(key=lambda one: (-one.score, one.thing.iri))
        return [self._candidate(one) for one in found[: query.limit]]

    def _found(self, query: Query) -> list[Match]:
        strict = query.strict in ("any", "all")
        if query.text.strip():
            found = matches(self.index, query.text, classes=query.classes, strict=strict, most=50)
        else:
            things = self._with_properties(query.wanted)
            fitting = ((one, one.is_of(query.classes)) for one in things)
            found = [compared("", one, fits) for one, fits in fitting if fits or not strict]
        if query.strict == "all":
            found = [one for one in found if one.thing.classes >= set(query.classes)]
        return found if query.wanted else found[: query.limit]

    def _scored(self, one: Match, query: Query) -> Match:
        """With the wanted properties counted in. It is certain only where they agree as well."""
        if not query.wanted:
            return one
        share = 1 - _PROPERTIES if query.text.strip() else 0.0
        points = 100 * (1 - share) / len(query.wanted)
        fits = [(wanted, self._fit(one.thing, wanted)) for wanted in query.wanted]
        features = [
            *(
                Feature(feature.name, round(feature.points * share, 2))
                for feature in one.features
                if feature.name != OTHER_TYPE
            ),
            *(
                Feature(schema_name(wanted.property), round(points * fit, 2))
                for wanted, fit in fits
            ),
        ]
        certain = one.certain and all(fit >= _AGREES for _, fit in fits)
        return summed(one.thing, features, one.thing.is_of(query.classes), certain)

    def _candidate(self, one: Match) -> dict[str, Any]:
        return {
            "id": identifier(one.thing.iri),
            "name": one.thing.label(),
            "description": self._description(one.thing),
            "type": self._types(one.thing),
            "score": one.score,
            "features": [{"id": feature.name, "value": feature.points} for feature in one.features],
            "match": one.certain,
        }

    def _with_properties(self, wanted: Iterable[Wanted]) -> list[Thing]:
        """Things that have one of the values, where no name is given."""
        iris: dict[str, None] = {}
        for one in wanted:
            things = [one.iri] if one.iri else []
            if not things:
                named = matches(self.index, one.text, most=3)
                things = [match.thing.iri for match in named]
            values: list[NamedNode | Literal] = [*map(NamedNode, things), Literal(one.text)]
            for value in values:
                quads = self.store.quads_for_pattern(
                    None, NamedNode(one.property), value, DefaultGraph()
                )
                iris.update(
                    {q.subject.value: None for q in quads if isinstance(q.subject, NamedNode)}
                )
        return [found for iri in iris if (found := self.index.thing(iri))]

    def _fit(self, one: Thing, wanted: Wanted) -> float:
        """How well the values of a property agree with the one wanted, from 0 to 1."""
        best = 0.0
        node, name = NamedNode(one.iri), NamedNode(wanted.property)
        for quad in self.store.quads_for_pattern(node, name, None, DefaultGraph()):
            if isinstance(quad.object, NamedNode):
                if quad.object.value == wanted.iri:
                    return 1.0
                known = self.index.thing(quad.object.value)
                names = [name.text for name in known.names] if known else []
            else:
                names = [quad.object.value] if isinstance(quad.object, Literal) else []
            if wanted.text:
                best = max([best, *(alikeness(wanted.text, text) for text in names)])
        return best

    def _values(self, iri: str, property_: str, most: int) -> list[dict[str, Any]]:
        quads = self.store.quads_for_pattern(
            NamedNode(iri), NamedNode(property_), None, DefaultGraph()
        )
        values = [self._value(quad.object) for quad in sorted(quads, key=str)]
        return values[:most] if most else values

    def _value(self, node: object) -> dict[str, Any]:
        if isinstance(node, Literal):
            return _cell(node)
        if not isinstance(node, NamedNode):
            return {"str": str(node)}
        known = self.index.thing(node.value)
        if known:
            return {"id": identifier(node.value), "name": known.label()}
        # A date is a node; what people read of it is its text in Extended Date/Time Format.
        for quad in self.store.quads_for_pattern(node, term("sg:edtf"), None, DefaultGraph()):
            if isinstance(quad.object, Literal):
                return {"str": quad.object.value}
        return {"id": identifier(node.value), "name": self._label(node) or node.value}

    def _suggestion(self, one: Thing) -> dict[str, Any]:
        return {
            "id": identifier(one.iri),
            "name": one.label(),
            "description": self._description(one),
            "notable": self._types(one),
        }

    def _description(self, one: Thing) -> str:
        return ", ".join(kind["name"] for kind in self._types(one))

    def _types(self, one: Thing) -> list[dict[str, str]]:
        """The narrowest classes of ours: the wider ones follow from them."""
        ours = {kind for kind in one.classes if kind.startswith(SCHEMA_SPACE)}
        wider = {
            quad.object.value
            for kind in ours
            for quad in self.store.quads_for_pattern(
                NamedNode(kind), term("rdfs:subClassOf"), None, DefaultGraph()
            )
            if isinstance(quad.object, NamedNode) and quad.object.value != kind
        }
        return [self._type(kind) for kind in sorted(ours - wider)]

    def _type(self, iri: str) -> dict[str, str]:
        return {"id": schema_name(iri), "name": self._label(NamedNode(iri)) or schema_name(iri)}

    def _term(self, node: NamedNode) -> dict[str, str]:
        found = self._type(node.value)
        if definition := self._text(node, _DEFINITION):
            found["description"] = definition
        return found

    def _label(self, node: NamedNode) -> str:
        return self._text(node, _LABEL)

    def _text(self, node: NamedNode, name: NamedNode) -> str:
        quads = self.store.quads_for_pattern(node, name, None, DefaultGraph())
        literals = [quad.object for quad in quads if isinstance(quad.object, Literal)]
        ranked = sorted(literals, key=lambda one: (one.language != "en", one.value))
        return ranked[0].value if ranked else ""


def _cell(literal: Literal) -> dict[str, Any]:
    """A literal as a value of its kind; as its text where JSON has no form for it."""
    match plain(literal):
        case bool() as value:
            return {"bool": value}
        case int() as value:
            return {"int": value}
        case float() as value if math.isfinite(value):
            return {"float": value}
        # Python has no float for a signalling NaN, and infinity for what is too large.
        case Decimal() as value if value.is_finite() and math.isfinite(value):
            return {"float": float(value)}
    return {"str": literal.value}
