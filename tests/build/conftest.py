"""The smallest data folder that has what a build derives: ``data/`` under the project's vocabulary.

One source with a fact, reported speech and a forecast; one reference claim; dates with two, one
and no bounds. Tests of a whole that only many claims show take the real data or made-up data
(``benchmarks/synthetic.py``).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sanctiongraph.data import DataFolders, data_folders

HERE = Path(__file__).parent
BUILD = """
import sys
from pathlib import Path
from sanctiongraph.build import build
from sanctiongraph.data import data_folders
def progress(step): print(step, flush=True)
published = build(data_folders(Path(sys.argv[1])), Path(sys.argv[2]), force=True, progress=progress)
print(published.version.sha256)
"""


@pytest.fixture
def data(tmp_path: Path) -> DataFolders:
    """A copy of the small data folder, to be changed at will."""
    root = tmp_path / "data"
    shutil.copytree(HERE / "data", root)
    (root / "ontology").mkdir()
    shutil.copy(data_folders().ontology / "sanctiongraph.ttl", root / "ontology")
    return data_folders(root)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def start_build(data: DataFolders, home: Path, **environment: str) -> subprocess.Popen[str]:
    """A forced build in a process of its own, which prints each step and at last the hash."""
    return subprocess.Popen(
        [sys.executable, "-c", BUILD, str(data.root), str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment or None,
    )


def rewrite(path: Path, old: str, new: str) -> None:
    """Changes a data file; ``old`` must be in it."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
