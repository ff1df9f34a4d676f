"""What a page is going to ask of a store across the network, asked for at once.

A page reads what is said of its thing, of what points to it, of what those name, and of what hangs on
that: a question for each is nothing to a store on the disk, and a thousand journeys to another.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad

from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.stores.remote import RemoteStore
from sanctiongraph.vocabulary import BASE

#: Things that are looked at ahead: a page shows no more facts than these.
_MOST: Final = 2_000


def look_around(store: GraphStore, node: NamedNode) -> None:
    """Has a store across the network tell of a thing, of what points to it and of what those name."""
    if isinstance(store, RemoteStore):
        store.look_ahead([node])
        quads = store.quads_for_pattern(None, None, node, DefaultGraph())
        pointing = dict.fromkeys(one.subject for one in quads if isinstance(one.subject, NamedNode))
        look_ahead(store, [node, *list(pointing)[:_MOST]])


def look_ahead(store: GraphStore, nodes: Iterable[NamedNode]) -> None:
    """Has a store across the network tell of some things, and of what those name."""
    if not isinstance(store, RemoteStore):
        return
    nodes = list(nodes)
    store.look_ahead(nodes)
    told = [quad for one in nodes for quad in store.quads_for_pattern(one, None, None, None)]
    named = _named(told)
    store.look_ahead(named)
    # What hangs on those: the selector of a place, the class of a class.
    further = [quad for one in named for quad in store.quads_for_pattern(one, None, None, None)]
    store.look_ahead(one for one in _named(further) if "#" in one.value)


def _named(quads: Iterable[Quad]) -> list[NamedNode]:
    """The things of the graph, and the terms, that quads name behind their subject."""
    found = dict.fromkeys(
        one
        for quad in quads
        for one in (quad.predicate, quad.object)
        if isinstance(one, NamedNode) and one.value.startswith(BASE)
    )
    return list(found)[:_MOST]
