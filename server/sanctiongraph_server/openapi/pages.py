"""The operations of the workbench that are no address of something else: search, law, neighbours."""

from __future__ import annotations

from typing import Final

from sanctiongraph.errors import BadInput, NotFound
from sanctiongraph_server.deadlines import TIMEOUT
from sanctiongraph_server.openapi.operation import JSON, OF_WORK, PAGE, SVG, Operation
from sanctiongraph_server.pages.languages import LANG
from sanctiongraph_server.parameters import DESCRIBED, Described

_PAGE: Final[dict[str, str | None]] = {PAGE: None}
_THING: Final = Described(
    "a thing, by the last part of its IRI, its short form or its IRI",
    "SSB",
    pattern=DESCRIBED["party"].pattern,
)
_CLAIM: Final = Described(
    "a claim, by its short form or its IRI",
    "claim:turkey-us-caatsa-talks/039",
    pattern=DESCRIBED["party"].pattern,
)

_OPTION: Final = Described(
    "a scenario of the graph; in an address of a page there may be several",
    "destroy",
    pattern=DESCRIBED["party"].pattern,
)
_SUPPOSE: Final = Described(
    "what is supposed, in Turtle or TriG; prefixes need not be declared",
    'id:TurkeyS400Possession sg:holdsUntil [ sg:edtf "2026-01-15" ] .',
)


def operations() -> list[Operation]:
    """All of them."""
    return [
        Operation(
            "search",
            "Things by a part of a name or alias, as a page",
            _PAGE,
            optional=("text", LANG, TIMEOUT),
            own={"text": Described("a part of a name, in any language", "savunma")},
            errors=OF_WORK,
        ),
        Operation("law", "The acts, as a page", _PAGE, optional=(LANG, TIMEOUT), errors=OF_WORK),
        *(
            Operation(
                f"neighbours.{ending}",
                f"What is one step away from a thing, {form}",
                {media_type: None},
                needed=("thing",),
                optional=(LANG, TIMEOUT),
                own={"thing": _THING},
                errors=OF_WORK,
            )
            for ending, form, media_type in (
                ("svg", "drawn", SVG),
                ("json", "as a list", JSON),
            )
        ),
        Operation(
            "scenarios",
            "What follows for whom if options are taken or triples are supposed, as a page",
            _PAGE,
            optional=("option", "suppose", "as_of", "viewpoint", LANG, TIMEOUT),
            own={"option": _OPTION, "suppose": _SUPPOSE},
            errors=OF_WORK,
            pages_of_errors=True,
        ),
        Operation(
            "sparql/samples",
            "Programs that ask a query, in curl, Python, R and JavaScript",
            {JSON: None},
            needed=("query",),
            optional=("viewpoint", "as_of"),
            own={"query": Described("a SPARQL query; it is not asked", "ASK {}")},
            errors=(BadInput,),
            tagged=False,
        ),
        Operation(
            "static/{digest}/{name}",
            "A file of the pages: under the hash of its content it is kept for a year",
            {"text/css": None, "text/javascript": None, SVG: None},
            own={
                "digest": Described("the hash of the content; under another it is not kept", "0"),
                "name": Described("the name of the file", "workbench.css"),
            },
            in_path=("digest", "name"),
            errors=(NotFound,),
            tagged=False,
        ),
        Operation(
            "resting",
            "The outcomes of rules whose proofs name a claim, as a page",
            _PAGE,
            needed=("claim",),
            optional=("as_of", LANG, TIMEOUT),
            own={"claim": _CLAIM},
            errors=OF_WORK,
        ),
    ]
