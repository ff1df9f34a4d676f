"""The truth table of a rule in tables: a bit a column for whatever fits a pattern, a line a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sanctiongraph.assessment import assessed
from sanctiongraph.bulk.cases import AllCases, NumberedCase
from sanctiongraph.bulk.kinds import NotCoveredError
from sanctiongraph.bulk.patterns import case_query, fitting_query, group_of
from sanctiongraph.bulk.tables import Tables, column
from sanctiongraph.law.rules import Law, Rule
from sanctiongraph.law.truthtable import columns_of, line_of

#: Bits in one number of DuckDB's.
_BITS = 60


def assess_in(
    tables: Tables, law: Law, rule: Rule, as_of: dt.date, viewpoint: str, name: str
) -> AllCases:
    """The rule applied to all its cases; ``name`` begins the names of the tables made for it.

    Raises ``NotCoveredError``.
    """
    query = case_query(tables, group_of(rule.case_pattern, as_of), rule.asks)
    tables.run(f"CREATE TABLE {name}_cases AS {query}")
    literal = " OR ".join(f"{column(one)} < 0" for one in rule.asks)
    if tables.run(f"SELECT 1 FROM {name}_cases WHERE {literal} LIMIT 1"):
        raise NotCoveredError("a case with a literal for a party or transaction")
    words = _mark(tables, law, rule, as_of, name)
    tables.run(f"DROP TABLE {name}_cases")
    listed = ", ".join(f"w{number}" for number in range(words))
    tables.run(
        f"CREATE TABLE {name}_lines AS SELECT row_number() OVER () - 1 AS line, * FROM "
        f"(SELECT DISTINCT {listed} FROM {name}_marked)"
    )
    asked = ", ".join(map(column, rule.asks))
    tables.run(
        f"CREATE TABLE {name} AS SELECT {asked}, line FROM {name}_marked "
        f"JOIN {name}_lines USING ({listed})"
    )
    tables.run(f"DROP TABLE {name}_marked")
    line, lines = line_of(law, rule), []
    for row in tables.run(f"SELECT {listed} FROM {name}_lines ORDER BY line"):
        marks = sum(word << (_BITS * at) for at, word in enumerate(row))
        lines.append(assessed(law, rule, as_of, line(marks)))
    tables.run(f"DROP TABLE {name}_lines")
    return AllCases(rule, as_of, viewpoint, tuple(lines), InTable(tables, rule, name))


def _mark(tables: Tables, law: Law, rule: Rule, as_of: dt.date, name: str) -> int:
    """Makes the table of marked cases; returns how many numbers the bits of a case take."""
    columns = columns_of(law, rule)
    words = len(columns) // _BITS + 1
    keys: dict[tuple[str, ...], str] = {}
    for index, (_, patterns) in enumerate(columns):
        for pattern in patterns:
            group = group_of(pattern, as_of)
            names, query = fitting_query(tables, group, rule.asks, f"{name}_cases")
            key = tuple(names)
            if key not in keys:
                keys[key] = f"{name}_marks{len(keys)}"
                ends = "".join(f"{column(one)} INTEGER, " for one in names)
                tables.run(f"CREATE TABLE {keys[key]} ({ends}word TINYINT, bit TINYINT)")
            found = ", ".join([*map(column, names), str(index // _BITS), str(index % _BITS)])
            tables.run(f"INSERT INTO {keys[key]} SELECT {found} FROM ({query})")
    joins, parts = "", [["0::BIGINT"] for _ in range(words)]
    for number, (key, table) in enumerate(keys.items()):
        sums = ", ".join(
            f"coalesce(bit_or(1::BIGINT << bit) FILTER (word = {word}), 0) AS w{word}"
            for word in range(words)
        )
        asked = ", ".join(map(column, key))
        grouped = f"SELECT {asked + ', ' if key else ''}{sums} FROM {table}"
        if key:
            joins += f" LEFT JOIN ({grouped} GROUP BY {asked}) AS m{number} USING ({asked})"
        else:
            joins += f" CROSS JOIN ({grouped}) AS m{number}"
        for word in range(words):
            parts[word].append(f"coalesce(m{number}.w{word}, 0)")
    listed = ", ".join(f"{' | '.join(some)} AS w{word}" for word, some in enumerate(parts))
    asked = ", ".join(map(column, rule.asks))
    tables.run(f"CREATE TABLE {name}_marked AS SELECT {asked}, {listed} FROM {name}_cases{joins}")
    for table in keys.values():
        tables.run(f"DROP TABLE {table}")
    return words


@dataclass(frozen=True, slots=True)
class InTable:
    """Cases in a table, which has to stay open while they are read."""

    tables: Tables
    rule: Rule
    name: str

    def counts(self) -> Iterable[tuple[int, int]]:
        """The number of each line, and how many cases have it."""
        rows = self.tables.run(f"SELECT line, count(*) FROM {self.name} GROUP BY line")
        return [(number, count) for number, count in rows]

    def cases(self) -> Iterator[NumberedCase]:
        """The cases in the order of their terms."""
        for rows in self.tables.batches(self.in_order()):
            for *case, number in rows:
                yield tuple(case), number

    def in_order(self) -> str:
        """The query for the values of the variables and the line, in order."""
        listed, joins, order = [], "", []
        for at, name in enumerate(self.rule.asks):
            joins += f" JOIN terms AS t{at} ON t{at}.id = c.{column(name)}"
            # A blank node comes before an IRI, and IRIs in the order of their characters.
            text = f"substr(t{at}.term, 2 + (t{at}.term[1] = '_')::INT, length(t{at}.term) - 2)"
            listed.append(f"{text} AS {column(name)}")
            order += [f"t{at}.term[1] = '<'", column(name)]
        return (
            f"SELECT {', '.join(listed)}, line FROM {self.name} AS c{joins} "
            f"ORDER BY {', '.join(order)}"
        )
