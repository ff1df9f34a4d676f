"""Which things of the graph the rows of a register mean, as it was found: kept with its ledger."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meant:
    """Which thing of the graph is meant; ``None``: the register's own. ``how`` says why."""

    iri: str | None
    how: str
    #: IRI, label, score and reason of those that may be meant.
    candidates: tuple[tuple[str, str, float, str], ...] = ()


class Meanings:
    """What was looked for and found, so that the next import finds the same."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """``db`` is a ledger's, with its table ``meant``."""
        self._db = db

    def all(self) -> Iterator[tuple[str, str, Meant]]:
        """All that was looked for: kind, key, and what is meant."""
        for kind, key, *rest in self._db.execute(
            "SELECT kind, key, iri, how, candidates FROM meant"
        ):
            yield kind, key, _meant(*rest)

    def keep(self, found: Iterable[tuple[str, str, Meant]]) -> None:
        """Keeps what was found, so that the next import finds the same."""
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany(
            "INSERT OR REPLACE INTO meant VALUES (?, ?, ?, ?, ?)",
            [(kind, key, one.iri, one.how, json.dumps(one.candidates)) for kind, key, one in found],
        )
        self._db.execute("COMMIT")

    def forget(self) -> None:
        """Forgets what was found, so that it is looked for anew."""
        self._db.execute("DELETE FROM meant")


def _meant(iri: str | None, how: str, candidates: str) -> Meant:
    return Meant(iri, how, tuple(tuple(one) for one in json.loads(candidates)))
