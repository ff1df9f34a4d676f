"""From a request to what it asks: SPARQL 1.1 Protocol, section 2.1 (query operation).

Knows bytes, not Flask, and nothing of the store: what it returns can be handed to another process.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from sanctiongraph.binding import bind, parameters
from sanctiongraph.errors import BadParameter, Forbidden
from sanctiongraph.given import day as given_day
from sanctiongraph.law.relaxing import as_of_literal
from sanctiongraph_server.deadlines import TIMEOUT
from sanctiongraph_server.http_request import (
    FORM,
    QUERY,
    UPDATE,
    Fields,
    HttpRequest,
    address_fields,
    check_charset,
    fields,
    graphs,
    media_type,
    one,
    plain_body,
    text,
)
from sanctiongraph_server.light import light
from sanctiongraph_server.problems import UnsupportedMediaType

#: What the endpoint reads, for ``Accept-Post``.
TAKEN: Final = f"{QUERY}, {FORM}"

#: The parameter that binds a day, and the variable that it is bound to.
AS_OF: Final = "as_of"
DAY: Final = "asOf"

_READ_ONLY: Final = (
    "this address is read-only: it takes queries (SELECT, ASK, CONSTRUCT, DESCRIBE). Updates are"
    " sent to /update"
)


@light
@dataclass(frozen=True, slots=True)
class QueryRequest:
    """One query with the dataset and the format that the request asks for."""

    query: str
    endpoint: str
    #: ``default-graph-uri`` and ``named-graph-uri``, each once. If there is any of either, they
    #: are the whole dataset, and FROM in the query does not count (section 2.1.4).
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    accept: str | None
    #: The short name of a format; not in the standard.
    format: str | None
    #: Seconds that the client asks for, as it came; see ``deadlines``.
    timeout: str | None = None
    #: Whose word is taken beyond the accepted graph; not in the standard. It counts where neither
    #: the request nor the query names a dataset.
    viewpoint: str | None = None

    @property
    def names_dataset(self) -> bool:
        """Whether the request, not the query, says what the dataset is."""
        return bool(self.default_graphs or self.named_graphs)


@dataclass(frozen=True, slots=True)
class DescriptionRequest:
    """A request for the service description (SPARQL 1.1 Service Description, section 2)."""

    accept: str | None
    format: str | None
    viewpoint: str | None = None


def read(request: HttpRequest, longest: int) -> QueryRequest | DescriptionRequest:
    """What the request asks, by GET (2.1.1), form POST (2.1.2) or direct POST (2.1.3).

    Raises ``BadParameter`` for parameters that are missing, repeated or no IRI, ``Forbidden`` for
    an update, ``UnsupportedMediaType`` for a body of another type, and ``PayloadTooLarge`` for
    an address or body of more than ``longest`` bytes.
    """
    given = address_fields(request, longest)
    if request.method == "POST":
        given += _body_fields(replace(request, body=plain_body(request, longest, TAKEN)))
    elif not any(name in {"query", "update", *_DATASET} for name, _ in given):
        return DescriptionRequest(request.accept, _format(given), one(given, "viewpoint") or None)
    return _query_request(given, request)


_DATASET: Final = ("default-graph-uri", "named-graph-uri")


def as_of_day(query: str, day: str | None) -> str:
    """The query with ``$asOf`` bound to a day, as the law's patterns have it; not in the standard.

    Without a day ``$asOf`` is a variable like any other. Raises ``BadParameter`` for what is no day,
    and where the query has no ``$asOf`` that the day could stand for.
    """
    if day is None:
        return query
    bound = as_of_literal(given_day(AS_OF, day))
    if DAY not in parameters(query):
        raise BadParameter(f"{AS_OF} is given, but the query has no ${DAY} that it could stand for")
    return bind(query, {DAY: bound})


def _query_request(given: Fields, request: HttpRequest) -> QueryRequest:
    if any(name == "update" for name, _ in given):
        raise Forbidden(_READ_ONLY)
    query = one(given, "query")
    if query is None or not query.strip():
        raise BadParameter(
            "no query: give it as the parameter query=, in a form, or as a body of type " + QUERY
        )
    default, named = (graphs(given, name) for name in _DATASET)
    return QueryRequest(
        as_of_day(query, one(given, AS_OF) or None),
        request.endpoint,
        default,
        named,
        request.accept,
        _format(given),
        timeout=one(given, TIMEOUT),
        viewpoint=one(given, "viewpoint") or None,
    )


def _body_fields(request: HttpRequest) -> Fields:
    """The body as parameters, whichever of the two forms of POST it is."""
    kind, charset = media_type(request.content_type)
    if kind == UPDATE:
        raise Forbidden(_READ_ONLY)
    if kind not in {FORM, QUERY}:
        raise UnsupportedMediaType(
            f"a body of type {request.content_type or 'nothing'!r} is not read: send {QUERY}"
            f" or {FORM}",
            TAKEN,
        )
    check_charset(charset, TAKEN)
    if kind == FORM:
        return fields(request.body, "the form")
    return [("query", text(request.body, "query"))]


def _format(given: Fields) -> str | None:
    """``format`` or, as other endpoints call it, ``output``; empty is as good as none.

    SPARQLWrapper sends the same under both names.
    """
    kept = [(name, value) for name, value in given if value]
    named, other = one(kept, "format"), one(kept, "output")
    if named and other and named != other:
        raise BadParameter(f"format is {named!r} and output is {other!r}: give one of them")
    return named or other
