"""From data files to quads, each file's triples in the graph that its place and name give it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, parse

from sanctiongraph.data import DataFolders
from sanctiongraph.errors import BadData
from sanctiongraph.naming import name_blank_nodes
from sanctiongraph.vocabulary import (
    CLAIMS_GRAPH,
    LAW_GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    REFERENCE_GRAPH,
)


class Kind(Enum):
    """What a data file holds, which decides the graph its triples go to."""

    ONTOLOGY = "ontology"
    LAW = "law"
    ENTITIES = "entities"
    METADATA = "metadata"
    CLAIMS = "claims"


_GRAPH_OF_KIND = {
    Kind.ONTOLOGY: ONTOLOGY_GRAPH,
    Kind.LAW: LAW_GRAPH,
    Kind.ENTITIES: REFERENCE_GRAPH,
    Kind.METADATA: CLAIMS_GRAPH,
}
_METADATA_NAMES = {"source.ttl", "documents.ttl"}


@dataclass(frozen=True, slots=True)
class DataFile:
    """A data file and what it holds; ``reference`` tells background from a source text's folder."""

    path: Path
    kind: Kind
    reference: bool = False


def data_files(folders: DataFolders) -> list[DataFile]:
    """All files that a build reads, in a fixed order."""
    found = [DataFile(folders.ontology / "sanctiongraph.ttl", Kind.ONTOLOGY)]
    found += [DataFile(path, Kind.LAW) for path in sorted(folders.law.rglob("*.ttl"))]
    for root, reference in ((folders.reference, True), (folders.sources, False)):
        for path in sorted(root.rglob("*.ttl")):
            kind = Kind.METADATA if path.name in _METADATA_NAMES else Kind.ENTITIES
            found.append(DataFile(path, kind, reference))
        found += [DataFile(path, Kind.CLAIMS, reference) for path in sorted(root.rglob("*.trig"))]
    return found


def read_file(file: DataFile) -> list[Quad]:
    """The quads of one file, blank nodes named (but for the ontology's, which OWL needs).

    Raises ``BadData`` with the file's name and, for a syntax error, its line.
    """
    trig = file.kind is Kind.CLAIMS
    try:
        quads = list(
            parse(path=str(file.path), format=RdfFormat.TRIG if trig else RdfFormat.TURTLE)
        )
    except (SyntaxError, OSError, ValueError) as error:
        raise BadData(f"{file.path}: {_where(error)}") from error
    if trig:
        _check_graphs(file.path, quads)
    else:
        graph = _GRAPH_OF_KIND[file.kind]
        quads = [Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads]
    if file.kind is Kind.ONTOLOGY:
        return quads
    try:
        return name_blank_nodes(quads)
    except BadData as error:
        raise BadData(f"{file.path}: {error}") from error


def read_all(folders: DataFolders) -> Iterator[tuple[DataFile, list[Quad]]]:
    """Each file with its quads; raises ``BadData`` where a claim's graph stands in two files."""
    owners: dict[str, Path] = {}
    for file in data_files(folders):
        quads = read_file(file)
        for graph in claim_graphs(quads):
            if graph in owners:
                raise BadData(f"{file.path}: {graph} is already in {owners[graph]}")
            owners[graph] = file.path
        yield file, quads


def claim_graphs(quads: list[Quad]) -> set[str]:
    """The IRIs of the claims' graphs among these quads."""
    return {
        quad.graph_name.value
        for quad in quads
        if isinstance(quad.graph_name, NamedNode)
        and quad.graph_name.value.startswith(PREFIXES["claim"])
    }


def _check_graphs(path: Path, quads: list[Quad]) -> None:
    for quad in quads:
        name = quad.graph_name
        if isinstance(name, DefaultGraph):
            raise BadData(
                f"{path}: a triple with {quad.predicate} is outside every graph: "
                "put it in its claim's graph or in graph:claims"
            )
        if name != CLAIMS_GRAPH and not (
            isinstance(name, NamedNode) and name.value.startswith(PREFIXES["claim"])
        ):
            raise BadData(f"{path}: graph {name}: only claims and graph:claims belong here")


def _where(error: Exception) -> str:
    line = getattr(error, "lineno", None)
    return f"line {line}: {error.args[0] if error.args else error}" if line else str(error)
