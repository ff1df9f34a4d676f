"""What is said about a thing, as RDF: tasks of a reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, serialize

from sanctiongraph.about import Description, about
from sanctiongraph.errors import NotFound
from sanctiongraph.vocabulary import PREFIXES, shorten, term
from sanctiongraph_server.light import light
from sanctiongraph_server.linked.iris import ONTOLOGY
from sanctiongraph_server.negotiation import Format
from sanctiongraph_server.tasks import Answer, Opened, answered

#: Formats that can say in which graph a statement stands.
WITH_GRAPHS: Final = frozenset({"trig", "nquads", "jsonld"})


@dataclass(frozen=True, slots=True)
class Exists:
    """Whether something is said of a thing."""

    iri: str

    def perform(self, opened: Opened) -> str:
        """Name of the snapshot. Raises ``NotFound``."""
        if self.iri != ONTOLOGY:
            node, store = node_of(self.iri), opened.store
            quads = store.quads_for_pattern(node, None, None, DefaultGraph())
            if next(iter(quads), None) is None:
                described(opened, self.iri)
        return opened.snapshot.name


@light
@dataclass(frozen=True, slots=True)
class Found(Answer):
    """A description in a format; ``complete`` is false where there was more than it gives."""

    complete: bool


@dataclass(frozen=True, slots=True)
class LookUp:
    """What is said about a thing, in a format."""

    iri: str
    format: Format

    def perform(self, opened: Opened) -> Found:
        """Raises ``NotFound`` and ``ResultTooLarge``.

        What a claim says is never among the statements of a format without graphs: there it would
        be stated as a fact.
        """
        description = described(opened, self.iri)
        engine = self.format.engine
        assert isinstance(engine, RdfFormat)
        quads = list(description.quads)
        if self.format.name not in WITH_GRAPHS:
            quads = list(self._plain(description))
        answer = answered(
            opened,
            self.format.content_type,
            lambda sink: serialize(quads, sink, format=engine, prefixes=prefixes_of(quads)),
        )
        return Found(
            answer.body,
            answer.content_type,
            answer.version,
            answer.derived,
            description.whole,
        )

    def _plain(self, description: Description) -> Iterator[Quad]:
        asserted = False
        for quad in description.quads:
            if quad.graph_name == DefaultGraph():
                yield quad
            else:
                asserted = True
        if asserted:
            elsewhere = NamedNode(f"{self.iri}.trig")
            yield Quad(NamedNode(self.iri), term("rdfs:seeAlso"), elsewhere)


def described(opened: Opened, iri: str) -> Description:
    """See ``about``. Raises ``NotFound`` for what is no IRI as well."""
    node_of(iri)
    return about(opened.store, iri)


def prefixes_of(quads: list[Quad]) -> dict[str, str]:
    """The prefixes that the quads make use of."""
    used = {
        part.value if isinstance(part, NamedNode) else part.datatype.value
        for quad in quads
        for part in (quad.subject, quad.predicate, quad.object, quad.graph_name)
        if isinstance(part, NamedNode) or hasattr(part, "datatype")
    }
    return {
        name: space
        for name, space in PREFIXES.items()
        if any(iri.startswith(space) for iri in used)
    }


def node_of(iri: str) -> NamedNode:
    """The node of an IRI. Raises ``NotFound`` for what is none."""
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise NotFound(f"nothing is said of {shorten(iri)}: that is no IRI") from error
