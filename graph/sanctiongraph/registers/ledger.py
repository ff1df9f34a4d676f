"""The rows of one register with their history, in a SQLite file: what came in which file, and when.

Reading a file is committed every few thousand rows with the place that was reached, so an import
that was broken off goes on from there. A row's ``line`` is its place: of XML, the record's number. What changed is settled when all is read: see ``history``.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from sanctiongraph.errors import BadData
from sanctiongraph.registers.history import ImportedFile, KeptRow, Note, Outcome, settle
from sanctiongraph.registers.meanings import Meanings
from sanctiongraph.registers.rows import Fields

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS file (
  id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, name TEXT NOT NULL, retrieved TEXT NOT NULL,
  imported TEXT NOT NULL, licence TEXT NOT NULL, mapping TEXT NOT NULL, reached INTEGER NOT NULL,
  finished INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS row (
  id TEXT NOT NULL, version INTEGER NOT NULL, grp TEXT NOT NULL, digest TEXT NOT NULL,
  file INTEGER NOT NULL, line INTEGER NOT NULL, record TEXT NOT NULL,
  until INTEGER, replaced INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (id, version)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS row_group ON row (grp);
CREATE TABLE IF NOT EXISTS staged (
  line INTEGER PRIMARY KEY, grp TEXT NOT NULL, digest TEXT NOT NULL, record TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS staged_group ON staged (grp);
CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS note (
  file INTEGER NOT NULL, line INTEGER NOT NULL, kind TEXT NOT NULL, reason TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS note_file ON note (file);
CREATE TABLE IF NOT EXISTS counted (
  file INTEGER NOT NULL, what TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (file, what));
CREATE TABLE IF NOT EXISTS meant (
  kind TEXT NOT NULL, key TEXT NOT NULL, iri TEXT, how TEXT NOT NULL, candidates TEXT NOT NULL,
  PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
#: Raised with the schema: a ledger of another form is refused, never guessed at.
_FORM: Final = 1


class Ledger:
    """The ledger of one register, open. One process at a time has it (``folder.locked``)."""

    def __init__(self, path: Path) -> None:
        """Opens the ledger, which is made where there is none. Raises ``BadData``."""
        self._db = sqlite3.connect(path, isolation_level=None)
        try:
            (form,) = self._db.execute("PRAGMA user_version").fetchone()
            if form not in (0, _FORM):
                raise BadData(f"{path} is of another version of this program: import anew")
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(_SCHEMA)
            self._db.execute(f"PRAGMA user_version = {_FORM}")
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise BadData(f"{path} is no ledger of a register: {error}") from error
        self.meanings = Meanings(self._db)

    def close(self) -> None:
        """Closes it."""
        self._db.close()

    def setting(self, name: str) -> str | None:
        """What was kept under a name."""
        found = self._db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return found[0] if found else None

    def set(self, name: str, value: str) -> None:
        """Keeps a value under a name."""
        self._db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    # ---- reading a file ----

    def is_latest(self, sha256: str, mapping: str) -> ImportedFile | None:
        """The file, where it was the last one imported to its end, by the same mapping."""
        last = self._db.execute(
            f"SELECT {_FILE}, mapping FROM file WHERE finished = 1 ORDER BY id DESC LIMIT 1"
        ).fetchone()
        if last is None or self._db.execute("SELECT 1 FROM file WHERE finished = 0").fetchone():
            return None
        return ImportedFile(*last[:-1]) if (last[1], last[-1]) == (sha256, mapping) else None

    def begin(self, file: ImportedFile, mapping: str) -> tuple[int, int]:
        """The number of the file, and the line up to which it was read before it was broken off.

        What was read of another file that was broken off is forgotten.
        """
        self._db.execute("BEGIN IMMEDIATE")
        open_ = self._db.execute(
            "SELECT id, sha256, mapping, reached FROM file WHERE finished = 0"
        ).fetchone()
        if open_ is not None and open_[1:3] == (file.sha256, mapping):
            self._db.execute("COMMIT")
            return open_[0], open_[3]
        if open_ is not None:
            self._forget(open_[0])
        cursor = self._db.execute(
            "INSERT INTO file (sha256, name, retrieved, imported, licence, mapping, reached, finished)"
            " VALUES (?, ?, ?, ?, ?, ?, 0, 0)",
            (file.sha256, file.name, file.retrieved, file.imported, file.licence, mapping),
        )
        self._db.execute("COMMIT")
        assert cursor.lastrowid is not None
        return cursor.lastrowid, 0

    def batch(self) -> None:
        """Begins what ``reached`` ends."""
        self._db.execute("BEGIN IMMEDIATE")

    def reached(self, file: int, line: int) -> None:
        """Commits what was read of a file up to a line."""
        self._db.execute("UPDATE file SET reached = ? WHERE id = ?", (line, file))
        self._db.execute("COMMIT")

    def dropped(self) -> None:
        """Forgets what was read since the last line that was committed."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def stage(self, line: int, key: Iterable[str], digest: str, fields: Fields) -> None:
        """Takes in a row: it is one that is there already as it is, or is kept until the end."""
        group = "\x1f".join(key)
        record = json.dumps(fields, ensure_ascii=False)
        same = self._db.execute(
            "SELECT id, version, record FROM row WHERE grp = ? AND digest = ? AND until IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM seen WHERE seen.id = row.id) ORDER BY id LIMIT 1",
            (group, digest),
        ).fetchone()
        if same is None:
            self._db.execute(
                "INSERT INTO staged VALUES (?, ?, ?, ?)", (line, group, digest, record)
            )
            return
        self._db.execute("INSERT INTO seen VALUES (?)", same[:1])
        if same[2] != record:  # another mapping took other parts of the same row
            self._db.execute(
                "UPDATE row SET record = ? WHERE id = ? AND version = ?", (record, *same[:2])
            )

    def note(self, file: int, line: int, kind: str, reason: str) -> None:
        """Keeps why not all of a line was taken."""
        self._db.execute("INSERT INTO note VALUES (?, ?, ?, ?)", (file, line, kind, reason))

    def count(self, file: int, found: Counter[str]) -> None:
        """Adds numbers of lines or values by what they are."""
        self._db.executemany(
            "INSERT INTO counted VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET number = number + excluded.number",
            [(file, what, number) for what, number in found.items()],
        )

    def finish(self, file: int, *, whole: bool) -> Outcome:
        """Takes the rows that were read for what the register says from now on.

        ``whole``: the file is the whole register, so rows that it lacks are withdrawn.
        """
        return settle(self._db, file, whole=whole)

    def _forget(self, file: int) -> None:
        for table, column in (("file", "id"), ("note", "file"), ("counted", "file")):
            self._db.execute(f"DELETE FROM {table} WHERE {column} = ?", (file,))
        self._db.execute("DELETE FROM staged")
        self._db.execute("DELETE FROM seen")

    # ---- what is in it ----

    def rows(self) -> Iterator[KeptRow]:
        """All rows with all their versions, in the order of their identities."""
        for row in self._db.execute(
            "SELECT id, version, file, line, record, until, replaced FROM row ORDER BY id, version"
        ):
            fields = {name: tuple(values) for name, values in json.loads(row[4]).items()}
            id_, version, file, line = row[:4]
            yield KeptRow(id_, version, file, line, fields, row[5], bool(row[6]))

    def files(self) -> list[ImportedFile]:
        """The files that were imported to their end, in that order."""
        rows = self._db.execute(f"SELECT {_FILE} FROM file WHERE finished = 1 ORDER BY id")
        return [ImportedFile(*row) for row in rows]

    def notes(self, file: int) -> Iterator[Note]:
        """The notes on a file, by line."""
        rows = self._db.execute(
            "SELECT line, kind, reason FROM note WHERE file = ? ORDER BY line, rowid", (file,)
        )
        return (Note(*row) for row in rows)

    def counted(self, file: int) -> dict[str, int]:
        """The numbers kept of a file, by what they count."""
        return dict(
            self._db.execute(
                "SELECT what, number FROM counted WHERE file = ? ORDER BY what", (file,)
            )
        )


_FILE: Final = "id, sha256, name, retrieved, imported, licence"
