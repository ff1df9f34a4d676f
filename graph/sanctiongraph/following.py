"""What has to change in a written store so that everything derived follows again.

All of it is derived anew from what is asserted, as a build does, in memory; the outcome is the
difference to what is there. So the store comes to be what a full build over the same assertions
would give, whatever was written.
"""

from __future__ import annotations

from pyoxigraph import NamedNode, Store

from sanctiongraph.dataset import derived
from sanctiongraph.difference import Difference
from sanctiongraph.record import Record, asserted_in, digest


def difference(store: Store, record: Record) -> Difference:
    """What is missing from and too much in the store, of which ``record`` says what was derived.

    Raises ``BadData`` where nothing can be derived from what is asserted.
    """
    said = asserted_in(store, record)
    whole = derived(said)
    asserted = set(said.quads)
    removed = [quad for quad in store if quad not in whole]
    graphs = {quad.graph_name for quad in removed if isinstance(quad.graph_name, NamedNode)}
    return Difference(
        added=[quad for quad in whole if quad not in store],
        removed=removed,
        emptied=sorted(one.value for one in graphs if not whole.contains_named_graph(one)),
        record=frozenset(digest(quad) for quad in whole if quad not in asserted),
    )
