"""What has to change in a written store so that everything derived follows again.

Where it is known what was written since everything had followed, that is brought up to date from the
change (``incremental``). Otherwise, and where the change decides how everything is derived, all of it
is derived anew from what is asserted, as a build does, in memory. Either way the store comes to be
what a full build over the same assertions would give.
"""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store

from sanctiongraph.dataset import derived
from sanctiongraph.difference import Difference
from sanctiongraph.digests import Digests
from sanctiongraph.incremental.advance import advanced
from sanctiongraph.incremental.change import Change, NotBoundedError, odd
from sanctiongraph.incremental.overlay import Overlay
from sanctiongraph.journal import noted
from sanctiongraph.live import FOLLOWED
from sanctiongraph.record import DERIVED, PLAIN, asserted_in, digest


def difference(store: Store, record: Digests, working: Path | None = None) -> Difference:
    """What is missing from and too much in the store, of which ``record`` says what was derived.

    ``working`` is the folder of the live store that it is a snapshot of. Raises ``BadData`` where
    nothing can be derived from what is asserted.
    """
    why = ""
    if working is not None:
        try:
            return _from_the_change(store, record, working)
        except NotBoundedError as error:
            why = f": {error}"
    return _anew(store, record, why)


def _anew(store: Store, record: Digests, why: str) -> Difference:
    said = asserted_in(store, record)
    whole = derived(said)
    asserted = set(said.quads)
    known = frozenset(record)
    follows = frozenset(digest(quad) for quad in whole if quad not in asserted)
    removed = [quad for quad in store if quad not in whole]
    graphs = {quad.graph_name for quad in removed if isinstance(quad.graph_name, NamedNode)}
    return Difference(
        added=[quad for quad in whole if quad not in store],
        removed=removed,
        emptied=sorted(one.value for one in graphs if not whole.contains_named_graph(one)),
        newly=follows - known,
        no_longer=known - follows,
        plain=odd(said.quads) is None,
        how=f"derived anew{why}",
    )


def _from_the_change(store: Store, record: Digests, working: Path) -> Difference:
    touched = noted(working)
    if touched is None:
        raise NotBoundedError("what was written may have changed anything")
    before = _followed(record, working)
    written = {quad for quad in touched if (quad in store) != (quad in before)}
    own = {quad for quad in written if digest(quad) not in record}
    change = Change(
        frozenset(quad for quad in own if quad in store),
        frozenset(quad for quad in own if quad in before),
    )
    found = advanced(before, record, change)
    perhaps = {*found.quads.touched(), *written}
    removed = [quad for quad in perhaps if quad in store and quad not in found.quads]
    newly, no_longer = found.record(written)
    return Difference(
        added=[quad for quad in perhaps if quad not in store and quad in found.quads],
        removed=removed,
        emptied=emptied(found.quads, removed),
        newly=newly,
        no_longer=no_longer,
        plain=True,
        how=f"{len(change):,} quads written, {len(list(found.quads.touched())):,} changed by them",
    )


def emptied(quads: Overlay, removed: list[Quad]) -> list[str]:
    """The graphs of removed quads in which nothing is left."""
    graphs = {quad.graph_name for quad in removed if isinstance(quad.graph_name, NamedNode)}
    left = (one for one in graphs if next(quads.quads(None, None, None, one), None) is None)
    return sorted(one.value for one in left)


def _followed(record: Digests, working: Path) -> Store:
    """The store as it was when everything had followed, with the same record."""
    for name in (FOLLOWED, "base"):
        folder = working / name
        if not (folder / DERIVED).exists() or Digests.read(folder / DERIVED) != record:
            continue
        if not (folder / PLAIN).exists():
            raise NotBoundedError("something is asserted of what is otherwise derived")
        try:
            return Store.read_only(str(folder / "store"))
        except OSError as error:
            raise NotBoundedError(f"the store before cannot be opened: {error}") from error
    raise NotBoundedError("it is not known what had followed")
