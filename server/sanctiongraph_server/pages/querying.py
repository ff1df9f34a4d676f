"""The page of the endpoint: a query with its rows, for whoever comes to ``/sparql`` with a browser.

It works without JavaScript; with it, ``sparql.js`` puts the editor in the place of the text field,
where the library for it is installed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from flask import Response, jsonify, render_template, request
from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples

from sanctiongraph.binding import bind, renamed
from sanctiongraph.binding import parameters as sparql_parameters
from sanctiongraph.errors import BadInput, BadParameter, NotFound, SanctiongraphError
from sanctiongraph.given import day as given_day
from sanctiongraph.library import Library, LibraryQuery
from sanctiongraph.viewpoints import viewpoint, viewpoints
from sanctiongraph.vocabulary import BASE, PREFIXES, shorten
from sanctiongraph_server import watching
from sanctiongraph_server.deadlines import TIMEOUT
from sanctiongraph_server.evaluation import Evaluation, Results, evaluated
from sanctiongraph_server.linked.iris import href
from sanctiongraph_server.linked.offers import HTML, prefers_page
from sanctiongraph_server.negotiation import GRAPHS, SOLUTIONS
from sanctiongraph_server.pages.choices import Choice
from sanctiongraph_server.pages.languages import COMMON, language_of
from sanctiongraph_server.pages.results import Carried, Term, graph, solutions, yes_or_no
from sanctiongraph_server.pages.samples import Sample, samples
from sanctiongraph_server.pages.showing import page
from sanctiongraph_server.parameters import Parameters, parameters
from sanctiongraph_server.performing import Requests
from sanctiongraph_server.problems import kind_of
from sanctiongraph_server.protocol import AS_OF, DAY, QueryRequest, as_of_day
from sanctiongraph_server.repeatable import is_repeatable
from sanctiongraph_server.security_headers import EDITOR_STYLES, GRAPH_STYLES, policy
from sanctiongraph_server.tasks import Opened, Seen, seen_of

T = TypeVar("T")
#: Rows of a page; the data has all.
MOST_ROWS: Final = 500
EXAMPLE: Final = "example"
TAKEN: Final = ("query", EXAMPLE, "viewpoint", AS_OF, "format")
#: Where there is nothing to begin with: the sources, and how many claims each has.
_FIRST: Final = """\
SELECT ?source ?label (COUNT(?claim) AS ?claims) WHERE {
  ?claim sg:source ?source .
  ?source rdfs:label ?label .
  FILTER(LANG(?label) = "en")
}
GROUP BY ?source ?label
ORDER BY DESC(?claims)
LIMIT 20
"""
_GRAPH_FORMS: Final = ("construct", "describe")


@dataclass(frozen=True, slots=True)
class Cell:
    """A term to show: ``name`` is what a thing is called, where the text is its short form."""

    text: str
    href: str | None = None
    name: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found: rows under their columns, or yes or no; and the same for the script."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: bool
    carried: Carried
    yes: bool | None = None


@dataclass(frozen=True, slots=True)
class QueryPage(Seen):
    """What the form offers, and what was found, if anything was asked."""

    viewpoints: tuple[Choice, ...]
    found: Found | None = None


@dataclass(frozen=True, slots=True)
class ShowQuery(Evaluation):
    """The page of a query, or without one the form alone."""

    asked: QueryRequest | None
    until: float = 0.0
    viewpoint: str | None = None

    def perform(self, opened: Opened) -> QueryPage:
        """See ``tasks.Task``. Raises as ``evaluated`` does, and for a viewpoint that there is not."""
        offered = tuple(Choice(one.name, one.label) for one in viewpoints(opened.store))
        seen = QueryPage(*seen_of(opened), offered)
        if self.asked is None:
            if self.viewpoint:
                viewpoint(opened.store, self.viewpoint)  # raises NotFound
            return seen
        cells = _Cells(opened)
        found = evaluated(self.asked, opened, self.until, cells.found)
        return replace(seen, found=found)


class _Cells:
    """Terms as cells, things with their names."""

    def __init__(self, opened: Opened) -> None:
        self._labels = opened.reasoner().labels

    def found(self, results: Results) -> Found:
        if isinstance(results, QueryBoolean):
            return Found((), (), False, yes_or_no(bool(results)), bool(results))
        if isinstance(results, QueryTriples):
            triples, more = _first(results)
            terms = [(one.subject, one.predicate, one.object) for one in triples]
            columns: tuple[str, ...] = ("subject", "predicate", "object")
            return Found(columns, self._rows(terms), more, graph(triples))
        assert isinstance(results, QuerySolutions)
        columns = tuple(variable.value for variable in results.variables)
        rows, more = _first(tuple(row[name] for name in columns) for row in results)
        return Found(columns, self._rows(rows), more, solutions(columns, rows))

    def _rows(self, rows: Iterable[Sequence[Term | None]]) -> tuple[tuple[Cell, ...], ...]:
        return tuple(tuple(map(self._cell, row)) for row in rows)

    def _cell(self, term: Term | None) -> Cell:
        match term:
            case None:
                return Cell("")
            case NamedNode(value=iri):
                return Cell(shorten(iri), href(iri), self._labels(iri))
            case Literal():
                return Cell(term.value, None, "", term.language or "")
        return Cell(str(term))


def _first(found: Iterable[T]) -> tuple[list[T], bool]:
    """What a page shows of many, and whether there are more."""
    taken = list(islice(found, MOST_ROWS + 1))
    return taken[:MOST_ROWS], len(taken) > MOST_ROWS


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the form holds: the text as it is written, and the day that it is about."""

    text: str
    viewpoint: str | None
    as_of: str | None
    #: Whether it is to be asked, or only to begin with.
    is_asked: bool
    #: Whether a day was given that the query has no place for.
    day_left_out: bool = False


