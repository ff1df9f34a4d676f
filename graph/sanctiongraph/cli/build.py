"""``sanctiongraph build``: data files to a published graph."""

from __future__ import annotations

import time
from pathlib import Path

import click
from rich.console import Console

from sanctiongraph.build import build
from sanctiongraph.catching_up import catch_up
from sanctiongraph.cli.options import DATA, HOME, STORE
from sanctiongraph.data import data_folders
from sanctiongraph.published import Version
from sanctiongraph.settings import Settings, from_environment
from sanctiongraph.stores.building import build_into
from sanctiongraph.stores.connection import shown
from sanctiongraph.stores.opening import open_store


@click.command("build")
@HOME
@DATA
@STORE
@click.option("--force", is_flag=True, help="Build even where nothing has changed.")
def build_command(home: Path | None, data: Path | None, store: str | None, force: bool) -> None:
    """Build the graph from its files and publish it.

    Nothing is done where the published graph is up to date. An interrupted build leaves the
    published graph as it was. With --store the graph is put into that store instead; where clients
    have changed it since, only with --force.
    """
    settings = from_environment()
    if store or (settings.store and home is None):
        _build_into(settings, data, home, store, force)
        return
    console = Console(stderr=True)
    started = time.perf_counter()
    steps: list[str] = []
    with console.status("checking what has changed") as status:

        def progress(step: str) -> None:
            steps.append(step)
            status.update(step)

        published = build(
            data_folders(data or settings.data, settings.registers_below(home)),
            home or settings.home,
            force=force,
            progress=progress,
        )
        status.update("carrying over what was written")
        carried = catch_up(home or settings.home)
    if carried:
        click.echo(f"what clients wrote is carried over: snapshot {carried.name}")
    if not steps:
        _say_up_to_date(published.version)
        return
    _say(published.version, time.perf_counter() - started)


def _build_into(
    settings: Settings, data: Path | None, home: Path | None, url: str | None, force: bool
) -> None:
    started = time.perf_counter()
    remote = open_store(settings, url)
    with Console(stderr=True).status("checking what has changed") as status:
        stored = build_into(
            data_folders(data or settings.data, settings.registers_below(home)),
            remote,
            home or settings.home,
            force=force,
            progress=status.update,
        )
    if stored.put is None:
        _say_up_to_date(stored.version)
        return
    _say(stored.version, time.perf_counter() - started)
    how = ", in one update" if stored.put.at_once else ""
    click.echo(
        f"{stored.put.graphs:,} graphs put and {stored.put.dropped:,} dropped{how}, in the"
        f" {remote.dialect.name} store at {shown(remote.addresses.query)}"
    )


def _say_up_to_date(version: Version) -> None:
    click.echo(f"up to date: version {version.name}, {version.triples:,} triples")


def _say(version: Version, seconds: float) -> None:
    rate = version.triples / version.load_seconds if version.load_seconds else 0
    click.echo(
        f"version {version.name}: {version.triples:,} triples in {version.graphs:,} named graphs "
        f"and the accepted graph, {version.claims:,} claims, {version.entailed:,} entailed"
    )
    if version.how:
        click.echo(version.how)
    click.echo(f"canonical N-Quads SHA-256 {version.sha256}")
    click.echo(
        f"built in {seconds:.2f} s (derived {version.assemble_seconds:.2f} s, "
        f"loaded {version.load_seconds:.2f} s: {rate:,.0f} triples/s)"
    )
