"""The data files as a check sees them: read one by one, so that a broken one hides no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from sanctiongraph.check.findings import Finding, Severity
from sanctiongraph.data import DataFolders
from sanctiongraph.errors import BadData
from sanctiongraph.reading import DataFile, Kind, data_files, read_file
from sanctiongraph.vocabulary import CLAIMS_GRAPH, PREFIXES, shorten, term

_TYPE = term("rdf:type")
_CLAIM = term("sg:Claim")
_FACT = term("sg:Fact")
_MODALITY = term("sg:modality")


@dataclass(frozen=True, slots=True)
class Where:
    """A file and, where a node belongs to one, the IRI of the claim."""

    file: Path
    claim: str = ""


@dataclass(slots=True)
class Parts:
    """The files that could be read, each with its quads, and where a node is to be found."""

    root: Path
    files: list[tuple[DataFile, list[Quad]]] = field(default_factory=list)
    #: Files that could not be read: what seems to be missing may be in them.
    unread: list[Path] = field(default_factory=list)
    _found: dict[str, tuple[int, Where]] = field(default_factory=dict)
    #: By subject and property, with or without the value: where that is first said.
    _stated: dict[tuple[str, ...], Where] = field(default_factory=dict)

    def add(self, file: DataFile, quads: list[Quad]) -> None:
        """Adds a file and notes where its nodes and triples are."""
        self.files.append((file, quads))
        for quad in quads:
            claim = claim_of(quad)
            where = Where(self.relative(file.path), claim)
            typed = quad.predicate == _TYPE
            subject_rank = (0 if claim else 1) if typed else (2 if claim else 3)
            self._note(quad.subject, subject_rank, where)
            self._note(quad.predicate, 4, where)
            self._note(quad.object, 5, where)
            self._note(quad.graph_name, 6, where)
            pair = (_text(quad.subject), quad.predicate.value)
            self._stated.setdefault(pair, where)
            self._stated.setdefault((*pair, _text(quad.object)), where)

    def quads(self) -> Iterator[Quad]:
        """All quads of all files that could be read."""
        for _, quads in self.files:
            yield from quads

    def data(self) -> Iterator[Quad]:
        """All quads but those of the ontology."""
        for file, quads in self.files:
            if file.kind is not Kind.ONTOLOGY:
                yield from quads

    def claims(self) -> set[str]:
        """The IRIs of all that is described as a claim."""
        return {
            quad.subject.value
            for quad in self.quads()
            if quad.predicate == _TYPE
            and quad.object == _CLAIM
            and isinstance(quad.subject, NamedNode)
        }

    def facts(self) -> set[str]:
        """The IRIs of the claims that sources state as fact."""
        return {
            quad.subject.value
            for quad in self.quads()
            if quad.predicate == _MODALITY
            and quad.object == _FACT
            and isinstance(quad.subject, NamedNode)
        }

    def named_below(self, folder: Path) -> frozenset[str]:
        """The IRIs of all things that the files of a folder name."""
        return frozenset(
            node.value
            for file, quads in self.files
            if folder in file.path.parents
            for quad in quads
            for node in (quad.subject, quad.object)
            if isinstance(node, NamedNode)
        )

    def relative(self, path: Path) -> Path:
        """A path for people: below the data folder where it is there."""
        return path.relative_to(self.root) if path.is_relative_to(self.root) else path

    def finding(self, node: str, message: str, *, severity: Severity = Severity.FAILURE) -> Finding:
        """A finding about this node, in the claim and the file where it is described or used."""
        found = self._found.get(node)
        return self._at(found[1] if found else None, node, message, severity)

    def finding_at(self, quad: Quad, message: str) -> Finding:
        """A finding about what this quad says."""
        stated = _text(quad.subject), quad.predicate.value, _text(quad.object)
        return self._at(self._stated.get(stated), stated[0], message)

    def finding_of(self, node: str, properties: Iterable[str], value: str, message: str) -> Finding:
        """A finding about the first of these properties that this node has, best with this value."""
        for name in properties:
            for stated in ((node, name, value), (node, name)):
                if where := self._stated.get(stated):
                    return self._at(where, node, message)
        return self.finding(node, message)

    def _at(
        self, where: Where | None, node: str, message: str, severity: Severity = Severity.FAILURE
    ) -> Finding:
        about = _claim_in(node) or (where.claim if where else "") or node
        return Finding(where.file if where else None, shorten(about), message, severity)

    def _note(self, node: object, rank: int, where: Where) -> None:
        if isinstance(node, NamedNode):
            known = self._found.get(node.value)
            if known is None or rank < known[0]:
                self._found[node.value] = (rank, where)


def read_parts(folders: DataFolders, draft_of: str | None = None) -> tuple[Parts, list[Finding]]:
    """All files below ``folders``, with the draft of a source; one that cannot be read is a finding."""
    parts = Parts(folders.root)
    findings: list[Finding] = []
    for file in data_files(folders, draft_of):
        try:
            quads = read_file(file)
            # What is supposed contradicts what is so, and may; what Wikidata says is its own.
            if file.kind not in (Kind.SCENARIOS, Kind.WIKIDATA):
                parts.add(file, quads)
        except BadData as error:
            parts.unread.append(file.path)
            message = str(error).removeprefix(f"{file.path}: ")
            findings.append(Finding(parts.relative(file.path), "", message))
    return parts, findings


def claim_of(quad: Quad) -> str:
    """The IRI of the claim in whose graph, or in whose metadata, a quad is; else empty."""
    if isinstance(quad.graph_name, NamedNode) and quad.graph_name.value.startswith(
        PREFIXES["claim"]
    ):
        return quad.graph_name.value
    if quad.graph_name == CLAIMS_GRAPH and isinstance(quad.subject, NamedNode):
        return _claim_in(quad.subject.value)
    return ""


def _claim_in(node: str) -> str:
    """The claim that a name begins with: ``claim/x/039`` of ``claim/x/039#place``."""
    return node.partition("#")[0] if node.startswith(PREFIXES["claim"]) else ""


def _text(node: object) -> str:
    return node.value if isinstance(node, NamedNode | Literal) else str(node)
