"""Tests that are requests and responses: of the protocol and of the graph store.

The manifests write the addresses ``/sparql/`` and ``/gsp`` for whatever the server has. The older
graph store tests are raw HTTP in comments; they are read from there.
"""

from __future__ import annotations

import re
from typing import Any

from pyoxigraph import RdfFormat, parse

from .http import Response
from .manifests import BASE, Data, Test
from .rdf import same_data
from .target import Target

_TABLES = (
    "application/sparql-results+xml",
    "application/sparql-results+json",
    "text/csv",
    "text/tab-separated-values",
)
_BOOLEANS = _TABLES[:2]
_GRAPHS = ("text/turtle", "application/rdf+xml", "application/n-triples", "text/html")
_FORMATS = {"boolean": _BOOLEANS, "tabular": _TABLES, "RDF": _GRAPHS}
_STATUSES = {"Created": "201", "OK": "200", "NoContent": "204", "NotFound": "404"}
_UPDATE = re.compile(rb"\s*(?:update=|CLEAR|DROP|INSERT|DELETE|PREFIX[^{]*(?:CLEAR|DROP|WITH))")


def protocol(test: Test, target: Target) -> str | None:
    """The exchanges of a test of the SPARQL protocol, over its data."""
    target.hold(test.data)
    target.forget()
    for exchange in test.exchanges:
        update = _is_update(exchange)
        address = target.server.update if update else target.server.query
        headers = {**exchange["headers"], **(target.server.headers if update else {})}
        where = exchange["path"].replace("/sparql/", address, 1)
        answer = target.client.send(exchange["method"], where, headers, exchange["body"])
        wrong = _status(exchange, answer) or _content(exchange, answer)
        if wrong:
            return wrong
    return None


def _is_update(exchange: dict[str, Any]) -> bool:
    content_type = exchange["headers"].get("content-type", "")
    if content_type.startswith("application/sparql-"):
        return content_type.startswith("application/sparql-update")
    return "update=" in exchange["path"] or bool(_UPDATE.match(exchange["body"] or b""))


def graph_store(test: Test, target: Target, found: dict[str, str] | None = None) -> str | None:
    """The exchanges of a test of the graph store, which build on one another.

    ``found`` are the addresses that earlier tests were given; without it the store is emptied.
    """
    if found is None:
        target.hold(Data())
        found = {}
    target.forget()
    for exchange in test.exchanges:
        path, body = exchange["path"], exchange["body"]
        for name, value in found.items():
            path = path.replace(name, value)
            body = body and body.replace(name.encode(), value.encode())
        where = path.replace("/gsp", target.server.graphs, 1) if path.startswith("/gsp") else path
        headers = {**exchange["headers"], **target.server.headers}
        answer = target.client.send(exchange["method"], where, headers, body)
        wrong = _status(exchange, answer) or _graph(exchange, answer)
        if wrong:
            return f"{exchange['method']} {path}: {wrong}"
        if exchange["location"]:
            if "location" not in answer.headers:
                return f"no Location: {answer.told()}"
            found[exchange["location"]] = answer.headers["location"]
    return None


def _status(exchange: dict[str, Any], answer: Response) -> str | None:
    for status in exchange["statuses"]:
        digits = _STATUSES.get(status, status.removeprefix("StatusCode").replace("xx", ""))
        if str(answer.status).startswith(digits):
            return None
    return f"expected {', '.join(exchange['statuses'])}, got {answer.told()}"


def _content(exchange: dict[str, Any], answer: Response) -> str | None:
    types = _FORMATS.get(exchange["format"] or "")
    if types and answer.media_type not in types:
        return f"expected one of {types}, got {answer.media_type}"
    if exchange["boolean"] is not None:
        said = b"true" if exchange["boolean"] == "true" else b"false"
        if said not in answer.body:
            return f"expected {said!r}, got {answer.told()}"
    return None


def _graph(exchange: dict[str, Any], answer: Response) -> str | None:
    wanted = exchange["expected_headers"].get("content-type")
    if wanted and answer.media_type != wanted.partition(";")[0]:
        return f"expected {wanted}, got {answer.headers.get('content-type')}"
    body = exchange["expected_body"]
    if body is None or exchange["method"] == "HEAD":
        return None
    graphs = [parse(one, RdfFormat.TURTLE, base_iri=BASE) for one in (body, answer.body)]
    if same_data(*graphs):
        return None
    return f"expected {body.decode()}, got {answer.told()}"


_PART = re.compile(r"^#### (Request|Response)\s*$", re.MULTILINE)


def from_comment(test: Test, host: str, store: str) -> Test:
    """A test of the older suite with its exchange, read from the raw HTTP in its comment.

    ``$GRAPHSTORE$`` is written with and without a slash before it; ``$NEWPATH$`` stands for the
    address that the test before was given.
    """
    _, _, request, _, response = _PART.split(test.comment)
    path = store.strip("/")
    request = request.replace("http://$HOST$/$GRAPHSTORE$", f"http://{host}/{path}")
    request = request.replace("$GRAPHSTORE$", f"/{path}").replace("$HOST$", host)
    response = response.replace("$HOST$/$GRAPHSTORE$", f"{host}/{path}")
    line, headers, body = _message(request)
    method, target, _ = line.split()
    status, expected_headers, expected_body = _message(response)
    code = status.split()[0]
    headers.pop("Host", None)
    return Test(
        test.id,
        test.name,
        test.kind,
        test.suite,
        exchanges=(
            {
                "method": method,
                "path": target,
                "headers": headers,
                "body": body,
                "statuses": [code],
                "boolean": None,
                "format": None,
                "location": "$NEWPATH$" if "Location" in expected_headers else None,
                "expected_headers": {
                    name.lower(): value
                    for name, value in expected_headers.items()
                    if name == "Content-Type"
                },
                "expected_body": expected_body,
            },
        ),
    )


def _message(text: str) -> tuple[str, dict[str, str], bytes | None]:
    """First line, headers and body of a message that is indented as Markdown wants it."""
    lines = [line[4:] for line in text.strip("\n").rstrip().split("\n")]
    head, _, body = "\n".join(lines).strip("\n").partition("\n\n")
    first, *rest = head.split("\n")
    headers = dict(line.split(": ", 1) for line in rest)
    return first, headers, body.encode() if body else None
