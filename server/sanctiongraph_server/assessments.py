"""What the rules make of a party, over HTTP: ``/assess``, ``/explain``, ``/rules``.

Thin over ``sanctiongraph.reasoner``. A table says which address answers what; parameters, formats
and errors are the same for all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, request

from sanctiongraph.errors import BadParameter
from sanctiongraph.explain import to_json, to_jsonld, to_ntriples, to_text, to_turtle
from sanctiongraph.proof import Proof
from sanctiongraph.reasoner import Question, Reasoner
from sanctiongraph_server.deadlines import TIMEOUT
from sanctiongraph_server.linked.offers import names_page, page_at
from sanctiongraph_server.negotiation import parse_accept
from sanctiongraph_server.pages import assessing
from sanctiongraph_server.pages.languages import LANG, language_of
from sanctiongraph_server.parameters import Parameters, on_a_day, parameters
from sanctiongraph_server.performing import Requests
from sanctiongraph_server.problems import NotAcceptable
from sanctiongraph_server.repeatable import mark
from sanctiongraph_server.supposing import BODY, scenario_body, supposed
from sanctiongraph_server.tasks import Answer, Opened, answered, answered_in_json

Writer = Callable[[Proof, Reasoner], str]

NEEDED: Final = ("rule", "party")
OPTIONAL: Final = ("transaction", "as_of", "viewpoint", "scenario")
_FORMAT: Final = "format"

#: Short name, media type and writer; where the client does not mind, the first.
FORMATS: Final[tuple[tuple[str, str, Writer], ...]] = (
    ("json", "application/json", to_json),
    ("text", "text/plain", to_text),
    ("turtle", "text/turtle", to_turtle),
    ("jsonld", "application/ld+json", to_jsonld),
    ("ntriples", "application/n-triples", to_ntriples),
)


def explained(reasoner: Reasoner, given: Parameters) -> Proof:
    """What the rule makes of the party, with the proofs of all its cases."""
    asked = {name: value for name, value in given.items() if name not in (BODY, "scenario")}
    return reasoner.explain(Question.of(**asked, scenario=supposed(reasoner.store, given)))


#: The short name of the page for people, and the addresses that have one.
HTML_FORMAT: Final = "html"
PAGES: Final = ("assess",)

#: Addresses, and what answers them from the parameters.
ANSWERS: Final[dict[str, Callable[[Reasoner, Parameters], Proof]]] = {
    "assess": explained,
    "explain": explained,
}


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an address answers, in a format by its short name."""

    address: str
    given: Parameters
    format: str

    def perform(self, opened: Opened) -> Answer:
        """See ``tasks.Task``. Raises as ``Question.of`` and ``Reasoner.explain`` do."""
        media_type, write = next(
            (media_type, writer) for name, media_type, writer in FORMATS if name == self.format
        )
        reasoner = opened.reasoner()
        text = write(ANSWERS[self.address](reasoner, self.given), reasoner)
        return answered(
            opened, f"{media_type}; charset=utf-8", lambda sink: sink.write(text.encode("utf-8"))
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that can be asked about."""

    def perform(self, opened: Opened) -> Answer:
        """See ``tasks.Task``."""
        reasoner = opened.reasoner()
        return answered_in_json(
            opened,
            [
                {
                    "rule": rule.name,
                    "label": rule.label,
                    "asks": list(rule.asks),
                    "provision": reasoner.labels(rule.provision),
                    "iri": rule.iri,
                }
                for rule in reasoner.rules()
            ],
        )


def blueprint(asks: Requests, longest_body: int) -> Blueprint:
    """The addresses over the graph that is current at each request.

    ``longest_body`` is how many bytes a scenario in a body may have.
    """
    found = Blueprint("assessments", __name__)

    @found.get("/rules")
    def rules() -> Response:
        if _page_wanted():
            return page_at("/assess")
        answer = asks.answer(Rules(), {TIMEOUT: request.args.get(TIMEOUT, "")})
        answer.vary.add("Accept")
        return mark(answer)

    def answering(address: str) -> Callable[[], Response]:
        def respond() -> Response:
            if _page_wanted():
                if address not in PAGES:
                    return page_at("/assess")
                shown = assessing.show(asks)
                shown.vary.add("Accept")
                return shown
            short = _format()
            example = f"/{address}?rule=caatsa-231-a&party=SSB"
            given = parameters(NEEDED, (*OPTIONAL, _FORMAT, LANG, TIMEOUT), example)
            language_of(given)  # for the page: data has its labels in one
            given, day = on_a_day(given, OPTIONAL)
            asked = {name: given[name] for name in given if name not in {_FORMAT, LANG, TIMEOUT}}
            asked |= scenario_body(longest_body)
            response = asks.answer(Assessment(address, asked, short), given)
            response.vary.add("Accept")
            return mark(response, day)

        return respond

    for name in ANSWERS:
        found.add_url_rule(f"/{name}", name, answering(name), methods=["GET", "POST"])
    return found


def _page_wanted() -> bool:
    """Whether a page is the answer, by ``format`` or ``Accept``; a scenario in a body has none."""
    if request.method == "POST":
        return False
    if name := request.args.get(_FORMAT):
        return name == HTML_FORMAT
    return names_page(request.headers.get("Accept"), (one for _, one, _ in FORMATS))


def _format() -> str:
    """The short name of what the request asks for, by ``format`` or ``Accept``."""
    name = request.args.get(_FORMAT)
    if name:
        if name in {short for short, _, _ in FORMATS}:
            return name
        offered = ", ".join((*(short for short, _, _ in FORMATS), HTML_FORMAT))
        raise BadParameter(f"format {name!r} is not known: it is one of {offered}")
    ranges = parse_accept(request.headers.get("Accept", ""))
    weighed = [(_weight(media_type, ranges), short) for short, media_type, _ in FORMATS]
    weight, short = max(weighed, key=lambda one: one[0])
    if weight == (0.0, False):
        offered = ", ".join(media_type for _, media_type, _ in FORMATS)
        raise NotAcceptable(f"this is to be had as {offered}")
    return short


def _weight(media_type: str, ranges: dict[str, float]) -> tuple[float, bool]:
    """By the most specific range that fits, and whether that names the type."""
    if media_type in ranges:
        return ranges[media_type], ranges[media_type] > 0
    family = media_type.partition("/")[0] + "/*"
    return ranges.get(family, ranges.get("*/*", 0.0)), False
