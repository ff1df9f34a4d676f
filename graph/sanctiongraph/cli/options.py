"""Options that several commands share. Their defaults are the settings'."""

from __future__ import annotations

from pathlib import Path

import click

HOME = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the published graph (SANCTIONGRAPH_HOME; else .sanctiongraph here).",
)
STORE = click.option(
    "--store",
    metavar="URL",
    help="A SPARQL 1.1 store to use instead (SANCTIONGRAPH_STORE); see docs/scaling.md.",
)
DATA = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder with ontology/, graph/ and queries/ (SANCTIONGRAPH_DATA; else the shipped data).",
)
SOURCE_TEXT = click.option(
    "--source-text",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder with the source texts, where you have them (SANCTIONGRAPH_SOURCE_TEXT).",
)
