"""``sanctiongraph assess`` without a party: all cases of rules, counted or written out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

import click

from sanctiongraph.assessment import weightier
from sanctiongraph.bulk.assess import Mass, assess_all
from sanctiongraph.bulk.facts import Facts, of_files, of_perspective, of_published
from sanctiongraph.bulk.written import csv_lines, heading, json_lines
from sanctiongraph.cli.case import supposed_as
from sanctiongraph.cli.tables import columns, print_table
from sanctiongraph.data import data_folders
from sanctiongraph.errors import BadParameter
from sanctiongraph.given import day
from sanctiongraph.perspective import open_perspective
from sanctiongraph.published import current
from sanctiongraph.settings import from_environment
from sanctiongraph.snapshots import hold_newest
from sanctiongraph.viewpoints import SOURCES

ALL_ARE_HERE: Final = "all cases are those of a graph here or of files: give --party"


def for_all_cases(
    home: Path | None,
    files: tuple[Path, ...],
    rules: tuple[str, ...],
    *,
    as_of: str | None,
    viewpoint: str,
    scenario: str | None,
    as_json: bool,
    as_csv: bool,
    output: Path | None,
    memory: int,
    **_: object,
) -> None:
    """Counts all cases by outcome and level, or writes each on a line.

    Raises ``BadParameter`` for options that do not go together, ``NotFound`` for a rule, viewpoint
    or scenario that there is not, ``BadData`` for files that do not parse.
    """
    if as_json and as_csv:
        raise BadParameter("give --json or --csv, not both")
    if output and not (as_json or as_csv):
        raise BadParameter("--output needs --json or --csv: only the cases go to a file")
    if files and (viewpoint != SOURCES or scenario):
        raise BadParameter("files hold facts: --viewpoint and --scenario are for the graph")
    asked = day("the day asked about", as_of)
    with _facts(home, files, viewpoint, scenario) as facts:
        chosen = [facts.law.rule(name) for name in dict.fromkeys(rules)]
        with assess_all(facts, chosen, asked, memory) as mass:
            if mass.because:
                click.echo(f"by SPARQL, which takes longer: {mass.because}", err=True)
            if as_json or as_csv:
                _write(facts, mass, output, as_csv=as_csv)
            else:
                _count(mass)


@contextmanager
def _facts(
    home: Path | None, files: tuple[Path, ...], viewpoint: str, scenario: str | None
) -> Iterator[Facts]:
    settings = from_environment()
    if files:
        yield of_files(files, data_folders(settings.data))
        return
    if settings.store and home is None:
        raise BadParameter(ALL_ARE_HERE)
    folder = home or settings.home
    held = hold_newest(folder)
    try:
        published = current(folder)
        if scenario is None and held.snapshot.folder == published.folder:
            yield of_published(published, viewpoint)  # as triples it is on disk already
            return
        store = held.snapshot.open()
        supposed = supposed_as(scenario, store)
        with of_perspective(open_perspective(store, viewpoint, supposed)) as found:
            yield found
    finally:
        held.release()


def _write(facts: Facts, mass: Mass, output: Path | None, *, as_csv: bool) -> None:
    with _opened(output) as file:
        if as_csv:
            file.write(heading())
        for one in mass.rules:
            lines = csv_lines(facts.law, one) if as_csv else json_lines(facts.law, one)
            file.writelines(lines)


@contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
        return
    try:
        with output.open("w", encoding="utf-8") as file:
            yield file
    except OSError as error:
        raise BadParameter(f"{output} cannot be written: {error.strerror}") from error


def _count(mass: Mass) -> None:
    table = columns("rule", "as of", "viewpoint", "outcome", "level", "cases")
    for one in mass.rules:
        name, as_of = one.rule.name, one.as_of.isoformat()
        counts = sorted(one.summary().items(), key=lambda item: weightier(item[0][1], item[0][0]))
        for (outcome, level), count in counts:
            table.add_row(name, as_of, one.viewpoint, outcome.value, level.value, f"{count:,}")
        if not counts:
            table.add_row(name, as_of, one.viewpoint, "no case", "", "0")
    print_table(table)
