"""Every setting is in the table of docs/settings.md."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from sanctiongraph.settings import Settings

DOCS = Path(__file__).parents[2] / "docs" / "settings.md"


def test_each_setting_is_in_the_table() -> None:
    rows = re.findall(r"^\| `SANCTIONGRAPH_([A-Z_]+)` \|", DOCS.read_text("utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(field.name.upper() for field in dataclasses.fields(Settings))
