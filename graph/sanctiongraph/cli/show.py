"""``sanctiongraph show``: a thing with its claims, or one claim with its place in the source."""

from __future__ import annotations

from pathlib import Path

import click
from pyoxigraph import NamedNode
from rich.console import Console
from rich.markup import escape

from sanctiongraph.claims import Claim
from sanctiongraph.cli.options import HOME, SOURCE_TEXT, STORE
from sanctiongraph.errors import NotFound
from sanctiongraph.graph import Entity, Graph
from sanctiongraph.results import RdfTerm
from sanctiongraph.settings import from_environment
from sanctiongraph.sourcetext import SourceText, source_text
from sanctiongraph.vocabulary import PREFIXES, local_name, shorten


@click.command("show")
@click.argument("name")
@HOME
@STORE
@SOURCE_TEXT
def show_command(name: str, home: Path | None, store: str | None, source_text: Path | None) -> None:
    """Show what is said about NAME: a thing (Turkey), or a claim (turkey-us-caatsa-talks/039)."""
    graph = Graph.open(home, store=store)
    console = Console(highlight=False, emoji=False, soft_wrap=True)
    folder = source_text or from_environment().source_text
    if "/" in name.removeprefix(PREFIXES["id"]) or name.startswith("claim:"):
        _show_claim(console, graph, graph.claim(name), folder)
    else:
        _show_entity(console, graph, graph.entity(name))


def _show_entity(console: Console, graph: Graph, entity: Entity) -> None:
    kinds = ", ".join(shorten(iri) for iri in entity.types() if shorten(iri).startswith("sg:"))
    console.print(f"[bold]{escape(entity.label)}[/]  {shorten(entity.iri)}  ({kinds})")
    claims = entity.claims()
    console.print(f"{len(claims)} claims" if len(claims) != 1 else "1 claim")
    for claim in claims:
        console.print(f"  {shorten(claim.iri)}  [bold]{escape(claim.wording)}[/]")
        console.print(f"    {escape(_who(graph, claim))}; {_where(claim)}")


def _show_claim(console: Console, graph: Graph, claim: Claim, folder: Path | None) -> None:
    console.print(f"[bold]{escape(claim.wording)}[/]")
    for heading, value in (
        ("claim", shorten(claim.iri)),
        ("who", _who(graph, claim)),
        ("source", graph.label(claim.source)),
        ("place", _where(claim)),
        ("said on", _said(claim)),
        ("window", claim.window or claim.window_wording),
        ("reading", claim.reading),
        ("verification", local_name(claim.verification) if claim.verification else None),
    ):
        if value:
            console.print(f"  {heading + ':':14}{escape(value)}")
    console.print("  asserts:")
    for triple in graph.assertion(claim):
        parts = (triple.subject, triple.predicate, triple.object)
        console.print("    " + escape(" ".join(map(_short, parts))))
    if folder is not None:
        _show_context(console, graph, claim, folder)


def _show_context(console: Console, graph: Graph, claim: Claim, folder: Path) -> None:
    """The claim's span within its paragraph, from the operator's own copy of the text."""
    if claim.start is None or claim.end is None:
        return
    try:
        text: SourceText = source_text(graph.store, claim.source, folder)
    except NotFound as error:
        console.print(f"  [italic]{escape(str(error))}[/]")
        return
    before, span, after = text.context(claim.start, claim.end)
    console.print(f"  text: {escape(before)}[bold reverse]{escape(span)}[/]{escape(after)}")


def _short(node: RdfTerm) -> str:
    """A name in its short form; a literal in quotes, its datatype in short form."""
    if isinstance(node, NamedNode):
        return shorten(node.value)
    text, at, datatype = str(node).rpartition("^^<")
    return f"{text}^^{shorten(datatype[:-1])}" if at else str(node)


def _who(graph: Graph, claim: Claim) -> str:
    speakers = " and ".join(graph.label(iri) for iri in claim.speakers)
    via = "".join(f", via {graph.label(iri)}" for iri in claim.via)
    return f"{speakers}{via} ({graph.label(claim.modality)})"


def _where(claim: Claim) -> str:
    if claim.paragraph is not None and claim.start is not None:
        return f"paragraph {claim.paragraph}, {claim.start}-{claim.end}"
    return claim.entry or "the document as a whole"


def _said(claim: Claim) -> str | None:
    if claim.said_on and claim.said_on_inferred:
        return f"{claim.said_on} (inferred: {claim.said_on_inferred})"
    return claim.said_on
