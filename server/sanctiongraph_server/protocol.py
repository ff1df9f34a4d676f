"""From a request to what it asks: SPARQL 1.1 Protocol, section 2.1 (query operation).

Knows bytes, not Flask, and nothing of the store: what it returns can be handed to another process.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from typing import Final
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode

from sanctiongraph.errors import BadParameter, Forbidden
from sanctiongraph_server.deadlines import TIMEOUT
from sanctiongraph_server.problems import PayloadTooLarge, UnsupportedMediaType

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

_MOST_FIELDS: Final = 10_000
_READ_ONLY: Final = (
    "this endpoint is read-only: it takes queries (SELECT, ASK, CONSTRUCT, DESCRIBE), no updates"
)

Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """The parts of an HTTP request that the protocol looks at."""

    method: str
    query_string: bytes
    #: ``Content-Type`` and ``Content-Encoding``, as they came.
    content_type: str | None
    content_encoding: str | None
    body: bytes
    accept: str | None
    #: The endpoint's own address: relative IRIs in a query are resolved against it.
    endpoint: str


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

    @property
    def names_dataset(self) -> bool:
        """Whether the request, not the query, says what the dataset is."""
        return bool(self.default_graphs or self.named_graphs)


@dataclass(frozen=True, slots=True)
class DescriptionRequest:
    """A request for the service description (SPARQL 1.1 Service Description, section 2)."""

    accept: str | None
    format: str | None


def read(request: HttpRequest, longest: int) -> QueryRequest | DescriptionRequest:
    """What the request asks, by GET (2.1.1), form POST (2.1.2) or direct POST (2.1.3).

    Raises ``BadParameter`` for parameters that are missing, repeated or no IRI, ``Forbidden`` for
    an update, ``UnsupportedMediaType`` for a body of another type, and ``PayloadTooLarge`` for
    an address or body of more than ``longest`` bytes.
    """
    if len(request.query_string) > longest:
        raise PayloadTooLarge(f"the address has more than {longest} bytes of parameters")
    fields = _fields(request.query_string, "the address")
    if len(request.body) > longest:
        raise PayloadTooLarge(f"the body is longer than {longest} bytes")
    if request.method == "POST":
        fields += _body_fields(request)
    elif not any(name in {"query", "update", *_DATASET} for name, _ in fields):
        return DescriptionRequest(request.accept, _format(fields))
    return _query_request(fields, request)


_DATASET: Final = ("default-graph-uri", "named-graph-uri")


def _query_request(fields: Fields, request: HttpRequest) -> QueryRequest:
    if any(name == "update" for name, _ in fields):
        raise Forbidden(_READ_ONLY)
    query = _one(fields, "query")
    if query is None or not query.strip():
        raise BadParameter(
            "no query: give it as the parameter query=, in a form, or as a body of type " + QUERY
        )
    default, named = (_graphs(fields, name) for name in _DATASET)
    return QueryRequest(
        query,
        request.endpoint,
        default,
        named,
        request.accept,
        _format(fields),
        _one(fields, TIMEOUT),
    )


def _body_fields(request: HttpRequest) -> Fields:
    """The body as parameters, whichever of the two forms of POST it is."""
    if (request.content_encoding or "identity").strip().lower() != "identity":
        raise UnsupportedMediaType(
            f"bodies are read as they are, not {request.content_encoding!r}-encoded"
        )
    media_type, charset = _content_type(request.content_type)
    if media_type == UPDATE:
        raise Forbidden(_READ_ONLY)
    if media_type not in {FORM, QUERY}:
        raise UnsupportedMediaType(
            f"a body of type {request.content_type or 'nothing'!r} is not read: send {QUERY}"
            f" or {FORM}"
        )
    if charset not in {"utf-8", "utf8"}:
        raise UnsupportedMediaType(f"the charset {charset!r} is not read: send UTF-8")
    if media_type == FORM:
        return _fields(request.body, "the form")
    try:
        return [("query", request.body.decode("utf-8"))]
    except UnicodeDecodeError as error:
        raise BadParameter(f"the query is not UTF-8: byte {error.start} {error.reason}") from error


def _content_type(header: str | None) -> tuple[str, str]:
    """Media type and charset in lower case; without a charset it is UTF-8."""
    message = Message()
    message["content-type"] = header or ""
    charset = message.get_param("charset", "utf-8")
    if not header or "/" not in header:
        return "", "utf-8"
    return message.get_content_type(), str(charset).strip().lower()


def _fields(encoded: bytes, where: str) -> Fields:
    try:
        return parse_qsl(
            encoded.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except UnicodeDecodeError as error:
        raise BadParameter(f"{where} holds bytes that are not UTF-8: {error.reason}") from error
    except ValueError as error:
        raise BadParameter(f"{where} has more than {_MOST_FIELDS} parameters") from error


def _values(fields: Iterable[tuple[str, str]], name: str) -> list[str]:
    return [value for key, value in fields if key == name]


def _one(fields: Fields, name: str) -> str | None:
    values = _values(fields, name)
    if len(values) > 1:
        raise BadParameter(
            f"{name} is given {len(values)} times, counting address and body: give it once"
        )
    return values[0] if values else None


def _format(fields: Fields) -> str | None:
    """``format`` or, as other endpoints call it, ``output``; empty is as good as none."""
    given = [("format", value) for name, value in fields if name in {"format", "output"} and value]
    return _one(given, "format")


def _graphs(fields: Fields, name: str) -> tuple[str, ...]:
    graphs = tuple(dict.fromkeys(_values(fields, name)))
    for graph in graphs:
        try:
            NamedNode(graph)
        except ValueError as error:
            raise BadParameter(f"{name} {graph!r} is no absolute IRI: {error}") from error
    return graphs
