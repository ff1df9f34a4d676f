"""A small invented graph, and commands on it: the data of the check's tests, to which a text is added."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sanctiongraph.cli import main
from sanctiongraph.data import DataFolders, data_folders
from sanctiongraph.drafting.knowledge import Knowledge, knowledge

TEXTS = Path(__file__).parent / "texts"
UNSEEN = TEXTS / "falcon-upgrade.txt"
INVENTED = Path(__file__).parents[1] / "check" / "valid"
#: Source texts of the real graph, which the project does not hold.
SHARED = Path(__file__).parents[3] / "shared" / "sources"

Run = Callable[..., Result]


@pytest.fixture
def invented(tmp_path: Path) -> DataFolders:
    """A copy of the invented graph that a test may write to."""
    root = tmp_path / "data"
    shutil.copytree(INVENTED, root)
    for name in ("sanctiongraph.ttl", "shapes.ttl"):
        shutil.copy(data_folders().ontology / name, root / "ontology" / name)
    shutil.copytree(data_folders().queries, root / "queries")
    return data_folders(root)


@pytest.fixture
def run(invented: DataFolders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs ``sanctiongraph`` on the invented graph; nothing that a user would not see is raised."""
    monkeypatch.setenv("SANCTIONGRAPH_DATA", str(invented.root))
    monkeypatch.setenv("SANCTIONGRAPH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SANCTIONGRAPH_SOURCE_TEXT", str(TEXTS))

    def invoke(*arguments: str) -> Result:
        result = CliRunner().invoke(main, list(arguments))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result

    return invoke


@pytest.fixture(scope="session")
def real() -> Knowledge:
    """What the real graph knows."""
    return knowledge(data_folders())
