"""Fetches the browser libraries, and ships ontology, queries and graph data inside the wheel.

The data goes under ``sanctiongraph/data/``, the libraries where the pages of a working tree have them.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DATA_FOLDERS = (
    "ontology",
    "queries",
    "graph/sources",
    "graph/reference",
    "graph/links",
    "graph/registers",
    "graph/viewpoints",
    "graph/scenarios",
)


LIBRARIES = "server/frontend/libraries.py"


class DataHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds data and libraries to a standard wheel; an editable one reads them in place."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before a build; ``version`` is ``editable`` or ``standard``."""
        root = Path(self.root)
        libraries = _module(root / LIBRARIES)
        installed = libraries.install(say=self.app.display_info)
        if version == "editable":
            return
        if installed:  # git ignores the folder, and so would the wheel
            folder = libraries.INTO.relative_to(root / "server")
            build_data["force_include"][str(libraries.INTO)] = folder.as_posix()
        for folder in DATA_FOLDERS:
            if (root / folder).is_dir():
                build_data["force_include"][str(root / folder)] = f"sanctiongraph/data/{folder}"


def _module(path: Path) -> ModuleType:
    """The module of a file that is in no package."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
