"""The wheel: the library, the gateway and the data, and nothing else; it works by itself."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sanctiongraph.data import data_folders

ROOT = Path(__file__).parents[1]
DATA = "sanctiongraph/data/"
#: What a build and a first answer need, run from an unpacked wheel and not from the project.
USE = """
import sys
from pathlib import Path
import sanctiongraph
from sanctiongraph import Graph
from sanctiongraph.build import build
from sanctiongraph.data import data_folders
assert Path(sanctiongraph.__file__).parents[1] == Path(sys.argv[1]), sanctiongraph.__file__
assert data_folders().root == Path(sys.argv[1]) / "sanctiongraph" / "data"
build(data_folders(), Path(sys.argv[2]))
graph = Graph.open(sys.argv[2])
assert len(graph.library) > 0
print(graph.version.sha256)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


def relative(folder: Path, *patterns: str) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for one in patterns for path in folder.rglob(one)}


def test_what_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    files = {name.removeprefix(DATA) for name in names if name.startswith(DATA)}
    assert files == (
        relative(ROOT / "ontology", "*.ttl")
        | relative(ROOT / "graph", "*.ttl", "*.trig", "*.tsv", "*.yaml")
        | relative(ROOT / "queries", "*.rq", "*.yaml")
    )
    packages = {name for name in names if not name.startswith(DATA) and ".dist-info/" not in name}
    assert {name.split("/")[0] for name in packages} == {"sanctiongraph", "sanctiongraph_server"}
    assert {"sanctiongraph/py.typed", "sanctiongraph_server/py.typed"} <= packages
    parts = {part for name in packages for part in name.split("/")}
    assert not any(part == "__pycache__" or part.startswith("test") for part in parts)
    # The browser libraries, where the registry could be reached when the wheel was made.
    vendor = "sanctiongraph_server/pages/static/vendor/"
    here = {path.name for path in (ROOT / "server" / vendor).glob("*")}
    assert {name.removeprefix(vendor) for name in packages if name.startswith(vendor)} == here


def test_its_metadata(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    found = {Path(name).name: name for name in archive.namelist() if ".dist-info/" in name}
    assert {"LICENSE", "LICENSE-DATA"} <= found.keys()
    points = archive.read(found["entry_points.txt"]).decode()
    assert "sanctiongraph = sanctiongraph.cli:main" in points
    assert "serve = sanctiongraph_server.command:serve" in points


def test_it_works_without_the_project(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    done = subprocess.run(
        [sys.executable, "-c", USE, str(site), str(tmp_path / "home")],
        env={**os.environ, "PYTHONPATH": str(site)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.strip()) == 64
    assert data_folders().root == ROOT
