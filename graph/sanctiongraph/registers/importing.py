"""An import from file to claims: read, tell what changed, match, write. It can be broken off anywhere.

Rows are read one at a time and committed every few thousand, so memory does not grow with the file.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sanctiongraph.durable import write_file
from sanctiongraph.errors import BadData, BadInput
from sanctiongraph.registers.folder import RegisterFolder, locked
from sanctiongraph.registers.identity import Identity
from sanctiongraph.registers.layouts import Bad, Beside, NoRow, Row, read_items
from sanctiongraph.registers.ledger import ImportedFile, Ledger, Outcome
from sanctiongraph.registers.mapping import MappingFile, TakenAs, read_mapping
from sanctiongraph.registers.review import decide
from sanctiongraph.registers.statements import PART, record_for, said_by
from sanctiongraph.registers.writing import Written, write_register
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import PREFIXES

#: Rows between two commits.
_BATCH = 2_000

#: Told how many lines are read; the command line shows it.
Progress = Callable[[int], None]

REJECTED = "rejected"
LEFT_OUT = "left out"
JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Request:
    """What to import, and how. ``retrieved`` is when the operator got the file, ``YYYY-MM-DD``."""

    file: Path
    mapping: Path
    register: str | None = None
    beside: Mapping[str, Path] = field(default_factory=dict)
    retrieved: str | None = None
    licence: str | None = None
    whole: bool = False
    taken_as: TakenAs | None = None
    rematch: bool = False
    #: Read the file again, even where it was the last one imported.
    again: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What came of an import. Every line of the file is in ``lines``, by what became of it."""

    register: str
    file: ImportedFile
    #: ``None``: this very file was imported already, and nothing was read.
    outcome: Outcome | None
    lines: Mapping[str, int]
    #: Values of columns or properties that the mapping does not take.
    not_taken: Mapping[str, int]
    written: Written


def import_register(
    registers: Path,
    request: Request,
    store: GraphStore,
    progress: Progress = lambda _: None,
) -> Report:
    """Imports a file into the folder of registers, and matches it with what is in ``store``.

    Raises ``BadData`` for a mapping or file that cannot be read at all, ``BadInput`` for a request
    that cannot be meant, ``BuildBusy`` where another import of the register is at work.
    """
    mapping = read_mapping(request.mapping, request.register)
    _check(request, mapping)
    folder = RegisterFolder(registers / mapping.register)
    with locked(folder):
        ledger = Ledger(folder.ledger)
        try:
            return _import(folder, ledger, mapping, request, store, progress)
        finally:
            ledger.close()


def rewrite(registers: Path, name: str, store: GraphStore) -> Written:
    """Writes a register's claims anew, after decisions. Raises ``BadData``, ``BuildBusy``."""
    folder = RegisterFolder(registers / name)
    with locked(folder):
        ledger = Ledger(folder.ledger)
        try:
            return _write(folder, ledger, read_mapping(folder.mapping, name), store)
        finally:
            ledger.close()


def decide_and_rewrite(
    registers: Path,
    name: str,
    kind: str,
    key: str,
    same_as: str | None,
    comment: str,
    store: GraphStore,
) -> Written:
    """Records a decision on a doubtful match, and writes the claims as it wants them."""
    decide(RegisterFolder(registers / name).decided, kind, key, same_as, comment)
    return rewrite(registers, name, store)


def _check(request: Request, mapping: MappingFile) -> None:
    for name in request.beside:
        if name not in mapping.layout.joined:
            known = ", ".join(mapping.layout.joined) or "none"
            raise BadInput(f"{mapping.register} has no file {name!r} beside it; there are: {known}")
    for name, joined in mapping.layout.joined.items():
        if name not in request.beside and not joined.optional:
            raise BadInput(f"{mapping.register} needs the file {name!r} beside it")
    if request.retrieved is not None:
        try:
            dt.date.fromisoformat(request.retrieved)
        except ValueError as error:
            raise BadInput(f"{request.retrieved!r} is no day: write 2024-11-05") from error


