"""``sanctiongraph link``: links from things of the graph to other datasets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

from sanctiongraph.cli.options import DATA, HOME
from sanctiongraph.data import DataFolders, data_folders
from sanctiongraph.errors import BadInput
from sanctiongraph.graph import Graph
from sanctiongraph.links.check import check_links
from sanctiongraph.links.endpoint import Dataset, Endpoint, Extract
from sanctiongraph.links.enrich import enriched, linked_items, turtle
from sanctiongraph.links.merging import proposed_merge, record_merge, take_merge_out
from sanctiongraph.links.propose import Proposer, candidates_for_links, category
from sanctiongraph.links.sssom import link_sets, written
from sanctiongraph.settings import from_environment
from sanctiongraph.vocabulary import PREFIXES, shorten

_PREFIXES: Final = ("id", "law", "sg", "skos", "semapv", "wd")


@click.group("link")
def link_group() -> None:
    """Links to other datasets, kept as SSSOM in graph/links/."""


@link_group.command("check")
@DATA
@click.option(
    "--extract",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="File with triples of the other dataset, to compare labels with.",
)
@click.option(
    "--verified",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Table with columns qid and status: each item has to be verified there.",
)
@click.pass_context
def check_command(
    context: click.Context, data: Path | None, extract: Path | None, verified: Path | None
) -> None:
    """No item on two things; types and labels agree. Ends with 1 where something is wrong."""
    folders = data_folders(data or from_environment().data)
    findings = check_links(folders, extract, verified)
    for finding in findings:
        click.echo(str(finding))
    sets = link_sets(folders.links)
    found = f"{len(findings)} to cure" if findings else "nothing to cure"
    click.echo(f"{found} in {sum(len(one.links) for one in sets)} links of {len(sets)} files")
    context.exit(1 if findings else 0)


def _asked(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what is asked: an endpoint, or files in its place."""
    for option in (
        click.option(
            "--extract",
            "extracts",
            multiple=True,
            type=click.Path(path_type=Path, dir_okay=False, exists=True),
            help="File with triples of Wikidata to ask in place of its endpoint; may be repeated.",
        ),
        click.option("--endpoint", help="SPARQL endpoint to ask (SANCTIONGRAPH_WIKIDATA)."),
    ):
        command = option(command)
    return command


def _dataset(endpoint: str | None, extracts: tuple[Path, ...]) -> Dataset:
    if endpoint and extracts:
        raise BadInput("give --endpoint or --extract, not both")
    return Extract.of(extracts) if extracts else Endpoint(endpoint or from_environment().wikidata)


@link_group.command("enrich")
@DATA
@_asked
@click.option("--language", "languages", multiple=True, default=("en", "tr"), show_default=True)
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="Else: standard output."
)
def enrich_command(
    data: Path | None,
    endpoint: str | None,
    extracts: tuple[Path, ...],
    languages: tuple[str, ...],
    output: Path | None,
) -> None:
    """Take labels, descriptions, coordinates, images and dates of linked items, as Turtle.

    Written to graph/links/wikidata.ttl of the data folder, the next build puts it into the graph
    graph/wikidata.
    """
    folders = data_folders(data or from_environment().data)
    items = linked_items(folders)
    quads = enriched(_dataset(endpoint, extracts), items, languages, dt.date.today())
    _write(turtle(quads), output)
    found = len({quad.subject for quad in quads}) - 1
    click.echo(f"{found} of {len(items)} items described, {len(quads)} triples", err=True)


@link_group.command("propose")
@HOME
@DATA
@_asked
@click.option("--most", default=3, show_default=True, help="Candidates of each thing.")
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="Else: standard output."
)
def propose_command(
    home: Path | None,
    data: Path | None,
    endpoint: str | None,
    extracts: tuple[Path, ...],
    most: int,
    output: Path | None,
) -> None:
    """Find items that things without one may be, as SSSOM rows for a person to review.

    Nothing goes into the graph by itself: whoever has checked a row moves it to
    graph/links/wikidata.sssom.tsv, with the evidence in place of the reasons.
    """
    folders = data_folders(data or from_environment().data)
    if output is not None and output.resolve().parent == folders.links.resolve():
        raise BadInput(f"{output} would be in the graph at the next build: review first")
    store = Graph.open(home).store
    linked = _linked(folders)
    things = candidates_for_links(store, linked)
    found = Proposer(store, _dataset(endpoint, extracts), linked).proposals(things, most)
    by_iri = {thing.iri: thing for thing in things}
    links = [
        one.link(by_iri[one.thing].label(), category(by_iri[one.thing]), dt.date.today())
        for one in found
    ]
    metadata = {
        "curie_map": {name: PREFIXES[name] for name in _PREFIXES},
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "mapping_set_id": f"{PREFIXES['id'].removesuffix('id/')}links/proposals",
    }
    _write(written(metadata, links), output)
    with_one = len({one.thing for one in found})
    click.echo(f"{with_one} of {len(things)} things without an item have candidates", err=True)


@link_group.command("merge")
@click.argument("merged")
@click.argument("kept")
@DATA
@click.option("--evidence", required=True, help="Why they are one, and where that is found.")
@click.option("--author", default="The sanctiongraph contributors", show_default=True)
@click.option("--confidence", type=click.FloatRange(0, 1), default=0.99, show_default=True)
def merge_command(
    merged: str, kept: str, data: Path | None, evidence: str, author: str, confidence: float
) -> None:
    """Record that MERGED is the same thing as KEPT; the next build knows both as KEPT.

    No file of claims is changed: every claim keeps its own words. `link unmerge` undoes it.
    """
    folders = data_folders(data or from_environment().data)
    link = proposed_merge(folders, merged, kept, evidence, author, confidence, dt.date.today())
    path = record_merge(folders, link)
    click.echo(f"{shorten(link.subject)} is merged into {shorten(link.object)}: {path}")
    click.echo("sanctiongraph build, to see it")


@link_group.command("unmerge")
@click.argument("merged")
@DATA
def unmerge_command(merged: str, data: Path | None) -> None:
    """Take the record of a merge out; the next build has two things again."""
    folders = data_folders(data or from_environment().data)
    path = take_merge_out(folders, merged)
    click.echo(f"{merged} is a thing of its own again: {path}")


def _linked(folders: DataFolders) -> dict[str, str]:
    """The item of each thing that is the same as one."""
    return {
        link.subject: link.object
        for links in link_sets(folders.links)
        for link in links.links
        if link.exact and link.object.startswith(PREFIXES["wd"])
    }


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, "utf-8")
