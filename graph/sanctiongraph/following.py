"""What has to change in a written store so that everything derived follows again.

All of it is derived anew from what is asserted, as a build does, in memory; the outcome is the
difference to what is there. So the store comes to be what a full build over the same assertions
would give, whatever was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse, serialize

from sanctiongraph.dataset import derived
from sanctiongraph.record import Record, asserted_in, digest, read_record, write_record

_ADDED: Final = "added.nq"
_REMOVED: Final = "removed.nq"
_EMPTIED: Final = "emptied"
_RECORD: Final = "record"


@dataclass(frozen=True, slots=True)
class Difference:
    """What to remove and to add, and which quads are then only derived."""

    added: list[Quad]
    removed: list[Quad]
    #: Graphs of which everything was derived, and nothing is any more.
    emptied: list[str]
    record: Record

    def write(self, folder: Path) -> None:
        """Writes it to files below an existing folder, for another process."""
        for name, quads in ((_ADDED, self.added), (_REMOVED, self.removed)):
            serialize(quads, str(folder / name), format=RdfFormat.N_QUADS)
        (folder / _EMPTIED).write_text("\n".join(self.emptied), "utf-8")
        write_record(folder / _RECORD, self.record)

    @classmethod
    def read(cls, folder: Path) -> Difference:
        """What ``write`` wrote; blank nodes keep their names."""
        added, removed = (
            list(parse(path=str(folder / name), format=RdfFormat.N_QUADS))
            for name in (_ADDED, _REMOVED)
        )
        emptied = (folder / _EMPTIED).read_text("utf-8").splitlines()
        return cls(added, removed, emptied, read_record(folder / _RECORD))


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
