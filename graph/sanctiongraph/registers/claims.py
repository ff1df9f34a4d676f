"""A row as claims of the graph's model: its assertion in a graph of its own, and what is known of it.

A row is one claim. What the register marks as uncertain is a second claim of the same row, so that
whoever asks for what is certain does not get it. Layout: ``docs/design.md``.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from sanctiongraph.registers.history import ImportedFile, KeptRow
from sanctiongraph.registers.specs import MappingFile, TakenAs
from sanctiongraph.registers.statements import (
    NodeRef,
    Object,
    Said,
    Statement,
    ThingRef,
    filled,
)
from sanctiongraph.registers.values import DateValue
from sanctiongraph.vocabulary import CLAIMS_GRAPH, PREFIXES, local_name, register_graph, term

_TYPE: Final = term("rdf:type")
_MODALITY: Final = {
    TakenAs.ENTRIES: term("sg:Entry"),
    TakenAs.SAID: term("sg:ReportedSpeech"),
    TakenAs.FACTS: term("sg:Fact"),
}
#: Terms are few and used in each row.
_named = cache(NamedNode)
_term = cache(term)
_TRUE: Final = Literal("true", datatype=term("xsd:boolean"))


@dataclass(frozen=True, slots=True)
class Resolved:
    """Which things of the graph are meant, by things and nodes of the register."""

    register: str
    things: Mapping[ThingRef, str]
    nodes: Mapping[tuple[str, NodeRef], str] = field(default_factory=dict)

    def known(self, one: Object) -> str | None:
        """The IRI of a thing that is not the register's own."""
        if isinstance(one, ThingRef):
            return self.things.get(one)
        return one.value if isinstance(one, NamedNode) else None

    def thing(self, ref: ThingRef) -> NamedNode:
        """The thing, the graph's or the register's own."""
        return NamedNode(self.things.get(ref) or thing_iri(self.register, ref))


def thing_iri(register: str, ref: ThingRef) -> str:
    """The IRI of a thing of the register's own."""
    return f"{PREFIXES['id']}{register}-{ref.kind}-{_slug(ref.key)}"


def node_iri(register: str, row: str, ref: NodeRef, *, labelled: bool) -> str:
    """The IRI of what a row alone speaks of; without a label it is a part of the row."""
    number = f"-{ref.number}" if ref.number else ""
    if labelled:
        return f"{PREFIXES['id']}{register}-{ref.name}-{row}{number}"
    return f"{PREFIXES['id']}{register}-{row}#{ref.name}{number}"


