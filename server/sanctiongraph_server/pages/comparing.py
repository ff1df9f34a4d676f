"""The page of ``/compare``: where two days, viewpoints or scenarios conclude differently.

For one party or one rule it says what each difference rests on, as programs are told; for all of
them at once only what differs, since the rest takes most of the time, and leads on to each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, render_template

from sanctiongraph.errors import BadInput, NotFound
from sanctiongraph.given import iri
from sanctiongraph.labels import Labels
from sanctiongraph_server import inquiries
from sanctiongraph_server.linked.offers import HTML
from sanctiongraph_server.pages.choices import Choices, choices
from sanctiongraph_server.pages.differences import Change, alike
from sanctiongraph_server.pages.languages import COMMON, language_of
from sanctiongraph_server.pages.showing import page
from sanctiongraph_server.parameters import Parameters, on_a_day, parameters
from sanctiongraph_server.performing import Requests
from sanctiongraph_server.problems import kind_of
from sanctiongraph_server.tasks import Opened, Seen, seen_of

_ADDRESS: Final = "compare"
#: With one of these the page says what differences rest on.
_NARROW: Final = ("rule", "party")


@dataclass(frozen=True, slots=True)
class ComparePage(Seen):
    """The form, and what was compared, if anything was.

    ``changes`` are the differences of all rules, ``detailed`` those of a party or a rule as programs
    get them, with ``labels`` of their transactions by name.
    """

    choices: Choices
    compared: Mapping[str, Any] | None = None
    changes: tuple[Change, ...] = ()
    detailed: bool = False
    labels: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ShowComparison:
    """The page for what was given; where that names no other side, the form alone."""

    given: Parameters
    language: str

    def perform(self, opened: Opened) -> ComparePage:
        """See ``tasks.Task``. Raises what the address does."""
        given = self.given
        seen = ComparePage(*seen_of(opened), choices(opened, self.language))
        if given.keys().isdisjoint(inquiries.BESIDE):
            return seen
        labels = Labels(opened.store, self.language)
        if not given.keys().isdisjoint(_NARROW):
            found = inquiries.found(opened, _ADDRESS, given)
            names = {one["transaction"] for one in found["differences"]} - {None}
            told = {name: labels(iri("transaction", name)) for name in names}
            return replace(seen, compared=found, detailed=True, labels=told)
        reasoner = opened.reasoner()
        whole = inquiries.comparison(reasoner, given, causes=False)
        sides = {
            "left": whole.left.to_json(),
            "right": whole.right.to_json(),
            "compared": whole.compared,
        }
        changes = tuple(alike(whole.differences, reasoner.law, labels))
        return replace(seen, compared=sides, changes=changes)


def show(asks: Requests, address: str = _ADDRESS) -> Response:
    """The page for the request at work; what is wrong with what it asks is said on it."""
    inquiry = inquiries.INQUIRIES[address]
    given, today = on_a_day(
        parameters((), (*inquiry.optional, *COMMON), inquiry.example), inquiry.optional
    )
    language = language_of(given)
    asked = {name: value for name, value in given.items() if name in inquiry.optional}
    error: BadInput | NotFound | None = None
    try:
        seen = asks.perform(ShowComparison(asked, language), given)
    except (BadInput, NotFound) as wrong:
        seen, error = asks.perform(ShowComparison({}, language), given), wrong

    def narrowed(**changed: str) -> str:
        return f"/{address}?{urlencode({**asked, **changed})}"

    values = {"given": asked, "narrowed": narrowed, "error": error}
    if error is None:
        return page("pages/compare.html", seen, today, **values)
    html = render_template("pages/compare.html", seen=seen, version=seen.version, **values)
    return Response(html, kind_of(error).status, content_type=HTML)
