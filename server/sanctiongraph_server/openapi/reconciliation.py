"""The operations of the Reconciliation Service API."""

from __future__ import annotations

from typing import Any, Final

from sanctiongraph.reconciliation.queries import (
    MOST_IDS,
    MOST_PROPERTIES,
    MOST_QUERIES,
    STRICTNESS,
)
from sanctiongraph_server.deadlines import TIMEOUT
from sanctiongraph_server.linked import reconciling
from sanctiongraph_server.openapi.operation import JSON, OF_WORK, PAGE, Operation
from sanctiongraph_server.parameters import Described
from sanctiongraph_server.problems import PayloadTooLarge

_BATCH: Final[dict[str, Any]] = {
    "type": "object",
    "maxProperties": MOST_QUERIES,
    "additionalProperties": {
        "type": "object",
        "required": ["query"],
        "properties": {
            "query": {"type": "string", "pattern": r"\w"},
            "limit": {"type": "integer", "minimum": 1},
            "type_strict": {"enum": list(STRICTNESS)},
        },
    },
}
_EXTENSION: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["ids", "properties"],
    "properties": {
        "ids": {
            "type": "array",
            "maxItems": MOST_IDS,
            "items": {"type": "string", "pattern": r"^id/[A-Za-z0-9]+$"},
        },
        "properties": {
            "type": "array",
            "maxItems": MOST_PROPERTIES,
            "items": {
                "type": "object",
                "required": ["id"],
                "properties": {"id": {"type": "string", "pattern": "^[A-Za-z]+$"}},
            },
        },
    },
}


def operations() -> list[Operation]:
    """All of them."""
    prefix = Described("how a name begins", "savunma")
    cursor = reconciling.SKIPPED.described("results to leave out", "0", reconciling.SKIPPED.default)
    limit = reconciling.PROPOSED.described("most properties", "50", reconciling.PROPOSED.default)
    return [
        Operation(
            "reconcile",
            "Reconciliation Service API 0.2: the manifest, candidates for names, values of properties",
            {JSON: "reconciliation"},
            optional=("queries", "extend", TIMEOUT),
            own={
                "queries": Described(
                    "a batch of queries", '{"q0": {"query": "Türkiye"}}', json=_BATCH
                ),
                "extend": Described(
                    "things and the properties to give values of",
                    '{"ids": ["id/SSB"], "properties": [{"id": "agencyOf"}]}',
                    json=_EXTENSION,
                ),
            },
            in_form=("queries", "extend"),
            errors=(*OF_WORK, PayloadTooLarge),
        ),
        *(
            Operation(
                f"reconcile/suggest/{kind}",
                f"What begins so: {kind}",
                {JSON: "suggestions"},
                optional=("prefix", "cursor", TIMEOUT),
                own={"prefix": prefix, "cursor": cursor},
                errors=OF_WORK,
            )
            for kind in reconciling.KINDS
        ),
        Operation(
            "reconcile/preview",
            "A small page about a thing, to be framed",
            {PAGE: None},
            needed=("id",),
            optional=(TIMEOUT,),
            own={"id": Described("a thing by its identifier", "id/SSB")},
            errors=OF_WORK,
        ),
        Operation(
            "reconcile/extend/propose",
            "Properties that things of a class have",
            {JSON: "proposals"},
            needed=("type",),
            optional=("limit", TIMEOUT),
            own={"type": Described("a class", "ArmsDeal"), "limit": limit},
            errors=OF_WORK,
        ),
    ]


_TEXT: Final = {"type": "string"}
_SUGGESTED: Final = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": _TEXT, "name": _TEXT, "description": _TEXT},
}
#: The forms of their answers in JSON, by name.
SCHEMAS: Final[dict[str, Any]] = {
    "reconciliation": {"type": "object"},
    "suggestions": {
        "type": "object",
        "required": ["result"],
        "properties": {"result": {"type": "array", "items": _SUGGESTED}},
    },
    "proposals": {
        "type": "object",
        "required": ["properties"],
        "properties": {"properties": {"type": "array", "items": _SUGGESTED}},
    },
}
