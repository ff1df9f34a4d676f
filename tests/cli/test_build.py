"""``sanctiongraph build``: what it says, and how it ends."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sanctiongraph.data import data_folders
from sanctiongraph.published import building, current

from .conftest import Run

SCRIPT = Path(sys.executable).parent / "sanctiongraph"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The vocabulary alone: the fastest build there is."""
    root = tmp_path / "data"
    (root / "ontology").mkdir(parents=True)
    shutil.copy(data_folders().ontology / "sanctiongraph.ttl", root / "ontology")
    return root


def test_what_a_build_says(run: Run, data: Path, tmp_path: Path) -> None:
    arguments = ("build", "--home", str(tmp_path / "home"), "--data", str(data))
    done = run(*arguments)
    assert done.exit_code == 0
    version = current(tmp_path / "home").version
    assert re.fullmatch(
        rf"version {version.name}: {version.triples:,} triples in \d+ named graphs and the accepted"
        rf" graph, 0 claims, {version.entailed:,} entailed\n"
        r"all anew: nothing is published\n"
        rf"canonical N-Quads SHA-256 {version.sha256}\n"
        r"built in [\d.]+ s \(derived [\d.]+ s, loaded [\d.]+ s: [\d,]+ triples/s\)\n",
        done.stdout,
    )
    again = run(*arguments)
    assert again.stdout == f"up to date: version {version.name}, {version.triples:,} triples\n"
    assert run(*arguments, "--force").stdout.startswith(f"version {version.name}: ")


def test_an_error_in_the_data(run: Run, data: Path, tmp_path: Path) -> None:
    file = data / "graph" / "reference" / "states.ttl"
    file.parent.mkdir(parents=True)
    file.write_text("<http://example.org/a> a .\n", "utf-8")
    done = run("build", "--home", str(tmp_path / "home"), "--data", str(data))
    assert done.exit_code == 1
    assert done.stdout == ""
    assert re.match(rf"Error: {re.escape(str(file))}: line 1: ", done.stderr)


def test_no_data_there(run: Run, tmp_path: Path) -> None:
    done = run("build", "--data", str(tmp_path))
    assert done.exit_code == 1
    assert f"no ontology/sanctiongraph.ttl in {tmp_path}: set SANCTIONGRAPH_DATA" in done.stderr
    assert run("build", "--data", str(tmp_path / "absent")).exit_code == 2


def test_another_build_is_at_work(run: Run, data: Path, tmp_path: Path) -> None:
    with building(tmp_path / "home"):
        done = run("build", "--home", str(tmp_path / "home"), "--data", str(data))
    assert done.exit_code == 1
    assert "another build is at work" in done.stderr


def test_interrupted(tmp_path: Path) -> None:
    home = tmp_path / "home"
    process = subprocess.Popen(
        [SCRIPT, "build", "--home", home],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (home / "unfinished").is_dir():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert (out, err.strip()) == ("", "Aborted!")
    assert {path.name for path in home.iterdir()} == {"lock"}
