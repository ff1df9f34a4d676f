"""The steps from facts to all cases in tables: read, let follow, add up, apply the rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from sanctiongraph.bulk import owned
from sanctiongraph.bulk.assess import Mass
from sanctiongraph.bulk.closure import close
from sanctiongraph.bulk.facts import Facts
from sanctiongraph.bulk.files import prefixes
from sanctiongraph.bulk.kinds import NotCoveredError, backward, constants_of, kinds_of
from sanctiongraph.bulk.patterns import group_of
from sanctiongraph.bulk.reading import add_triples, read_file
from sanctiongraph.bulk.table import assess_in
from sanctiongraph.bulk.tables import Tables
from sanctiongraph.entailment import rules_of
from sanctiongraph.errors import MemoryExceeded
from sanctiongraph.law.groups import Group
from sanctiongraph.law.rules import Law, Rule
from sanctiongraph.law.truthtable import columns_of

__all__ = ["NotCoveredError", "assess_in_tables"]


@contextmanager
def assess_in_tables(
    facts: Facts, rules: Sequence[Rule], as_of: dt.date, memory_mb: int, folder: Path
) -> Iterator[Mass]:
    """The rules applied to all cases; ``folder`` is for what memory does not hold.

    Raises ``NotCoveredError`` where a rule cannot be asked this way.
    """
    groups = [(rule, group) for rule in rules for group in _groups(facts.law, rule, as_of)]
    wanted = set().union(*(kinds_of(group) for _, group in groups))
    constants = set().union(*(constants_of(group) for _, group in groups))
    extent = owned.Extent.NONE
    if facts.ontology:  # otherwise the sums are among the facts
        extent = max(owned.read_by(group, rule.asks, as_of) for rule, group in groups)
        wanted |= {owned.STATED} | (owned.SOURCES if extent else set())
    axioms, kinds = backward(rules_of(facts.ontology), wanted)
    try:
        with Tables(kinds, constants, memory_mb, folder) as tables:
            for path, prefix in zip(facts.files, prefixes(facts.files), strict=True):
                read_file(tables, path, facts.graphs, folder, prefix)
            add_triples(tables, facts.background, folder)
            close(tables, axioms)
            if facts.ontology:
                owned.forget_stated(tables)
            add_triples(tables, owned.sums(tables, extent, as_of), folder)
            tables.value_literals()
            yield Mass(
                tuple(
                    assess_in(tables, facts.law, rule, as_of, facts.viewpoint, f"rule{number}")
                    for number, rule in enumerate(rules)
                )
            )
    except duckdb.OutOfMemoryException as error:
        raise MemoryExceeded(f"{memory_mb} MB are too little for so many facts: {error}") from error


def _groups(law: Law, rule: Rule, as_of: dt.date) -> Iterator[Group]:
    yield group_of(rule.case_pattern, as_of)
    for _, patterns in columns_of(law, rule):
        for pattern in patterns:
            yield group_of(pattern, as_of)
