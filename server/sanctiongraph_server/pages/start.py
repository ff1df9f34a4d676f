"""The start page: search, what the graph holds, questions worth asking, the latest sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from flask import Response
from pyoxigraph import Literal, NamedNode, QuerySolutions

from sanctiongraph.data import data_folders
from sanctiongraph.errors import BadData
from sanctiongraph.settings import Settings
from sanctiongraph.vocabulary import PREFIXES, term
from sanctiongraph_server.linked.values import Value, Values
from sanctiongraph_server.pages.languages import COMMON, language_of
from sanctiongraph_server.pages.showing import page
from sanctiongraph_server.parameters import parameters
from sanctiongraph_server.performing import Requests
from sanctiongraph_server.tasks import Opened, Seen, seen_of

#: What is counted: a class, what many of it are called, and where they are listed.
_COUNTED: Final = (
    ("sg:Source", "sources", "/queries/sources?format=html"),
    ("sg:Claim", "claims", "/queries/who-said-what?format=html"),
    ("sg:ArmsDeal", "arms deals", "/queries/deals-by-supplier?format=html"),
    ("sg:Measure", "measures", "/queries/measures-in-force?format=html"),
    ("sg:Provision", "provisions of law", "/law"),
    ("sg:Rule", "rules", "/law"),
    ("sg:Assessment", "outcomes of rules", "/law"),
)
_COUNTS: Final = """
SELECT ?class (COUNT(DISTINCT ?thing) AS ?n) WHERE { VALUES ?class { %s } ?thing a ?class } GROUP BY ?class"""
_LATEST: Final = """
SELECT ?source ?edtf ?day (COUNT(DISTINCT ?claim) AS ?claims) WHERE {
  ?source a sg:Source ; sg:publishedOn ?on . ?on sg:edtf ?edtf ; sg:latest ?day .
  ?claim sg:source ?source .
} GROUP BY ?source ?edtf ?day ORDER BY DESC(?day) ?source LIMIT %d"""
_MOST_SOURCES: Final = 8
_QUESTIONS: Final = "questions.yaml"


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the address of its answer."""

    question: str
    address: str


@dataclass(frozen=True, slots=True)
class Figure:
    """How many there are of something, and where they are listed."""

    number: int
    what: str
    address: str


@dataclass(frozen=True, slots=True)
class LatestSource:
    """A source with its date and how much was taken from it."""

    source: Value
    kinds: tuple[Value, ...]
    published: str
    claims: int


@dataclass(frozen=True, slots=True)
class Start(Seen):
    """What the start page has of the graph."""

    figures: tuple[Figure, ...]
    sources: tuple[LatestSource, ...]


@dataclass(frozen=True, slots=True)
class ShowStart:
    """The start page in a language."""

    language: str

    def perform(self, opened: Opened) -> Start:
        """See ``tasks.Task``."""
        values = Values(opened.store, self.language)
        sources = tuple(
            LatestSource(values.of(node), tuple(map(values.of, values.kinds(node))), edtf, claims)
            for node, edtf, claims in opened.once(_latest)
        )
        return Start(*seen_of(opened), opened.once(_figures), sources)


def questions(settings: Settings) -> tuple[Question, ...]:
    """The questions that stand beside the query library; none where there is no such file.

    Raises ``BadData`` for a file that is not a list of questions with addresses.
    """
    path: Path = data_folders(settings.data).queries / _QUESTIONS
    if not path.is_file():
        return ()
    try:
        listed = yaml.safe_load(path.read_text("utf-8"))
        return tuple(Question(str(one["question"]), str(one["address"])) for one in listed)
    except (yaml.YAMLError, TypeError, KeyError) as error:
        raise BadData(f"{path}: give a list of questions, each with its address") from error


def starting(asks: Requests, settings: Settings) -> Callable[[], Response]:
    """What answers the start page."""
    asked = questions(settings)

    def respond() -> Response:
        given = parameters((), COMMON, "/")
        start = asks.perform(ShowStart(language_of(given)), given)
        return page("pages/start.html", start, questions=asked)

    return respond


def _figures(opened: Opened) -> tuple[Figure, ...]:
    classes = " ".join(name for name, _, _ in _COUNTED)
    found = {row["class"]: int(_value(row["n"])) for row in _rows(opened, _COUNTS % classes)}
    return tuple(
        Figure(found[term(name)], what, address)
        for name, what, address in _COUNTED
        if term(name) in found
    )


def _latest(opened: Opened) -> list[tuple[NamedNode, str, int]]:
    return [
        (row["source"], _value(row["edtf"]), int(_value(row["claims"])))
        for row in _rows(opened, _LATEST % _MOST_SOURCES)
        if isinstance(row["source"], NamedNode)
    ]


def _rows(opened: Opened, query: str) -> list[Any]:
    solutions = opened.store.query(query, prefixes=PREFIXES)
    assert isinstance(solutions, QuerySolutions)
    return list(solutions)


def _value(node: object) -> str:
    assert isinstance(node, Literal)
    return node.value
