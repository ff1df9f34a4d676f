"""``sanctiongraph import``: registers of deals and designations, as claims of their publishers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console

from sanctiongraph.cli.options import DATA, HOME
from sanctiongraph.cli.tables import columns, print_table
from sanctiongraph.data import data_folders
from sanctiongraph.errors import BadInput, NotFound
from sanctiongraph.graph import Graph
from sanctiongraph.registers.folder import RegisterFolder, register_in, registers_in
from sanctiongraph.registers.history import Note
from sanctiongraph.registers.importing import (
    Report,
    Request,
    decide_and_rewrite,
    import_register,
)
from sanctiongraph.registers.ledger import Ledger
from sanctiongraph.registers.mapping import mappings
from sanctiongraph.registers.reading import REJECTED
from sanctiongraph.registers.review import read_open
from sanctiongraph.registers.specs import TakenAs
from sanctiongraph.registers.writing import Written
from sanctiongraph.settings import from_environment
from sanctiongraph.vocabulary import called

_FILE: Final = click.Path(path_type=Path, dir_okay=False, exists=True)
#: Rejected rows that are shown; all are in the file ``rejected.tsv``.
_SHOWN: Final = 20
_REGISTERS: Final = click.option(
    "--registers",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of imported registers (SANCTIONGRAPH_REGISTERS; else registers/ in the home folder).",
)


_LIST: Final = click.option(
    "--list",
    "list_",
    type=click.Choice(["sdn", "consolidated"]),
    default="sdn",
    show_default=True,
    help="Which of OFAC's lists it is.",
)


@click.group("import")
def import_group() -> None:
    """Registers of deals and designations, row by row, as claims of their publishers.

    The claims are kept in the folder of registers, and the next build takes them in.
    """


def _importing(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every import."""
    for option in (
        click.option(
            "--retrieved", metavar="DAY", help="When you got the file (else: its own date)."
        ),
        click.option("--licence", help="Under what you have it (else: the mapping's)."),
        click.option(
            "--register", metavar="NAME", help="Name of the register (else: the mapping's)."
        ),
        click.option(
            "--whole", is_flag=True, help="It is the whole register: withdraw rows it lacks."
        ),
        click.option(
            "--taken-as",
            type=click.Choice([one.value for one in TakenAs]),
            help="Entries (default), what the publisher says, or facts; see docs/registers.md.",
        ),
        click.option("--rematch", is_flag=True, help="Look anew for what is meant in the graph."),
        click.option(
            "--again", is_flag=True, help="Read the file even where it was the last one imported."
        ),
        _REGISTERS,
        DATA,
        HOME,
    ):
        command = option(command)
    return command


@import_group.command("sipri")
@click.argument("file", type=_FILE)
@_importing
def sipri_command(file: Path, **options: Any) -> None:
    """SIPRI's trade register of arms transfers, as its site exports it to CSV."""
    _run(file, _shipped("sipri-trade-register", options), {}, options)


@import_group.command("ofac")
@click.argument("file", type=_FILE)
@_LIST
@click.option("--alt", type=_FILE, help="The file of other names that belongs to it.")
@click.option("--add", type=_FILE, help="The file of addresses that belongs to it.")
@_importing
def ofac_command(
    file: Path, list_: str, alt: Path | None, add: Path | None, **options: Any
) -> None:
    """OFAC's SDN list or consolidated list, as CSV (SDN.CSV or CONS_PRIM.CSV)."""
    beside = {name: path for name, path in (("alt", alt), ("add", add)) if path}
    _run(file, _shipped(f"ofac-{list_}", options), beside, options)


@import_group.command("ofac-xml")
@click.argument("file", type=_FILE)
@_LIST
@_importing
def ofac_xml_command(file: Path, list_: str, **options: Any) -> None:
    """OFAC's SDN list or consolidated list, as advanced XML (SDN_ADVANCED.XML or CONS_ADVANCED.XML)."""
    options["register"] = options["register"] or f"ofac-{list_}-xml"
    _run(file, _shipped("ofac-xml", options), {}, options)


@import_group.command("followthemoney")
@click.argument("file", type=_FILE)
@_importing
def followthemoney_command(file: Path, **options: Any) -> None:
    """Entities of FollowTheMoney as JSON lines, as OpenSanctions publishes them."""
    _run(file, _shipped("opensanctions", options), {}, options)


@import_group.command("table")
@click.argument("file", type=_FILE)
@click.option("--mapping", type=_FILE, required=True, help="How it is read; see docs/registers.md.")
@click.option(
    "--beside",
    multiple=True,
    metavar="NAME=FILE",
    help="A file that the mapping joins; may be repeated.",
)
@_importing
def table_command(file: Path, mapping: Path, beside: tuple[str, ...], **options: Any) -> None:
    """Any CSV or JSON-lines file, by a mapping of your own."""
    files = {}
    for one in beside:
        name, equals, path = one.partition("=")
        if not equals or not Path(path).is_file():
            raise BadInput(f"--beside {one}: give NAME=FILE, with a file that is there")
        files[name] = Path(path)
    _run(file, mapping, files, options)


@import_group.command("mapping")
@click.argument("name", required=False)
@DATA
def mapping_command(name: str | None, data: Path | None) -> None:
    """Print a mapping that comes with the program, to begin one of your own from."""
    found = mappings(data_folders(data or from_environment().data))
    if name is None:
        click.echo("\n".join(found))
    elif name in found:
        click.echo(found[name].read_text("utf-8"), nl=False)
    else:
        raise NotFound(f"there is no mapping {name!r}; there are: {', '.join(found)}")


