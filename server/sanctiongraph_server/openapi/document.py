"""Puts the description together (OpenAPI 3.1.1)."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from sanctiongraph.errors import (
    BadInput,
    NotFound,
    Overloaded,
    SanctiongraphError,
    TooManyRequests,
)
from sanctiongraph_server.http_request import FORM
from sanctiongraph_server.openapi.operation import PAGE, Operation
from sanctiongraph_server.openapi.schemas import Schema, ref, schemas
from sanctiongraph_server.parameters import DESCRIBED, Described
from sanctiongraph_server.problems import (
    KINDS,
    PROBLEM_JSON,
    NotAcceptable,
    PayloadTooLarge,
    UnsupportedMediaType,
)

#: What any address may answer.
_ANY: Final = (NotAcceptable, TooManyRequests, Overloaded)


def document(
    addresses: Collection[str], operations: Sequence[Operation], more: Mapping[str, Schema]
) -> dict[str, Any]:
    """The description of those addresses of the application that are not SPARQL.

    ``addresses`` have their variable parts in braces; ``more`` are forms of answers by name.
    """
    described = [one for one in operations if f"/{one.name}" in addresses]
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "sanctiongraph",
            "version": version("sanctiongraph"),
            "summary": "Who is exposed to which measure, under which clause, on whose word",
            "description": "Everything that is not SPARQL. The endpoint /sparql speaks the SPARQL"
            " 1.1 Protocol and describes itself where it is asked nothing.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {f"/{one.name}": _methods(one) for one in described},
        "components": {
            "schemas": {**schemas(), **more},
            "headers": {
                "version": {
                    "description": "the version of the graph that gave the answer",
                    "schema": {"type": "string"},
                },
                "derived": {
                    "description": "the version up to which everything derived has followed",
                    "schema": {"type": "string"},
                },
                "tag": {
                    "description": "for If-None-Match: the answer to this request has not changed",
                    "schema": {"type": "string"},
                },
            },
        },
    }


def _methods(one: Operation) -> Schema:
    found: Schema = {"get": _described(one)}
    if one.in_form:
        form = {
            "type": "object",
            "properties": {
                name: {"type": "string", "contentMediaType": "application/json"}
                for name in one.in_form
            },
        }
        found["post"] = _posted(one, one.in_form, {FORM: {"schema": form}}, required=True)
    if one.bodies:
        content = {media_type: {"schema": {"type": "string"}} for media_type in one.bodies}
        found["post"] = _posted(one, (one.instead_of,), content, required=False)
    return found


def _posted(one: Operation, inside: Collection[str], content: Schema, *, required: bool) -> Schema:
    """The same by POST, where the body takes the place of those parameters."""
    posted = replace(
        one,
        optional=tuple(name for name in one.optional if name not in inside),
        errors=tuple(dict.fromkeys((*one.errors, UnsupportedMediaType, PayloadTooLarge))),
        tagged=False,
    )
    return {
        **_described(posted),
        "operationId": f"{_identifier(one.name)}-post",
        "requestBody": {"required": required, "content": content},
    }


def _described(one: Operation) -> Schema:
    example = dict(parse_qsl(urlsplit(one.example).query))
    headers: Schema = {
        "Sanctiongraph-Version": {"$ref": "#/components/headers/version"},
        "Sanctiongraph-Derived": {"$ref": "#/components/headers/derived"},
    }
    if one.tagged:
        headers["ETag"] = {"$ref": "#/components/headers/tag"}
    responses: Schema = {
        "200": {
            "description": one.summary,
            "headers": headers,
            "content": {
                media_type: {"schema": ref(name)} if name else {}
                for media_type, name in one.answers.items()
            },
        }
    }
    if not one.answers:
        del responses["200"]
    if one.elsewhere:
        responses["303"] = {"description": "There is what is asked for: see Location"}
    if one.tagged:
        responses["304"] = {"description": "What the client has is still right"}
    if one.needed or one.optional:
        responses["414"] = {"description": "The address is longer than the server reads"}
    for status, titles in _problems((*_ANY, *one.errors)).items():
        responses[str(status)] = {
            "description": "; ".join(titles),
            "content": {PROBLEM_JSON: {"schema": ref("problem")}},
        }
    if one.pages_of_errors:
        for error in (BadInput, NotFound):
            for status in _problems((error,)):
                responses[str(status)]["content"][PAGE] = {}
    described: Schema = {"description": one.description} if one.description else {}
    return {
        "operationId": _identifier(one.name),
        "summary": one.summary,
        **described,
        "parameters": [
            _parameter(one, name, example.get(name))
            for name in (*one.in_path, *one.needed, *one.optional)
        ],
        "responses": dict(sorted(responses.items())),
    }


def _identifier(name: str) -> str:
    """A name for programs that are made from the description."""
    if "/" not in name and not name.startswith("."):
        return name.partition(".")[0] or "index"
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")


def _parameter(one: Operation, name: str, example: str | None) -> Schema:
    described = one.own.get(name) or DESCRIBED[name]
    in_path, needed = name in one.in_path, name in (*one.in_path, *one.needed)
    shown: Any = example or described.example
    parameter: Schema = {
        "name": name,
        "in": "path" if in_path else "query",
        "required": needed,
        "description": described.description,
    }
    if described.json is not None:
        content = {"schema": described.json, "example": json.loads(shown)}
        return {**parameter, "content": {"application/json": content}}
    schema = _schema_of(described)
    if not needed:  # an empty one counts as not given
        schema = {"anyOf": [schema, {"type": "string", "maxLength": 0}]}
    if described.default is not None:
        schema["default"] = _typed(described, described.default)
    return {**parameter, "schema": schema, "example": _typed(described, shown)}


def _schema_of(described: Described) -> Schema:
    schema: Schema = {"type": described.type}
    if described.type == "string":
        schema["minLength"] = 1
    for key in ("format", "pattern", "minimum", "maximum"):
        if (value := getattr(described, key)) is not None:
            schema[key] = value
    if described.values:
        schema["enum"] = list(described.values)
    return schema


def _typed(described: Described, value: str) -> int | str:
    return int(value) if described.type == "integer" else value


def _problems(errors: Collection[type[SanctiongraphError]]) -> dict[int, list[str]]:
    """Status and titles, from the table by which errors become answers."""
    found: dict[int, list[str]] = {}
    for error in errors:
        kind = next(kind for cls, kind in KINDS if issubclass(error, cls))
        if kind.status != 500:  # not in the table by itself
            titles = found.setdefault(kind.status, [])
            if kind.title not in titles:
                titles.append(kind.title)
    return found
