"""The competency questions as data, and how an answer is held against what is expected of it.

Each file below ``competency/`` is one group, a list of cases: ``question``, ``query``,
``parameters``, and of what is expected one or more of

``exact``      the rows, no more and no less, by the columns that the expected rows name
``contains``   each of these is in a row
``absent``     none of these is in any row
``count``      how many rows there are

Cases with a ``number`` and an ``answer`` are the ones that ``docs/competency.md`` lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sanctiongraph.results import Table

FOLDER = Path(__file__).parent / "competency"
Row = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One question with its query and what is expected of the answer."""

    group: str
    question: str
    query: str
    parameters: dict[str, str]
    expected: dict[str, Any]
    number: int | None = None
    answer: str | None = None

    def __str__(self) -> str:
        given = "-".join(self.parameters.values())
        return f"{self.group}-{self.query}-{given}" if given else f"{self.group}-{self.query}"


def all_cases() -> list[Case]:
    """The cases of all files, in their order."""
    return [
        _case(path.stem, entry)
        for path in sorted(FOLDER.glob("*.yaml"))
        for entry in yaml.safe_load(path.read_text("utf-8"))
    ]


def _case(group: str, entry: dict[str, Any]) -> Case:
    expected: dict[str, Any] = {
        key: entry.pop(key) for key in ("exact", "contains", "absent", "count") if key in entry
    }
    parameters = {name: str(value) for name, value in entry.pop("parameters", {}).items()}
    return Case(group=group, expected=expected, parameters=parameters, **entry)


def differences(table: Table, expected: dict[str, Any]) -> list[str]:
    """What in the answer is not as expected, a line each."""
    rows = list(table)
    found: list[str] = []
    if "count" in expected and len(rows) != expected["count"]:
        found.append(f"{len(rows)} rows, expected {expected['count']}")
    if "exact" in expected:
        found += _exact(rows, expected["exact"])
    for wanted in expected.get("contains", []):
        if not any(_matches(row, wanted) for row in rows):
            found.append(f"no row has {wanted}")
    for unwanted in expected.get("absent", []):
        found += [f"a row has {unwanted}: {row}" for row in rows if _matches(row, unwanted)]
    return found


def _exact(rows: list[Row], expected: list[Row]) -> list[str]:
    rest = list(rows)
    found: list[str] = []
    for wanted in expected:
        row = next((row for row in rest if _matches(row, wanted)), None)
        if row is None:
            found.append(f"no row (or not enough) has {wanted}")
        else:
            rest.remove(row)
    return found + [f"not expected: {row}" for row in rest]


def _matches(row: Row, wanted: Row) -> bool:
    return all(column in row and row[column] == value for column, value in wanted.items())
