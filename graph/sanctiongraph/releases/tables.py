"""A dataset as Parquet: a row a quad, its terms as values, for whoever has no triple store.

DuckDB writes it, in the order of the canonical N-Quads and on one thread, so that the same dataset
gives the same bytes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from sanctiongraph.errors import MissingExtra
from sanctiongraph.releases.differences import lines_of, quads_of

#: The columns. ``graph`` is empty for the accepted graph; ``datatype`` and ``language`` for all but
#: literals.
COLUMNS: Final = ("graph", "subject", "predicate", "object", "kind", "datatype", "language")
_BATCH: Final = 50_000
_ROWS: Final = 122_880  # rows of a group; DuckDB's own, written down since the bytes hang on it


def write_parquet(nquads: Path, target: Path) -> int:
    """Writes the quads of a file; returns their number. Raises ``MissingExtra`` without DuckDB."""
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtra("Parquet needs DuckDB: install sanctiongraph[bulk]") from error
    number = 0
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=target.parent) as between:
        lines = lines_of(nquads)
        while batch := list(islice(lines, _BATCH)):
            for cells in _rows(quads_of(batch)):
                between.write(",".join(map(_cell, cells)) + "\n")
                number += 1
        between.flush()
        with duckdb.connect(":memory:", config={"threads": 1}) as db:
            columns = ", ".join(f"'{name}': 'VARCHAR'" for name in COLUMNS)
            db.execute(
                f"""COPY (SELECT * FROM read_csv({_quoted(between.name)}, columns = {{{columns}}},
                header = false, auto_detect = false, delim = ',', quote = '"', escape = '"',
                nullstr = '', allow_quoted_nulls = false, max_line_size = 100000000, parallel = false))
                TO {_quoted(str(target))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROWS})"""
            )
    return number


def _rows(quads: Iterable[Quad]) -> Iterator[tuple[str | None, ...]]:
    for quad in quads:
        graph = None if isinstance(quad.graph_name, DefaultGraph) else _name(quad.graph_name)
        obj = quad.object
        last: tuple[str | None, ...]
        if isinstance(obj, Literal):
            last = (obj.value, "literal", obj.datatype.value, obj.language)
        else:
            last = (_name(obj), "blank" if isinstance(obj, BlankNode) else "iri", None, None)
        yield (graph, _name(quad.subject), quad.predicate.value, *last)


def _name(node: Any) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)


def _cell(value: str | None) -> str:
    """A cell of CSV: nothing is not the same as an empty text."""
    return "" if value is None else '"' + value.replace('"', '""') + '"'


def _quoted(path: str) -> str:
    return "'" + path.replace("'", "''") + "'"
