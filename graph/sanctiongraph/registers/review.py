"""Doubtful matches and the decisions on them, as tables that a person reads and writes."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sanctiongraph.durable import write_file
from sanctiongraph.errors import BadData
from sanctiongraph.registers.form import iri_of
from sanctiongraph.vocabulary import shorten

_OPEN: Final = ("kind", "key", "name", "rows", "candidate", "candidate_label", "score", "why")
_DECIDED: Final = ("kind", "key", "same_as", "decided_on", "comment")
#: In ``same_as``: it is none of the candidates, but a thing of its own.
OWN: Final = "-"
_OPEN_HEAD: Final = (
    "# Things of the register that may be ones of the graph. Until it is decided they are things of their own:\n"
    "# sanctiongraph import decide REGISTER KIND KEY --same-as THING, or --own\n"
)
_DECIDED_HEAD: Final = "# Decisions on doubtful matches; same_as - means: a thing of its own.\n"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A thing of the register, in how many rows it stands, and what it may be."""

    kind: str
    key: str
    name: str
    rows: int
    #: IRI, label, score and reason.
    candidates: tuple[tuple[str, str, float, str], ...]


def write_open(path: Path, doubts: Iterable[Doubt]) -> None:
    """Writes the queue, the most frequent first; a line for each candidate."""
    ordered = sorted(doubts, key=lambda one: (-one.rows, one.kind, one.key))
    lines = [
        (one.kind, one.key, one.name, str(one.rows), shorten(iri), label, f"{score:.2f}", why)
        for one in ordered
        for iri, label, score, why in one.candidates
    ]
    _write(path, _OPEN_HEAD, _OPEN, lines)


def read_open(path: Path) -> list[Doubt]:
    """The queue; empty where there is none. Raises ``BadData``."""
    found: dict[tuple[str, str], Doubt] = {}
    for row in _read(path, _OPEN):
        key = row["kind"], row["key"]
        before = found[key].candidates if key in found else ()
        iri = iri_of(row["candidate"], str(path)) if ":" in row["candidate"] else row["candidate"]
        candidate = (iri, row["candidate_label"], float(row["score"]), row["why"])
        found[key] = Doubt(*key, row["name"], int(row["rows"]), (*before, candidate))
    return list(found.values())


def read_decided(path: Path) -> dict[tuple[str, str], str | None]:
    """The IRI decided for each kind and key; ``None``: a thing of its own. Raises ``BadData``."""
    return {
        (row["kind"], row["key"]): None
        if row["same_as"] == OWN
        else iri_of(row["same_as"], str(path))
        for row in _read(path, _DECIDED)
    }


def decide(path: Path, kind: str, key: str, same_as: str | None, comment: str) -> None:
    """Adds a decision, in place of an earlier one on the same. Raises ``BadData``."""
    rows = {
        (row["kind"], row["key"]): tuple(row[name] for name in _DECIDED)
        for row in _read(path, _DECIDED)
    }
    name = OWN if same_as is None else shorten(same_as)
    rows[kind, key] = (kind, key, name, dt.date.today().isoformat(), comment)
    _write(path, _DECIDED_HEAD, _DECIDED, rows.values())


def _write(path: Path, head: str, columns: tuple[str, ...], rows: Iterable[Iterable[str]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    write_file(path, (head + text.getvalue()).encode("utf-8"))


def _read(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        lines = path.read_text("utf-8").splitlines(keepends=True)
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise BadData(f"{path}: {error}") from error
    reader = csv.DictReader([line for line in lines if not line.startswith("#")], delimiter="\t")
    rows = []
    for row in reader:
        if any(row.get(name) is None for name in columns):
            raise BadData(f"{path}: each line needs {', '.join(columns)}, with tabs between")
        rows.append({name: row[name] for name in columns})
    return rows
