"""A change of what is asserted, and what cannot be brought up to date from one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from sanctiongraph.asserted import Asserted
from sanctiongraph.vocabulary import (
    BASE,
    CLAIMS_GRAPH,
    ENTAILED_GRAPH,
    LAW_GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    VIEWPOINTS_GRAPH,
    shorten,
    term,
)

TYPE: Final = term("rdf:type")
MODALITY: Final = term("sg:modality")
FACT: Final = term("sg:Fact")
#: How the IRIs begin of what only assessments name.
ASSESSED: Final = (f"{BASE}assessment/", f"{BASE}day/")
#: What the IRIs have in them of what only sums of ownership name.
SUMMED: Final = "#blocked-ownership"

#: Graphs that decide how everything is derived.
_DECIDING: Final = (ONTOLOGY_GRAPH, LAW_GRAPH, VIEWPOINTS_GRAPH)
#: How the graphs begin that hold nothing but what is derived.
_DERIVED: Final = (
    ENTAILED_GRAPH.value,
    PREFIXES["viewpoint"],
    PREFIXES["graph"] + "assessments/",
)
#: How the graphs begin that are no claim's.
_NO_CLAIMS: Final = (PREFIXES["graph"], PREFIXES["viewpoint"], PREFIXES["scenario"])
#: Properties and classes by which a triple decides more than what it touches.
_FAR: Final = {
    term(name)
    for name in (
        "sg:believes",
        "sg:believesModality",
        "sg:believesEverySpeaker",
        "sg:ownershipThreshold",
        "sg:ofBody",
        "sg:blockedShare",
        "sg:clearShare",
        "sg:addsUp",
        "sg:supersedes",
    )
}
_FAR_CLASSES: Final = {
    term(name) for name in ("sg:Viewpoint", "sg:BlockedOwnership", "sg:Assessment")
}


class NotBoundedError(Exception):
    """What a change reaches cannot be told, or is too much; the message says why."""


@dataclass(frozen=True, slots=True)
class Change:
    """Quads that are asserted now and were not, and that were and are not any more.

    ``background`` are the quads that came to, and ``background_gone`` those that went from, what
    reference files state as fact.
    """

    added: frozenset[Quad]
    removed: frozenset[Quad]
    background: frozenset[Quad] = field(default=frozenset())
    background_gone: frozenset[Quad] = field(default=frozenset())

    def __len__(self) -> int:
        return len(self.added) + len(self.removed)

    @classmethod
    def between(cls, before: Asserted, after: Asserted) -> Change:
        """What makes one set of assertions the other."""
        old, new = frozenset(before.quads), frozenset(after.quads)
        stated, states = frozenset(before.background), frozenset(after.background)
        removed = old - new
        # What was asserted as background, and is still stated, becomes derived.
        return cls(new - old, removed, (states - stated) | (states & removed), stated - states)

    def refuse_far(self) -> None:
        """Raises ``NotBoundedError`` where it changes what decides how everything is derived."""
        for quad in (*self.added, *self.removed):
            if quad.graph_name in _DECIDING:
                raise NotBoundedError(f"{shorten(str(quad.graph_name)[1:-1])} has changed")
            refuse_far(quad.triple)
        if why := odd((*self.added, *self.removed)):
            raise NotBoundedError(why)


def refuse_far(triple: Triple) -> None:
    """Raises ``NotBoundedError`` for a triple that decides more than what it touches."""
    if triple.predicate in _FAR or (triple.predicate == TYPE and triple.object in _FAR_CLASSES):
        raise NotBoundedError(f"{shorten(triple.predicate.value)} {triple.object} has changed")


def odd(asserted: Iterable[Quad]) -> str | None:
    """Why nothing may be brought up to date over these assertions, if so.

    Where somebody asserts what is otherwise only derived (an outcome, a sum of ownership, a
    viewpoint's belief), a derived quad may have a reason that no step looks for.
    """
    for quad in asserted:
        if why := _odd(quad):
            return f"{why}: {quad}"
    return None


def _odd(quad: Quad) -> str | None:
    graph = getattr(quad.graph_name, "value", "")
    if graph.startswith(_DERIVED):
        return "something is asserted in a graph of what is derived"
    if isinstance(quad.object, Triple):
        return "a triple is about a triple"
    for end in (quad.subject, quad.object):
        if isinstance(end, NamedNode) and (end.value.startswith(ASSESSED) or SUMMED in end.value):
            return "something is asserted of what is derived"
    if quad.predicate == TYPE:
        if quad.object == term("sg:BlockedOwnership"):
            return "a sum of ownership is asserted"
        claim = quad.object == term("sg:Claim")
    else:
        claim = quad.predicate == MODALITY
    if claim and quad.graph_name == CLAIMS_GRAPH:
        if getattr(quad.subject, "value", "").startswith(_NO_CLAIMS):
            return "a claim has the name of a graph of another kind"
    elif claim and quad.object == FACT:
        return "what a claim says makes it a fact"
    return None
