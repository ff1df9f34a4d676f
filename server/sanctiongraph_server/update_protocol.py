"""From a request to an update: SPARQL 1.1 Protocol, section 2.2 (update operation).

Knows bytes, not Flask, and nothing of the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sanctiongraph.errors import BadParameter
from sanctiongraph_server.deadlines import TIMEOUT, seconds
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
from sanctiongraph_server.problems import UnsupportedMediaType

#: What the endpoint reads, for ``Accept-Post``.
TAKEN: Final = f"{UPDATE}, {FORM}"
_DATASET: Final = ("using-graph-uri", "using-named-graph-uri")
_OF_QUERIES: Final = ("query", "default-graph-uri", "named-graph-uri")


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """One update with the dataset that the request asks for."""

    update: str
    endpoint: str
    #: ``using-graph-uri`` and ``using-named-graph-uri``, each once (section 2.2.3).
    using: tuple[str, ...]
    using_named: tuple[str, ...]
    #: Seconds that it has; not in the standard.
    timeout: float


@dataclass(frozen=True, slots=True)
class Limits:
    """How long an address and a body may be, in bytes, and an update or change may take."""

    address: int
    body: int
    seconds: float


def read(request: HttpRequest, limits: Limits) -> UpdateRequest:
    """What the request asks, by form POST (2.2.1) or direct POST (2.2.2).

    Raises ``BadParameter`` for parameters that are missing, repeated, of a query or no IRI,
    ``UnsupportedMediaType`` for a body of another type, and ``PayloadTooLarge`` for an address or
    body that is too long.
    """
    given = address_fields(request, limits.address)
    if any(name == "update" for name, _ in given):
        raise BadParameter("an update does not stand in the address: send it as the body of a POST")
    if request.method == "POST":
        given += _body_fields(request, plain_body(request, limits.body, TAKEN))
    for name in _OF_QUERIES:
        if any(name == key for key, _ in given):
            raise BadParameter(f"{name} belongs to a query, and this address takes updates")
    update = one(given, "update")
    if update is None or not update.strip():
        raise BadParameter(
            "no update: give it as the parameter update= in a form, or as a body of type " + UPDATE
        )
    using, using_named = (graphs(given, name) for name in _DATASET)
    timeout = seconds(one(given, TIMEOUT), limits.seconds, limits.seconds)
    return UpdateRequest(update, request.endpoint, using, using_named, timeout)


def _body_fields(request: HttpRequest, body: bytes) -> Fields:
    """The body as parameters, whichever of the two forms of POST it is."""
    kind, charset = media_type(request.content_type)
    if kind not in {FORM, UPDATE}:
        hint = "queries are sent to /sparql" if kind == QUERY else f"send {UPDATE} or {FORM}"
        raise UnsupportedMediaType(
            f"a body of type {request.content_type or 'nothing'!r} is not read: {hint}", TAKEN
        )
    check_charset(charset, TAKEN)
    if kind == FORM:
        return fields(body, "the form")
    return [("update", text(body, "update"))]
