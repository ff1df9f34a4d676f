"""Dumps: the whole dataset or one graph, compressed, and their sums. Tasks of a reader.

The whole dataset of a build is the canonical N-Quads that its version is the SHA-256 of; after
writes it is what the store holds, in the store's order, which is the same each time.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Final, cast

from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, RdfFormat, Triple, serialize

from sanctiongraph.errors import NotFound
from sanctiongraph.vocabulary import BASE, PREFIXES
from sanctiongraph_server.light import light
from sanctiongraph_server.tasks import Answer, Opened, answered

GZIP: Final = "application/gzip"
#: Quads up to which all dumps are made to tell their sums.
MOST_SUMMED: Final = 1_000_000
#: The path of the default graph's dump: that of the accepted graph.
ACCEPTED: Final = "accepted"
#: What every dump is named after; the others are a claim's or a scenario's, each very small.
_LISTED: Final = (PREFIXES["graph"], PREFIXES["viewpoint"])
_LEVEL: Final = 6
_QUADS: Final = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"


@dataclass(frozen=True, slots=True)
class Part:
    """What a dump holds: the whole dataset, the accepted graph, or a named graph by its IRI."""

    graph: str | None = None
    whole: bool = False

    @property
    def path(self) -> str:
        """Where the dump is found, below the gateway's address."""
        if self.whole:
            return "dump.nq.gz"
        return f"dumps/{self.graph.removeprefix(BASE) if self.graph else ACCEPTED}.nt.gz"


@dataclass(frozen=True, slots=True)
class Listed:
    """A dump with its size in bytes and SHA-256; both empty where the dataset is too large."""

    part: Part
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Size:
    """Quads in all graphs together, and how many graphs have names."""

    quads: int
    graphs: int


@light
@dataclass(frozen=True, slots=True)
class Dumped(Answer):
    """A dump, and its SHA-256 in hexadecimal."""

    sha256: str


@dataclass(frozen=True, slots=True)
class TakeDump:
    """The dump of a part."""

    part: Part

    def perform(self, opened: Opened) -> Dumped:
        """Raises ``NotFound`` for a graph that there is not, and ``ResultTooLarge``."""
        name = self.part.graph
        if name is not None and not opened.store.contains_named_graph(_graph(name)):
            raise NotFound(f"there is no graph {name}: /dumps lists those that there are")
        sums: list[_Summing] = []

        def write(sink: IO[bytes]) -> None:
            sums.append(_Summing(sink.write))
            _write(opened, self.part, sums[-1])

        answer = answered(opened, GZIP, write)
        return Dumped(
            answer.body, answer.content_type, answer.version, answer.derived, sums[-1].sha256
        )


def size(opened: Opened) -> Size:
    """Counted once a snapshot, by ``opened.once``."""
    solutions = opened.store.query(_QUADS)
    assert isinstance(solutions, QuerySolutions)
    return Size(int(next(solutions)["n"].value), sum(1 for _ in opened.store.named_graphs()))


def listed(opened: Opened) -> tuple[Listed, ...]:
    """The dumps to offer; made once a snapshot, by ``opened.once``."""
    names = sorted(
        graph.value
        for graph in opened.store.named_graphs()
        if isinstance(graph, NamedNode) and graph.value.startswith(_LISTED)
    )
    parts = [Part(whole=True), Part(), *map(Part, names)]
    if opened.once(size).quads > MOST_SUMMED:
        return tuple(Listed(part, 0, "") for part in parts)
    found = []
    for part in parts:
        summing = _Summing(len)
        _write(opened, part, summing)
        found.append(Listed(part, summing.bytes, summing.sha256))
    return tuple(found)


class _Summing:
    """A file to write to that counts and sums what goes through it."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._hash = hashlib.sha256()
        self.bytes = 0

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        self.bytes += len(data)
        self._write(data)
        return len(data)

    def flush(self) -> None:
        """Does nothing."""


def _write(opened: Opened, part: Part, out: _Summing) -> None:
    """The same bytes each time: without a file's name and time in the head."""
    raw: Any = gzip.GzipFile("", "wb", _LEVEL, cast(IO[bytes], out), mtime=0)
    with raw, io.BufferedWriter(raw, 1 << 16) as file:
        built = opened.folder / "dataset.nq" if opened.folder else None
        if part.whole and built is not None and built.is_file():
            with built.open("rb") as source:
                shutil.copyfileobj(source, file, 1 << 20)
        elif part.whole:
            serialize(_quads(opened), cast(IO[bytes], file), format=RdfFormat.N_QUADS)
        else:
            triples = _triples(opened, part.graph)
            serialize(triples, cast(IO[bytes], file), format=RdfFormat.N_TRIPLES)


def _quads(opened: Opened) -> Iterator[Quad]:
    return opened.store.quads_for_pattern(None, None, None, None)


def _triples(opened: Opened, name: str | None) -> Iterator[Triple]:
    graph = DefaultGraph() if name is None else _graph(name)
    for quad in opened.store.quads_for_pattern(None, None, None, graph):
        yield quad.triple


def _graph(name: str) -> NamedNode:
    try:
        return NamedNode(name)
    except ValueError as error:
        raise NotFound(f"{name} is no IRI, so there is no graph of that name") from error
