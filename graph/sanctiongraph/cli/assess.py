"""``sanctiongraph assess`` and ``rules``: what a rule makes of a party, and which rules there are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.table import Table

from sanctiongraph.answer import Answer
from sanctiongraph.bulk.assess import MEMORY_MB
from sanctiongraph.cli.all_cases import ALL_ARE_HERE, for_all_cases
from sanctiongraph.cli.case import AS_OF, JSON, SCENARIO, TRANSACTION, VIEWPOINT, question
from sanctiongraph.cli.options import HOME, STORE
from sanctiongraph.cli.tables import columns, print_table
from sanctiongraph.errors import BadParameter
from sanctiongraph.explain import to_json
from sanctiongraph.graph import Graph
from sanctiongraph.law.rules import Law
from sanctiongraph.vocabulary import local_name


@click.command("assess")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--rule",
    "rules",
    required=True,
    multiple=True,
    help="A rule by the last part of its IRI: caatsa-231-a. For all cases, several may be given.",
)
@click.option("--party", help="A party by name, short form or IRI: SSB. Without it, all cases.")
@TRANSACTION
@AS_OF
@VIEWPOINT
@SCENARIO
@JSON
@click.option("--csv", "as_csv", is_flag=True, help="All cases as CSV.")
@click.option("--output", type=click.Path(path_type=Path), help="The file to write all cases to.")
@click.option(
    "--memory",
    type=click.IntRange(128),
    default=MEMORY_MB,
    show_default=True,
    help="Megabytes for the tables of all cases; beyond it they go to disk.",
)
@HOME
@STORE
def assess_command(
    home: Path | None,
    store: str | None,
    files: tuple[Path, ...],
    rules: tuple[str, ...],
    **given: Any,
) -> None:
    """Apply a rule to a party: one line a case, with its outcome, level and what is missing.

    Without --transaction every transaction of the party is assessed. Without --party all cases of
    the rule are, in one run: counted by outcome and level, or with --json or --csv a line each. They
    are those of the published graph, or of FILES (N-Triples or N-Quads) under the law.
    """
    if given["party"] is None:
        if given["transaction"]:
            raise BadParameter("--transaction is one of a party's: give --party as well")
        if store:
            raise BadParameter(ALL_ARE_HERE)
        for_all_cases(home, files, rules, **given)
        return
    _check_one_party(files, rules, given)
    as_json = given.pop("as_json")
    asked_for = {key: given[key] for key in ("party", "transaction", "as_of", "viewpoint")}
    graph = Graph.open(home, store=store)
    reasoner = graph.reasoner
    asked = question(graph.store, rule=rules[0], scenario=given["scenario"], **asked_for)
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
        print_table(_table(answer, reasoner.law))
    else:
        click.echo("no case: sanctiongraph explain says what was looked for")


def _check_one_party(
    files: tuple[Path, ...], rules: tuple[str, ...], given: dict[str, Any]
) -> None:
    if len(rules) > 1:
        raise BadParameter("for one party give one --rule; several are for all cases")
    if files or given["as_csv"] or given["output"]:
        raise BadParameter("files, --csv and --output are for all cases: leave --party out")


@click.command("rules")
@HOME
@STORE
def rules_command(home: Path | None, store: str | None) -> None:
    """List the rules, with what each asks about and where it stands."""
    graph = Graph.open(home, store=store)
    table = columns("rule", "label", "asks", "provision")
    for rule in graph.reasoner.rules():
        asks = " ".join(rule.asks)
        table.add_row(rule.name, rule.label, asks, graph.label(rule.provision))
    print_table(table)


def _table(answer: Answer, law: Law) -> Table:
    table = columns("case", "outcome", "level", "missing")
    for one in answer.cases:
        missing = ", ".join(law.conditions[iri].name for iri in one.missing)
        name = local_name(one.transaction or one.party)
        table.add_row(name, one.outcome.value, one.level.value, missing)
    return table
