"""Rows from a file into the ledger, with word of each line that was not taken whole.

Rows are read one at a time and committed every few thousand, so memory does not grow with the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from sanctiongraph.errors import BadData
from sanctiongraph.registers.beside import Beside
from sanctiongraph.registers.layouts import read_items
from sanctiongraph.registers.ledger import Ledger
from sanctiongraph.registers.rows import Bad, Left, NoRow, Row, position
from sanctiongraph.registers.specs import MappingFile
from sanctiongraph.registers.statements import PART, record_for, said_by

#: Rows between two commits.
_BATCH = 2_000

#: Told how many lines or records are read; the command line shows it.
Progress = Callable[[int], None]

REJECTED = "rejected"
LEFT_OUT = "left out"
JOINED = "joined"


def read_into(
    ledger: Ledger,
    mapping: MappingFile,
    path: Path,
    beside_it: Mapping[str, Path],
    file: int,
    reached: int,
    progress: Progress,
) -> None:
    """Takes the rows of a file into the ledger, from behind the place that was reached before.

    ``file`` is its number there. Raises ``BadData`` where the file cannot be read as the mapping says.
    """
    beside = Beside()
    for name, other in beside_it.items():
        beside.read(name, other, mapping.layout)
    kept = frozenset(_asked(mapping))
    found: Counter[str] = Counter()
    last = reached
    ledger.batch()
    for number, item in enumerate(read_items(path, mapping, beside), 1):
        if (here := position(item)) <= reached:
            continue
        last = here
        match item:
            case Row():
                _take(ledger, mapping, file, item, kept, found)
            case Bad():
                ledger.note(file, item.line, REJECTED, item.reason)
                found[f"line {REJECTED}"] += item.lines
            case Left():
                ledger.note(file, item.line, LEFT_OUT, item.reason)
            case NoRow():
                found[f"line {item.what}"] += item.lines
        if number % _BATCH == 0:
            ledger.count(file, found)
            found.clear()
            ledger.reached(file, last)
            progress(last)
            ledger.batch()
    for name, bad in beside.bad:
        ledger.note(file, bad.line, REJECTED, f"in the file {name}: {bad.reason}")
    for name, rows in beside.rows.items():
        if left := beside.left().get(name, 0):
            ledger.note(
                file, 0, LEFT_OUT, f"{left} of {rows} rows of the file {name} belong to no entry"
            )
    ledger.count(file, found)
    ledger.reached(file, last)
    progress(last)


def _take(
    ledger: Ledger,
    mapping: MappingFile,
    file: int,
    row: Row,
    kept: frozenset[str],
    found: Counter[str],
) -> None:
    """Takes in a row, or keeps why it is not taken."""
    record = record_for(mapping, row.fields)
    if record is None:
        kind = ", ".join(row.fields.get("schema", ("another kind",)))
        found[f"line {LEFT_OUT}: {kind}"] += row.lines
        return
    try:
        said = said_by(mapping, record, row.fields)
        key = [", ".join(row.fields.get(name, ())) for name in mapping.key]
    except BadData as error:
        ledger.note(file, row.line, REJECTED, str(error))
        found[f"line {REJECTED}"] += row.lines
        return
    for reason in said.notes:
        ledger.note(file, row.line, LEFT_OUT, reason)
    if row.lines > 1:
        ledger.note(file, row.line, JOINED, f"one row in {row.lines} lines")
    made_of = {made.source for made in mapping.fields.values() if not made.spares(row.fields)}
    for name in row.fields:
        if name not in kept and name not in made_of:
            found[f"value {name}"] += 1
    fields = {name: values for name, values in row.fields.items() if name in kept}
    ledger.stage(position(row), key, row.digest, fields)
    found["line taken"] += row.lines


def _asked(mapping: MappingFile) -> Iterator[str]:
    """The fields that some part of the mapping asks for; no others are kept."""
    templates = [mapping.entry]
    yield from (*mapping.required, *mapping.key)
    for record in mapping.records:
        yield from (*record.when, *record.required)
        templates += [record.wording, record.marked or ""]
        for thing in record.things.values():
            yield from (thing.key, *thing.label, *thing.names, thing.kinds.field or "")
            templates += thing.identifiers
        for node in record.nodes.values():
            yield from (node.each or "", node.where or "", node.near.field if node.near else "")
            templates.append(node.label or "")
        for said in record.say.values():
            for one in said:
                yield from (one.field or "", one.mark or "")
                templates.append(one.iri or "")
    for template in templates:
        yield from PART.findall(template)
