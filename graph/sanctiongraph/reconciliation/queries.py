"""The queries of a batch, read and checked: section 4 of the Reconciliation Service API 0.2."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sanctiongraph.errors import BadParameter
from sanctiongraph.reconciliation.identifiers import schema_iri, thing

#: Most queries of a batch, most things and properties of an extension, and candidates of a query.
MOST_QUERIES: Final = 200
MOST_IDS: Final = 1_000
MOST_PROPERTIES: Final = 50
MOST_CANDIDATES: Final = 50
STRICTNESS: Final = ("any", "should", "all")
_KEYS: Final = ("query", "type", "limit", "properties", "type_strict")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A value that a property should have: a thing by its IRI, or a text."""

    property: str
    iri: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Query:
    """One query; classes and properties as IRIs. ``strict`` is empty, ``any``, ``should`` or ``all``."""

    text: str
    classes: tuple[str, ...] = ()
    strict: str = ""
    limit: int = 5
    wanted: tuple[Wanted, ...] = ()


def read_batch(text: str) -> dict[str, Query]:
    """The queries of a batch by their keys.

    Raises ``BadParameter`` with the key of the query that is not of the form.
    """
    batch = _json("queries", text)
    if not isinstance(batch, dict):
        raise BadParameter('queries is an object: {"q0": {"query": "Turkey"}}')
    if len(batch) > MOST_QUERIES:
        raise BadParameter(f"a batch has at most {MOST_QUERIES} queries; this one has {len(batch)}")
    return {key: _query(key, value) for key, value in batch.items()}


@dataclass(frozen=True, slots=True)
class Extension:
    """Things by their identifiers, and properties with the most values of each; 0 is all."""

    ids: tuple[str, ...]
    properties: tuple[tuple[str, int], ...]


def read_extension(text: str) -> Extension:
    """What is asked of an extension (section 7.2). Raises ``BadParameter`` for what is not of the form."""
    cure = 'extend is {"ids": ["id/SSB"], "properties": [{"id": "agencyOf"}]}'
    asked = _json("extend", text)
    if not isinstance(asked, dict) or not {"ids", "properties"} <= asked.keys():
        raise BadParameter(cure)
    ids, properties = asked["ids"], asked["properties"]
    if not isinstance(ids, list) or not isinstance(properties, list):
        raise BadParameter(cure)
    if len(ids) > MOST_IDS or len(properties) > MOST_PROPERTIES:
        raise BadParameter(f"extend has at most {MOST_IDS} ids and {MOST_PROPERTIES} properties")
    return Extension(
        tuple(_text("ids", one) for one in ids), tuple(_property(one, cure) for one in properties)
    )


def _json(name: str, text: str) -> Any:
    """The value of a text that can also be written again: no half of a surrogate pair."""
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise BadParameter(f"{name} is no JSON: {error}") from error
    return value


def _property(one: Any, cure: str) -> tuple[str, int]:
    if not isinstance(one, Mapping) or "id" not in one:
        raise BadParameter(cure)
    settings = one.get("settings") or {}
    if not isinstance(settings, Mapping):
        raise BadParameter(cure)
    limit = str(settings.get("limit") or "0")
    if not re.fullmatch(r"[0-9]{1,9}", limit, re.ASCII):
        raise BadParameter(f"the limit of a property is a whole number from 0 on, not {limit!r}")
    return _text("properties", one["id"]), int(limit)


def _query(key: str, value: Any) -> Query:
    if not isinstance(value, dict):
        raise BadParameter(f'{key}: a query is an object: {{"query": "Turkey"}}')
    for name in value:
        if name not in _KEYS:
            raise BadParameter(f"{key}: there is no {name!r}; there are: {', '.join(_KEYS)}")
    text = value.get("query", "")
    if not isinstance(text, str):
        raise BadParameter(f"{key}: query is a text")
    strict = value.get("type_strict", "")
    if strict and strict not in STRICTNESS:
        raise BadParameter(f"{key}: type_strict is one of {', '.join(STRICTNESS)}")
    limit = value.get("limit", 5)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not limit >= 1:
        raise BadParameter(f"{key}: limit is a number from 1 on")
    wanted = tuple(one for item in _list(value.get("properties")) for one in _wanted(key, item))
    if not text.strip() and not wanted:
        raise BadParameter(f"{key}: give query, properties, or both")
    return Query(
        text=text,
        classes=tuple(schema_iri(_text(key, name)) for name in _list(value.get("type"))),
        strict=strict,
        limit=int(min(limit, MOST_CANDIDATES)),
        wanted=wanted,
    )


def _wanted(key: str, item: Any) -> list[Wanted]:
    if not isinstance(item, Mapping) or "pid" not in item or "v" not in item:
        raise BadParameter(f'{key}: a property is {{"pid": "partOf", "v": "Turkey"}}')
    name = schema_iri(_text(key, item["pid"]))
    found = []
    for value in _list(item["v"]):
        if isinstance(value, Mapping):
            iri = thing(_text(key, value.get("id")))
            found.append(Wanted(name, iri, str(value.get("name", ""))))
        elif isinstance(value, str | int | float):
            found.append(Wanted(name, None, str(value)))
        else:
            raise BadParameter(f"{key}: a value is a text, a number or an object with id")
    return found


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise BadParameter(f"{key}: identifiers of types, properties and things are texts")
    return value
