"""The query library over HTTP: ``/queries`` and one address a query, for programs and for people.

Parameters are checked by their types and bound as terms; the answer comes as from ``/sparql``, or
as a page with a form and a table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, render_template, request
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results

from sanctiongraph.errors import BadData, BadInput, BadParameter
from sanctiongraph.library import Library, LibraryQuery
from sanctiongraph.paging import columns, part
from sanctiongraph.results import RdfTerm
from sanctiongraph.vocabulary import BASE, shorten
from sanctiongraph_server import watching
from sanctiongraph_server.deadlines import TIMEOUT
from sanctiongraph_server.linked.iris import href
from sanctiongraph_server.linked.offers import HTML, prefers_page
from sanctiongraph_server.linked.values import Value
from sanctiongraph_server.negotiation import SOLUTIONS, Choice, choose
from sanctiongraph_server.pages.languages import LANG, language_of
from sanctiongraph_server.parameters import Parameters, WholeNumber, parameters
from sanctiongraph_server.performing import Requests, response
from sanctiongraph_server.problems import kind_of
from sanctiongraph_server.protocol import QueryRequest
from sanctiongraph_server.repeatable import is_repeatable, mark
from sanctiongraph_server.tasks import Answer

LIMIT: Final = "limit"
OFFSET: Final = "offset"
FORMAT: Final = "format"
#: Parameters of every query, beside its own.
COMMON: Final = (LIMIT, OFFSET, FORMAT, LANG, TIMEOUT)
FORMATS: Final = (*(one.name for one in SOLUTIONS), "html")
_MOST: Final = 1_000_000
#: Rows of a page for people, where nothing else is asked for, and the most of one.
ROWS_A_PAGE: Final = 100
#: Most rows to give; without it a page has some, and what programs get has all.
ROWS: Final = WholeNumber(LIMIT, 0, _MOST, default=ROWS_A_PAGE)
#: Rows to leave out before.
SKIPPED: Final = WholeNumber(OFFSET, 0, _MOST, default=0)
_MOST_ROWS_A_PAGE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Slice:
    """Which rows: at most ``limit`` after the first ``offset``."""

    limit: int | None
    offset: int


def blueprint(asks: Requests, library: Library) -> Blueprint:
    """The addresses of these queries. Raises ``BadData`` for a query that cannot be one."""
    found = Blueprint("queries", __name__, template_folder="templates")

    @found.get("/queries")
    def queries() -> Response:
        given = parameters((), (FORMAT, LANG), "/queries")
        if _page_wanted(given, ("json", "html")):
            html = render_template("linked/queries.html", queries=list(library))
            return _varying(Response(html, content_type=HTML))
        return _varying(jsonify([_listed(query) for query in library]))

    @found.get("/queries/<name>")
    def unknown(name: str) -> Response:
        raise AssertionError(library[name])  # raises NotFound: each query has an address of its own

    for query in library:
        _check(query)
        rule = f"/queries/{query.name}"
        found.add_url_rule(rule, query.name, _answering(asks, query), methods=["GET"])
    return found


def _check(query: LibraryQuery) -> None:
    columns(query)
    for parameter in query.parameters:
        if parameter.name in COMMON:
            raise BadData(f"{query.name}: {parameter.name} is the name of a common parameter")


def _answering(asks: Requests, query: LibraryQuery) -> Callable[[], Response]:
    needed = tuple(one.name for one in query.parameters if one.default is None)
    optional = tuple(one.name for one in query.parameters if one.default is not None)

    def respond() -> Response:
        if _page_wanted(dict(request.args), FORMATS):
            return _page(asks, query)
        given = parameters(needed, (*optional, *COMMON), f"/queries/{query.name}")
        rows = Slice(ROWS.read(given) if LIMIT in given else None, SKIPPED.read(given))
        sparql = part(query, _own(query, given), rows.limit, rows.offset)
        choice = choose(request.headers.get("Accept"), given.get(FORMAT))
        return _varying(_marked(response(_asked(asks, sparql, given, choice)), sparql))

    return respond


def _asked(asks: Requests, sparql: str, given: Parameters, choice: Choice) -> Answer:
    watching.note_query(sparql)
    asked = QueryRequest(sparql, BASE, (), (), None, None, timeout=given.get(TIMEOUT))
    return asks.query(asked, choice)


def _page(asks: Requests, query: LibraryQuery) -> Response:
    """The form with the rows that its values find, or with what is wrong with them."""
    names = (*(one.name for one in query.parameters), *COMMON)
    try:
        given = parameters((), names, f"/queries/{query.name}")
        rows = Slice(
            min(ROWS.read(given), _MOST_ROWS_A_PAGE),
            SKIPPED.read(given),
        )
        assert rows.limit is not None
        sparql = part(query, _own(query, given), rows.limit + 1, rows.offset)
        answer = _asked(asks, sparql, given, choose(None, "json"))
    except BadInput as error:
        html = _filled(query, dict(request.args), error=str(error))
        return _varying(Response(html, kind_of(error).status, content_type=HTML))
    table = _table(answer)
    html = _filled(
        query,
        given,
        table=table[: rows.limit],
        earlier=_address(query, given, rows.limit, rows.offset - rows.limit)
        if rows.offset
        else None,
        later=_address(query, given, rows.limit, rows.offset + rows.limit)
        if len(table) > rows.limit
        else None,
        first=rows.offset + 1,
        version=answer.version,
        data=[(name, _data(query, given, name)) for name in FORMATS if name != "html"],
    )
    page = Answer(html.encode("utf-8"), HTML, answer.version, answer.derived)
    return _varying(_marked(response(page), sparql))


def _filled(query: LibraryQuery, given: Parameters, **more: object) -> str:
    return render_template(
        "linked/query.html", query=query, given=given, columns=columns(query), **more
    )


def _table(answer: Answer) -> list[list[Value]]:
    solutions = parse_query_results(answer.whole(), format=QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [[_cell(row[name]) for name in names] for row in solutions]


def _cell(term: RdfTerm | None) -> Value:
    match term:
        case None:
            return Value("")
        case NamedNode(value=iri):
            return Value(shorten(iri), href(iri), iri=iri)
        case Literal():
            return Value(term.value, None, term.language or "")
    return Value(str(term))


def _own(query: LibraryQuery, given: Parameters) -> Parameters:
    names = {one.name for one in query.parameters}
    return {name: value for name, value in given.items() if name in names}


def _address(query: LibraryQuery, given: Parameters, limit: int, offset: int) -> str:
    place = {LIMIT: str(limit), OFFSET: str(max(0, offset))}
    return f"/queries/{query.name}?{urlencode({**given, **place})}"


def _data(query: LibraryQuery, given: Parameters, format: str) -> str:
    own = _own(query, given)
    return f"/queries/{query.name}?{urlencode({**own, FORMAT: format})}"


def _page_wanted(given: Parameters, formats: tuple[str, ...]) -> bool:
    """Whether a page is the answer, by ``format`` or ``Accept``. Raises ``BadParameter``."""
    name = given.get(FORMAT)
    language_of(given)
    if not name:
        return prefers_page(request.headers.get("Accept"), SOLUTIONS)
    if name not in formats:
        raise BadParameter(f"format {name!r} is not known: it is one of {', '.join(formats)}")
    return name == "html"


def _listed(query: LibraryQuery) -> dict[str, object]:
    return {
        "name": query.name,
        "title": query.title,
        "question": query.question,
        "tags": list(query.tags),
        "address": f"{request.url_root}queries/{query.name}",
        "columns": list(columns(query)),
        "parameters": [
            {
                "name": one.name,
                "type": one.type,
                "description": one.description,
                "default": one.default,
                "required": one.default is None,
            }
            for one in query.parameters
        ],
    }


def _marked(answer: Response, sparql: str) -> Response:
    return mark(answer) if is_repeatable(sparql) else answer


def _varying(answer: Response) -> Response:
    answer.vary.add("Accept")
    return answer
