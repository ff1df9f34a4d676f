"""What became of the rows of a register: their versions, and how a new file is told from the last.

A row has an identity that outlives its changes. Only when all of a file is read are changed rows
told from new ones, in one transaction: so nobody sees half a file.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from dataclasses import dataclass
from typing import Final

from sanctiongraph.registers.rows import Fields

_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}")


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file that was imported. ``retrieved`` and ``imported`` are days, ``YYYY-MM-DD``."""

    id: int
    sha256: str
    name: str
    retrieved: str
    imported: str
    licence: str


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One version of a row. ``until`` is the file in which it was no more as it is here."""

    id: str
    version: int
    file: int
    line: int
    fields: Fields
    until: int | None
    replaced: bool


@dataclass(frozen=True, slots=True)
class Note:
    """A line of which not all was taken, and why."""

    line: int
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a file changed: numbers of rows."""

    new: int
    changed: int
    unchanged: int
    absent: int
    withdrawn: int


def settle(db: sqlite3.Connection, file: int, *, whole: bool) -> Outcome:
    """Takes the rows that were read for what the register says from now on.

    ``whole``: the file is the whole register, so rows that it lacks are withdrawn.
    """
    db.execute("BEGIN IMMEDIATE")
    (unchanged,) = db.execute("SELECT COUNT(*) FROM seen").fetchone()
    groups = db.execute("SELECT DISTINCT grp FROM staged").fetchall()
    new = changed = 0
    for (group,) in groups:
        one, other = _settle_group(db, file, group)
        new, changed = new + one, changed + other
    absent = db.execute(
        "SELECT COUNT(*) FROM row WHERE until IS NULL AND file < ? AND id NOT IN (SELECT id FROM seen)",
        (file,),
    ).fetchone()[0]
    if whole:
        db.execute(
            "UPDATE row SET until = ? WHERE until IS NULL AND file < ?"
            " AND id NOT IN (SELECT id FROM seen)",
            (file, file),
        )
    db.execute("DELETE FROM staged")
    db.execute("DELETE FROM seen")
    db.execute("UPDATE file SET finished = 1 WHERE id = ?", (file,))
    db.execute("COMMIT")
    return Outcome(new, changed, unchanged, 0 if whole else absent, absent if whole else 0)


def _settle_group(db: sqlite3.Connection, file: int, group: str) -> tuple[int, int]:
    """Gives the staged rows of a group their identities: how many are new, how many changed.

    Rows that are there with the same key and were not seen as they are have changed; they are
    taken in order. What is left over are new rows, or ones that were withdrawn and are back.
    """
    known = db.execute(
        "SELECT id, MAX(version), MAX(until IS NULL) FROM row WHERE grp = ? GROUP BY id ORDER BY id",
        (group,),
    ).fetchall()
    seen = {
        one
        for (one,) in db.execute(
            "SELECT seen.id FROM seen JOIN row USING (id) WHERE grp = ?", (group,)
        )
    }
    current = [
        (one, version) for one, version, is_current in known if is_current and one not in seen
    ]
    former = [(one, version) for one, version, is_current in known if not is_current]
    number, new, changed = len(known), 0, 0
    staged = db.execute(
        "SELECT line, digest, record FROM staged WHERE grp = ? ORDER BY line", (group,)
    ).fetchall()
    for line, digest, record in staged:
        if current:
            row, version = current.pop(0)
            db.execute(
                "UPDATE row SET until = ?, replaced = 1 WHERE id = ? AND version = ?",
                (file, row, version),
            )
            changed += 1
        elif former:
            row, version = former.pop(0)
            new += 1
        else:
            number += 1
            row, version = _identity(group, number), 0
            new += 1
        db.execute(
            "INSERT INTO row VALUES (?, ?, ?, ?, ?, ?, ?, NULL, 0)",
            (row, version + 1, group, digest, file, line, record),
        )
    return new, changed


def _identity(group: str, number: int) -> str:
    """A row's identity: its key where that is a plain number or name, else a digest of it."""
    name = group if _PLAIN.fullmatch(group) else hashlib.sha256(group.encode()).hexdigest()[:12]
    return name if number == 1 else f"{name}.{number}"
