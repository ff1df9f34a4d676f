"""Answers as tables: columns, rows of RDF terms, and the same rows as plain Python values."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Triple

from sanctiongraph.vocabulary import PREFIXES, shorten

if TYPE_CHECKING:
    import pandas

RdfTerm = NamedNode | BlankNode | Literal | Triple
Value = str | int | float | bool | Decimal | dt.date | dt.datetime | None

_XSD: Final = PREFIXES["xsd"]
_WHOLE: Final = {_XSD + name for name in ("integer", "int", "long", "short", "nonNegativeInteger")}
_FLOATING: Final = {_XSD + "double", _XSD + "float"}


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a SELECT: column names without ``?``, and rows of terms (``None``: unbound)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[RdfTerm | None, ...], ...]

    @classmethod
    def of(cls, solutions: QuerySolutions) -> Table:
        """All rows of a query's answer."""
        columns = tuple(variable.value for variable in solutions.variables)
        rows = tuple(tuple(solution[name] for name in columns) for solution in solutions)
        return cls(columns, rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        """Each row as a dictionary of plain values; IRIs in their short form."""
        for row in self.values():
            yield dict(zip(self.columns, row, strict=True))

    def values(self) -> list[tuple[Value, ...]]:
        """The rows as plain values; IRIs in their short form (``id:Turkey``)."""
        return [tuple(plain(cell) for cell in row) for row in self.rows]

    def to_pandas(self) -> pandas.DataFrame:
        """The table as a data frame; needs ``pandas``.

        Raises ``MissingExtra`` where pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            from sanctiongraph.errors import MissingExtra

            raise MissingExtra("data frames need pandas: install sanctiongraph[pandas]") from error
        return pd.DataFrame(self.values(), columns=list(self.columns))

    def to_csv(self) -> str:
        """Comma-separated values with a header line; IRIs in their short form."""
        rows = [list(self.columns), *([written(cell) for cell in row] for row in self.values())]
        return "".join(_csv_line(row) for row in rows)

    def to_json(self) -> str:
        """A JSON array with one object a row; unbound cells are ``null``."""
        rows = [{name: _without_infinity(value) for name, value in row.items()} for row in self]
        return json.dumps(rows, ensure_ascii=False, indent=1, default=str, allow_nan=False)


def written(value: Value) -> str:
    """A plain value as text: nothing for unbound, truth values as SPARQL writes them."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _csv_line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)  # ends the line with CR LF, so it quotes a cell with either
    return text.getvalue().removesuffix("\r\n") + "\n"


def _without_infinity(value: Value) -> Value:
    """The value, or its text where it is a number that JSON has no form for."""
    finite = not isinstance(value, float) or math.isfinite(value)
    return value if finite else str(value)


def plain(term: RdfTerm | None) -> Value:
    """A term as a Python value: numbers, dates and truth values by datatype, IRIs shortened.

    A literal whose text does not fit its datatype stays text.
    """
    if term is None:
        return None
    if isinstance(term, NamedNode):
        return shorten(term.value)
    if not isinstance(term, Literal):
        return str(term)
    return _literal(term.value, term.datatype.value)


def _literal(text: str, datatype: str) -> Value:
    try:
        if datatype in _WHOLE:
            return int(text)
        if datatype == _XSD + "decimal":
            return Decimal(text)
        if datatype in _FLOATING:
            return float(text)
        if datatype == _XSD + "boolean":
            return text in {"true", "1"}
        if datatype == _XSD + "date":
            return dt.date.fromisoformat(text)
        if datatype == _XSD + "dateTime":
            return dt.datetime.fromisoformat(text)
    except (ValueError, InvalidOperation):
        return text
    return text