def example(query: LibraryQuery) -> tuple[str, str | None]:
    """A query of the library to begin with, its parameters bound to their defaults.

    The day asked about stays open: it is ``$asOf``, and its default comes with the text.
    """
    days = [one for one in query.parameters if one.name == "date" and one.type == "date"]
    rest = {
        one.name: one.bind(one.default)
        for one in query.parameters
        if one.default is not None and one not in days
    }
    lines = [line for line in query.sparql.splitlines() if not line.startswith("#+")]
    text = f"# {query.title}\n" + "\n".join(lines).strip() + "\n"
    return bind(renamed(text, {"date": DAY}), rest), days[0].default if days else None


def wanted() -> bool:
    """Whether the page is the answer to the request at work, by ``format`` or ``Accept``.

    Never where it says what the dataset is: that is for programs.
    """
    if request.method not in {"GET", "HEAD"}:
        return False
    if name := request.args.get("format"):
        return name == "html"
    if any(name in request.args for name in ("default-graph-uri", "named-graph-uri", "update")):
        return False
    return prefers_page(request.headers.get("Accept"), (*SOLUTIONS, *GRAPHS))


def show(asks: Requests, library: Library, endpoint: str, viewpoint: str | None = None) -> Response:
    """The page for the request at work; what is wrong with a query is said on it."""
    given = parameters((), (*TAKEN, *COMMON), "/sparql?query=ASK{}")
    language_of(given)
    if viewpoint is not None and given.setdefault("viewpoint", viewpoint) != viewpoint:
        raise BadParameter("viewpoint= names another viewpoint than the address")
    asked = _asked(given, library)
    error: SanctiongraphError | None = None
    try:
        seen = asks.perform(_task(asks, asked, given, endpoint), given)
    except (BadInput, NotFound) as wrong:
        seen, error = asks.perform(ShowQuery(None), given), wrong
    values: dict[str, Any] = {
        "asked": asked,
        "error": error,
        "prefixes": PREFIXES,
        "examples": list(library),
        "base": BASE,
        "samples": _samples(asked),
        "data": _data(asked),
        "most": MOST_ROWS,
    }
    if error is None and (not asked.is_asked or is_repeatable(asked.text)):
        shown = page("pages/sparql.html", seen, **values)
    else:
        html = render_template("pages/sparql.html", seen=seen, version=seen.version, **values)
        shown = Response(html, kind_of(error).status if error else 200, content_type=HTML)
    shown.headers["Content-Security-Policy"] = policy((*EDITOR_STYLES, *GRAPH_STYLES))
    return shown


def programs() -> Response:
    """The programs for the query of the request, for the script of the page."""
    given = parameters(("query",), ("viewpoint", AS_OF), "/sparql/samples?query=ASK{}")
    if AS_OF in given:
        given_day(AS_OF, given[AS_OF])
    asked = _Asked(given["query"], given.get("viewpoint"), given.get(AS_OF), True)
    return jsonify({one.name: one.text for one in _samples(asked)})


def _asked(given: Parameters, library: Library) -> _Asked:
    if EXAMPLE in given and "query" in given:
        raise BadParameter("give either a query or the name of an example")
    text, day = given.get("query"), given.get(AS_OF)
    if EXAMPLE in given:
        text, default = example(library[given[EXAMPLE]])
        day = day or default
    asked = _Asked(text or _FIRST, given.get("viewpoint"), day, text is not None)
    if day and DAY not in sparql_parameters(asked.text):
        return replace(asked, as_of=None, day_left_out=True)
    return asked


def _task(asks: Requests, asked: _Asked, given: Parameters, endpoint: str) -> ShowQuery:
    if not asked.is_asked:
        return ShowQuery(None, viewpoint=asked.viewpoint)
    watching.note_query(asked.text)
    text = as_of_day(asked.text, asked.as_of)
    query = QueryRequest(
        text, endpoint, (), (), None, None, given.get(TIMEOUT), viewpoint=asked.viewpoint
    )
    return ShowQuery(query, time.monotonic() + asks.terms(given.get(TIMEOUT)).seconds)


def _more(asked: _Asked) -> dict[str, str]:
    pairs = {"viewpoint": asked.viewpoint, AS_OF: asked.as_of}
    return {name: value for name, value in pairs.items() if value}


def _is_graph(asked: _Asked) -> bool:
    """Whether the result is a graph: enough for which formats are offered."""
    words = bind(asked.text, {}).lower().split()
    return any(word.startswith(_GRAPH_FORMS) for word in words) and "select" not in words


def _samples(asked: _Asked) -> list[Sample]:
    return samples(f"{request.url_root}sparql", asked.text, _more(asked), graph=_is_graph(asked))


def _data(asked: _Asked) -> list[tuple[str, str]]:
    formats = (
        ("turtle", "nt", "jsonld", "rdfxml") if _is_graph(asked) else ("csv", "tsv", "json", "xml")
    )
    return [
        (name, "/sparql?" + urlencode({"query": asked.text, **_more(asked), "format": name}))
        for name in formats
    ]
