"""``sanctiongraph assess`` and ``rules``: what a rule makes of a party, and which rules there are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table

from sanctiongraph.answer import Answer
from sanctiongraph.cli.case import case_options, question
from sanctiongraph.cli.options import HOME, STORE
from sanctiongraph.explain import to_json
from sanctiongraph.graph import Graph
from sanctiongraph.law.rules import Law
from sanctiongraph.vocabulary import local_name


@click.command("assess")
@case_options
@HOME
@STORE
def assess_command(home: Path | None, store: str | None, as_json: bool, **given: Any) -> None:
    """Apply a rule to a party: one line a case, with its outcome, level and what is missing.

    Without --transaction every transaction of the party is assessed.
    """
    graph = Graph.open(home, store=store)
    reasoner = graph.reasoner
    asked = question(graph.store, **given)
    answer = reasoner.ask(asked)
    if as_json:
        click.echo(to_json(reasoner.prove(answer, asked.transaction), reasoner), nl=False)
        return
    click.echo(
        f"{answer.rule.label}\n{graph.label(answer.party)}, as of {answer.as_of.isoformat()}, "
        f"viewpoint {answer.perspective.viewpoint}: {answer.outcome.value}, "
        f"level {answer.level.value}"
    )
    if answer.cases:
        _print(_table(answer, reasoner.law))
    else:
        click.echo("no case: sanctiongraph explain says what was looked for")


@click.command("rules")
@HOME
@STORE
def rules_command(home: Path | None, store: str | None) -> None:
    """List the rules, with what each asks about and where it stands."""
    graph = Graph.open(home, store=store)
    table = _columns("rule", "label", "asks", "provision")
    for rule in graph.reasoner.rules():
        asks = " ".join(rule.asks)
        table.add_row(rule.name, rule.label, asks, graph.label(rule.provision))
    _print(table)


def _table(answer: Answer, law: Law) -> Table:
    table = _columns("case", "outcome", "level", "missing")
    for one in answer.cases:
        missing = ", ".join(law.conditions[iri].name for iri in one.missing)
        name = local_name(one.transaction or one.party)
        table.add_row(name, one.outcome.value, one.level.value, missing)
    return table


def _columns(*headings: str) -> Table:
    table = Table(box=box.SIMPLE)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _print(table: Table) -> None:
    console = Console()
    (console if console.is_terminal else Console(width=200)).print(table)
