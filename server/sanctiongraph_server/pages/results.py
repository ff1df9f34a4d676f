"""Results that a page carries for its script, as the endpoint would give them: asked once is enough."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from sanctiongraph.vocabulary import PREFIXES, term

Term = NamedNode | BlankNode | Literal | Triple
_STRING: Final = term("xsd:string")
_SOLUTIONS: Final = "application/sparql-results+json"


@dataclass(frozen=True, slots=True)
class Carried:
    """Results as text, and its media type."""

    text: str
    media_type: str


def yes_or_no(answer: bool) -> Carried:
    """The answer to an ASK."""
    return Carried(json.dumps({"head": {}, "boolean": answer}), _SOLUTIONS)


def graph(triples: Iterable[Triple]) -> Carried:
    """The triples of a CONSTRUCT or DESCRIBE."""
    text = serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES) or b""
    return Carried(text.decode("utf-8"), "text/turtle")


def solutions(names: Sequence[str], rows: Iterable[Sequence[Term | None]]) -> Carried:
    """The rows of a SELECT."""
    bindings = [
        {name: _json(one) for name, one in zip(names, row, strict=True) if one is not None}
        for row in rows
    ]
    told = {"head": {"vars": list(names)}, "results": {"bindings": bindings}}
    return Carried(json.dumps(told, ensure_ascii=False), _SOLUTIONS)


def _json(one: Term) -> dict[str, Any]:
    match one:
        case NamedNode():
            return {"type": "uri", "value": one.value}
        case BlankNode():
            return {"type": "bnode", "value": one.value}
        case Triple():
            parts = {"subject": one.subject, "predicate": one.predicate, "object": one.object}
            return {"type": "triple", "value": {name: _json(part) for name, part in parts.items()}}
    said: dict[str, Any] = {"type": "literal", "value": one.value}
    if one.language:
        said["xml:lang"] = one.language
    elif one.datatype != _STRING:
        said["datatype"] = one.datatype.value
    return said
