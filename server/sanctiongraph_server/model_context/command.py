"""``sanctiongraph mcp``."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import click

from sanctiongraph.errors import MissingExtra, SanctiongraphError
from sanctiongraph.published import current
from sanctiongraph.settings import from_environment


@click.command("mcp")
@click.option("--home", type=click.Path(path_type=Path), help="Folder of the published graph.")
@click.option("--store", metavar="URL", help="A SPARQL 1.1 store to ask instead.")
@click.option("--timeout", type=click.FloatRange(0.1, 86_400), help="Seconds that a tool has.")
def mcp(home: Path | None, store: str | None, timeout: float | None) -> None:
    """Serve the graph as tools to a language model, on standard input and output.

    A client of the Model Context Protocol starts this command itself; nothing listens on the
    network. What is not given comes from the environment, as for `sanctiongraph serve`.
    """
    given = {"HOME": home and home.resolve(), "STORE": store, "TIMEOUT": timeout}
    for name, value in given.items():
        if value is not None:
            os.environ[f"SANCTIONGRAPH_{name}"] = str(value)
    try:
        if find_spec("mcp") is None:
            raise MissingExtra("this command needs mcp: install sanctiongraph[mcp]")
        settings = from_environment()
        if not settings.store:
            current(settings.home)
        from sanctiongraph_server.model_context.server import server_of
        from sanctiongraph_server.model_context.tools import Tools

        tools = Tools.of(settings)
    except SanctiongraphError as error:
        raise click.ClickException(str(error)) from error
    server_of(tools).run("stdio")
