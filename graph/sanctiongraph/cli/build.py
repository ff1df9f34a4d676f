"""``sanctiongraph build``: data files to a published graph."""

from __future__ import annotations

import time
from pathlib import Path

import click
from rich.console import Console

from sanctiongraph.build import build
from sanctiongraph.catching_up import catch_up
from sanctiongraph.cli.options import DATA, HOME
from sanctiongraph.data import data_folders
from sanctiongraph.settings import from_environment


@click.command("build")
@HOME
@DATA
@click.option("--force", is_flag=True, help="Build even where nothing has changed.")
def build_command(home: Path | None, data: Path | None, force: bool) -> None:
    """Build the graph from its files and publish it.

    Nothing is done where the published graph is up to date. An interrupted build leaves the
    published graph as it was.
    """
    settings = from_environment()
    console = Console(stderr=True)
    started = time.perf_counter()
    steps: list[str] = []
    with console.status("checking what has changed") as status:

        def progress(step: str) -> None:
            steps.append(step)
            status.update(step)

        published = build(
            data_folders(data or settings.data),
            home or settings.home,
            force=force,
            progress=progress,
        )
        status.update("carrying over what was written")
        carried = catch_up(home or settings.home)
    if carried:
        click.echo(f"what clients wrote is carried over: snapshot {carried.name}")
    version = published.version
    if not steps:
        click.echo(f"up to date: version {version.name}, {version.triples:,} triples")
        return
    rate = version.triples / version.load_seconds if version.load_seconds else 0
    click.echo(
        f"version {version.name}: {version.triples:,} triples in {version.graphs:,} named graphs "
        f"and the accepted graph, {version.claims:,} claims, {version.entailed:,} entailed"
    )
    click.echo(f"canonical N-Quads SHA-256 {version.sha256}")
    click.echo(
        f"built in {time.perf_counter() - started:.2f} s (derived {version.assemble_seconds:.2f} s, "
        f"loaded {version.load_seconds:.2f} s: {rate:,.0f} triples/s)"
    )
