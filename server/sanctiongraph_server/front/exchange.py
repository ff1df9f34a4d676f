"""A request and its answer, as the parts of the front hand them to each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """The head of a request: method and address as they came, header names in lower case.

    ``path`` is percent-decoded, which the server does; bytes that are no UTF-8 are replaced there.
    A header that came several times is joined as RFC 9110, section 5.3, allows. Headers whose
    values are not ASCII are not among them: the server does not pass them on.
    """

    method: str
    scheme: str
    path: str
    query_string: str
    headers: dict[str, str]
    #: Address and port of the client and of the server, such as ``127.0.0.1:8080``.
    client: str
    server: str
    http_version: str

    @classmethod
    def of(cls, scope: Any) -> Asked:
        """From granian's scope (RSGI 1.5)."""
        headers = joined(scope.headers.items())
        # An address in full counts for more than Host (RFC 9112, section 3.2.2).
        authority = scope.authority
        if authority:
            headers["host"] = authority
        return cls(
            scope.method,
            scope.scheme,
            scope.path,
            scope.query_string,
            headers,
            scope.client,
            scope.server,
            scope.http_version,
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer. ``headers`` have no ``Content-Length``, but for an answer to HEAD."""

    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """The first value of a header, by its name in lower case."""
        return next((value for key, value in self.headers if key.lower() == name), None)


def joined(items: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers by name, repeated ones in one value.

    A name with an underscore is left out: an application could not tell it from one with a hyphen.
    """
    headers: dict[str, str] = {}
    for name, value in items:
        if name in headers:
            headers[name] += ("; " if name == "cookie" else ", ") + value
        elif "_" not in name:
            headers[name] = value
    return headers


def without(headers: Headers, *names: str) -> Headers:
    """The headers but for those, named in lower case."""
    return [header for header in headers if header[0].lower() not in names]


def varying(headers: Headers, *names: str) -> Headers:
    """The headers with these names in ``Vary``, beside what stands there already."""
    listed = [
        part.strip()
        for key, value in headers
        if key.lower() == "vary"
        for part in value.split(",")
        if part.strip()
    ]
    known = {part.lower() for part in listed}
    listed += [name for name in names if name.lower() not in known]
    if "*" in listed:
        listed = ["*"]
    return [*without(headers, "vary"), ("Vary", ", ".join(listed))]
