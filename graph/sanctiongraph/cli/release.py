"""``sanctiongraph release``: the published graph as a folder to pass on."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from sanctiongraph.cli.options import HOME
from sanctiongraph.published import current
from sanctiongraph.releases.news import Kind
from sanctiongraph.releases.release import SUMS, Place, make_release
from sanctiongraph.settings import from_environment

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command("release")
@click.argument("target", type=_FOLDER)
@click.option("--against", type=_FOLDER, help="Folder of an earlier release, to tell what changed.")
@click.option("--address", metavar="URL", help="Where the folder will be found, for void.ttl.")
@click.option("--endpoint", metavar="URL", help="Where the graph is served, for void.ttl.")
@click.option(
    "--with-registers", is_flag=True, help="Pass imported registers on: their licences allow it."
)
@click.option("--force", is_flag=True, help="Replace a release of this version.")
@HOME
def release_command(
    target: Path,
    against: Path | None,
    address: str | None,
    endpoint: str | None,
    with_registers: bool,
    force: bool,
    home: Path | None,
) -> None:
    """Make a release of the published graph, in a folder of its own below TARGET.

    N-Quads, Parquet, VoID and DCAT, licence, sums, and what changed since an earlier release. It is
    of the build: what clients wrote to the graph since is not in it.
    """
    published = current(home or from_environment().home)
    place = Place(address and address.rstrip("/") + "/", endpoint)
    with Console(stderr=True).status("writing"):
        made = make_release(
            published,
            target,
            against=against,
            place=place,
            with_registers=with_registers,
            force=force,
        )
    click.echo(f"{made.folder}: version {made.version}")
    for name, size in made.files.items():
        click.echo(f"  {name}: {size:,} bytes")
    if made.news is not None:
        counts = ", ".join(f"{len(made.news.of(kind)):,} {kind.value}" for kind in Kind)
        click.echo(f"claims since version {made.against}: {counts}")
    click.echo(f"check it with: sha256sum -c {SUMS}")