@import_group.command("list")
@_REGISTERS
@HOME
def list_command(home: Path | None, registers: Path | None) -> None:
    """The registers that were imported, with their files."""
    table = columns("register", "file", "retrieved", "imported", "licence", "SHA-256")
    for one in registers_in(_folder(home, registers)):
        ledger = Ledger(one.ledger)
        for file in ledger.files():
            cells = (file.name, file.retrieved, file.imported, file.licence, file.sha256[:16])
            table.add_row(one.name, *cells)
        ledger.close()
    print_table(table)


@import_group.command("open")
@click.argument("register")
@_REGISTERS
@HOME
def open_command(register: str, home: Path | None, registers: Path | None) -> None:
    """Things of a register that may be ones of the graph: to be decided by a person."""
    folder = register_in(_folder(home, registers), register)
    table = columns("kind", "key", "name", "rows", "may be", "score", "why")
    doubts = read_open(folder.open)
    for doubt in doubts:
        for iri, label, score, why in doubt.candidates:
            may_be = f"{called(iri)} ({label})"
            cells = (doubt.kind, doubt.key, doubt.name, str(doubt.rows), may_be)
            table.add_row(*cells, f"{score:.1f}", why)
    if doubts:
        print_table(table)
    click.echo(f"{len(doubts)} in doubt")


@import_group.command("decide")
@click.argument("register")
@click.argument("kind")
@click.argument("key")
@click.option("--same-as", metavar="THING", help="It is this thing of the graph.")
@click.option("--own", is_flag=True, help="It is a thing of its own.")
@click.option("--comment", default="", help="On what evidence.")
@_REGISTERS
@HOME
def decide_command(
    register: str,
    kind: str,
    key: str,
    same_as: str | None,
    own: bool,
    comment: str,
    home: Path | None,
    registers: Path | None,
) -> None:
    """Decide on a doubtful match; the claims are written as the decision wants them."""
    if (same_as is None) != own:
        raise BadInput("give --same-as THING, or --own")
    folder = _folder(home, registers)
    found = register_in(folder, register)
    ledger = Ledger(found.ledger)
    known = {(one, other) for one, other, _ in ledger.meanings.all()}
    ledger.close()
    if not {(kind, key), (f"node {kind}", key)} & known:
        raise NotFound(f"{register} has no {kind} {key!r}: sanctiongraph import open {register}")
    graph = Graph.open(home)
    iri = graph.entity(same_as).iri if same_as else None
    _say_written(decide_and_rewrite(folder, register, kind, key, iri, comment, graph.store), found)


def _shipped(name: str, options: Mapping[str, Any]) -> Path:
    return mappings(data_folders(options["data"] or from_environment().data))[name]


def _folder(home: Path | None, registers: Path | None) -> Path:
    return registers or from_environment().registers_below(home)


def _run(
    file: Path,
    mapping: Path,
    beside: Mapping[str, Path],
    options: Mapping[str, Any],
) -> None:
    registers = _folder(options["home"], options["registers"])
    asked = ("register", "retrieved", "licence", "whole", "rematch", "again")
    taken_as = TakenAs(options["taken_as"]) if options["taken_as"] else None
    given = {name: options[name] for name in asked}
    request = Request(file, mapping, beside=beside, taken_as=taken_as, **given)
    store = Graph.open(options["home"]).store
    with Console(stderr=True).status("reading") as status:

        def progress(line: int) -> None:
            status.update(f"{line:,} read")

        report = import_register(registers, request, store, progress)
    folder = RegisterFolder(registers / report.register)
    _say(report, folder)
    click.get_current_context().exit(1 if report.lines.get(REJECTED) else 0)


def _say(report: Report, folder: RegisterFolder) -> None:
    if report.outcome is None:
        click.echo(f"{report.file.name} is what was imported into {report.register} last")
    else:
        told = report.outcome
        click.echo(
            f"{report.register}: {told.new:,} rows new, {told.changed:,} changed, "
            f"{told.unchanged:,} unchanged, {told.withdrawn:,} withdrawn"
        )
        if told.absent:
            click.echo(
                f"{told.absent:,} rows of earlier files are not in this one and are kept; "
                "--whole withdraws them"
            )
    total = sum(report.lines.values())
    parts = ", ".join(f"{number:,} {what}" for what, number in sorted(report.lines.items()))
    click.echo(f"{total:,} {report.unit}: {parts}")
    if report.not_taken:
        parts = ", ".join(f"{what} {number:,}" for what, number in sorted(report.not_taken.items()))
        click.echo(f"values that the mapping does not take: {parts}")
    notes = _notes(folder, report)
    for note in notes[:_SHOWN]:
        click.echo(f"line {note.line or '-'}: {note.kind}: {note.reason}")
    if len(notes) > _SHOWN:
        click.echo(f"and {len(notes) - _SHOWN:,} more")
    if notes:
        click.echo(f"all of these are in {folder.rejected}")
    _say_written(report.written, folder)


def _notes(folder: RegisterFolder, report: Report) -> list[Note]:
    ledger = Ledger(folder.ledger)
    notes = list(ledger.notes(report.file.id))
    ledger.close()
    return sorted(notes, key=lambda one: (one.kind != REJECTED, one.line))


def _say_written(written: Written, folder: RegisterFolder) -> None:
    click.echo(
        f"{written.claims:,} claims in {written.quads:,} quads; of what they name {written.known:,} are "
        f"in the graph, {written.own:,} are the register's own, {written.doubtful:,} in doubt"
    )
    if written.doubtful:
        click.echo(f"what is in doubt is in {folder.open}: sanctiongraph import open {folder.name}")
    click.echo("sanctiongraph build takes them in" if written.changed else "nothing has changed")
