"""``sanctiongraph backup`` and ``sanctiongraph restore``."""

from __future__ import annotations

from pathlib import Path

import click

from sanctiongraph import archive
from sanctiongraph.cli.options import HOME
from sanctiongraph.settings import from_environment


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace a file of that name.")
@HOME
def backup_command(target: Path, force: bool, home: Path | None) -> None:
    """Write the graph, with all that was written to it, to an archive.

    TARGET is a file, or a folder to put one in. The gateway may go on serving and writing; the
    archive holds the newest snapshot. Tokens are not in it.
    """
    path, about = archive.backup(home or from_environment().home, target, force=force)
    click.echo(f"{path}: {about.name}, {path.stat().st_size:,} bytes")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--force", is_flag=True, help="Lose the graph that is there.")
@HOME
def restore_command(file: Path, force: bool, home: Path | None) -> None:
    """Make the graph in the archive FILE the one that is served.

    The gateway has to be stopped. The archive is verified first; where it is damaged nothing is
    changed.
    """
    about = archive.restore(home or from_environment().home, file, force=force)
    click.echo(f"restored {about.name}, backed up on {about.created}")
