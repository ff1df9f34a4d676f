"""What differs, what would have to change, and from when until when, over HTTP.

``/compare``, ``/changes``, ``/timeline`` and ``/options`` answer in JSON, and people get pages. Thin
over the library: a table says which address takes which parameters and what answers it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, request

from sanctiongraph.changes import Target, changes
from sanctiongraph.compare import Comparison, Side, compare
from sanctiongraph.errors import BadParameter
from sanctiongraph.given import day, iri
from sanctiongraph.options import options_table
from sanctiongraph.perspective import Perspective, open_perspective
from sanctiongraph.reasoner import Reasoner
from sanctiongraph.timeline import timelines, to_json
from sanctiongraph_server.deadlines import TIMEOUT
from sanctiongraph_server.linked.offers import names_page, page_at
from sanctiongraph_server.pages.languages import LANG, language_of
from sanctiongraph_server.pages.timelines import DrawTimeline, svg
from sanctiongraph_server.parameters import Parameters, on_a_day, parameters
from sanctiongraph_server.performing import Requests
from sanctiongraph_server.repeatable import mark
from sanctiongraph_server.supposing import BODY, scenario_body, supposed
from sanctiongraph_server.tasks import Answer, Opened, answered_in_json

FORMAT: Final = "format"
#: Addresses that have a page for people; ``blueprint`` is told what makes it.
PAGES: Final = ("compare", "options", "changes")
#: What makes the sides of a comparison differ: one of these has to be given.
BESIDE: Final = ("with_viewpoint", "with_as_of", "with_scenario", "scenario", BODY)
FORMATS: Final = ("json", "svg")


@dataclass(frozen=True, slots=True)
class Inquiry:
    """An address: the parameters it takes, an example, and what answers it."""

    needed: tuple[str, ...]
    optional: tuple[str, ...]
    example: str
    answer: Callable[[Reasoner, Parameters], Any]
    #: Whether a scenario may come in the body.
    supposes: bool = False
    #: Whether there is a picture of it as well, by ``format=svg``.
    drawn: bool = False
    #: Where a page shows it, if that is another address.
    shown_at: str = ""


def _perspective(reasoner: Reasoner, given: Parameters, prefix: str = "") -> Perspective:
    viewpoint = given.get(f"{prefix}viewpoint") or given.get("viewpoint", "sources")
    scenario = given.get(f"{prefix}scenario") if prefix else supposed(reasoner.store, given)
    return open_perspective(reasoner.store, viewpoint, scenario)


def _named(given: Parameters, name: str) -> str | None:
    return iri(name, given[name]) if name in given else None


def comparison(reasoner: Reasoner, given: Parameters, *, causes: bool = True) -> Comparison:
    """What differs between the sides; see ``compare``. Raises ``BadParameter`` for one side alone."""
    if given.keys().isdisjoint(BESIDE):
        raise BadParameter(
            "both sides are the same: give with_viewpoint, with_as_of or with_scenario"
        )
    left = Side(_perspective(reasoner, given), day("as_of", given.get("as_of")))
    other_day = "with_as_of" if "with_as_of" in given else "as_of"
    right = Side(_perspective(reasoner, given, "with_"), day(other_day, given.get(other_day)))
    return compare(
        left,
        right,
        reasoner.law,
        rule=reasoner.law.rule(given["rule"]) if "rule" in given else None,
        party=_named(given, "party"),
        transaction=_named(given, "transaction"),
        causes=causes,
    )


def _compared(reasoner: Reasoner, given: Parameters) -> Any:
    return comparison(reasoner, given).to_json()


def _changed(reasoner: Reasoner, given: Parameters) -> Any:
    found = changes(
        _perspective(reasoner, given),
        reasoner.law,
        Target.of(reasoner.law, given["target"]),
        iri("party", given["party"]),
        day("as_of", given.get("as_of")),
        transaction=_named(given, "transaction"),
    )
    return [one.to_json() for one in found]


def _timeline(reasoner: Reasoner, given: Parameters) -> Any:
    rule = reasoner.law.rule(given["rule"])
    party = iri("party", given["party"])
    perspective = _perspective(reasoner, given)
    found = timelines(
        perspective, reasoner.law, rule, party=party, transaction=_named(given, "transaction")
    )
    return to_json(found, rule=rule, party=party, perspective=perspective)


def _options(reasoner: Reasoner, given: Parameters) -> Any:
    perspective = _perspective(reasoner, given)
    return options_table(
        perspective, reasoner.law, day("as_of", given.get("as_of")), given.get("matter")
    ).to_json()


INQUIRIES = {
    "compare": Inquiry(
        (),
        ("viewpoint", "with_viewpoint", "as_of", "with_as_of", "scenario", "with_scenario",
         "rule", "party", "transaction"),
        "/compare?viewpoint=turkey&with_viewpoint=united-states&as_of=2025-12-06",
        _compared,
        supposes=True,
    ),
    "changes": Inquiry(
        ("target", "party"),
        ("transaction", "as_of", "viewpoint"),
        "/changes?target=ndaa-2020-1245-transfer-permitted&party=Turkey",
        _changed,
    ),
    "timeline": Inquiry(
        ("rule", "party"),
        ("transaction", "viewpoint", "scenario", FORMAT),
        "/timeline?rule=caatsa-231-a&party=SSB",
        _timeline,
        supposes=True,
        drawn=True,
        shown_at="/assess#timeline",
    ),
    "options": Inquiry(
        (), ("matter", "as_of", "viewpoint"), "/options?as_of=2026-06-01", _options
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inquired:
    """What an address answers."""

    address: str
    given: Parameters

    def perform(self, opened: Opened) -> Answer:
        """See ``tasks.Task``. Raises ``BadParameter``, ``NotFound`` and what the library raises."""
        return answered_in_json(opened, found(opened, self.address, self.given))


#: Answers that a reader remembers of a snapshot: one takes seconds, and is asked for as data, as a
#: page and in another language.
_MOST_REMEMBERED: Final = 8


def found(opened: Opened, address: str, given: Parameters) -> Any:
    """What an address answers, as plain values that are not to be changed."""
    remembered = opened.once(_remembered)
    key = (address, *sorted(given.items()))
    if key not in remembered:
        answer = INQUIRIES[address].answer(opened.reasoner(), given)
        if len(remembered) >= _MOST_REMEMBERED:
            remembered.pop(next(iter(remembered)))
        remembered[key] = answer
    return remembered[key]


def _remembered(_: Opened) -> dict[tuple[Any, ...], Any]:
    return {}


#: Makes the page of an address for the request at work.
Page = Callable[[Requests, str], Response]


def blueprint(
    asks: Requests, longest_body: int, pages: Mapping[str, Page] | None = None
) -> Blueprint:
    """The addresses over the graph that is current at each request.

    ``longest_body`` is how many bytes a scenario in a body may have; ``pages`` are what people get
    at some of the addresses.
    """
    found = Blueprint("inquiries", __name__)

    def answering(address: str, inquiry: Inquiry) -> Callable[[], Response]:
        def respond() -> Response:
            page = (pages or {}).get(address)
            if page is not None and _page_wanted():
                shown = page(asks, address)
                shown.vary.add("Accept")
                return shown
            if inquiry.shown_at and FORMAT not in request.args and _page_wanted():
                return page_at(inquiry.shown_at)
            optional = (*inquiry.optional, *((LANG,) if page else ()), TIMEOUT)
            given = parameters(inquiry.needed, optional, inquiry.example)
            language_of(given)  # for the page: data has its labels in one
            given, day = on_a_day(given, inquiry.optional)
            asked = {
                name: value for name, value in given.items() if name not in {TIMEOUT, FORMAT, LANG}
            }
            if inquiry.supposes:
                asked |= scenario_body(longest_body)
            if inquiry.drawn and _format(given) == "svg":
                picture = asks.perform(DrawTimeline(asked), given)
                return mark(svg(picture))
            answer = mark(asks.answer(Inquired(address, asked), given), day)
            if page is not None or inquiry.shown_at:
                answer.vary.add("Accept")
            return answer

        return respond

    for name, inquiry in INQUIRIES.items():
        methods = ["GET", "POST"] if inquiry.supposes else ["GET"]
        found.add_url_rule(f"/{name}", name, answering(name, inquiry), methods=methods)
    return found


def _page_wanted() -> bool:
    """Whether the page is the answer, by ``Accept``; a scenario in a body has none."""
    return request.method != "POST" and names_page(
        request.headers.get("Accept"), ("application/json",)
    )


def _format(given: Parameters) -> str:
    """Raises ``BadParameter``."""
    name = given.get(FORMAT, FORMATS[0])
    if name not in FORMATS:
        raise BadParameter(f"format {name!r} is not known: it is one of {', '.join(FORMATS)}")
    return name
