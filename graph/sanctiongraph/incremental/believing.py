"""The graphs of viewpoints, kept up with what their speakers say and with the accepted graph."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from sanctiongraph.incremental.change import ASSESSED, MODALITY, SUMMED
from sanctiongraph.incremental.closure import Kept, Rules, keep_up
from sanctiongraph.incremental.overlay import DEFAULT, Node, Object, Overlay, View
from sanctiongraph.incremental.sums import body_of, reached, sums_beyond, sums_there
from sanctiongraph.viewpoints import Viewpoint
from sanctiongraph.vocabulary import term

_SPEAKER: Final = term("sg:speaker")
_FOR: Final = (term("sg:speaksFor"), term("sg:agencyOf"))
_TRUE: Final = Literal(True)


@dataclass(frozen=True, slots=True)
class Believer:
    """Whom a viewpoint believes, and of which modalities; that is data which does not change here."""

    viewpoint: Viewpoint
    everyone: bool
    whom: frozenset[Object]
    modalities: frozenset[Object]

    @classmethod
    def of(cls, store: Store, viewpoint: Viewpoint) -> Believer:
        """Reads it from the accepted graph."""

        def values(name: str) -> frozenset[Object]:
            found = store.quads_for_pattern(viewpoint.graph, term(name), None, DEFAULT)
            return frozenset(quad.object for quad in found)

        return cls(
            viewpoint,
            _TRUE in values("sg:believesEverySpeaker"),
            values("sg:believes"),
            values("sg:believesModality"),
        )

    def believes(self, claim: Node, accepted: View) -> bool:
        """Whether what a claim says is accepted; the same as ``viewpoints.believed`` has it."""
        if not any(
            one.object in self.modalities for one in accepted.triples(claim, MODALITY, None)
        ):
            return False
        speakers = [one.object for one in accepted.triples(claim, _SPEAKER, None)]
        if self.everyone:
            return bool(speakers)
        return any(self._trusts(speaker, accepted) for speaker in speakers)

    def _trusts(self, speaker: object, accepted: View) -> bool:
        if speaker in self.whom:
            return True
        return isinstance(speaker, NamedNode) and any(
            Triple(speaker, predicate, state) in accepted
            for state in self.whom
            for predicate in _FOR
        )


def keep_believed(
    quads: Overlay,
    rules: Rules,
    one: Viewpoint,
    claims: Collection[NamedNode],
    gone: Collection[Triple],
    come: Collection[Triple],
) -> None:
    """Brings the graph of a viewpoint to what it believes now.

    ``claims`` are those whose words have changed, ``gone`` and ``come`` the triples by which the
    accepted graph, with its sums of ownership, has changed.
    """
    graphs = (DEFAULT, one.graph)
    context = View(quads, (DEFAULT,), ASSESSED)
    old, new = View(quads.base, graphs, ASSESSED), View(quads, graphs, ASSESSED)
    outside_old, outside = View(quads.base, (one.graph,)), View(quads, (one.graph,))
    said = _Said(Believer.of(quads.base, one), quads)
    changed: set[Triple] = set()
    for claim in {*claims, *said.perhaps_turned((*gone, *come))}:
        changed |= set(said.words(claim, before=True)) ^ set(said.words(claim, before=False))

    def put(triple: Triple) -> None:
        quads.add(_in(triple, one.graph))

    def drop(triple: Triple) -> None:
        quads.remove(_in(triple, one.graph))

    def with_sums(triple: Triple) -> bool:
        """As long as it is not known which sums change, all of them stay."""
        own_sum = body_of(triple.subject) is not None and triple in outside_old
        return own_sum or said.now(triple)

    said_now = {triple for triple in changed if said.now(triple)}
    keep_up(
        Kept(rules, old, new, outside_old, outside, context, with_sums, put, drop),
        gone=changed - said_now, come=said_now, context_gone=list(gone), context_come=list(come),
    )  # fmt: skip
    in_graph = (quad.triple for quad in (*quads.added(one.graph), *quads.removed(one.graph)))
    bodies = reached(
        [View(some, graphs, ASSESSED, SUMMED) for some in (quads.base, quads)],
        {*gone, *come, *in_graph},
    )
    if not bodies:
        return
    sums = sums_beyond(quads, bodies, one.graph, one.name, ASSESSED)

    def stands(triple: Triple) -> bool:
        body = body_of(triple.subject)
        return said.now(triple) or triple in sums or (body is not None and body not in bodies)

    before = set(sums_there(quads, bodies, one.graph))
    keep_up(
        Kept(rules, new, new, outside, outside, context, stands, put, drop),
        gone=before - sums, come=sums - before,
    )  # fmt: skip


class _Said:
    """What a viewpoint's claims say, before the change and now."""

    def __init__(self, believer: Believer, quads: Overlay) -> None:
        self._believer = believer
        self._quads = quads
        self._accepted = {
            True: View(quads.base, (DEFAULT,), ASSESSED),
            False: View(quads, (DEFAULT,), ASSESSED),
        }
        self._known: dict[tuple[Node, bool], bool] = {}

    def believed(self, claim: Node, *, before: bool) -> bool:
        """Whether the claim is believed."""
        key = claim, before
        if key not in self._known:
            self._known[key] = self._believer.believes(claim, self._accepted[before])
        return self._known[key]

    def words(self, claim: NamedNode, *, before: bool) -> Iterator[Triple]:
        """What the claim says, if it is believed."""
        if self.believed(claim, before=before):
            find = self._quads.base.quads_for_pattern if before else self._quads.quads
            for quad in find(None, None, None, claim):
                yield quad.triple

    def now(self, triple: Triple) -> bool:
        """Whether a believed claim says so now."""
        found = self._quads.quads(triple.subject, triple.predicate, triple.object, None)
        return any(
            isinstance(quad.graph_name, NamedNode) and self.believed(quad.graph_name, before=False)
            for quad in found
        )

    def perhaps_turned(self, changed: Iterable[Triple]) -> Iterator[NamedNode]:
        """The claims that may be believed only now, or no longer, by these triples."""
        speakers: set[Node] = set()
        for triple in changed:
            if triple.predicate in (_SPEAKER, MODALITY) and isinstance(triple.subject, NamedNode):
                yield triple.subject
            elif triple.predicate in _FOR and triple.object in self._believer.whom:
                speakers.add(triple.subject)
        for speaker in speakers:
            for view in self._accepted.values():
                for one in view.triples(None, _SPEAKER, speaker):
                    if isinstance(one.subject, NamedNode):
                        yield one.subject


def _in(triple: Triple, graph: NamedNode) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, graph)