def _slug(text: str) -> str:
    """A name for an IRI; where it loses something, with a digest, so that no two are alike."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:60].rstrip("-")
    if slug == text:
        return slug
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{slug}-{digest}" if slug else digest


class Claims:
    """Makes the quads of one register."""

    def __init__(
        self,
        mapping: MappingFile,
        files: Sequence[ImportedFile],
        resolved: Resolved,
        *,
        taken_as: TakenAs,
    ) -> None:
        """Of facts the register itself is the speaker, as a source that states them; else its publisher."""
        self._mapping = mapping
        self._files = {one.id: one for one in files}
        self._resolved = resolved
        self._source = NamedNode(PREFIXES["source"] + mapping.register)
        self._speaker = self._source if taken_as is TakenAs.FACTS else NamedNode(mapping.publisher)
        self._modality = _MODALITY[taken_as]
        self._verification = NamedNode(mapping.verification)
        self._graph = register_graph(mapping.register)
        self._base = f"{PREFIXES['claim']}{mapping.register}/"

    def source(self) -> Iterator[Quad]:
        """What is known of the register and of the files that it came in."""
        mapping, source = self._mapping, self._source
        for property_, value in (
            ("rdf:type", term("sg:Register")),
            ("rdfs:label", Literal(mapping.label, language="en")),
            ("schema:url", Literal(mapping.address, datatype=term("xsd:anyURI"))),
            ("dcterms:publisher", NamedNode(mapping.publisher)),
            ("dcterms:license", Literal(mapping.licence, language="en")),
        ):
            yield Quad(source, term(property_), value, CLAIMS_GRAPH)
        for one in {self._file(each).value: each for each in self._files.values()}.values():
            file = self._file(one)
            retrieved = NamedNode(f"{file.value}-retrievedOn")
            for property_, value in (
                ("rdf:type", term("sg:RegisterFile")),
                ("sg:fileOf", source),
                ("dcterms:title", Literal(one.name)),
                ("sg:fileSha256", Literal(one.sha256)),
                ("dcterms:license", Literal(one.licence, language="en")),
                ("sg:retrievedOn", retrieved),
            ):
                yield Quad(file, term(property_), value, CLAIMS_GRAPH)
            yield Quad(retrieved, term("sg:edtf"), Literal(one.retrieved), CLAIMS_GRAPH)

    def description(
        self, node: NamedNode, classes: Iterable[str], label: str, names: Iterable[str]
    ) -> Iterator[Quad]:
        """The class and names of a thing that the graph does not have."""
        for class_ in classes:
            yield Quad(node, _TYPE, NamedNode(class_), self._graph)
        yield Quad(node, term("rdfs:label"), Literal(label, language="en"), self._graph)
        for name in names:
            if name != label:
                yield Quad(node, term("skos:altLabel"), Literal(name), self._graph)

    def row(self, row: KeptRow, said: Said, before: KeptRow | None) -> Iterator[list[Quad]]:
        """The claims of one version of a row, each with all its quads; ``before``: the last version."""
        nodes = self._nodes(row, said)
        certain = [
            Statement(node.ref, _TYPE.value, _named(node.spec.kind)) for node in said.nodes
        ] + [one for one in said.statements if not one.marked]
        marked = [one for one in said.statements if one.marked]
        names = list(self._names(row, said)) if row.until is None else []
        yield [*names, *self._claim(row, certain, nodes, said.wording, "", before)]
        if marked:
            yield self._claim(row, marked, nodes, said.marked or said.wording, "/uncertain", before)

    def _nodes(self, row: KeptRow, said: Said) -> dict[NodeRef, NamedNode]:
        return {
            node.ref: NamedNode(
                self._resolved.nodes.get((row.id, node.ref))
                or node_iri(
                    self._mapping.register, row.id, node.ref, labelled=node.label is not None
                )
            )
            for node in said.nodes
        }

    def _names(self, row: KeptRow, said: Said) -> Iterator[Quad]:
        for node in said.nodes:
            if node.label is not None and (row.id, node.ref) not in self._resolved.nodes:
                iri = node_iri(self._mapping.register, row.id, node.ref, labelled=True)
                yield from self.description(NamedNode(iri), (node.spec.kind,), node.label, ())

    def _claim(
        self,
        row: KeptRow,
        said: Iterable[Statement],
        nodes: Mapping[NodeRef, NamedNode],
        wording: str,
        part: str,
        before: KeptRow | None,
    ) -> list[Quad]:
        claim = NamedNode(f"{self._base}{row.id}/{row.version}{part}")
        quads = list(self._assertion(claim, said, nodes))
        place, selector = (
            NamedNode(f"{claim.value}#place"),
            NamedNode(f"{claim.value}#place-hasSelector"),
        )
        entry = filled(self._mapping.entry, {**row.fields, "line": (str(row.line),)})
        about: list[tuple[NamedNode, str, NamedNode | Literal]] = [
            (claim, "rdf:type", _term("sg:Claim")),
            (claim, "sg:source", self._source),
            (claim, "sg:speaker", self._speaker),
            (claim, "sg:modality", self._modality if row.until is None else _term("sg:Withdrawn")),
            (claim, "sg:wording", Literal(wording, language="en")),
            (claim, "sg:verification", self._verification),
            (claim, "prov:wasDerivedFrom", self._file(self._files[row.file])),
            (claim, "sg:place", place),
            (place, "rdf:type", _term("oa:SpecificResource")),
            (place, "oa:hasSource", self._source),
            (place, "oa:hasSelector", selector),
            (selector, "rdf:type", _term("oa:FragmentSelector")),
            (selector, "rdf:value", Literal(entry)),
        ]
        if part:
            about.append((claim, "sg:uncertain", _TRUE))
        if before is not None:
            about.append(
                (claim, "prov:wasRevisionOf", NamedNode(f"{self._base}{row.id}/{before.version}"))
            )
        if row.until is not None:
            about.append((claim, "sg:absentFrom", self._file(self._files[row.until])))
        quads += [Quad(subject, _term(name), value, CLAIMS_GRAPH) for subject, name, value in about]
        return quads

    def _assertion(
        self, claim: NamedNode, said: Iterable[Statement], nodes: Mapping[NodeRef, NamedNode]
    ) -> Iterator[Quad]:
        dates: set[str] = set()
        for one in said:
            subject = self._iri(one.subject, nodes)
            property_ = _named(one.property)
            if isinstance(one.object, DateValue):
                name = f"{claim.value}#{local_name(subject.value)}-{local_name(one.property)}"
                date, number = name, 1
                while date in dates:
                    number += 1
                    date = f"{name}-{number}"
                dates.add(date)
                yield Quad(subject, property_, NamedNode(date), claim)
                yield Quad(NamedNode(date), _term("sg:edtf"), Literal(one.object.edtf), claim)
            elif isinstance(one.object, ThingRef | NodeRef):
                yield Quad(subject, property_, self._iri(one.object, nodes), claim)
            else:
                yield Quad(subject, property_, one.object, claim)

    def _iri(self, ref: ThingRef | NodeRef, nodes: Mapping[NodeRef, NamedNode]) -> NamedNode:
        return self._resolved.thing(ref) if isinstance(ref, ThingRef) else nodes[ref]

    def _file(self, file: ImportedFile) -> NamedNode:
        return NamedNode(f"{self._source.value}#file-{file.sha256[:12]}")
