"""Puts the description together (OpenAPI 3.1.1)."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from sanctiongraph.errors import (
    BadInput,
    DeadlineExceeded,
    MemoryExceeded,
    NotBuilt,
    NotFound,
    Overloaded,
    ResultTooLarge,
    SanctiongraphError,
    TooManyRequests,
    WorkerLost,
)
from sanctiongraph_server import assessments, supposing
from sanctiongraph_server.deadlines import TIMEOUT
from sanctiongraph_server.http_request import FORM
from sanctiongraph_server.inquiries import FORMATS, INQUIRIES, PAGES
from sanctiongraph_server.openapi.schemas import Schema, ref, schemas
from sanctiongraph_server.pages.languages import LANG
from sanctiongraph_server.parameters import DESCRIBED, Described
from sanctiongraph_server.problems import (
    KINDS,
    PROBLEM_JSON,
    NotAcceptable,
    PayloadTooLarge,
    UnsupportedMediaType,
)

_JSON: Final = "application/json"
_PAGE: Final = "text/html"
_SVG: Final = "image/svg+xml"
_DRAWN: Final = Described("data, or a picture of it", "svg", values=FORMATS)
#: What any address may answer, and those that work something out beside it.
_ANY: Final = (NotAcceptable, TooManyRequests, Overloaded)
_OF_THE_GRAPH: Final = (NotBuilt,)
_OF_WORK: Final = (
    BadInput,
    NotFound,
    DeadlineExceeded,
    MemoryExceeded,
    ResultTooLarge,
    WorkerLost,
)


@dataclass(frozen=True, slots=True)
class Operation:
    """What one address answers to GET, and to POST where that takes a body."""

    name: str
    summary: str
    #: Media types, each with the name of the schema where there is one.
    answers: dict[str, str | None]
    needed: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    #: An address with parameters that has an answer.
    example: str = ""
    errors: tuple[type[SanctiongraphError], ...] = ()
    #: Whether the answer has an entity tag and may be confirmed with 304.
    tagged: bool = True
    #: Parameters that are its own, by name; the others are in ``parameters.DESCRIBED``.
    own: Mapping[str, Described] = field(default_factory=dict)
    #: Those of them that are parts of the path.
    in_path: tuple[str, ...] = ()
    #: Whether it may lead to another address, with 303.
    elsewhere: bool = False
    #: Whether what is wrong with a request may be told on a page.
    pages_of_errors: bool = False
    description: str = ""
    #: Parameters that may come in a form by POST instead.
    in_form: tuple[str, ...] = ()
    #: Media types of a body by POST that takes the place of the parameter ``instead_of``.
    bodies: tuple[str, ...] = ()
    instead_of: str = ""


_SUMMARIES: Final = {
    "assess": "What a rule makes of a party, with every condition and its evidence",
    "explain": "The same, as it is asked for to be read",
    "compare": "Where two sides conclude differently, and on whose claims that rests",
    "changes": "What would have to change for a rule to apply, or to apply no longer",
    "timeline": "What a rule made of a party, from when until when",
    "options": "The options in a matter, by what the rules make of each",
}
_ASSESSED: Final = "/assess?rule=caatsa-231-a&party=SSB&as_of=2025-12-06"
_ANSWERS_OF_INQUIRIES: Final = {
    "compare": "comparison",
    "changes": "changes",
    "timeline": "timeline",
    "options": "options",
}


def operations() -> list[Operation]:
    """All addresses that are described, from the tables by which they work."""
    work = (*_OF_THE_GRAPH, *_OF_WORK)
    assessed = {
        media_type: "explanation" if name == "json" else None
        for name, media_type, _ in assessments.FORMATS
    }
    formats = tuple(name for name, _, _ in assessments.FORMATS)
    return [
        Operation(
            "",
            "What is here: for a browser the start page",
            {_JSON: "index", "text/html": None},
            errors=_OF_THE_GRAPH,
        ),
        Operation(
            "healthz",
            "Whether the gateway is alive",
            {_JSON: "health"},
            errors=_OF_THE_GRAPH,
            tagged=False,
        ),
        Operation(
            "readyz",
            "Whether the gateway can answer",
            {_JSON: "health"},
            errors=_OF_THE_GRAPH,
            tagged=False,
        ),
        Operation("metrics", "Figures for Prometheus", {"text/plain": None}, tagged=False),
        Operation(
            "llms.txt",
            "What is here and how to ask it, for language models",
            {"text/plain": None},
            errors=_OF_THE_GRAPH,
        ),
        Operation("openapi.json", "This description", {_JSON: None}, tagged=False),
        Operation(
            "rules",
            "The rules that can be asked about",
            {_JSON: "rules"},
            optional=(TIMEOUT,),
            errors=work,
        ),
        *(
            Operation(
                name,
                _SUMMARIES[name],
                assessed | ({_PAGE: None} if name in assessments.PAGES else {}),
                assessments.NEEDED,
                (*assessments.OPTIONAL, "format", LANG, TIMEOUT),
                _ASSESSED.replace("assess", name),
                work,
                own={"format": replace(DESCRIBED["format"], values=formats)},
                bodies=supposing.TYPES,
                instead_of="scenario",
            )
            for name in assessments.ANSWERS
        ),
        *(
            Operation(
                name,
                _SUMMARIES[name],
                {
                    _JSON: _ANSWERS_OF_INQUIRIES[name],
                    **({_PAGE: None} if name in PAGES else {}),
                    **({_SVG: None} if inquiry.drawn else {}),
                },
                inquiry.needed,
                (*inquiry.optional, *((LANG,) if name in PAGES else ()), TIMEOUT),
                inquiry.example,
                work,
                own={"format": _DRAWN} if inquiry.drawn else {},
                bodies=supposing.TYPES if inquiry.supposes else (),
                instead_of="scenario",
            )
            for name, inquiry in INQUIRIES.items()
        ),
    ]


def document(
    addresses: Collection[str],
    more: Sequence[Operation] = (),
    more_schemas: Mapping[str, Schema] | None = None,
) -> dict[str, Any]:
    """The description of those addresses of the application that are not SPARQL.

    ``addresses`` have their variable parts in braces.
    """
    described = [one for one in (*operations(), *more) if f"/{one.name}" in addresses]
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
            "schemas": {**schemas(), **(more_schemas or {})},
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
                responses[str(status)]["content"][_PAGE] = {}
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
