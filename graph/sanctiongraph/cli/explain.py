"""``sanctiongraph explain``: why a rule does or does not apply, down to speaker and place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sanctiongraph.claims import Claim
from sanctiongraph.cli.case import case_options, question
from sanctiongraph.cli.options import HOME, SOURCE_TEXT, STORE
from sanctiongraph.errors import NotFound
from sanctiongraph.explain import to_json, to_jsonld, to_ntriples, to_text, to_turtle
from sanctiongraph.explain.text import Quote
from sanctiongraph.graph import Graph
from sanctiongraph.settings import from_environment
from sanctiongraph.sourcetext import SourceText, source_text
from sanctiongraph.stores.graphstore import GraphStore

_RDF = {"turtle": to_turtle, "jsonld": to_jsonld, "ntriples": to_ntriples}


@click.command("explain")
@case_options
@click.option("--all", "every", is_flag=True, help="Every case in full, not only the strongest.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", *_RDF]),
    default="text",
    show_default=True,
)
@HOME
@STORE
@SOURCE_TEXT
def explain_command(
    home: Path | None,
    store: str | None,
    source_text: Path | None,
    as_json: bool,
    every: bool,
    form: str,
    **given: Any,
) -> None:
    """Explain what a rule makes of a party: conditions, evidence, who says so and where.

    The case that matters most comes in full and the others by their outcome. JSON and RDF have
    every case. With --source-text the words of the sources are quoted.
    """
    graph = Graph.open(home, store=store)
    reasoner = graph.reasoner
    asked = question(graph.store, **given)
    answer = reasoner.ask(asked)
    if as_json or form == "json":
        click.echo(to_json(reasoner.prove(answer, asked.transaction), reasoner), nl=False)
    elif form in _RDF:
        click.echo(_RDF[form](reasoner.prove(answer, asked.transaction), reasoner), nl=False)
    else:
        proof = reasoner.prove(answer, asked.transaction, strongest_only=not every)
        folder = source_text or from_environment().source_text
        click.echo(to_text(proof, reasoner, _quoting(graph.store, folder)), nl=False)


def _quoting(store: GraphStore, folder: Path | None) -> Quote:
    """Gives a claim's words from the operator's copies of the texts, where there are any."""
    texts: dict[str, SourceText | None] = {}

    def quote(claim: Claim) -> str | None:
        if folder is None or claim.start is None or claim.end is None:
            return None
        if claim.source not in texts:
            try:
                texts[claim.source] = source_text(store, claim.source, folder)
            except NotFound:
                texts[claim.source] = None
        text = texts[claim.source]
        return text.text[claim.start : claim.end] if text else None

    return quote
