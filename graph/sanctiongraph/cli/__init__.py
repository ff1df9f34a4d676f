"""The command line ``sanctiongraph``. Other packages add commands by the entry point group
``sanctiongraph.commands``; so ``serve`` comes from the gateway, which this package does not know.
"""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any

import click

from sanctiongraph.cli.assess import assess_command, rules_command
from sanctiongraph.cli.backup import backup_command, restore_command
from sanctiongraph.cli.build import build_command
from sanctiongraph.cli.changes import changes_command
from sanctiongraph.cli.check import check_command
from sanctiongraph.cli.compare import compare_command
from sanctiongraph.cli.explain import explain_command
from sanctiongraph.cli.imports import import_group
from sanctiongraph.cli.link import link_group
from sanctiongraph.cli.query import query_command
from sanctiongraph.cli.release import release_command
from sanctiongraph.cli.scenario import options_command
from sanctiongraph.cli.show import show_command
from sanctiongraph.cli.source import source_group
from sanctiongraph.cli.timeline import timeline_command
from sanctiongraph.cli.token import token_command
from sanctiongraph.errors import SanctiongraphError


class _Commands(click.Group):
    """Our commands and those of other packages; our errors end a command with their message."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *(point.name for point in _plugins())})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if command := super().get_command(ctx, cmd_name):
            return command
        for point in _plugins():
            if point.name == cmd_name:
                loaded: click.Command = point.load()
                return loaded
        return None

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SanctiongraphError as error:
            raise click.ClickException(str(error)) from error


def _plugins() -> Any:
    return entry_points(group="sanctiongraph.commands")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sanctiongraph")
def main() -> None:
    """Who is exposed to which measure, on whose word, as of when."""


main.add_command(assess_command)
main.add_command(backup_command)
main.add_command(build_command)
main.add_command(changes_command)
main.add_command(check_command)
main.add_command(compare_command)
main.add_command(explain_command)
main.add_command(import_group)
main.add_command(link_group)
main.add_command(options_command)
main.add_command(query_command)
main.add_command(release_command)
main.add_command(restore_command)
main.add_command(rules_command)
main.add_command(show_command)
main.add_command(source_group)
main.add_command(timeline_command)
main.add_command(token_command)
