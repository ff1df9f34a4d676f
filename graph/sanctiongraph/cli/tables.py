"""Tables on the terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table


def columns(*headings: str) -> Table:
    """A table of text under these headings."""
    table = Table(box=box.SIMPLE)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def print_table(table: Table) -> None:
    """Prints a table as wide as the terminal is, or wide where there is none."""
    console = Console()
    (console if console.is_terminal else Console(width=200)).print(table)
