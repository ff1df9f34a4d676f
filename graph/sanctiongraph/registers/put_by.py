"""What an advanced XML file says before its entries, put by until an entry asks for it.

It is on the disk, in a temporary database, so that memory does not grow with the file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from sanctiongraph.errors import BadData
from sanctiongraph.registers.parties import Values

_SCHEMA = """
CREATE TABLE location (id TEXT PRIMARY KEY, place TEXT) WITHOUT ROWID;
CREATE TABLE document (identity TEXT, kind TEXT, value TEXT);
CREATE INDEX document_identity ON document (identity);
CREATE TABLE party (id TEXT PRIMARY KEY, line INTEGER, fields TEXT, used INTEGER) WITHOUT ROWID;
CREATE TABLE relationship (
  line INTEGER, id TEXT, entry TEXT, party TEXT, other TEXT, kind TEXT, former INTEGER,
  used INTEGER);
CREATE INDEX relationship_party ON relationship (party);
"""


class PutBy:
    """Locations, documents, parties and relationships, by their numbers."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("")
        self._db.executescript(_SCHEMA)

    def location(self, number: str, place: Values) -> None:
        """Puts a location by."""
        row = (number, json.dumps(place))
        self._db.execute("INSERT OR REPLACE INTO location VALUES (?, ?)", row)

    def place(self, number: str) -> Values:
        """A location. Raises ``BadData`` where there is none."""
        row = self._db.execute("SELECT place FROM location WHERE id = ?", (number,)).fetchone()
        if row is None:
            raise BadData(f"location {number} is missing or was rejected")
        found: Values = json.loads(row[0])
        return found

    def document(self, identity: str, kind: str, value: str) -> None:
        """Puts a document of somebody's by."""
        self._db.execute("INSERT INTO document VALUES (?, ?, ?)", (identity, kind, value))

    def documents(self, identity: str) -> list[tuple[str, str]]:
        """The documents that are somebody's: what they are, and their numbers."""
        return self._db.execute(
            "SELECT kind, value FROM document WHERE identity = ? ORDER BY rowid", (identity,)
        ).fetchall()

    def party(self, number: str, line: int, fields: Values) -> None:
        """Puts a party by. Raises ``BadData`` where there is one of that number."""
        row = (number, line, json.dumps(fields))
        try:
            self._db.execute("INSERT INTO party VALUES (?, ?, ?, 0)", row)
        except sqlite3.IntegrityError as error:
            raise BadData(f"there is another party {number} before it") from error

    def party_of(self, number: str) -> Values | None:
        """A party that an entry names."""
        self._db.execute("UPDATE party SET used = 1 WHERE id = ?", (number,))
        return self._fields(number)

    def relationship(
        self, line: int, number: str, entry: str | None, party: str, other: str, kind: str,
        *, former: bool,
    ) -> None:  # fmt: skip
        """Puts a relationship by, of one party with another; ``entry``: what it is told with."""
        row = (line, number, entry, party, other, kind, former)
        self._db.execute("INSERT INTO relationship VALUES (?, ?, ?, ?, ?, ?, ?, 0)", row)

    def relationships(self, entry: str, party: str) -> Iterator[tuple[str, str, bool, Values]]:
        """What relationship it is, the other party, whether it is former, and the other's fields."""
        where = "party = ? AND (entry IS NULL OR entry = ?)"
        rows = self._db.execute(
            f"SELECT kind, other, former FROM relationship WHERE {where} ORDER BY rowid",
            (party, entry),
        ).fetchall()
        self._db.execute(f"UPDATE relationship SET used = 1 WHERE {where}", (party, entry))
        for kind, other, former in rows:
            yield kind, other, bool(former), self._fields(other) or {}

    def left(self) -> Iterator[tuple[int, str]]:
        """What belongs to no entry: its line, and the reason."""
        for table, reason in (
            ("party", "party {} has no entry on a list"),
            ("relationship", "relationship {} belongs to no entry"),
        ):
            for line, number in self._db.execute(
                f"SELECT line, id FROM {table} WHERE used = 0 ORDER BY line, id"
            ):
                yield line, reason.format(number)

    def _fields(self, number: str) -> Values | None:
        row = self._db.execute("SELECT fields FROM party WHERE id = ?", (number,)).fetchone()
        found: Values | None = json.loads(row[0]) if row else None
        return found
