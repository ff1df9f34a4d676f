"""A difference between what is in a store and what should be, as it goes from process to process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse, serialize

from sanctiongraph.digests import Digests

_ADDED: Final = "added.nq"
_REMOVED: Final = "removed.nq"
_EMPTIED: Final = "emptied"
_NEWLY: Final = "newly"
_NO_LONGER: Final = "no-longer"
_PLAIN: Final = "plain"
_HOW: Final = "how"


@dataclass(frozen=True, slots=True)
class Difference:
    """What to remove and to add, and of which quads it is another that they only follow."""

    added: list[Quad]
    removed: list[Quad]
    #: Graphs of which everything was derived, and nothing is any more.
    emptied: list[str]
    #: Digests of quads to enter into the record of what is derived, and to take out of it.
    newly: frozenset[bytes]
    no_longer: frozenset[bytes]
    #: Whether the next difference may be found from this one's outcome and what is written then.
    plain: bool = False
    #: How it was found, for the log.
    how: str = ""

    def write(self, folder: Path) -> None:
        """Writes it to files below an existing folder, for another process."""
        for name, quads in ((_ADDED, self.added), (_REMOVED, self.removed)):
            serialize(quads, str(folder / name), format=RdfFormat.N_QUADS)
        (folder / _EMPTIED).write_text("\n".join(self.emptied), "utf-8")
        (folder / _HOW).write_text(self.how, "utf-8")
        if self.plain:
            (folder / _PLAIN).touch()
        Digests.of(self.newly).write(folder / _NEWLY)
        Digests.of(self.no_longer).write(folder / _NO_LONGER)

    @classmethod
    def read(cls, folder: Path) -> Difference:
        """What ``write`` wrote; blank nodes keep their names."""
        added, removed = (
            list(parse(path=str(folder / name), format=RdfFormat.N_QUADS))
            for name in (_ADDED, _REMOVED)
        )
        emptied = (folder / _EMPTIED).read_text("utf-8").splitlines()
        plain, how = (folder / _PLAIN).exists(), (folder / _HOW).read_text("utf-8")
        newly, no_longer = (frozenset(Digests.read(folder / n)) for n in (_NEWLY, _NO_LONGER))
        return cls(added, removed, emptied, newly, no_longer, plain, how)
