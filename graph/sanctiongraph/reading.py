"""From data files to quads, each file's triples in the graph that its place and name give it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from sanctiongraph.data import DataFolders
from sanctiongraph.dates import bounds
from sanctiongraph.errors import BadData, BadDate
from sanctiongraph.links.sssom import read_links
from sanctiongraph.links.statements import quads_of
from sanctiongraph.naming import name_blank_nodes
from sanctiongraph.registers.folder import registers_in
from sanctiongraph.vocabulary import (
    CLAIMS_GRAPH,
    LAW_GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    REFERENCE_GRAPH,
    SCENARIOS_GRAPH,
    VIEWPOINTS_GRAPH,
    WIKIDATA_GRAPH,
    register_graph,
    shorten,
    term,
)


class Kind(Enum):
    """What a data file holds, which decides the graph its triples go to."""

    ONTOLOGY = "ontology"
    LAW = "law"
    VIEWPOINTS = "viewpoints"
    ENTITIES = "entities"
    METADATA = "metadata"
    CLAIMS = "claims"
    SCENARIOS = "scenarios"
    LINKS = "links"
    WIKIDATA = "wikidata"
    REGISTER = "register"


_GRAPH_OF_KIND = {
    Kind.ONTOLOGY: ONTOLOGY_GRAPH,
    Kind.LAW: LAW_GRAPH,
    Kind.VIEWPOINTS: VIEWPOINTS_GRAPH,
    Kind.ENTITIES: REFERENCE_GRAPH,
    Kind.METADATA: CLAIMS_GRAPH,
    Kind.WIKIDATA: WIKIDATA_GRAPH,
}
_EDTF = term("sg:edtf")
_EARLIEST = term("sg:earliest")
_LATEST = term("sg:latest")
_XSD_DATE = term("xsd:date")
#: How the names of a scenario's own graphs end.
SCENARIO_PARTS = ("/added", "/withdrawn")
_METADATA_NAMES = {"source.ttl", "documents.ttl"}
#: What ``sanctiongraph source draft`` writes beside a source: proposals, which no build reads.
DRAFT_CLAIMS, DRAFT_ENTITIES = "draft.trig", "draft.ttl"
#: How a value begins that a command wrote and a person is to write.
TO_FILL = "to fill:"
_DRAFTS = {DRAFT_CLAIMS, DRAFT_ENTITIES}


@dataclass(frozen=True, slots=True)
class DataFile:
    """A data file and what it holds; ``reference`` tells background from a source text's folder."""

    path: Path
    kind: Kind
    reference: bool = False


def data_files(folders: DataFolders, draft_of: str | None = None) -> list[DataFile]:
    """All files that a build reads, in a fixed order.

    With ``draft_of``, the name of a source folder, its draft as well, as if it were reviewed.
    """
    drafts = {folders.sources / draft_of / name for name in _DRAFTS} if draft_of else set()
    found = [DataFile(folders.ontology / "sanctiongraph.ttl", Kind.ONTOLOGY)]
    found += [DataFile(path, Kind.LAW) for path in sorted(folders.law.rglob("*.ttl"))]
    found += [DataFile(path, Kind.VIEWPOINTS) for path in sorted(folders.viewpoints.rglob("*.ttl"))]
    for root, reference in ((folders.reference, True), (folders.sources, False)):
        for path in sorted(root.rglob("*.ttl")):
            if path.name in _DRAFTS and path not in drafts:
                continue
            kind = Kind.METADATA if path.name in _METADATA_NAMES else Kind.ENTITIES
            found.append(DataFile(path, kind, reference))
        found += [
            DataFile(path, Kind.CLAIMS, reference)
            for path in sorted(root.rglob("*.trig"))
            if path.name not in _DRAFTS or path in drafts
        ]
    found += [DataFile(path, Kind.LINKS) for path in sorted(folders.links.glob("*.sssom.tsv"))]
    found += [DataFile(path, Kind.WIKIDATA) for path in sorted(folders.links.glob("*.ttl"))]
    found += [DataFile(path, Kind.SCENARIOS) for path in sorted(folders.scenarios.rglob("*.trig"))]
    found += [DataFile(one.quads, Kind.REGISTER) for one in registers_in(folders.imported)]
    return found


