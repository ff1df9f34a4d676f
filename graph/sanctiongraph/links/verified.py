"""Tables of items that somebody has looked up: those that a link may lead to."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from sanctiongraph.errors import BadInput
from sanctiongraph.vocabulary import PREFIXES

_ITEM: Final = "qid"
_STATUS: Final = "status"
_VERIFIED: Final = "verified"


def verified_items(path: Path) -> frozenset[str]:
    """The IRIs of the items that a table with the columns ``qid`` and ``status`` has as verified.

    Raises ``BadInput`` for what is no such table.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t", strict=True)
            if not {_ITEM, _STATUS} <= set(rows.fieldnames or ()):
                raise BadInput(
                    f"{path} is no table of items: its first line names the columns, with tabs"
                    f" between, and {_ITEM} and {_STATUS} are among them"
                )
            found = [row[_ITEM] for row in rows if row[_STATUS] == _VERIFIED]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path} cannot be read as a table of items: {error}") from error
    return frozenset(PREFIXES["wd"] + item for item in found)
