"""``sanctiongraph compare``: two viewpoints, days or scenarios side by side."""

from __future__ import annotations

import json
from pathlib import Path

import click

from sanctiongraph.cli.case import AS_OF, JSON, SCENARIO, TRANSACTION, VIEWPOINT, supposed_as
from sanctiongraph.cli.options import HOME, STORE
from sanctiongraph.compare import Side, compare
from sanctiongraph.errors import BadParameter
from sanctiongraph.given import day, iri
from sanctiongraph.graph import Graph
from sanctiongraph.perspective import open_perspective
from sanctiongraph.stores.graphstore import GraphStore


@click.command("compare")
@VIEWPOINT
@click.option("--with-viewpoint", help="The other viewpoint; the same without it.")
@AS_OF
@click.option("--with-as-of", help="The other day; the same without it.")
@SCENARIO
@click.option("--with-scenario", help="The other side's scenario; none without it.")
@click.option("--rule", help="One rule; all of them without it.")
@click.option("--party", help="One party; all of them without it.")
@TRANSACTION
@JSON
@HOME
@STORE
def compare_command(
    home: Path | None,
    store: str | None,
    viewpoint: str,
    with_viewpoint: str | None,
    as_of: str | None,
    with_as_of: str | None,
    scenario: str | None,
    with_scenario: str | None,
    rule: str | None,
    party: str | None,
    transaction: str | None,
    as_json: bool,
) -> None:
    """List the conclusions that differ between two sides, and the claims that make the difference.

    `compare --viewpoint turkey --with-viewpoint united-states --as-of 2025-12-06`
    """
    sides = (
        (viewpoint, as_of, scenario),
        (with_viewpoint or viewpoint, with_as_of or as_of, with_scenario),
    )
    if sides[0] == sides[1]:
        raise BadParameter(
            "both sides are the same: give --with-viewpoint, --with-as-of or --with-scenario"
        )
    graph = Graph.open(home, store=store)
    law = graph.reasoner.law
    left, right = (_side(graph.store, *side) for side in sides)
    found = compare(
        left,
        right,
        law,
        rule=law.rule(rule) if rule else None,
        party=iri("--party", party) if party else None,
        transaction=iri("--transaction", transaction) if transaction else None,
    )
    if as_json:
        click.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
    else:
        click.echo(found.to_text(), nl=False)


def _side(store: GraphStore, viewpoint: str, as_of: str | None, scenario: str | None) -> Side:
    supposed = supposed_as(scenario, store)
    return Side(open_perspective(store, viewpoint, supposed), day("--as-of", as_of))
