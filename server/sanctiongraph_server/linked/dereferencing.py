"""The graph's IRIs, looked up: 303 to a page or to RDF by ``Accept``, and 200 where the path says which.

Linked Data as in the W3C Interest Group Note "Cool URIs for the Semantic Web", section 4.2.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, request

from sanctiongraph.errors import BadParameter
from sanctiongraph.vocabulary import PREFIXES
from sanctiongraph_server.linked.iris import ENDING_OF, ENDINGS, KINDS, ONTOLOGY, Asked, asked
from sanctiongraph_server.linked.looking_up import Exists, LookUp
from sanctiongraph_server.linked.meanings import check_group
from sanctiongraph_server.linked.offers import prefers_page
from sanctiongraph_server.linked.pages import ShowOntology, ShowThing
from sanctiongraph_server.negotiation import GRAPHS, choose
from sanctiongraph_server.pages.languages import COMMON, LANG, language_of
from sanctiongraph_server.pages.showing import page
from sanctiongraph_server.pages.supposing import OPTION
from sanctiongraph_server.parameters import WholeNumber, parameters
from sanctiongraph_server.performing import Requests, response
from sanctiongraph_server.repeatable import mark
from sanctiongraph_server.security_headers import GRAPH_STYLES, policy

PAGE: Final = "page"
GROUP: Final = "group"
LICENCE: Final = '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
#: Says that there was more than an answer gives.
TRUNCATED: Final = "Sanctiongraph-Truncated"
#: Which page of the claims about a thing.
PAGES: Final = WholeNumber(PAGE, 1, 100_000, default=1)


def blueprint(asks: Requests) -> Blueprint:
    """The addresses below the gateway's own, at the paths of the IRIs."""
    found = Blueprint("linked", __name__, template_folder="templates")

    def look_up(path: str) -> Response:
        given = parameters((), (PAGE, GROUP, *COMMON), "?page=2")
        _check(given)
        which = asked(path)
        if which.ending is None:
            return _elsewhere(asks, which, given)
        format = ENDINGS[which.ending]
        if format is None and (option := _scenario(which.iri)):
            asks.perform(Exists(which.iri), given)
            return _leading(_supposing(option, given))
        if format is None:
            return _page(asks, which.iri, given)
        if PAGE in given or GROUP in given:
            raise BadParameter("page and group are for pages: RDF comes whole")
        result = asks.perform(LookUp(which.iri, choose(None, format).for_graph()), given)
        return _finished(response(result), which, result.complete)

    def thing(name: str) -> Response:
        kind = request.path.lstrip("/").partition("/")[0]
        return look_up(f"{kind}/{name}")

    for kind in KINDS:
        found.add_url_rule(f"/{kind}/<path:name>", kind, thing)

    @found.get("/ontology")
    def ontology() -> Response:
        return look_up("ontology")

    @found.get("/ontology.<ending>")
    def ontology_as(ending: str) -> Response:
        return look_up(f"ontology.{ending}")

    return found


def _check(given: dict[str, str]) -> None:
    """Raises ``BadParameter`` for what is wrong whichever form the answer has."""
    PAGES.read(given)
    language_of(given)
    if GROUP in given:
        check_group(given[GROUP])


def _elsewhere(asks: Requests, which: Asked, given: dict[str, str]) -> Response:
    """303 to the document about a thing, in the form that the client takes."""
    accept = request.headers.get("Accept")
    page = prefers_page(accept, GRAPHS)
    ending = "html" if page else ENDING_OF[choose(accept).for_graph().name]
    asks.perform(Exists(which.iri), given)
    option = _scenario(which.iri)
    if page and option:
        return _leading(_supposing(option, given))
    address = f"{_ascii(request.path)}.{ending}"
    if request.query_string:
        address += "?" + request.query_string.decode("ascii", "replace")
    return _leading(address)


def _leading(address: str) -> Response:
    told = Response(f"{address}\n", 303, {"Location": address}, content_type="text/plain")
    told.vary.add("Accept")
    return told


def _scenario(iri: str) -> str:
    """The name of a scenario; nothing for any other thing, as is one of a scenario's graphs."""
    name = iri.removeprefix(PREFIXES["scenario"])
    return "" if name == iri or "/" in name else name


def _supposing(option: str, given: dict[str, str]) -> str:
    """The page of a scenario: what follows from it."""
    language = {LANG: given[LANG]} if LANG in given else {}
    return f"/scenarios?{urlencode({OPTION: option, **language})}"


def _page(asks: Requests, iri: str, given: dict[str, str]) -> Response:
    if iri == ONTOLOGY:
        vocabulary = asks.perform(ShowOntology(), given)
        shown = page("linked/ontology.html", vocabulary, vocabulary=vocabulary)
        return _finished(shown, Asked(iri, "html"), True)
    asked = ShowThing(iri, PAGES.read(given), language_of(given), given.get(GROUP, ""))
    thing = asks.perform(asked, given)
    shown = page("linked/thing.html", thing, page=thing)
    shown.headers["Content-Security-Policy"] = policy(GRAPH_STYLES)
    return _finished(shown, Asked(iri, "html"), thing.whole)


def _finished(answer: Response, which: Asked, whole: bool) -> Response:
    path = request.path.removesuffix(f".{which.ending}")
    answer.headers.add("Link", LICENCE)
    answer.headers.add("Link", f'<{which.iri}>; rel="describes"')
    for name, ending in ENDING_OF.items():
        if ending != which.ending:
            media_type = next(one.media_type for one in GRAPHS if one.name == name)
            link = f'<{_ascii(path)}.{ending}>; rel="alternate"; type="{media_type}"'
            answer.headers.add("Link", link)
    if not whole:
        answer.headers[TRUNCATED] = "more is said than is given here: ask /sparql"
    return mark(answer)


def _ascii(path: str) -> str:
    return quote(path, safe="/._-~:@!$&'()*+,;=")
