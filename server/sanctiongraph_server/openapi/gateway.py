"""The operations of the gateway itself and of the reasoner."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sanctiongraph_server import assessments, supposing
from sanctiongraph_server.deadlines import TIMEOUT
from sanctiongraph_server.inquiries import FORMATS, INQUIRIES, PAGES
from sanctiongraph_server.openapi.operation import JSON, OF_THE_GRAPH, OF_WORK, PAGE, SVG, Operation
from sanctiongraph_server.pages.languages import LANG
from sanctiongraph_server.parameters import DESCRIBED, Described

_DRAWN: Final = Described("data, or a picture of it", "svg", values=FORMATS)
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
    """All of them, from the tables by which they work."""
    assessed = {
        media_type: "explanation" if name == "json" else None
        for name, media_type, _ in assessments.FORMATS
    }
    formats = tuple(name for name, _, _ in assessments.FORMATS)
    return [
        Operation(
            "",
            "What is here: for a browser the start page",
            {JSON: "index", "text/html": None},
            errors=OF_THE_GRAPH,
        ),
        Operation(
            "healthz",
            "Whether the gateway is alive",
            {JSON: "health"},
            errors=OF_THE_GRAPH,
            tagged=False,
        ),
        Operation(
            "readyz",
            "Whether the gateway can answer",
            {JSON: "health"},
            errors=OF_THE_GRAPH,
            tagged=False,
        ),
        Operation("metrics", "Figures for Prometheus", {"text/plain": None}, tagged=False),
        Operation(
            "llms.txt",
            "What is here and how to ask it, for language models",
            {"text/plain": None},
            errors=OF_THE_GRAPH,
        ),
        Operation("openapi.json", "This description", {JSON: None}, tagged=False),
        Operation(
            "rules",
            "The rules that can be asked about",
            {JSON: "rules"},
            optional=(TIMEOUT,),
            errors=OF_WORK,
            elsewhere=True,
        ),
        *(
            Operation(
                name,
                _SUMMARIES[name],
                assessed | ({PAGE: None} if name in assessments.PAGES else {}),
                assessments.NEEDED,
                (*assessments.OPTIONAL, "format", LANG, TIMEOUT),
                _ASSESSED.replace("assess", name),
                OF_WORK,
                own={"format": replace(DESCRIBED["format"], values=formats)},
                bodies=supposing.TYPES,
                instead_of="scenario",
                elsewhere=name not in assessments.PAGES,
            )
            for name in assessments.ANSWERS
        ),
        *(
            Operation(
                name,
                _SUMMARIES[name],
                {
                    JSON: _ANSWERS_OF_INQUIRIES[name],
                    **({PAGE: None} if name in PAGES else {}),
                    **({SVG: None} if inquiry.drawn else {}),
                },
                inquiry.needed,
                (*inquiry.optional, *((LANG,) if name in PAGES else ()), TIMEOUT),
                inquiry.example,
                OF_WORK,
                own={"format": _DRAWN} if inquiry.drawn else {},
                bodies=supposing.TYPES if inquiry.supposes else (),
                instead_of="scenario",
                elsewhere=bool(inquiry.shown_at),
            )
            for name, inquiry in INQUIRIES.items()
        ),
    ]
