"""``sanctiongraph options``: what each option for a matter does to the tests of the law."""

from __future__ import annotations

import json
from pathlib import Path

import click

from sanctiongraph.cli.case import AS_OF, JSON, VIEWPOINT
from sanctiongraph.cli.options import HOME, STORE
from sanctiongraph.given import day
from sanctiongraph.graph import Graph
from sanctiongraph.options import options_table
from sanctiongraph.perspective import open_perspective


@click.command("options")
@click.option("--matter", help="What the options are for; not needed where only one has options.")
@AS_OF
@VIEWPOINT
@JSON
@HOME
@STORE
def options_command(
    matter: str | None,
    as_of: str | None,
    viewpoint: str,
    as_json: bool,
    home: Path | None,
    store: str | None,
) -> None:
    """Lay out the options for a matter: which tests each meets, fails or leaves open, and whom it
    newly exposes to what. Ask as of a day after that on which the options take effect.
    """
    graph = Graph.open(home, store=store)
    perspective = open_perspective(graph.store, viewpoint)
    table = options_table(perspective, graph.reasoner.law, day("--as-of", as_of), matter)
    if as_json:
        click.echo(json.dumps(table.to_json(), ensure_ascii=False, indent=1))
    else:
        click.echo(table.to_text())
