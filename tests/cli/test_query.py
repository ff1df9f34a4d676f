"""``sanctiongraph query``: the library, SPARQL, forms of answers, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from sanctiongraph import Graph

from .conftest import Run

SCRIPT = Path(sys.executable).parent / "sanctiongraph"
STATES = "SELECT ?code { id:Turkey schema:isoCode ?code }"


def test_the_list_names_every_query(run: Run, home: Path) -> None:
    done = run("query")
    assert done.exit_code == 0
    for query in Graph.open(home).library:
        assert query.name in done.stdout
        assert query.question in done.stdout
        for parameter in query.parameters:
            assert f"--{parameter.name}" in done.stdout


def test_an_answer_in_each_form(run: Run, home: Path) -> None:
    table = Graph.open(home).run("measures-in-force", date="2021-06-01")
    arguments = ("query", "measures-in-force", "--date", "2021-06-01")
    assert run(*arguments, "--format", "csv").stdout == table.to_csv()
    assert run(*arguments, "--format", "json").stdout == table.to_json() + "\n"
    shown = run(*arguments).stdout
    assert shown.splitlines()[-1] == f"{len(table)} rows"
    for row in table.values():
        for cell in row:
            assert cell is None or str(cell) in shown  # no cell is folded or cut


def test_the_default_of_a_parameter_and_both_ways_to_give_one(run: Run) -> None:
    name = "measures-in-force"
    assert run("query", name).exit_code == 0
    spaced = run("query", name, "--date", "2020-01-01", "--format", "csv")
    equals = run("query", name, "--format", "csv", "--date=2020-01-01")
    assert spaced.exit_code == 0
    assert spaced.stdout == equals.stdout


def test_parameters_are_described(run: Run) -> None:
    done = run("query", "measures-in-force", "--parameters")
    assert done.exit_code == 0
    assert "Which measures were in force" in done.stdout
    assert "--date DATE  the day asked about (default 2025-12-06)" in done.stdout
    assert "--parameters" in run("query", "--help").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nothing",), "no query is named 'nothing'; there are: "),
        (("measures-in-force", "--date", "soon"), "date is 'soon': write a calendar day such as"),
        (("measures-in-force", "--date"), "--date has no value"),
        (("measures-in-force", "--day", "2021-01-01"), "has no parameter 'day'; it has: date"),
        (("measures-in-force", "--date=2020-01-01", "--date=2021-01-01"), "--date is given twice"),
        (("measures-in-force", "2020-01-01"), "'2020-01-01' is no parameter: write --name value"),
        (("--sparql", "SELECT"), "the query does not parse"),
        (("--sparql", "DROP ALL"), "the query does not parse"),
        (("--sparql", "CONSTRUCT WHERE { ?s ?p ?o }"), "give triples"),
        (("--sparql", "SELECT * { SERVICE <http://127.0.0.1:9/> {} }"), "could not be answered"),
    ],
)
def test_what_cannot_be_answered(run: Run, arguments: tuple[str, ...], message: str) -> None:
    done = run("query", *arguments)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Error: ")
    assert message in done.stderr


@pytest.mark.parametrize(
    "arguments", [("sources", "--sparql", STATES), ("sources", "--format", "xml")]
)
def test_what_cannot_be_meant(run: Run, arguments: tuple[str, ...]) -> None:
    done = run("query", *arguments)
    assert done.exit_code == 2
    assert done.stderr.startswith("Usage: ")


def test_sparql_of_your_own(run: Run) -> None:
    given = run("query", "--sparql", STATES, "--format", "csv")
    read = run("query", "--sparql", "-", "--format", "csv", stdin=STATES)
    assert given.stdout == read.stdout == "code\nTR\n"
    asked = run("query", "--sparql", "ASK { id:Turkey a sg:State }", "--format", "json")
    assert json.loads(asked.stdout) == [{"answer": True}]


def test_cells_are_text_and_no_markup(run: Run) -> None:
    text = r"[bold]x[/] :cat: [/] \[ \ [red"
    quoted = text.replace("\\", "\\\\")
    sparql = f"SELECT ('{quoted}' AS ?text) ('y' AS ?end) (true AS ?flag) {{}}"
    shown = run("query", "--sparql", sparql).stdout
    assert text in shown
    assert "true" in shown
    read = list(csv.reader(io.StringIO(run("query", "--sparql", sparql, "--format", "csv").stdout)))
    assert read == [["text", "end", "flag"], [text, "y", "true"]]


def test_nothing_built(run: Run, tmp_path: Path) -> None:
    done = run("query", "--home", str(tmp_path))
    assert done.exit_code == 1
    assert done.stderr == f"Error: no graph is published in {tmp_path}: run sanctiongraph build\n"


def test_the_installed_script(home: Path) -> None:
    command = [SCRIPT, "query", "--home", home, "--sparql", "-", "--format", "csv"]
    done = subprocess.run(command, input=STATES, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("code\nTR\n", "")
    failed = subprocess.run([*command[:-3], "SELECT"], capture_output=True, text=True, check=False)
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert "Traceback" not in failed.stderr
