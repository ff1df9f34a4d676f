"""The forms of the answers, as JSON Schema 2020-12 under the names that the description uses."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

Schema = dict[str, Any]

_HERE: Final = "#/$defs/"
_THERE: Final = "#/components/schemas/"


def explanation_schema() -> Schema:
    """What ``/assess`` and ``/explain`` answer in JSON, as a schema of its own."""
    text = (files(__package__) / "explanation.schema.json").read_text("utf-8")
    schema: Schema = json.loads(text)
    return schema


@cache
def schemas() -> Schema:
    """All of them, referring to each other within an OpenAPI document."""
    explanation = explanation_schema()
    parts = explanation.pop("$defs")
    explanation.pop("$schema")
    own = {f"explanation-{name}": part for name, part in parts.items()}
    moved: Schema = _moved({"explanation": explanation, **own})
    return {**moved, **_SCHEMAS}


def _moved(value: Any) -> Any:
    """The same with references that hold in the whole document."""
    if isinstance(value, dict):
        return {key: _moved(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_moved(part) for part in value]
    if isinstance(value, str) and value.startswith(_HERE):
        return f"{_THERE}explanation-{value.removeprefix(_HERE)}"
    return value


def ref(name: str) -> Schema:
    """A reference to one of them."""
    return {"$ref": _THERE + name}


def _object(properties: Schema, optional: tuple[str, ...] = ()) -> Schema:
    return {
        "type": "object",
        "required": [name for name in properties if name not in optional],
        "properties": properties,
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_TEXT: Final[Schema] = {"type": "string", "minLength": 1}
_TEXT_OR_NOT: Final[Schema] = {"type": ["string", "null"]}
_FLAG: Final[Schema] = {"type": "boolean"}
_DAY: Final[Schema] = {"type": "string", "format": "date"}
_DAY_OR_NOT: Final[Schema] = {"type": ["string", "null"], "format": "date"}
_NUMBER: Final[Schema] = {"type": "integer", "minimum": 0}
_OUTCOME: Final = ref("explanation-outcome")
_STATUS: Final = ref("explanation-status")
_LEVEL: Final = ref("level")
_MARK: Final = ref("explanation-mark")

_SCHEMAS: Final[Schema] = {
    "level": {"enum": ["none", "eligible", "determined", "sanctioned"]},
    "standing": {"enum": ["none", "open", "eligible", "determined", "sanctioned"]},
    "problem": {
        "description": "RFC 9457. More keys may be there, such as line and column of a query.",
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": _TEXT,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": _TEXT,
            "instance": {"type": "string", "format": "uri"},
        },
    },
    "index": _object(
        {
            "name": _TEXT,
            "version": _TEXT,
            **{
                name: {"type": "string", "format": "uri"}
                for name in (
                    "sparql",
                    "update",
                    "graphs",
                    "health",
                    "openapi",
                    "queries",
                    "reconcile",
                    "void",
                    "dump",
                    "documentation",
                )
            },
        }
    ),
    "health": {
        "type": "object",
        "required": ["status"],
        "properties": {"status": _TEXT, "version": _TEXT, "triples": _NUMBER},
    },
    "rules": _list(
        _object(
            {
                "rule": _TEXT,
                "label": _TEXT,
                "asks": _list(_TEXT),
                "provision": _TEXT,
                "iri": {"type": "string", "format": "uri"},
            }
        )
    ),
    "side": _object({"viewpoint": _TEXT, "scenario": _TEXT_OR_NOT, "as_of": _DAY}),
    "conclusion": _object({"case": _FLAG, "outcome": _OUTCOME, "level": _LEVEL}),
    "comparison": _object(
        {
            "left": ref("side"),
            "right": ref("side"),
            "compared": _NUMBER,
            "differences": _list(ref("difference")),
        }
    ),
    "difference": _object(
        {
            "rule": _TEXT,
            "rule_label": _TEXT,
            "party": _TEXT,
            "party_label": _TEXT,
            "transaction": _TEXT_OR_NOT,
            "left": ref("conclusion"),
            "right": ref("conclusion"),
            "conditions": _list(
                _object({"id": _TEXT, "label": _TEXT, "left": _STATUS, "right": _STATUS})
            ),
            "changed_on": _list(_DAY),
            "dates": _list(
                _object(
                    {
                        "date": _TEXT,
                        "inferred": _TEXT_OR_NOT,
                        "claims": _list(ref("claim_beside")),
                        "changes": {"type": "object", "additionalProperties": _DAY},
                    }
                )
            ),
            "rests_on": _list(
                _object(
                    {
                        "side": {"enum": ["left", "right"]},
                        "claims": _list(ref("claim_beside")),
                        "supposed": _list(_object({"id": _TEXT, "label": _TEXT})),
                        "withdrawn": _list(ref("claim_beside")),
                        "withdrawn_statements": _list(_TEXT),
                        "without": {"type": "object", "additionalProperties": _TEXT},
                    }
                )
            ),
        }
    ),
    "claim_beside": _object(
        {
            "id": _TEXT,
            "wording": _TEXT_OR_NOT,
            "modality": _TEXT_OR_NOT,
            "speakers": _list(_TEXT),
        }
    ),
    "exposure": _object(
        {
            "rule": _TEXT,
            "party": _TEXT,
            "transaction": _TEXT_OR_NOT,
            "before": ref("standing"),
            "after": ref("standing"),
            "outcome": _OUTCOME,
            "missing": _list(_TEXT),
        }
    ),
    "changes": _list(
        _object(
            {
                "target": _TEXT,
                "rule": _TEXT,
                "party": _TEXT,
                "transactions": _list(_TEXT),
                "as_of": _DAY,
                "viewpoint": _TEXT,
                "outcome": _OUTCOME,
                "level": _LEVEL,
                "wanted": _OUTCOME,
                "in_force": _FLAG,
                "sets": _list(
                    _object({"changes": _list(ref("change")), "completed_by": _list(_TEXT)})
                ),
                "options": _list(
                    _object(
                        {
                            "option": _TEXT,
                            "label": _TEXT,
                            "brings": _list(_TEXT),
                            "undoes": _list(_TEXT),
                            "outcome": _OUTCOME,
                            "sets_off": _list(ref("exposure")),
                        }
                    )
                ),
            }
        )
    ),
    "change": _object(
        {
            "condition": _TEXT,
            "label": _TEXT,
            "now": _STATUS,
            "wanted": _STATUS,
            "changed_by": _list(_TEXT),
            "reserved_to": _list(_TEXT),
            "provision": _TEXT_OR_NOT,
            "verification": _MARK,
            "options": _list(_TEXT),
        }
    ),
    "period": _object(
        {
            "from": _DAY_OR_NOT,
            "until": _DAY_OR_NOT,
            "outcome": _OUTCOME,
            "level": _LEVEL,
            "case": _FLAG,
        }
    ),
    "timeline": _object(
        {
            "rule": _TEXT,
            "party": _TEXT,
            "viewpoint": _TEXT,
            "scenario": _TEXT_OR_NOT,
            "overall": _list(ref("period")),
            "timelines": _list(
                _object(
                    {
                        "rule": _TEXT,
                        "party": _TEXT,
                        "transaction": _TEXT_OR_NOT,
                        "periods": _list(ref("period")),
                    }
                )
            ),
        }
    ),
    "options": _object(
        {
            "matter": _TEXT,
            "as_of": _DAY,
            "viewpoint": _TEXT,
            "tests": _list(
                _object(
                    {
                        "rule": _TEXT,
                        "label": _TEXT,
                        "party": _TEXT,
                        "transaction": _TEXT_OR_NOT,
                        "conditions": _list(
                            _object(
                                {
                                    "id": _TEXT,
                                    "label": _TEXT,
                                    "provision": _TEXT_OR_NOT,
                                    "verification": _MARK,
                                }
                            )
                        ),
                    }
                )
            ),
            "options": _list(
                _object(
                    {
                        "option": _TEXT,
                        "label": _TEXT,
                        "definition": _TEXT_OR_NOT,
                        "models": _list(_TEXT),
                        "results": _list(
                            _object(
                                {
                                    "rule": _TEXT,
                                    "outcome": {"oneOf": [{"type": "null"}, _OUTCOME]},
                                    "level": {"oneOf": [{"type": "null"}, _LEVEL]},
                                    "conditions": {
                                        "type": "object",
                                        "additionalProperties": {
                                            "enum": ["met", "fails", "disputed", "open"]
                                        },
                                    },
                                }
                            )
                        ),
                        "new_exposure": _list(ref("exposure")),
                        "left_open": _list(ref("exposure")),
                    }
                )
            ),
        }
    ),
}
