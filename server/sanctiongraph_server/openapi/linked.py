"""The operations of linked data: things, descriptions, dumps, queries."""

from __future__ import annotations

from typing import Any, Final

from sanctiongraph.errors import BadInput, Forbidden, NotFound, RemoteFailed
from sanctiongraph.library import MOST_DIGITS, PARAMETER_TYPES, Library, LibraryQuery, Parameter
from sanctiongraph_server.deadlines import TIMEOUT
from sanctiongraph_server.linked.dereferencing import PAGES
from sanctiongraph_server.linked.iris import ENDINGS, KINDS
from sanctiongraph_server.linked.meanings import MEANINGS
from sanctiongraph_server.linked.queries import FORMATS, ROWS, SKIPPED
from sanctiongraph_server.negotiation import GRAPHS, SOLUTIONS
from sanctiongraph_server.openapi.operation import JSON, OF_WORK, PAGE, Operation
from sanctiongraph_server.pages.languages import LANG
from sanctiongraph_server.parameters import DESCRIBED, Described

_RDF: Final[dict[str, str | None]] = {one.media_type: None for one in GRAPHS}
_ROWS: Final[dict[str, str | None]] = {one.media_type: None for one in SOLUTIONS}
_GZIP: Final[dict[str, str | None]] = {"application/gzip": None}
_EXAMPLES: Final = {
    "id": "SSB",
    "law": "us/pl/115/44",
    "claim": "turkey-us-caatsa-talks/039",
    "source": "turkey-us-caatsa-talks",
    "viewpoint": "turkey",
    "scenario": "storage-in-turkey",
    "assessment": "sources/caatsa-216/SSB/always",
}
_PAGES: Final = PAGES.described("which page of the claims, of a page for people", "2")
_GROUP: Final = Described(
    "one group alone of what is known of a thing, on a page for people",
    "measures",
    values=tuple(one.name for one in MEANINGS),
)
_RDF_FORMAT: Final = Described(
    "the format of the answer; what Accept asks for without it",
    "turtle",
    values=tuple(one.name for one in GRAPHS),
)
#: Of the types of parameters that are text of a form.
_PATTERNS: Final = {
    "thing": DESCRIBED["party"].pattern,
    "endpoint": r"^https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/\-]*)?$",
}
_COMMON: Final = {
    "limit": ROWS.described("most rows to give", "10"),
    "offset": SKIPPED.described("rows to leave out before", "0", SKIPPED.default),
    "format": Described(
        "the format of the answer; what Accept asks for without it", "csv", values=FORMATS
    ),
}


def operations(library: Library) -> list[Operation]:
    """All of them; each query of the library is one."""
    return [
        *map(_thing, KINDS),
        Operation(
            "ontology",
            "The vocabulary: 303 to a page or to RDF",
            {},
            optional=(LANG, TIMEOUT),
            errors=OF_WORK,
            elsewhere=True,
        ),
        Operation(
            "ontology.{ending}",
            "The vocabulary as a page or as RDF",
            {**_RDF, PAGE: None},
            optional=(TIMEOUT,),
            own={"ending": Described("which of them", "ttl", values=tuple(ENDINGS))},
            in_path=("ending",),
            errors=OF_WORK,
        ),
        *(
            Operation(
                name,
                "The dataset described: VoID, DCAT 3 and PROV",
                {**_RDF, PAGE: None},
                optional=("format", LANG, TIMEOUT),
                own={"format": _RDF_FORMAT},
                errors=OF_WORK,
            )
            for name in ("void", ".well-known/void")
        ),
        *(
            Operation(
                f"{below}.well-known/sparql-examples",
                "The query library as SHACL executables",
                _RDF,
                optional=("format", TIMEOUT),
                own={"format": _RDF_FORMAT},
                errors=OF_WORK,
            )
            for below in ("", "sparql/")
        ),
        Operation(
            "dataset", "303 to the description of the dataset", {}, tagged=False, elsewhere=True
        ),
        *(
            Operation(
                f"{kind}/{{name}}",
                f"303 to {what}",
                {},
                own={"name": Described(f"what follows {kind}/ in the IRI", example)},
                in_path=("name",),
                errors=(NotFound,),
                tagged=False,
                elsewhere=True,
            )
            for kind, what, example in (
                ("graph", "the dump of the graph", "law"),
                ("examples", "the query", "overview"),
            )
        ),
        Operation("dump.nq.gz", "The whole dataset", _GZIP, optional=(TIMEOUT,), errors=OF_WORK),
        Operation(
            "dumps",
            "The dumps with their sums",
            {JSON: "dumps"},
            optional=(TIMEOUT,),
            errors=OF_WORK,
            elsewhere=True,
        ),
        Operation(
            "dumps/{name}",
            "A graph",
            _GZIP,
            optional=(TIMEOUT,),
            own={"name": Described("what follows the graph's base, and .nt.gz", "graph/law.nt.gz")},
            in_path=("name",),
            errors=OF_WORK,
        ),
        Operation(
            "queries",
            "The query library",
            {JSON: "queries", PAGE: None},
            optional=("format", LANG),
            own={"format": Described("the format", "json", values=("json", "html"))},
            errors=(BadInput,),
            tagged=False,
        ),
        *map(_query, library),
    ]