def _import(
    folder: RegisterFolder,
    ledger: Ledger,
    mapping: MappingFile,
    request: Request,
    store: GraphStore,
    progress: Progress,
) -> Report:
    if request.taken_as is not None:
        ledger.set("taken as", request.taken_as.value)
    if request.rematch:
        ledger.forget_meant()
    sha256 = _sha256([request.file, *(request.beside[name] for name in sorted(request.beside))])
    file = None if request.again else ledger.is_latest(sha256, mapping.sha256)
    outcome = None
    if file is None:
        today = dt.date.today().isoformat()
        named = ImportedFile(
            0, sha256, request.file.name, request.retrieved or _modified(request.file), today,
            request.licence or mapping.licence,
        )  # fmt: skip
        number, reached = ledger.begin(named, mapping.sha256)
        try:
            _read(ledger, mapping, request, number, reached, progress)
        except BaseException:
            ledger.dropped()
            raise
        outcome = ledger.finish(number, whole=request.whole)
        file = ledger.files()[-1]
    write_file(folder.mapping, request.mapping.read_bytes())
    counted = ledger.counted(file.id)
    _write_rejected(folder, ledger, file.id)
    return Report(
        register=mapping.register,
        file=file,
        outcome=outcome,
        lines=_part(counted, "line "),
        not_taken=_part(counted, "value "),
        written=_write(folder, ledger, mapping, store),
    )


def _write(
    folder: RegisterFolder, ledger: Ledger, mapping: MappingFile, store: GraphStore
) -> Written:
    identity = Identity(store, f"{PREFIXES['id']}{mapping.register}-")
    taken_as = TakenAs(ledger.setting("taken as") or TakenAs.ENTRIES.value)
    return write_register(folder, ledger, mapping, identity, taken_as=taken_as)


def _read(
    ledger: Ledger,
    mapping: MappingFile,
    request: Request,
    file: int,
    reached: int,
    progress: Progress,
) -> None:
    beside = Beside()
    for name, path in request.beside.items():
        beside.read(name, path, mapping.layout)
    kept = frozenset(_asked(mapping))
    found: Counter[str] = Counter()
    last = reached
    ledger.batch()
    for number, item in enumerate(read_items(request.file, mapping, beside), 1):
        if item.line <= reached:
            continue
        last = item.line + item.lines - 1
        if isinstance(item, Row):
            _take(ledger, mapping, file, item, kept, found)
        elif isinstance(item, Bad):
            ledger.note(file, item.line, REJECTED, item.reason)
            found[f"line {REJECTED}"] += item.lines
        else:
            assert isinstance(item, NoRow)
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
    made_of = {made.source for made in mapping.fields.values()}
    for name in row.fields:
        if name not in kept and name not in made_of:
            found[f"value {name}"] += 1
    fields = {name: values for name, values in row.fields.items() if name in kept}
    ledger.stage(row.line, key, row.digest, fields)
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


def _write_rejected(folder: RegisterFolder, ledger: Ledger, file: int) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow(("line", "what", "reason"))
    writer.writerows((note.line or "", note.kind, note.reason) for note in ledger.notes(file))
    write_file(folder.rejected, text.getvalue().encode("utf-8"))


def _part(counted: Mapping[str, int], prefix: str) -> dict[str, int]:
    return {
        name.removeprefix(prefix): number
        for name, number in counted.items()
        if name.startswith(prefix) and number
    }


def _modified(path: Path) -> str:
    """The day on which a file was last written: when it came, where nobody says otherwise."""
    return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).date().isoformat()


def _sha256(paths: list[Path]) -> str:
    """The SHA-256 of a file; of several, that of theirs together."""
    digests = []
    for path in paths:
        try:
            with path.open("rb") as file:
                digests.append(hashlib.file_digest(file, "sha256"))
        except OSError as error:
            raise BadData(f"{path}: {error.strerror}") from error
    if len(digests) == 1:
        return digests[0].hexdigest()
    return hashlib.sha256(b"".join(one.digest() for one in digests)).hexdigest()
