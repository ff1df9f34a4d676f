"""The smallest data folder that is well-formed, and copies of it with something laid over.

``valid/`` has one source of our own making with its text, one reference document, and one law. The
vocabulary and the shapes are the project's.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sanctiongraph.data import DataFolders, data_folders

HERE = Path(__file__).parent
VALID = HERE / "valid"
INVALID = HERE / "invalid"

MakeData = Callable[..., DataFolders]


@pytest.fixture
def make_data(tmp_path: Path) -> MakeData:
    """Makes a data folder of ``valid/``, with the files of another folder laid over.

    Without ``terms`` the shape of the ontology's terms is not asked: on so little data it takes longer
    than all others together, and no folder lays another ontology over.
    """

    def make(overlay: Path | None = None, *, terms: bool = True) -> DataFolders:
        shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
        for name in ("sanctiongraph.ttl", "shapes.ttl"):
            shutil.copy(data_folders().ontology / name, tmp_path / "ontology" / name)
        if not terms:
            with (tmp_path / "ontology" / "shapes.ttl").open("a", encoding="utf-8") as shapes:
                shapes.write("\nshape:Term sh:deactivated true .\n")
        if overlay:
            shutil.copytree(overlay, tmp_path, dirs_exist_ok=True)
        return data_folders(tmp_path)

    return make
