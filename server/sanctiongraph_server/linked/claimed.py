"""A claim as a page shows it: what it asserts, who else says the same, and what rests on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Quad

from sanctiongraph.claims import claim
from sanctiongraph.vocabulary import PREFIXES, term
from sanctiongraph_server.linked.facts import Knowing
from sanctiongraph_server.linked.said import Said, said
from sanctiongraph_server.linked.sources import Context, context
from sanctiongraph_server.linked.values import Value
from sanctiongraph_server.tasks import Opened

_CLASS_OF: Final = term("rdf:type")


@dataclass(frozen=True, slots=True)
class Asserted:
    """A statement of a claim. ``others`` say the same; ``accepted`` where the accepted graph has it."""

    subject: Value
    property: Value
    object: Value
    accepted: bool
    others: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class ClaimShown:
    """A claim: itself, its words where the operator has them, what it asserts, what rests on it."""

    said: Said
    window: str
    reading: str
    context: Context | None
    asserts: tuple[Asserted, ...]
    #: Dates that were inferred from it, by what they are dates of.
    inferred: tuple[Value, ...]


def claim_shown(opened: Opened, knowing: Knowing, node: NamedNode) -> ClaimShown | None:
    """The claim of that name; ``None`` where it is no claim."""
    store, values = opened.store, knowing.values
    found = claim(store, node.value)
    if found is None:
        return None
    quads = sorted(store.quads_for_pattern(None, None, None, node), key=str)
    inferred = store.quads_for_pattern(None, term("sg:inferredFrom"), node, None)
    window = f"{found.window or ''} {found.window_wording or ''}".strip()
    return ClaimShown(
        said=said(found, values),
        window=window,
        reading=found.reading or "",
        context=context(opened, found),
        asserts=tuple(
            _asserted(knowing, quad, node) for quad in quads if "#" not in _thing(quad.subject)
        ),
        inferred=values.all(
            {
                NamedNode(quad.subject.value.partition("#")[0])
                for quad in inferred
                if isinstance(quad.subject, NamedNode)
            }
        ),
    )


def _asserted(knowing: Knowing, quad: Quad, claim: NamedNode) -> Asserted:
    values, statements = knowing.values, knowing.statements
    shown = values.of(quad.object)
    others: list[str] = []
    accepted = False
    if isinstance(quad.subject, NamedNode):
        for one in statements.values(quad.subject, quad.predicate):
            if one.value.text == shown.text:
                others = [iri for iri in one.claims if iri != claim.value]
                accepted = one.accepted
    return Asserted(
        subject=values.of(quad.subject),
        property=Value("is a") if quad.predicate == _CLASS_OF else values.of(quad.predicate),
        object=shown,
        accepted=accepted,
        others=knowing.saying.of(others[:5]),
    )


def _thing(node: object) -> str:
    iri = node.value if isinstance(node, NamedNode) else ""
    return iri.removeprefix(PREFIXES["sg"])
