"""``sanctiongraph timeline``: from when until when a rule's outcome for a party held."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from sanctiongraph.cli.case import JSON, PARTY, RULE, SCENARIO, TRANSACTION, VIEWPOINT, question
from sanctiongraph.cli.options import HOME, STORE
from sanctiongraph.graph import Graph
from sanctiongraph.perspective import open_perspective
from sanctiongraph.timeline import overall, timelines, to_json


@click.command("timeline")
@RULE
@PARTY
@TRANSACTION
@VIEWPOINT
@SCENARIO
@JSON
@HOME
@STORE
def timeline_command(home: Path | None, store: str | None, as_json: bool, **given: Any) -> None:
    """Show from when until when a rule's outcome and level for a party held.

    Without --transaction there is one timeline a transaction, and one for the party over them all.
    """
    graph = Graph.open(home, store=store)
    asked = question(graph.store, **given)
    law = graph.reasoner.law
    rule = law.rule(asked.rule)
    perspective = open_perspective(graph.store, asked.viewpoint, asked.scenario)
    found = timelines(perspective, law, rule, party=asked.party, transaction=asked.transaction)
    if as_json:
        told = to_json(found, rule=rule, party=asked.party, perspective=perspective)
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    whole = overall(found)
    if whole is None:
        click.echo(f"{rule.name} has no case of {graph.label(asked.party)} on any day")
        return
    lines = [*found, whole] if len(found) > 1 else found
    click.echo("\n\n".join(line.to_text() for line in lines))
