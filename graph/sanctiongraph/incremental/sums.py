"""Sums of ownership, kept up: those of the bodies that a change can reach, going up and down from it.

What a body's owners add up to goes by what stands above it: its owners, theirs, and so on. So a
change reaches the bodies below it, and to add those up takes what is above them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store, Triple

from sanctiongraph.incremental.change import SUMMED, TYPE, NotBoundedError
from sanctiongraph.incremental.overlay import DEFAULT, GraphName, Node, Overlay, View
from sanctiongraph.ownership import derive, superseding
from sanctiongraph.vocabulary import ENTAILED_GRAPH, term

_OWNERSHIP: Final = term("sg:Ownership")
_OWNER, _OWNED, _SHARE = term("sg:owner"), term("sg:owned"), term("sg:share")
_TARGET, _LIST = term("sg:target"), term("sg:list")
_BLOCKING_LIST: Final = term("sg:BlockingList")
_THRESHOLD: Final = term("sg:ownershipThreshold")
_DATES: Final = (term("sg:holdsFrom"), term("sg:holdsOn"), term("sg:holdsUntil"))
_BOUNDS: Final = (term("sg:earliest"), term("sg:latest"))
_OWN: Final = {_OWNER, _OWNED, _SHARE, _TARGET, _LIST, *_DATES}
_CLASSES: Final = {_OWNERSHIP, term("sg:Blocking"), term("sg:Designation")}
#: Bodies beyond which adding up all of them anew costs no more.
_MOST: Final = 20_000

Body = NamedNode


def reached(views: Iterable[View], changed: Iterable[Triple]) -> set[Body]:
    """The bodies whose sums may have changed; ``views`` are the graph before and after."""
    views = list(views)
    situations = set()
    dates = set()
    for triple in changed:
        if triple.predicate in _OWN or (triple.predicate == TYPE and triple.object in _CLASSES):
            situations.add(triple.subject)
        elif triple.predicate in _BOUNDS:
            dates.add(triple.subject)
        elif triple.predicate == TYPE and triple.object == _BLOCKING_LIST:
            situations |= {
                one.subject for view in views for one in view.triples(None, _LIST, triple.subject)
            }
    situations |= {
        one.subject for date in dates for view in views for predicate in _DATES
        for one in view.triples(None, predicate, date)
    }  # fmt: skip
    ends: set[Body] = set()
    for situation in situations:
        if not _counts(views, situation):
            continue
        for view in views:
            for predicate in (_OWNER, _OWNED, _TARGET):
                ends |= _objects(view, situation, predicate)
    return _closed(ends, lambda body: _beside(views, body, _OWNER, _OWNED))


def accepted_sums(
    quads: Overlay,
    bodies: set[Body],
    hidden: tuple[str, ...],
    graphs: Sequence[GraphName] = (DEFAULT,),
) -> None:
    """Brings the sums of some bodies to what they are now, in the accepted graph.

    ``graphs`` are looked at as one; what others than the accepted graph have of sums is taken out.
    """
    if not bodies:
        return
    views = [(View(quads, (graph,), hidden, SUMMED), graph) for graph in graphs]
    excerpt = _excerpt(views, bodies)
    put_sums(quads, bodies, derive(excerpt, graphs), graphs)


def put_sums(
    quads: Overlay, bodies: set[Body], sums: Iterable[Triple], graphs: Sequence[GraphName]
) -> None:
    """Puts the sums of some bodies in the place of those that the graphs have of them."""
    wanted = {one for one in sums if body_of(one.subject) in bodies}
    for graph in (*graphs, ENTAILED_GRAPH):
        own = wanted if graph in (DEFAULT, ENTAILED_GRAPH) else set()
        for triple in sums_there(quads, bodies, graph):
            if triple not in own:
                quads.remove(_in(triple, graph))
        for triple in own:
            quads.add(_in(triple, graph))


def sums_beyond(
    quads: Overlay, bodies: set[Body], viewpoint: NamedNode, name: str, hidden: tuple[str, ...]
) -> set[Triple]:
    """The sums of some bodies on a viewpoint that supersede those in the accepted graph."""
    if not bodies:
        return set()
    views: list[tuple[View, GraphName]] = [
        (View(quads, (graph,), hidden, SUMMED), graph) for graph in (DEFAULT, viewpoint)
    ]
    excerpt = _excerpt(views, bodies)
    return {one for one in superseding(excerpt, viewpoint, name) if body_of(one.subject) in bodies}


def body_of(node: object) -> Body | None:
    """The body of a sum, from the name of the sum or of one of its dates."""
    if isinstance(node, NamedNode) and SUMMED in node.value:
        return NamedNode(node.value.partition(SUMMED)[0])
    return None


def sums_there(quads: Overlay, bodies: set[Body], graph: GraphName) -> list[Triple]:
    """What a graph says of the sums of some bodies, and of their dates."""
    found: list[Triple] = []
    for body in bodies:
        for one in quads.quads(None, term("sg:ofBody"), body, graph):
            about = [quad.triple for quad in quads.quads(one.subject, None, None, graph)]
            found += about
            for triple in about:
                if triple.predicate in _DATES and isinstance(triple.object, NamedNode):
                    dated = quads.quads(triple.object, None, None, graph)
                    found += [quad.triple for quad in dated]
    return found


def _excerpt(views: list[tuple[View, GraphName]], bodies: set[Body]) -> Store:
    """A store with all that the sums of these bodies are added up from, in graphs as it was."""
    all_views = [view for view, _ in views]
    above = _closed(bodies, lambda body: _beside(all_views, body, _OWNED, _OWNER))
    situations = {
        one.subject
        for body in above
        for predicate in (_OWNED, _TARGET)
        for view in all_views
        for one in view.triples(None, predicate, body)
        if _counts(all_views, one.subject)
    }
    store = Store()
    for view, graph in views:
        for triple in view.triples(None, _THRESHOLD, None):
            store.add(_in(triple, graph))
    for situation in situations:
        nodes: set[Node] = {situation}
        for view in all_views:
            for predicate in (*_DATES, _LIST):
                for one in view.triples(situation, predicate, None):
                    if isinstance(one.object, NamedNode | BlankNode):
                        nodes.add(one.object)
        for view, graph in views:
            for node in nodes:
                store.extend(_in(one, graph) for one in view.triples(node, None, None))
    return store


def _beside(views: list[View], body: Body, here: NamedNode, there: NamedNode) -> set[Body]:
    """The bodies at the other end of the ownerships of a body."""
    found: set[Body] = set()
    for view in views:
        for one in view.triples(None, here, body):
            for other in views:
                found |= _objects(other, one.subject, there)
    return found


def _counts(views: Iterable[View], situation: Node) -> bool:
    """Whether a situation is of a kind that is added up."""
    return any(Triple(situation, TYPE, one) in view for view in views for one in _CLASSES)


def _objects(view: View, subject: Node, predicate: NamedNode) -> set[Body]:
    found: set[Body] = set()
    for one in view.triples(subject, predicate, None):
        if not isinstance(one.object, NamedNode):
            raise NotBoundedError(f"an owner or what is owned is {one.object}")
        found.add(one.object)
    return found


def _closed(bodies: Iterable[Body], step: Callable[[Body], set[Body]]) -> set[Body]:
    found = set(bodies)
    waiting = list(found)
    while waiting:
        more = step(waiting.pop()) - found
        found |= more
        waiting += more
        if len(found) > _MOST:
            raise NotBoundedError(f"ownerships of more than {_MOST:,} bodies are touched")
    return found


def _in(triple: Triple, graph: GraphName | DefaultGraph) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, graph)
