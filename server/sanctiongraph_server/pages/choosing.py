"""The pages of ``/options`` and ``/changes``: which options do what, and what would have to change.

They show what these addresses give to programs, with names in the place of IRIs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Response, render_template
from pyoxigraph import NamedNode, QuerySolutions

from sanctiongraph.errors import BadInput, NotFound
from sanctiongraph.labels import Labels
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import PREFIXES, shorten, term
from sanctiongraph_server import inquiries
from sanctiongraph_server.linked.iris import href
from sanctiongraph_server.linked.offers import HTML
from sanctiongraph_server.pages.choices import Choices, choices
from sanctiongraph_server.pages.languages import COMMON, language_of
from sanctiongraph_server.pages.proofs import Link, link
from sanctiongraph_server.pages.showing import page
from sanctiongraph_server.parameters import Parameters, on_a_day, parameters
from sanctiongraph_server.performing import Requests
from sanctiongraph_server.problems import kind_of
from sanctiongraph_server.tasks import Opened, Seen, seen_of

#: What a source names as an option, and the claim that does.
_NAMED: Final = """
SELECT ?thing ?claim ?source WHERE {
  ?claim sg:modality sg:Option ; sg:source ?source . GRAPH ?claim { ?thing a sg:CourseOfAction }
}"""


@dataclass(frozen=True, slots=True)
class NamedOption:
    """A course of action that a source names as an option, by its short form, with the claim."""

    short: str
    label: str
    claim: Link
    source: Link


@dataclass(frozen=True, slots=True)
class InquiryPage(Seen):
    """What can be chosen, and what an address gives, if it was asked.

    ``names`` are the things of the answer by their short forms; ``named`` what sources name as an
    option, those of the source that names most first.
    """

    choices: Choices
    found: Any = None
    names: Mapping[str, Link] | None = None
    named: tuple[NamedOption, ...] = ()


@dataclass(frozen=True, slots=True)
class ShowInquiry:
    """The page of an address; ``given`` is ``None`` where nothing is asked."""

    address: str
    given: Parameters | None
    language: str

    def perform(self, opened: Opened) -> InquiryPage:
        """See ``tasks.Task``. Raises what the address does."""
        seen = InquiryPage(*seen_of(opened), choices(opened, self.language))
        if self.given is None:
            return seen
        found = inquiries.found(opened, self.address, self.given)
        iris = {short: iri for short in _short(found) if (iri := _iri(short))}
        labels = Labels(opened.store, self.language)
        names = {short: Link(labels(iri), href(iri)) for short, iri in iris.items()}
        return replace(seen, found=found, names=names, named=_named(opened.store, labels))


def _short(value: Any) -> set[str]:
    """The strings of an answer that may be short forms of things."""
    match value:
        case str():
            return {value} if ":" in value and " " not in value else set()
        case list() | tuple():
            return set().union(*map(_short, value))
        case dict():
            return set().union(*map(_short, value.values()))
    return set()


def _iri(short: str) -> str | None:
    prefix, _, local = short.partition(":")
    return term(short).value if prefix in PREFIXES and local else None


def _named(store: GraphStore, labels: Labels) -> tuple[NamedOption, ...]:
    found = store.query(_NAMED, prefixes=PREFIXES)
    assert isinstance(found, QuerySolutions)
    rows = [tuple(row[name] for name in ("thing", "claim", "source")) for row in found]
    iris = [[one.value for one in row if isinstance(one, NamedNode)] for row in rows]
    by_source = Counter(source for _, _, source in iris)
    iris.sort(key=lambda row: (-by_source[row[2]], row[2], row[1]))
    options: dict[str, NamedOption] = {}
    for thing, claim, source in iris:
        short = shorten(thing)
        options.setdefault(
            short,
            NamedOption(short, labels(thing), link(claim, labels), link(source, labels)),
        )
    return tuple(options.values())


def show(asks: Requests, address: str) -> Response:
    """The page for the request at work; what is wrong with what it asks is said on it."""
    inquiry = inquiries.INQUIRIES[address]
    names = (*inquiry.needed, *inquiry.optional, *COMMON)
    given, today = on_a_day(parameters((), names, inquiry.example), inquiry.optional)
    language = language_of(given)
    known = (*inquiry.needed, *inquiry.optional)
    asked = {name: value for name, value in given.items() if name in known}
    wanted = asked if set(inquiry.needed) <= asked.keys() else None
    error: BadInput | NotFound | None = None
    try:
        seen = asks.perform(ShowInquiry(address, wanted, language), given)
    except (BadInput, NotFound) as wrong:
        seen, error = asks.perform(ShowInquiry(address, None, language), given), wrong
    template = f"pages/{address}.html"
    if error is None:
        return page(template, seen, today, given=asked, error=None)
    html = render_template(template, seen=seen, version=seen.version, given=asked, error=error)
    return Response(html, kind_of(error).status, content_type=HTML)
