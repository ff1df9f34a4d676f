"""``sanctiongraph token``: who may write."""

from __future__ import annotations

from pathlib import Path

import click

from sanctiongraph import tokens
from sanctiongraph.cli.options import HOME
from sanctiongraph.settings import from_environment
from sanctiongraph.tokens import Scope


@click.group("token")
def token_command() -> None:
    """Create, list and revoke the tokens that let clients write.

    A change counts at once, for a running gateway as well.
    """


@token_command.command("create")
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in Scope]),
    required=True,
    help="What it lets do; each scope includes the ones before it.",
)
@click.option("--name", help="A name to revoke it by; without one it gets a number.")
@click.option("--quiet", is_flag=True, help="Print the token and nothing else.")
@HOME
def create_command(scope: str, name: str | None, quiet: bool, home: Path | None) -> None:
    """Create a token and print it, this once: only its hash is kept."""
    token, secret = tokens.create(home or from_environment().home, Scope(scope), name)
    if quiet:
        click.echo(secret)
        return
    click.echo(f"token {token.name}, scope {token.scope.value}; it is not shown again:\n{secret}")
    click.echo(f"send it as the header  Authorization: Bearer {secret}")


@token_command.command("list")
@HOME
def list_command(home: Path | None) -> None:
    """List the tokens: name, scope, when they were created."""
    for token in tokens.tokens(home or from_environment().home):
        click.echo(f"{token.name}\t{token.scope.value}\t{token.created}")


@token_command.command("revoke")
@click.argument("name")
@HOME
def revoke_command(name: str, home: Path | None) -> None:
    """Make the token NAME worthless."""
    tokens.revoke(home or from_environment().home, name)
    click.echo(f"revoked {name}")
