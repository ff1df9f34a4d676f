"""Files beside a register's main one, whose rows belong to its entries."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from sanctiongraph.registers.rows import Bad
from sanctiongraph.registers.specs import Joined, Layout
from sanctiongraph.registers.tables import cells_of, is_end


class Beside:
    """The rows of the files beside the main one, by the entry that they belong to.

    They are on the disk, in a temporary database, so that memory does not grow with them.
    """

    def __init__(self) -> None:
        self._db = sqlite3.connect("")
        self._db.execute("CREATE TABLE cell (file TEXT, key TEXT, cells TEXT, used INTEGER)")
        self._joined: dict[str, Joined] = {}
        self._empty: frozenset[str] = frozenset()
        self.bad: list[tuple[str, Bad]] = []
        #: Rows of each file.
        self.rows: dict[str, int] = {}

    def read(self, name: str, path: Path, layout: Layout) -> None:
        """Reads one of the files. Raises ``BadData`` where there is no such file."""
        joined = layout.joined[name]
        self._joined[name] = joined
        self._empty = layout.empty
        by = joined.columns.index(joined.by)
        self.rows[name] = 0
        for line, lines, cells in cells_of(path, layout, len(joined.columns)):
            if isinstance(cells, str):
                self.bad.append((name, Bad(line, lines, cells)))
            elif not is_end(cells, layout) and any(cells):
                self.rows[name] += 1
                row = (name, cells[by].strip(), json.dumps(cells))
                self._db.execute("INSERT INTO cell VALUES (?, ?, ?, 0)", row)
        self._db.execute("CREATE INDEX IF NOT EXISTS cell_key ON cell (key)")

    def of(self, key: str) -> dict[str, list[str]]:
        """The columns of the rows that belong to an entry."""
        found: dict[str, list[str]] = {}
        rows = self._db.execute("SELECT file, cells FROM cell WHERE key = ? ORDER BY rowid", (key,))
        for file, cells in rows.fetchall():
            joined = self._joined[file]
            row = dict(zip(joined.columns, json.loads(cells), strict=True))
            for column, cell in row.items():
                if column != joined.by:
                    found.setdefault(column, []).append(cell)
            for name, columns in joined.together.items():
                parts = (row[column].strip() for column in columns)
                given = [part for part in parts if part and part not in self._empty]
                found.setdefault(name, []).append(", ".join(given))
        if found:
            self._db.execute("UPDATE cell SET used = 1 WHERE key = ?", (key,))
        return found

    def left(self) -> dict[str, int]:
        """How many rows of each file belong to no entry that was read."""
        rows = self._db.execute("SELECT file, COUNT(*) FROM cell WHERE used = 0 GROUP BY file")
        return dict(rows.fetchall())