def read_file(file: DataFile) -> list[Quad]:
    """The quads of one file, blank nodes named (but for the ontology's, which OWL needs).

    Raises ``BadData`` with the file's name and, for a syntax error, its line.
    """
    if file.kind is Kind.LINKS:
        return list(quads_of(read_links(file.path)))
    if file.kind is Kind.REGISTER:
        return _register(file)
    trig = file.kind in {Kind.CLAIMS, Kind.SCENARIOS}
    try:
        quads = list(
            parse(path=str(file.path), format=RdfFormat.TRIG if trig else RdfFormat.TURTLE)
        )
    except (SyntaxError, OSError, ValueError) as error:
        raise BadData(f"{file.path}: {_where(error)}") from error
    if trig:
        _check_graphs(file, quads)
    else:
        graph = _GRAPH_OF_KIND[file.kind]
        quads = [Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads]
    if file.kind is Kind.ONTOLOGY:
        return quads
    try:
        return name_blank_nodes(quads)
    except BadData as error:
        raise BadData(f"{file.path}: {error}") from error


def _register(file: DataFile) -> list[Quad]:
    """What an import wrote: its blank nodes have names already, and its graphs are its own."""
    try:
        quads = list(parse(path=str(file.path), format=RdfFormat.N_QUADS, lenient=True))
    except (SyntaxError, OSError, ValueError) as error:
        raise BadData(f"{file.path}: {_where(error)}: import the register again") from error
    claims, names = PREFIXES["claim"] + file.path.parent.name, register_graph(file.path.parent.name)
    for quad in quads:
        name = quad.graph_name
        own = isinstance(name, NamedNode) and name.value.startswith(f"{claims}/")
        if not own and name not in (CLAIMS_GRAPH, names):
            raise BadData(f"{file.path}: graph {name} is none of the register's: import it again")
    return quads


def read_all(
    folders: DataFolders, draft_of: str | None = None
) -> Iterator[tuple[DataFile, list[Quad]]]:
    """Each file with its quads, those of a draft as ``data_files`` does.

    Raises ``BadData`` where a file cannot be read, or a claim's graph stands in two files.
    """
    owners: dict[str, Path] = {}
    for file in data_files(folders, draft_of):
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


def with_date_bounds(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The same quads, and after each ``sg:edtf`` the bounds of that date, in the same graph.

    Raises ``BadData`` as ``date_bounds`` does.
    """
    for quad in quads:
        yield quad
        yield from date_bounds((quad,))


def date_bounds(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The bounds of each date that stands in an ``sg:edtf`` among the quads, in the same graph.

    Raises ``BadData`` where the value is not an Extended Date/Time Format date.
    """
    for quad in quads:
        if quad.predicate != _EDTF or not isinstance(quad.object, Literal):
            continue
        try:
            found = bounds(quad.object.value)
        except BadDate as error:
            raise BadData(f"{shorten(str(quad.subject)[1:-1])}: {error}") from error
        for predicate, day in ((_EARLIEST, found.earliest), (_LATEST, found.latest)):
            if day is not None:
                value = Literal(day.isoformat(), datatype=_XSD_DATE)
                yield Quad(quad.subject, predicate, value, quad.graph_name)


def _check_graphs(file: DataFile, quads: list[Quad]) -> None:
    claims = file.kind is Kind.CLAIMS
    for quad in quads:
        name = quad.graph_name
        if isinstance(name, DefaultGraph):
            belongs = (
                "its claim's graph or in graph:claims" if claims else "a graph of its scenario"
            )
            raise BadData(
                f"{file.path}: a triple with {quad.predicate} is outside every graph: "
                f"put it in {belongs}"
            )
        if claims and not (name == CLAIMS_GRAPH or _is_claim_graph(name)):
            raise BadData(f"{file.path}: graph {name}: only claims and graph:claims belong here")
        if not claims and not (name == SCENARIOS_GRAPH or is_scenario_graph(name)):
            raise BadData(
                f"{file.path}: graph {name}: only graph:scenarios and each scenario's "
                "/added and /withdrawn belong here"
            )


def _is_claim_graph(name: object) -> bool:
    return isinstance(name, NamedNode) and name.value.startswith(PREFIXES["claim"])


def is_scenario_graph(name: object) -> bool:
    """Whether it is the graph of what some scenario adds or withdraws."""
    if not isinstance(name, NamedNode):
        return False
    return name.value.startswith(PREFIXES["scenario"]) and name.value.endswith(SCENARIO_PARTS)


def _where(error: Exception) -> str:
    line = getattr(error, "lineno", None)
    return f"line {line}: {error.args[0] if error.args else error}" if line else str(error)
