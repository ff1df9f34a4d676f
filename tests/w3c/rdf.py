"""Data and results of tests, read and compared up to the names of blank nodes."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from .manifests import BASE, RDF, Data, path_of

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
RESULTS = {
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
RESULT_SUFFIXES = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".tsv": "text/tab-separated-values",
    ".csv": "text/csv",
}
#: How the blank nodes of results are told from others while comparing.
_ROW = "urn:x-row:"


@dataclass(frozen=True)
class Table:
    """Solutions in their order: each a mapping from variables to terms."""

    variables: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Text:
    """The records of a CSV result, whose terms have lost their kinds."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Result = Table | Text | bool | list[Quad]


@cache
def file_quads(root: Path, address: str) -> tuple[Quad, ...]:
    """The quads of a file; blank nodes of different files are different."""
    path = path_of(root, address)
    format = RdfFormat.from_extension(path.suffix[1:])
    if format is None:
        raise ValueError(f"{path} is in no format that is read here")
    return tuple(parse(path.read_bytes(), format, base_iri=address, rename_blank_nodes=True))


def quads(root: Path, data: Data) -> list[Quad]:
    """What a store is to hold."""
    found = [quad for file in data.default for quad in file_quads(root, file)]
    for name, file in data.named:
        graph = NamedNode(name)
        found += [
            Quad(one.subject, one.predicate, one.object, graph) for one in file_quads(root, file)
        ]
    return found


def expected(root: Path, address: str) -> tuple[Result, str]:
    """The expected result of a query, and the media type to ask for."""
    path = path_of(root, address)
    media_type = RESULT_SUFFIXES.get(path.suffix)
    if media_type:
        return result(path.read_bytes(), media_type), media_type
    found = list(file_quads(root, address))
    if any(quad.object == NamedNode(RS + "ResultSet") for quad in found):
        return _result_set(found), "application/sparql-results+xml"
    return found, "text/turtle"


def result(body: bytes, media_type: str) -> Result:
    """A result as it came."""
    if media_type == "text/csv":
        header, *rows = csv.reader(io.StringIO(body.decode("utf-8"), newline=""))
        return Text(tuple(header), tuple(tuple(row) for row in rows))
    if media_type in RESULTS:
        read = parse_query_results(body, format=RESULTS[media_type])
        if isinstance(read, QueryBoolean):
            return bool(read)
        variables = tuple(variable.value for variable in read.variables)
        rows = (
            {name: term for name in variables if (term := solution[name]) is not None}
            for solution in read
        )
        return Table(variables, tuple(rows))
    format = RdfFormat.from_media_type(media_type)
    if format is None:
        raise ValueError(f"{media_type!r} is no result format")
    return list(parse(body, format, base_iri=BASE))


def _result_set(found: list[Quad]) -> Table | bool:
    """A result in the vocabulary of the working group for SPARQL 1.0."""
    about: dict[Any, dict[str, list[Any]]] = {}
    for quad in found:
        about.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad.object)
    whole = next(
        one for one in about.values() if NamedNode(RS + "ResultSet") in one.get(RDF + "type", [])
    )
    if RS + "boolean" in whole:
        return whole[RS + "boolean"][0].value == "true"
    rows = []
    for solution in whole.get(RS + "solution", []):
        said = about.get(solution, {})
        row = {
            about[binding][RS + "variable"][0].value: about[binding][RS + "value"][0]
            for binding in said.get(RS + "binding", [])
        }
        index = said.get(RS + "index")
        rows.append((int(index[0].value) if index else 0, len(rows), row))
    rows.sort(key=lambda one: one[:2])
    variables = tuple(one.value for one in whole.get(RS + "resultVariable", []))
    return Table(variables, tuple(row for _, _, row in rows))


def same_data(left: Iterable[Quad], right: Iterable[Quad]) -> bool:
    """Whether two datasets are isomorphic."""
    return _canonical(left) == _canonical(right)


def same(wanted: Result, got: Result, ordered: bool, lax: bool) -> bool:
    """Whether a result is the expected one; ``lax`` is the freedom of REDUCED."""
    if isinstance(wanted, Table) and isinstance(got, Table):
        if set(wanted.variables) != set(got.variables):
            return False
        if lax:
            most, found = Counter(map(_key, wanted.rows)), Counter(map(_key, got.rows))
            return set(most) == set(found) and all(found[one] <= most[one] for one in found)
        return _same_rows(wanted.rows, got.rows, ordered)
    if isinstance(wanted, Text) and isinstance(got, Text):
        # SELECT * leaves the order of the columns open.
        if set(wanted.header) != set(got.header):
            return False
        as_rows = [
            [dict(zip(one.header, map(_loose, row), strict=True)) for row in one.rows]
            for one in (wanted, got)
        ]
        return _same_rows(as_rows[0], as_rows[1], ordered)
    if isinstance(wanted, list) and isinstance(got, list):
        return same_data(wanted, got)
    return isinstance(wanted, bool) and wanted is got


def _loose(cell: str) -> Any:
    return BlankNode(cell[2:]) if cell.startswith("_:") else Literal(cell)


def _key(row: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, str(term)) for name, term in row.items()))


def _same_rows(
    left: Iterable[dict[str, Any]], right: Iterable[dict[str, Any]], ordered: bool
) -> bool:
    rows = list(left), list(right)
    if not any(_is_blank(term) for one in rows for row in one for term in row.values()):
        keys = [list(map(_key, one)) for one in rows]
        return keys[0] == keys[1] if ordered else Counter(keys[0]) == Counter(keys[1])
    return _canonical(_as_quads(rows[0], ordered)) == _canonical(_as_quads(rows[1], ordered))


def _is_blank(term: Any) -> bool:
    if isinstance(term, Triple):
        return any(_is_blank(one) for one in (term.subject, term.predicate, term.object))
    return isinstance(term, BlankNode)


def _as_quads(rows: list[dict[str, Any]], ordered: bool) -> list[Quad]:
    """A graph that is isomorphic to another just where the rows are the same."""
    found: list[Quad] = []
    counts = Counter(map(_key, rows))
    seen: set[Any] = set()
    for place, row in enumerate(rows):
        key = _key(row)
        if not ordered and key in seen:
            continue
        seen.add(key)
        node = BlankNode()
        number = place if ordered else counts[key]
        found.append(Quad(node, NamedNode(_ROW + "number"), Literal(number), DefaultGraph()))
        for name, term in row.items():
            found.append(Quad(node, NamedNode(_ROW + "variable-" + name), term, DefaultGraph()))
    return found


def _canonical(found: Iterable[Quad]) -> list[str]:
    dataset = Dataset(found)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return sorted(str(quad) for quad in dataset)
