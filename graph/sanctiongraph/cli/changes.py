"""``sanctiongraph changes``: what would have to change for a rule to apply, or no longer to."""

from __future__ import annotations

import json
from pathlib import Path

import click

from sanctiongraph.changes import Target, changes
from sanctiongraph.changes_text import to_text
from sanctiongraph.cli.case import AS_OF, JSON, PARTY, TRANSACTION, VIEWPOINT
from sanctiongraph.cli.options import HOME, STORE
from sanctiongraph.given import day, iri
from sanctiongraph.graph import Graph
from sanctiongraph.perspective import open_perspective


@click.command("changes")
@click.option(
    "--target",
    required=True,
    help="A rule that is to apply, such as ndaa-2021-1241-e, or not:RULE for one that is not to.",
)
@PARTY
@TRANSACTION
@AS_OF
@VIEWPOINT
@JSON
@HOME
@STORE
def changes_command(
    target: str,
    party: str,
    transaction: str | None,
    as_of: str | None,
    viewpoint: str,
    as_json: bool,
    home: Path | None,
    store: str | None,
) -> None:
    """Say what would have to change: the minimal sets of conditions, who can change each, and which
    options of the graph bring about which.
    """
    graph = Graph.open(home, store=store)
    law = graph.reasoner.law
    found = changes(
        open_perspective(graph.store, viewpoint),
        law,
        Target.of(law, target),
        iri("--party", party),
        day("--as-of", as_of),
        transaction=iri("--transaction", transaction) if transaction else None,
    )
    if as_json:
        click.echo(json.dumps([one.to_json() for one in found], ensure_ascii=False, indent=1))
    else:
        click.echo("\n\n".join(to_text(one) for one in found))
