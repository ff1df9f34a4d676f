"""The difference that a change of what is asserted makes to a complete dataset."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from sanctiongraph.digests import Digests
from sanctiongraph.incremental.accepted import Accepted, Assertions, keep_accepted
from sanctiongraph.incremental.assessing import Assessing
from sanctiongraph.incremental.believing import keep_believed
from sanctiongraph.incremental.change import (
    ASSESSED,
    SUMMED,
    Change,
    NotBoundedError,
    refuse_far,
)
from sanctiongraph.incremental.closure import Rules
from sanctiongraph.incremental.overlay import DEFAULT, Overlay, View
from sanctiongraph.incremental.sums import accepted_sums, reached
from sanctiongraph.record import digest
from sanctiongraph.viewpoints import viewpoints
from sanctiongraph.vocabulary import ONTOLOGY_GRAPH, term

#: What is said of assessments: rules with several premises must not look at any of it.
_OF_ASSESSMENTS = {
    term(name)
    for name in (
        "sg:onViewpoint", "sg:assessedRule", "sg:assessedParty", "sg:assessedTransaction",
        "sg:outcome", "sg:level", "sg:holdsFrom", "sg:holdsUntil", "sg:edtf", "sg:earliest",
        "sg:latest", "sg:Assessment", "sg:Date",
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Advanced:
    """A complete dataset after a change, as an overlay over the one before it."""

    quads: Overlay
    asserted: Assertions

    def record(self, touched: Iterable[Quad] = ()) -> tuple[frozenset[bytes], frozenset[bytes]]:
        """Digests to enter into the record of what is derived, and to take out of it.

        ``touched`` are quads looked at beside those that have changed.
        """
        change = self.asserted.change
        added, gone = set[bytes](), set[bytes]()
        for quad in {*self.quads.touched(), *change.added, *change.removed, *touched}:
            derived = quad in self.quads and not self.asserted.has(quad)
            (added if derived else gone).add(digest(quad))
        return frozenset(added), frozenset(gone)


def advanced(base: Store, record: Digests, change: Change) -> Advanced:
    """A complete dataset after a change of what is asserted, as a difference to the one before.

    ``record`` says what in ``base`` was derived. The outcome is what ``dataset.derived`` makes of the
    assertions as they are then. Raises ``NotBoundedError`` where that cannot be told from the change,
    and ``BadData`` where nothing can be derived.
    """
    change.refuse_far()
    quads = Overlay(base)
    rules = Rules(base.quads_for_pattern(None, None, None, ONTOLOGY_GRAPH))
    if rules.joined_properties() & _OF_ASSESSMENTS:
        raise NotBoundedError("an axiom joins what is said of assessments")
    asserted = Assertions(quads, record, change)
    accepted = Accepted(asserted)
    keep_accepted(accepted, rules, quads, *accepted.update(), (ASSESSED, SUMMED))
    gone, come = _difference(quads)
    for triple in (*gone, *come):
        refuse_far(triple)
    views = [View(some, (DEFAULT,), ASSESSED, SUMMED) for some in (base, quads)]
    accepted_sums(quads, reached(views, (*gone, *come)), ASSESSED)
    gone, come = _difference(quads)
    claims = {quad.graph_name for quad in quads.touched() if isinstance(quad.graph_name, NamedNode)}
    known = viewpoints(base)
    for one in known:
        keep_believed(quads, rules, one, claims, gone, come)
    Assessing(quads).update(known)
    return Advanced(quads, asserted)


def _difference(quads: Overlay) -> tuple[list[Triple], list[Triple]]:
    """The triples that the accepted graph has no longer, and only now."""
    return (
        [quad.triple for quad in quads.removed(DefaultGraph())],
        [quad.triple for quad in quads.added(DefaultGraph())],
    )
