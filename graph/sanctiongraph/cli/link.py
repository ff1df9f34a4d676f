"""``sanctiongraph link``: links from things of the graph to other datasets."""

from __future__ import annotations

from pathlib import Path

import click

from sanctiongraph.cli.options import DATA
from sanctiongraph.data import data_folders
from sanctiongraph.links.check import check_links
from sanctiongraph.links.sssom import read_links
from sanctiongraph.settings import from_environment


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
@click.pass_context
def check_command(context: click.Context, data: Path | None, extract: Path | None) -> None:
    """No item on two things; types and labels agree. Ends with 1 where something is wrong."""
    folders = data_folders(data or from_environment().data)
    findings = check_links(folders, extract)
    for finding in findings:
        click.echo(str(finding))
    sets = [read_links(path) for path in sorted(folders.links.glob("*.sssom.tsv"))]
    found = f"{len(findings)} to cure" if findings else "nothing to cure"
    click.echo(f"{found} in {sum(len(one.links) for one in sets)} links of {len(sets)} files")
    context.exit(1 if findings else 0)
