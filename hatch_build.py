"""Ships ontology, queries and graph data inside the wheel, under ``sanctiongraph/data/``."""

from __future__ import annotations

from pathlib import Path
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


class DataHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the data folders to a standard wheel; an editable one reads them in place."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before a build; ``version`` is ``editable`` or ``standard``."""
        if version == "editable":
            return
        root = Path(self.root)
        for folder in DATA_FOLDERS:
            if (root / folder).is_dir():
                build_data["force_include"][str(root / folder)] = f"sanctiongraph/data/{folder}"
