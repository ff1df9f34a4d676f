"""What the Reconciliation Service API 0.2 asks of answers, as JSON schemas of our own."""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string"}
TYPE = {"type": "object", "properties": {"id": TEXT, "name": TEXT}, "required": ["id", "name"]}


def _listed(key: str, item: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {key: {"type": "array", "items": item}},
        "required": [key],
    }


def _pattern(part: str) -> dict[str, str]:
    return {"type": "string", "pattern": part}


_SERVICE = {"type": "object", "properties": {"service_url": TEXT, "service_path": TEXT}}

MANIFEST: dict[str, Any] = {
    "type": "object",
    "properties": {
        "versions": {"type": "array", "items": TEXT, "contains": {"const": "0.2"}},
        "name": TEXT,
        "identifierSpace": TEXT,
        "schemaSpace": TEXT,
        "view": {
            "type": "object",
            "properties": {"url": _pattern(r"\{\{id\}\}")},
            "required": ["url"],
        },
        "defaultTypes": {"type": "array", "items": TYPE, "uniqueItems": True},
        "preview": {
            "type": "object",
            "properties": {
                "url": _pattern(r"\{\{id\}\}"),
                "width": {"type": "integer"},
                "height": {"type": "integer"},
            },
            "required": ["url", "width", "height"],
        },
        "suggest": {"type": "object", "additionalProperties": _SERVICE},
        "extend": {"type": "object", "properties": {"propose_properties": _SERVICE}},
    },
    "required": ["versions", "name", "identifierSpace", "schemaSpace"],
}

_CANDIDATE = {
    "type": "object",
    "properties": {
        "id": TEXT,
        "name": TEXT,
        "description": TEXT,
        "type": {"type": "array", "items": TYPE},
        "score": {"type": "number"},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"id": TEXT, "value": {"type": ["number", "boolean"]}},
                "required": ["id", "value"],
            },
        },
        "match": {"type": "boolean"},
    },
    "required": ["id", "name", "score"],
}
RESULTS: dict[str, Any] = {"type": "object", "additionalProperties": _listed("result", _CANDIDATE)}

_SUGGESTED = {
    "type": "object",
    "properties": {
        "id": TEXT,
        "name": TEXT,
        "description": TEXT,
        "notable": {"type": "array", "items": TYPE},
    },
    "required": ["id", "name"],
}
SUGGESTIONS = _listed("result", _SUGGESTED)
PROPOSALS = _listed("properties", _SUGGESTED)


def _only(**properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_CELL = {
    "oneOf": [
        _only(id=TEXT, name=TEXT),
        _only(str=TEXT),
        _only(int={"type": "integer"}),
        _only(float={"type": "number"}),
        _only(bool={"type": "boolean"}),
    ]
}
EXTENSION: dict[str, Any] = {
    "type": "object",
    "properties": {
        "meta": {"type": "array", "items": TYPE},
        "rows": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": {"type": "array", "items": _CELL},
            },
        },
    },
    "required": ["meta", "rows"],
}
