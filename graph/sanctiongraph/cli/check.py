"""``sanctiongraph check``: what is wrong with the data files, and what to do about it."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from pathlib import Path

import click

from sanctiongraph.check import Report, Severity, check
from sanctiongraph.check.findings import Finding
from sanctiongraph.cli.options import DATA, SOURCE_TEXT
from sanctiongraph.data import data_folders
from sanctiongraph.settings import from_environment


@click.command("check")
@DATA
@SOURCE_TEXT
@click.option("--no-reasoner", is_flag=True, help="Leave out HermiT, which takes some seconds.")
@click.pass_context
def check_command(
    context: click.Context, data: Path | None, source_text: Path | None, no_reasoner: bool
) -> None:
    """Check the data files: shapes, places against the texts, dates, names, consistency.

    Ends with 1 where something has to be cured.
    """
    settings = from_environment()
    report = check(
        data_folders(data or settings.data),
        source_text or settings.source_text,
        reasoner=not no_reasoner,
    )
    click.echo(text_of(report))
    context.exit(1 if report.failures else 0)


def text_of(report: Report) -> str:
    """The findings grouped by file, and a line that sums them up."""
    blocks = [
        "\n".join(_line(finding) for finding in group)
        for _, group in groupby(report.findings, key=lambda finding: finding.file)
    ]
    return "\n\n".join([*blocks, _summary(report)])


def _line(finding: Finding) -> str:
    if finding.severity is Severity.NOTE:
        finding = replace(finding, message=f"note: {finding.message}")
    return str(finding)


def _summary(report: Report) -> str:
    looked = (
        f"{report.files} files, {report.sources} sources, {report.claims} claims, "
        f"{report.triples} triples"
    )
    times = ", ".join(f"{step} {taken:.1f} s" for step, taken in report.seconds.items())
    count = len(report.failures)
    found = "nothing to cure" if not count else f"{count} finding{'s' if count > 1 else ''}"
    notes = (
        f", {len(report.notes)} note{'s' if len(report.notes) > 1 else ''}" if report.notes else ""
    )
    return f"{found}{notes} in {looked} ({times})"