def _thing(kind: str) -> Operation:
    name = Described(
        f"what follows {kind}/ in the IRI; with .ttl, .jsonld, .json, .nt, .rdf, .trig, .nq or"
        " .html behind it the answer is that document, and else 303 leads there",
        _EXAMPLES[kind],
    )
    return Operation(
        f"{kind}/{{name}}",
        f"What is said about a thing of {kind}/, as a page or as RDF",
        {**_RDF, PAGE: None},
        optional=("page", "group", LANG, TIMEOUT),
        own={"name": name, "page": _PAGES, "group": _GROUP},
        in_path=("name",),
        errors=OF_WORK,
        elsewhere=True,
    )


def _query(query: LibraryQuery) -> Operation:
    own = {one.name: _described(one) for one in query.parameters}
    return Operation(
        f"queries/{query.name}",
        query.title,
        {**_ROWS, PAGE: None},
        needed=tuple(one.name for one in query.parameters if one.default is None),
        optional=(
            *(one.name for one in query.parameters if one.default is not None),
            *_COMMON,
            LANG,
            TIMEOUT,
        ),
        own={**_COMMON, **own},
        errors=(*OF_WORK, Forbidden, RemoteFailed) if query.federated else OF_WORK,
        pages_of_errors=True,
        description=query.question,
    )


def _described(parameter: Parameter) -> Described:
    example = parameter.default or {"thing": "Turkey", "date": "2021-01-01", "integer": "9"}.get(
        parameter.type, "Turkey"
    )
    return Described(
        parameter.description,
        example,
        format="date" if parameter.type == "date" else None,
        pattern=_PATTERNS.get(parameter.type),
        type="integer" if parameter.type == "integer" else "string",
        minimum=1 - 10**MOST_DIGITS if parameter.type == "integer" else None,
        maximum=10**MOST_DIGITS - 1 if parameter.type == "integer" else None,
        default=parameter.default,
    )


_TEXT: Final = {"type": "string"}
#: The forms of their answers in JSON, by name.
SCHEMAS: Final[dict[str, Any]] = {
    "dumps": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["address", "graph", "bytes", "sha256", "license"],
            "properties": {
                "address": {"type": "string", "format": "uri"},
                "graph": {"type": ["string", "null"]},
                "bytes": {"type": ["integer", "null"]},
                "sha256": {"type": ["string", "null"], "pattern": "^[0-9a-f]{64}$"},
                "license": _TEXT,
            },
        },
    },
    "queries": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["name", "title", "question", "address", "columns", "parameters"],
            "properties": {
                "name": _TEXT,
                "title": _TEXT,
                "question": _TEXT,
                "address": {"type": "string", "format": "uri"},
                "columns": {"type": "array", "items": _TEXT},
                "parameters": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["name", "type", "description", "default", "required"],
                        "properties": {
                            "type": {"enum": list(PARAMETER_TYPES)},
                            "default": {"type": ["string", "null"]},
                            "required": {"type": "boolean"},
                        },
                    },
                },
            },
        },
    },
}
