"""Triples as tables of numbers in DuckDB: one a kind of triple, and a dictionary of the terms.

The number of a literal is below zero, that of an IRI or blank node above.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import duckdb
from pyoxigraph import Literal, NamedNode

from sanctiongraph.bulk.kinds import Kind
from sanctiongraph.vocabulary import PREFIXES

_XSD: Final = PREFIXES["xsd"]
_INTEGERS: Final = ("integer|long|int|short|byte|nonNegativeInteger|positiveInteger|negativeInteger|"
                    "nonPositiveInteger|unsignedLong|unsignedInt|unsignedShort|unsignedByte")  # fmt: skip
#: What is compared as a value: days of the calendar without a time zone, and exact numbers that
#: fit. Texts compare with neither. Anything else stays out of joins.
_DAY: Final = rf'"\d{{4}}-\d\d-\d\d"\^\^<{_XSD}date>'
_NUMBER: Final = (
    rf'"[+-]?\d{{1,18}}"\^\^<{_XSD}(?:{_INTEGERS})>'
    rf'|"[+-]?\d{{1,18}}(?:\.\d{{1,18}})?"\^\^<{_XSD}decimal>'
)
_TEXT: Final = r'"[^"\\]*"(?:@.*)?'


class Tables:
    """The tables of some kinds of triple. Close them to free what they hold."""

    def __init__(
        self,
        kinds: Iterable[Kind],
        constants: Iterable[NamedNode | Literal],
        memory_mb: int,
        spill: Path,
    ) -> None:
        """For kinds of triple that will be read, and terms that will be asked about.

        At most ``memory_mb`` are used for tables and joins; what does not fit goes to ``spill``.
        """
        self.connection = duckdb.connect(
            config={"memory_limit": f"{memory_mb}MiB", "temp_directory": str(spill),
                    "preserve_insertion_order": False}
        )  # fmt: skip
        self._names = {kind: f"k{number}" for number, kind in enumerate(sorted(kinds))}
        #: The kinds that have triples.
        self.filled: set[Kind] = set()
        self._ids = {
            text: -number if text.startswith('"') else number
            for number, text in enumerate(sorted(map(str, constants)), 1)
        }
        keys = [
            f"a <{kind.of_class}>" if kind.of_class else f"<{kind.property}>"
            for kind in self._names
        ]
        tables = [
            f"CREATE TABLE {name} (s INTEGER,{'' if kind.of_class else ' o INTEGER,'} round SMALLINT)"
            for kind, name in self._names.items()
        ]
        self.run("; ".join(tables))
        self._rows("kinds (key VARCHAR, kind SMALLINT)", zip(keys, range(len(keys)), strict=True))
        self._rows("terms (term VARCHAR, id INTEGER)", self._ids.items())
        self._contents: dict[Kind, frozenset[str]] = {}

    def _rows(self, table: str, rows: Iterable[tuple[str, int]]) -> None:
        self.run(f"CREATE TABLE {table}")
        listed = ", ".join(f"({quoted(text)}, {number})" for text, number in rows)
        if listed:
            self.run(f"INSERT INTO {table.split()[0]} VALUES {listed}")

    def __enter__(self) -> Tables:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def run(self, sql: str) -> list[Any]:
        """The rows that a statement gives."""
        return self.connection.execute(sql).fetchall()

    def kinds(self) -> list[Kind]:
        """The kinds that there are tables for, in the order of their numbers in ``kinds``."""
        return list(self._names)

    def name(self, kind: Kind) -> str:
        """The table of a kind: columns ``s``, ``o`` (none for a class) and ``round``."""
        return self._names[kind]

    def id(self, term: NamedNode | Literal) -> int:
        """The number of a term, which gets one where it has none yet."""
        text = str(term)
        if text not in self._ids:
            found = self.run(f"SELECT id FROM terms WHERE term = {quoted(text)}")
            self._ids[text] = found[0][0] if found else self._new(text)
        return self._ids[text]

    def _new(self, text: str) -> int:
        (number,) = self.run("SELECT coalesce(max(abs(id)), 0) + 1 FROM terms")[0]
        number = -number if text.startswith('"') else number
        self.run(f"INSERT INTO terms VALUES ({quoted(text)}, {number})")
        return int(number)

    def value_literals(self) -> None:
        """Makes the table ``literals``: what each literal is as a value.

        ``sort`` is ``day``, ``number``, ``text`` or ``other``.
        """
        text = 'regexp_extract(term, \'^"([^"]*)"\', 1)'
        self.run(
            f"""CREATE OR REPLACE TABLE literals AS
            SELECT id, day, number, CASE WHEN day IS NOT NULL THEN 'day'
                WHEN number IS NOT NULL THEN 'number'
                WHEN regexp_full_match(term, {quoted(_TEXT)}) THEN 'text' ELSE 'other' END AS sort
            FROM (SELECT id, term,
                CASE WHEN regexp_full_match(term, {quoted(_DAY)})
                    THEN TRY_CAST({text} AS DATE) END AS day,
                CASE WHEN regexp_full_match(term, {quoted(_NUMBER)})
                    THEN TRY_CAST({text} AS DECIMAL(38, 18)) END AS number
            FROM terms WHERE id < 0)"""
        )
        self._contents.clear()

    def contents(self, kind: Kind) -> frozenset[str]:
        """The sorts of object that a property has: those of ``literals``, and ``node``."""
        if kind not in self._contents:
            rows = self.run(
                f"SELECT DISTINCT coalesce(sort, 'node') FROM (SELECT DISTINCT o FROM "
                f"{self.name(kind)}) AS t LEFT JOIN literals ON literals.id = t.o"
            )
            self._contents[kind] = frozenset(row[0] for row in rows)
        return self._contents[kind]

    def batches(self, sql: str, size: int = 10_000) -> Iterator[list[Any]]:
        """The rows that a query gives, in lists of at most ``size``."""
        found = self.connection.cursor().execute(sql)
        while rows := found.fetchmany(size):
            yield rows


def quoted(text: str | Path) -> str:
    """A text as a literal of SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def column(name: str) -> str:
    """The column for a variable."""
    return f'"{name}"'
