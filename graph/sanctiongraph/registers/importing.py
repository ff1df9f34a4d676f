"""An import from file to claims: read, tell what changed, match, write. It can be broken off anywhere."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sanctiongraph.durable import write_file
from sanctiongraph.errors import BadData, BadInput
from sanctiongraph.registers.folder import RegisterFolder, locked
from sanctiongraph.registers.history import ImportedFile, Outcome
from sanctiongraph.registers.identity import Identity
from sanctiongraph.registers.ledger import Ledger
from sanctiongraph.registers.mapping import read_mapping
from sanctiongraph.registers.reading import Progress, read_into
from sanctiongraph.registers.review import decide
from sanctiongraph.registers.specs import MappingFile, TakenAs
from sanctiongraph.registers.writing import Written, write_register
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import PREFIXES


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
    """What came of an import. Every line or record of the file is in ``lines``, by what became of it."""

    register: str
    file: ImportedFile
    #: ``None``: this very file was imported already, and nothing was read.
    outcome: Outcome | None
    lines: Mapping[str, int]
    #: What is counted in ``lines``.
    unit: str
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
        ledger.meanings.forget()
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
            read_into(ledger, mapping, request.file, request.beside, number, reached, progress)
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
        unit="records" if mapping.layout.format == "advanced-xml" else "lines",
        not_taken=_part(counted, "value "),
        written=_write(folder, ledger, mapping, store),
    )


def _write(
    folder: RegisterFolder, ledger: Ledger, mapping: MappingFile, store: GraphStore
) -> Written:
    identity = Identity(store, f"{PREFIXES['id']}{mapping.register}-")
    taken_as = TakenAs(ledger.setting("taken as") or TakenAs.ENTRIES.value)
    return write_register(folder, ledger, mapping, identity, taken_as=taken_as)


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
