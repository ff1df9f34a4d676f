"""The suites' manifests as plain values. Files are named by the addresses that W3C gives them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, RdfFormat, parse

#: What relative addresses in the suites are relative to.
BASE = "https://w3c.github.io/rdf-tests/sparql/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
SD = "http://www.w3.org/ns/sparql-service-description#"


@dataclass(frozen=True)
class Data:
    """What a store holds: files of the default graph, and of graphs by their names."""

    default: tuple[str, ...] = ()
    named: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Test:
    """One test; which fields it has depends on its kind, the local name of its class."""

    __test__ = False  # not one of pytest's

    id: str
    name: str
    kind: str
    suite: str
    comment: str = ""
    #: The file with the query or update.
    request: str | None = None
    data: Data = field(default_factory=Data)
    #: Endpoints that SERVICE names, and the files that they hold.
    remote: tuple[tuple[str, tuple[str, ...]], ...] = ()
    #: The file with the expected result of a query, and the expected data of an update.
    result: str | None = None
    after: Data = field(default_factory=Data)
    lax: bool = False
    #: The exchanges of protocol tests, as nested values.
    exchanges: tuple[dict[str, Any], ...] = ()


class Graph:
    """The triples of a file, looked up by subject and predicate."""

    def __init__(self, path: Path, address: str) -> None:
        self._found: dict[tuple[str, str], list[Any]] = {}
        self._subjects: dict[str, Any] = {}
        for quad in parse(path.read_bytes(), RdfFormat.TURTLE, base_iri=address):
            key = (quad.subject.value, quad.predicate.value)
            self._subjects[quad.subject.value] = quad.subject
            self._found.setdefault(key, []).append(quad.object)

    def all(self, subject: Any, predicate: str) -> list[Any]:
        return self._found.get((subject.value, predicate), []) if subject is not None else []

    def one(self, subject: Any, predicate: str) -> Any:
        return next(iter(self.all(subject, predicate)), None)

    def subject_of(self, predicate: str) -> Any:
        """A subject that has this property."""
        return next((self._subjects[s] for s, p in self._found if p == predicate), None)

    def text(self, subject: Any, predicate: str) -> str | None:
        found = self.one(subject, predicate)
        return None if found is None else found.value

    def items(self, subject: Any, predicate: str) -> Iterator[Any]:
        """The members of an RDF list."""
        at = self.one(subject, predicate)
        while at is not None and at.value != RDF + "nil":
            yield self.one(at, RDF + "first")
            at = self.one(at, RDF + "rest")


def local(iri: str) -> str:
    return iri.rpartition("#")[2]


def tests(root: Path, manifest: str) -> Iterator[Test]:
    """The tests of a manifest and of those that it includes, in their order."""
    yield from _tests(root, BASE + manifest)


def path_of(root: Path, address: str) -> Path:
    """The file of an address."""
    return root / address.removeprefix(BASE)


def _tests(root: Path, address: str) -> Iterator[Test]:
    graph = Graph(path_of(root, address), address)
    manifest = graph.subject_of(MF + "include") or graph.subject_of(MF + "entries")
    for included in graph.items(manifest, MF + "include"):
        yield from _tests(root, included.value)
    suite = address.removeprefix(BASE).rpartition("/")[0]
    for entry in graph.items(manifest, MF + "entries"):
        kind = graph.one(entry, RDF + "type")
        if kind is not None:
            yield _test(graph, entry, local(kind.value), suite)


def _test(graph: Graph, entry: Any, kind: str, suite: str) -> Test:
    action = graph.one(entry, MF + "action")
    request = graph.text(action, QT + "query") or graph.text(action, UT + "request")
    result = graph.one(entry, MF + "result")
    is_update = kind == "UpdateEvaluationTest"
    exchanges = graph.items(action, "http://www.w3.org/2011/http#requests")
    return Test(
        id=f"{suite}#{local(entry.value)}",
        name=graph.text(entry, MF + "name") or "",
        kind=kind,
        suite=suite,
        comment="\n".join(one.value for one in graph.all(entry, RDFS + "comment")),
        request=request or (action.value if isinstance(action, NamedNode) else None),
        data=_data(graph, action if action is not None and request else entry),
        remote=tuple(
            (
                graph.text(one, QT + "endpoint") or "",
                tuple(file.value for file in graph.all(one, QT + "data")),
            )
            for one in graph.all(action, QT + "serviceData")
        ),
        result=result.value if isinstance(result, NamedNode) else None,
        after=_data(graph, result) if is_update else Data(),
        lax=graph.one(entry, MF + "resultCardinality") is not None,
        exchanges=tuple(_exchange(graph, one) for one in exchanges),
    )


def _data(graph: Graph, node: Any) -> Data:
    default = [*graph.all(node, QT + "data"), *graph.all(node, UT + "data")]
    named = []
    for one in [*graph.all(node, QT + "graphData"), *graph.all(node, UT + "graphData")]:
        file = graph.text(one, UT + "graph") or graph.text(one, QT + "graph") or one.value
        named.append((graph.text(one, RDFS + "label") or file, file))
    return Data(tuple(one.value for one in default), tuple(named))


HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"


def _exchange(graph: Graph, request: Any) -> dict[str, Any]:
    """A request and the response that is expected, as the HTTP vocabulary describes them."""
    response = graph.one(request, HT + "resp")
    return {
        "method": graph.text(request, HT + "methodName"),
        "path": graph.text(request, HT + "absolutePath"),
        "headers": _headers(graph, request),
        "body": _body(graph, request),
        "statuses": [local(one.value) for one in graph.all(response, MF + "expectedStatus")],
        "boolean": graph.text(response, MF + "expectedBoolean"),
        "format": graph.text(response, MF + "expectedFormat"),
        "location": graph.text(response, MF + "expectedLocation"),
        "expected_headers": _headers(graph, response),
        "expected_body": _body(graph, response),
    }


def _headers(graph: Graph, message: Any) -> dict[str, str]:
    return {
        graph.text(one, HT + "fieldName") or "": graph.text(one, HT + "fieldValue") or ""
        for one in graph.items(message, HT + "headers")
    }


def _body(graph: Graph, message: Any) -> bytes | None:
    body = graph.one(message, HT + "body")
    chars = graph.text(body, CNT + "chars")
    encoding = graph.text(body, CNT + "characterEncoding") or "UTF-8"
    return None if chars is None else chars.encode(encoding)
