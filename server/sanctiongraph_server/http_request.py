"""The parts of an HTTP request that the SPARQL protocols look at, and how they are read.

Knows bytes, not Flask, and nothing of the store.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from typing import Final
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode

from sanctiongraph.errors import BadParameter
from sanctiongraph_server.problems import PayloadTooLarge, UnsupportedMediaType

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

_MOST_FIELDS: Final = 10_000
#: zlib's sign for the gzip format.
_GZIP: Final = 16 + zlib.MAX_WBITS

Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """The parts of an HTTP request that the protocols look at."""

    method: str
    query_string: bytes
    #: ``Content-Type`` and ``Content-Encoding``, as they came.
    content_type: str | None
    content_encoding: str | None
    body: bytes
    accept: str | None
    #: The address that was asked, without parameters: relative IRIs are resolved against it.
    endpoint: str


def media_type(header: str | None) -> tuple[str, str]:
    """Media type and charset of a ``Content-Type``, in lower case; without a charset it is UTF-8.

    The type is empty where the header is missing or none.
    """
    if not header or "/" not in header:
        return "", "utf-8"
    message = Message()
    message["content-type"] = header
    charset = message.get_param("charset", "utf-8")
    return message.get_content_type(), str(charset).strip().lower()


def check_charset(charset: str, taken: str) -> None:
    """Raises ``UnsupportedMediaType`` for all but UTF-8; ``taken`` is what the address reads."""
    if charset not in {"utf-8", "utf8", "us-ascii"}:
        raise UnsupportedMediaType(f"the charset {charset!r} is not read: send UTF-8", taken)


def plain_body(request: HttpRequest, longest: int, taken: str) -> bytes:
    """The body without its coding (RFC 9110, section 8.4): as it is, or gzip.

    Raises ``PayloadTooLarge`` where it is longer than ``longest`` bytes, before or after,
    ``UnsupportedMediaType`` for another coding and ``BadParameter`` for what is no gzip.
    """
    if len(request.body) > longest:
        raise PayloadTooLarge(f"the body is longer than {longest} bytes")
    coding = (request.content_encoding or "identity").strip().lower()
    if coding in {"identity", ""}:
        return request.body
    if coding not in {"gzip", "x-gzip"}:
        raise UnsupportedMediaType(
            f"bodies are read as they are or gzip-encoded, not {request.content_encoding!r}", taken
        )
    return _inflated(request.body, longest)


def _inflated(body: bytes, longest: int) -> bytes:
    """All members of the gzip file, one after the other; never more than ``longest`` bytes."""
    parts: list[bytes] = []
    left = longest
    while body:
        member = zlib.decompressobj(_GZIP)
        try:
            part = member.decompress(body, left + 1)
        except zlib.error as error:
            raise BadParameter(
                f"the body is not gzip, as Content-Encoding says: {error}"
            ) from error
        if len(part) > left:
            raise PayloadTooLarge(f"the body is longer than {longest} bytes when unpacked")
        if not member.eof:
            raise BadParameter("the body ends in the middle of its gzip coding")
        parts.append(part)
        left -= len(part)
        body = member.unused_data
    return b"".join(parts)


def text(body: bytes, what: str) -> str:
    """The body as text; raises ``BadParameter`` where it is not UTF-8."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadParameter(f"the {what} is not UTF-8: byte {error.start} {error.reason}") from error


def fields(encoded: bytes, where: str) -> Fields:
    """Names and values of a form or of the parameters of an address.

    Raises ``BadParameter`` where they are not UTF-8 or more than ten thousand.
    """
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


def address_fields(request: HttpRequest, longest: int) -> Fields:
    """The parameters of the address; raises ``PayloadTooLarge`` beyond ``longest`` bytes."""
    if len(request.query_string) > longest:
        raise PayloadTooLarge(f"the address has more than {longest} bytes of parameters")
    return fields(request.query_string, "the address")


def values(given: Iterable[tuple[str, str]], name: str) -> list[str]:
    """All values that have this name."""
    return [value for key, value in given if key == name]


def one(given: Fields, name: str) -> str | None:
    """The value of this name, if there is one; raises ``BadParameter`` for more than one."""
    found = values(given, name)
    if len(found) > 1:
        raise BadParameter(
            f"{name} is given {len(found)} times, counting address and body: give it once"
        )
    return found[0] if found else None


def graphs(given: Fields, name: str) -> tuple[str, ...]:
    """The values of this name, each once; raises ``BadParameter`` for one that is no IRI."""
    found = tuple(dict.fromkeys(values(given, name)))
    for graph in found:
        try:
            NamedNode(graph)
        except ValueError as error:
            raise BadParameter(f"{name} {graph!r} is no absolute IRI: {error}") from error
    return found
