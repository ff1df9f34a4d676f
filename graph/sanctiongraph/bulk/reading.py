"""N-Triples and N-Quads into tables.

A line of the common form (single spaces, no escapes, lower-case language tags) is taken apart in
SQL; any other goes through the RDF parser, which also says what is wrong with one that is no triple.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

import duckdb
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Triple, parse

from sanctiongraph.bulk.files import apart, file_format, parsed
from sanctiongraph.bulk.kinds import TYPE
from sanctiongraph.bulk.tables import Tables, quoted
from sanctiongraph.errors import BadData
from sanctiongraph.law.truthtable import GraphNames
from sanctiongraph.vocabulary import PREFIXES

# IRIs of characters that need no second look (RFC 3987).
_PATH: Final = r"[A-Za-z0-9/?&=._~!$'()*+,;:@-]*"
_IRI: Final = rf"<[A-Za-z][A-Za-z0-9+.-]*:{_PATH}(?:#{_PATH})?>"
_NODE: Final = rf"(?:{_IRI}|_:[A-Za-z0-9]+)"
_LITERAL: Final = rf'"[^"\\\x00-\x1f\x7f]*"(?:@[a-z]+(?:-[a-z0-9]+)*|\^\^{_IRI})?'
_COMMON: Final = rf"{_NODE} {_IRI} (?:{_NODE}|{_LITERAL})(?: {_NODE})? \."
# xsd:string is what a literal without a type has.
_STRING: Final = f"^^<{PREFIXES['xsd']}string>"


def read_file(
    tables: Tables, path: Path, graphs: GraphNames, folder: Path, prefix: str = ""
) -> None:
    """Adds the triples that a file has in these graphs, of the kinds that there are tables for.

    ``folder`` is for what lies between. Raises ``BadData`` with the file and the line where one is
    no triple.
    """
    file_format(path)
    try:
        _stage(tables, path, graphs, prefix)
    except duckdb.InvalidInputException:  # characters that are no UTF-8, a line beyond all bounds
        add_triples(tables, _within(parsed(path, prefix), graphs), folder)
        return
    odd = (line for (line,) in chain.from_iterable(
        tables.batches("SELECT odd FROM staged WHERE odd IS NOT NULL")))  # fmt: skip
    rewritten = _write(tables, _within(_parsed_lines(path, odd, prefix), graphs), folder)
    tables.run("DELETE FROM staged WHERE odd IS NOT NULL")
    _stage_written(tables, rewritten)
    _encode(tables)


def add_triples(tables: Tables, triples: Iterable[Triple | Quad], folder: Path) -> None:
    """Adds triples, of the kinds that there are tables for."""
    written = _write(tables, triples, folder)
    tables.run("CREATE OR REPLACE TABLE staged (kind SMALLINT, s VARCHAR, o VARCHAR, odd VARCHAR)")
    _stage_written(tables, written)
    _encode(tables)


def _stage(tables: Tables, path: Path, graphs: GraphNames, prefix: str) -> None:
    """Makes the table ``staged``: kind, subject and object as texts, or a line that is odd."""
    node = "CASE WHEN starts_with({0}, '_:') THEN '_:{1}' || substr({0}, 3) ELSE {0} END"
    subject, obj = (node.format(name, prefix) if prefix else name for name in ("s", "o"))
    named = [quoted(str(graph)) for graph in graphs if not isinstance(graph, DefaultGraph)]
    within = [f"graph IN ({', '.join(named)})"] if named else []
    within += ["graph IS NULL"] if DefaultGraph() in graphs else []
    tables.run(
        f"""CREATE OR REPLACE TABLE staged AS
        WITH lines AS (
            SELECT line, regexp_full_match(line, {quoted(_COMMON)}) AS common
            FROM read_csv({quoted(path)}, delim='\x01', quote='', escape='', header=false,
                auto_detect=false, columns={{'line': 'VARCHAR'}})
        ), splits AS (
            SELECT line, common, string_split(line, ' ') AS parts FROM lines
        ), ends AS (
            SELECT line, common, parts[1] AS s, parts[2] AS p, parts[3] AS first,
                -- Whether the object is a text with spaces in it.
                starts_with(first, '"') AND NOT contains(substr(first, 2), '"') AS wide,
                CASE WHEN len(parts) > 4 AND NOT contains(parts[-2], '"') THEN parts[-2] END
                    AS graph
            FROM splits
        ), terms AS (
            SELECT common, CASE WHEN NOT common THEN line END AS odd, s, p, graph,
                CASE WHEN wide THEN regexp_extract(line, '"[^"]*"[^ ]*') ELSE first END AS written
            FROM ends
        ), plain AS (
            SELECT odd, s, p, common AND ({" OR ".join(within)}) AS wanted,
                CASE WHEN ends_with(written, {quoted(_STRING)})
                    THEN substr(written, 1, length(written) - {len(_STRING)})
                    ELSE written END AS o
            FROM terms
        ), keyed AS (
            SELECT odd, s, o, CASE WHEN NOT wanted THEN NULL
                WHEN p = '<{TYPE}>' THEN 'a ' || o ELSE p END AS key
            FROM plain
        )
        SELECT kind, {subject} AS s, {obj} AS o, odd FROM keyed LEFT JOIN kinds USING (key)
        WHERE odd IS NOT NULL OR kind IS NOT NULL"""
    )


def _parsed_lines(path: Path, lines: Iterable[str], prefix: str) -> Iterator[Quad]:
    for line in lines:
        try:
            for quad in parse(line.encode(), format=RdfFormat.N_QUADS):
                yield Quad(apart(quad.subject, prefix), quad.predicate,
                           apart(quad.object, prefix), quad.graph_name)  # fmt: skip
        except (SyntaxError, ValueError):
            for _ in parsed(path):  # says where and why
                pass
            raise BadData(f"{path}: this is no triple: {line[:200]}") from None


def _within(quads: Iterable[Quad], graphs: GraphNames) -> Iterator[Quad]:
    return (quad for quad in quads if quad.graph_name in graphs)


def _write(tables: Tables, triples: Iterable[Triple | Quad], folder: Path) -> Path:
    """A file of kind, subject and object, with tabs between: no term has one as it is written."""
    numbers = {(kind.property, kind.of_class): str(at) for at, kind in enumerate(tables.kinds())}
    path = folder / "written.tsv"
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for one in triples:
            prop, obj = one.predicate.value, one.object
            of_class = obj.value if prop == TYPE and isinstance(obj, NamedNode) else ""
            if number := numbers.get((prop, of_class)):
                file.write(f"{number}\t{one.subject}\t{obj}\n")
    return path


def _stage_written(tables: Tables, path: Path) -> None:
    if path.stat().st_size:
        tables.run(
            f"""INSERT INTO staged SELECT kind, s, o, NULL
            FROM read_csv({quoted(path)}, delim='\t', quote='', escape='', header=false,
                auto_detect=false, columns={{'kind': 'SMALLINT', 's': 'VARCHAR', 'o': 'VARCHAR'}})"""
        )


def _encode(tables: Tables) -> None:
    """Moves what is staged into the tables of its kinds, its terms as numbers."""
    with_object = [number for number, kind in enumerate(tables.kinds()) if not kind.of_class] or [
        -1
    ]
    objects = f"kind IN ({', '.join(map(str, with_object))})"
    tables.run(
        f"""INSERT INTO terms
        SELECT term, CASE WHEN starts_with(term, '"') THEN -id ELSE id END
        FROM (SELECT term, row_number() OVER () + (SELECT coalesce(max(abs(id)), 0) FROM terms) AS id
            FROM (SELECT s AS term FROM staged UNION SELECT o FROM staged WHERE {objects}) AS found
            ANTI JOIN terms USING (term))"""
    )
    tables.run(
        f"""CREATE OR REPLACE TABLE encoded AS
        SELECT kind, subjects.id AS s, objects.id AS o
        FROM (SELECT kind, s, CASE WHEN {objects} THEN o END AS o FROM staged) AS t
        JOIN terms AS subjects ON subjects.term = t.s
        LEFT JOIN terms AS objects ON objects.term = t.o
        ORDER BY kind"""
    )
    tables.run("DROP TABLE staged")
    for (number,) in tables.run("SELECT DISTINCT kind FROM encoded"):
        kind = tables.kinds()[number]
        tables.filled.add(kind)
        ends = "s" if kind.of_class else "s, o"
        name = tables.name(kind)
        tables.run(
            f"INSERT INTO {name} SELECT {ends}, 0 FROM (SELECT DISTINCT {ends} FROM encoded "
            f"WHERE kind = {number}) AS found ANTI JOIN {name} USING ({ends})"
        )
    tables.run("DROP TABLE encoded")
