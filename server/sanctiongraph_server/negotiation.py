"""Which format an answer takes: ``Accept`` (RFC 9110, section 12.5.1) and the short names."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import QueryResultsFormat, RdfFormat

from sanctiongraph.errors import BadParameter
from sanctiongraph_server.light import light
from sanctiongraph_server.problems import NotAcceptable


@dataclass(frozen=True, slots=True)
class Format:
    """A format that answers can take."""

    #: The short name, for ``?format=``.
    name: str
    #: What ``Content-Type`` says.
    content_type: str
    engine: QueryResultsFormat | RdfFormat
    #: Other media types that clients ask for it by.
    aliases: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[Callable[[str], Format], tuple[str]]:
        """Travels to readers by name, since what the engine calls it does not."""
        return _named, (self.name,)

    @property
    def media_type(self) -> str:
        """The content type without its parameters."""
        return self.content_type.partition(";")[0]


#: For SELECT and ASK; where the client does not mind, the first.
SOLUTIONS: Final = (
    Format(
        "json",
        "application/sparql-results+json",
        QueryResultsFormat.JSON,
        ("application/json", "text/json"),
    ),
    Format(
        "xml",
        "application/sparql-results+xml",
        QueryResultsFormat.XML,
        ("application/xml", "text/xml"),
    ),
    Format("csv", "text/csv; charset=utf-8", QueryResultsFormat.CSV),
    Format("tsv", "text/tab-separated-values; charset=utf-8", QueryResultsFormat.TSV),
)

#: For CONSTRUCT, DESCRIBE and the service description; where the client does not mind, the first.
GRAPHS: Final = (
    Format("turtle", "text/turtle; charset=utf-8", RdfFormat.TURTLE, ("application/x-turtle",)),
    Format("nt", "application/n-triples", RdfFormat.N_TRIPLES, ("text/plain",)),
    Format("rdfxml", "application/rdf+xml", RdfFormat.RDF_XML, ("application/xml", "text/xml")),
    Format("jsonld", "application/ld+json", RdfFormat.JSON_LD, ("application/json",)),
    Format("trig", "application/trig", RdfFormat.TRIG),
    Format("nquads", "application/n-quads", RdfFormat.N_QUADS),
)

# json and xml mean the form of it that fits the result.
_FOR_GRAPHS: Final = {"json": "jsonld", "xml": "rdfxml"}
_NAMES: Final = tuple(format.name for format in SOLUTIONS + GRAPHS)


def _named(name: str) -> Format:
    return next(format for format in SOLUTIONS + GRAPHS if format.name == name)


@light
@dataclass(frozen=True, slots=True)
class Choice:
    """What the client takes, for either kind of result: known before the query is evaluated."""

    solutions: Format | None
    graph: Format | None
    #: What the client asked for, for messages.
    asked: str

    def for_solutions(self) -> Format:
        """The format of a SELECT or ASK result; raises ``NotAcceptable``."""
        return self.solutions or self._refuse("SELECT or ASK result", SOLUTIONS)

    def for_graph(self) -> Format:
        """The format of a CONSTRUCT, DESCRIBE or description; raises ``NotAcceptable``."""
        return self.graph or self._refuse("graph (CONSTRUCT, DESCRIBE, description)", GRAPHS)

    def _refuse(self, what: str, offers: tuple[Format, ...]) -> Format:
        types = ", ".join(offer.media_type for offer in offers)
        raise NotAcceptable(f"a {what} is not to be had as {self.asked!r}; it can be {types}")


@lru_cache(maxsize=1024)
def choose(accept: str | None, name: str | None = None) -> Choice:
    """The formats for an ``Accept`` header, or for a short name, which wins.

    Raises ``BadParameter`` for a name that is not known, ``NotAcceptable`` where neither kind of
    result has a format that fits.
    """
    if name is not None:
        if name not in _NAMES:
            raise BadParameter(f"format {name!r} is not known: it is one of {', '.join(_NAMES)}")
        other = _FOR_GRAPHS.get(name, name)
        choice = Choice(
            next((offer for offer in SOLUTIONS if offer.name == name), None),
            next((offer for offer in GRAPHS if offer.name == other), None),
            name,
        )
    else:
        ranges = parse_accept(accept or "")
        choice = Choice(_best(SOLUTIONS, ranges), _best(GRAPHS, ranges), accept or "")
    if choice.solutions is None and choice.graph is None:
        types = ", ".join(offer.media_type for offer in SOLUTIONS + GRAPHS)
        raise NotAcceptable(f"nothing here is to be had as {choice.asked!r}; there is {types}")
    return choice


_TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED: Final = r'"(?:[^"\\]|\\.)*+"'
_MEMBER: Final = re.compile(rf"(?:{_QUOTED}|[^,\"]|\")++")
_RANGE: Final = re.compile(rf"\s*({_TOKEN})/({_TOKEN})\s*((?:;.*)?)", re.DOTALL)
_WEIGHT: Final = re.compile(rf"{_QUOTED}|;\s*[qQ]\s*=\s*([^\s;,]*)")
_WEIGHT_VALUE: Final = re.compile(r"0(?:\.[0-9]*)?|1(?:\.0*)?|\.[0-9]+")


def parse_accept(header: str) -> dict[str, float]:
    """Media ranges in lower case, with their weights; parameters other than ``q`` do not matter.

    Members that are no media range are left out, and so are weights that are none. An empty
    header is ``*/*``.
    """
    ranges: dict[str, float] = {}
    for member in _MEMBER.findall(header):
        match = _RANGE.fullmatch(member.rstrip())
        if match is None:
            continue
        weight = 1.0
        for value in _WEIGHT.findall(match[3]):
            if _WEIGHT_VALUE.fullmatch(value):
                weight = float(value)
        name = f"{match[1]}/{match[2]}".lower()
        ranges[name] = max(weight, ranges.get(name, 0.0))
    return ranges or {"*/*": 1.0}


def _best(offers: tuple[Format, ...], ranges: dict[str, float]) -> Format | None:
    """The offer of the highest weight; among equals the one named outright, then the first."""
    ranked = [
        (weight, exact, -place, offer)
        for place, offer in enumerate(offers)
        for weight, exact in [_weigh(offer, ranges)]
        if weight > 0
    ]
    return max(ranked, key=lambda row: row[:3])[3] if ranked else None


def _weigh(offer: Format, ranges: dict[str, float]) -> tuple[float, bool]:
    """The weight of an offer by the most specific range that fits, and whether that names it."""
    if offer.media_type in ranges:
        return ranges[offer.media_type], True
    aliases = [ranges[alias] for alias in offer.aliases if alias in ranges]
    if aliases:
        return max(aliases), True
    family = offer.media_type.partition("/")[0] + "/*"
    return ranges.get(family, ranges.get("*/*", 0.0)), False
