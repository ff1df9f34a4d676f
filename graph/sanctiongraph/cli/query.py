"""``sanctiongraph query``: a question of the library, or SPARQL, from the command line."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from sanctiongraph.cli.options import HOME, STORE
from sanctiongraph.errors import BadParameter
from sanctiongraph.graph import Graph
from sanctiongraph.library import Library, LibraryQuery
from sanctiongraph.results import Table, written

_WIDE = 10_000
_UNKNOWN_OPTIONS = {"ignore_unknown_options": True, "allow_extra_args": True}


@click.command("query", context_settings=_UNKNOWN_OPTIONS)
@click.argument("name", required=False)
@HOME
@STORE
@click.option(
    "--sparql", help="A SELECT or ASK of your own in place of NAME; - reads it from standard input."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
)
@click.option("--parameters", is_flag=True, help="Describe the parameters of NAME, no answer.")
@click.pass_context
def query_command(
    ctx: click.Context,
    name: str | None,
    home: Path | None,
    store: str | None,
    sparql: str | None,
    form: str,
    parameters: bool,
) -> None:
    """Answer the question NAME of the query library.

    Without NAME the questions are listed. Parameters are given by their names, as in
    `sanctiongraph query measures-in-force --date 2021-01-01`; `query NAME --parameters` lists them.
    """
    graph = Graph.open(home, store=store)
    if sparql is not None:
        if name or ctx.args:
            raise click.UsageError("give NAME or --sparql, not both")
        _print(graph.query(sys.stdin.read() if sparql == "-" else sparql), form)
        return
    if name is None:
        _list(graph.library)
        return
    query = graph.library[name]
    if parameters:
        _describe(query)
        return
    _print(graph.run(name, **_parameters(query, ctx.args)), form)


def _parameters(query: LibraryQuery, args: list[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    rest = list(args)
    while rest:
        option = rest.pop(0)
        if not option.startswith("--"):
            raise BadParameter(f"{option!r} is no parameter: write --name value")
        name, equals, value = option[2:].partition("=")
        if not equals:
            if not rest:
                raise BadParameter(f"--{name} has no value")
            value = rest.pop(0)
        if name in given:
            raise BadParameter(f"--{name} is given twice")
        given[name] = value
    query.bind(given)
    return given


def _list(library: Library) -> None:
    table = RichTable(box=box.SIMPLE)
    for heading in ("name", "question", "parameters"):
        table.add_column(heading, overflow="fold")
    for query in library:
        table.add_row(
            query.name, Text(query.question), ", ".join(f"--{p.name}" for p in query.parameters)
        )
    _console().print(table)


def _describe(query: LibraryQuery) -> None:
    click.echo(f"{query.name}: {query.question}")
    for parameter in query.parameters:
        default = f" (default {parameter.default})" if parameter.default is not None else ""
        click.echo(
            f"  --{parameter.name} {parameter.type.upper()}  {parameter.description}{default}"
        )


def _print(answer: Table, form: str) -> None:
    if form == "csv":
        click.echo(answer.to_csv(), nl=False)
    elif form == "json":
        click.echo(answer.to_json())
    else:
        table = RichTable(box=box.SIMPLE)
        for column in answer.columns:
            table.add_column(column, overflow="fold")
        for row in answer.values():
            table.add_row(*(Text(written(cell)) for cell in row))
        console = _console()
        console.print(table)
        console.print(f"{len(answer)} rows" if len(answer) != 1 else "1 row")


def _console() -> Console:
    """Wide where the output goes to a file or a pipe, so that no cell is folded for nothing."""
    console = Console()
    return console if console.is_terminal else Console(width=_WIDE)
