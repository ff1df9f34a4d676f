"""Rules applied to all cases: from tables where they can be, by SPARQL otherwise, the same answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sanctiongraph.assessment import assess
from sanctiongraph.bulk.cases import AllCases, from_assessments
from sanctiongraph.bulk.facts import Facts
from sanctiongraph.law.rules import Rule

#: What tables and joins may take of memory; beyond it they go to disk.
MEMORY_MB = 1_024
#: Quads up to which a store that is there already answers sooner than tables are made.
SMALL = 100_000


@dataclass(frozen=True, slots=True)
class Mass:
    """All cases of some rules. ``because`` says why tables could not be used, where that was so."""

    rules: tuple[AllCases, ...]
    because: str | None = None


@contextmanager
def assess_all(
    facts: Facts,
    rules: Sequence[Rule],
    as_of: dt.date,
    memory_mb: int = MEMORY_MB,
    small: int = SMALL,
) -> Iterator[Mass]:
    """The rules applied to all their cases as of a day; the answers last while this is open.

    A store that is there already and has at most ``small`` quads is asked by SPARQL. Raises ``BadData`` for facts that do not parse, ``MemoryExceeded`` where ``memory_mb`` is too
    little even with what can go to disk.
    """
    if facts.ready is not None and facts.ready <= small:
        yield by_sparql(facts, rules, as_of, None)
        return
    with ExitStack() as stack:
        try:
            from sanctiongraph.bulk.relational import NotCoveredError, assess_in_tables
        except ImportError:
            yield by_sparql(facts, rules, as_of, "DuckDB is not installed (sanctiongraph[bulk])")
            return
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="sanctiongraph-")))
        try:
            found = stack.enter_context(assess_in_tables(facts, rules, as_of, memory_mb, folder))
        except NotCoveredError as error:
            found = by_sparql(facts, rules, as_of, str(error))
        yield found


def by_sparql(facts: Facts, rules: Sequence[Rule], as_of: dt.date, because: str | None) -> Mass:
    """The same by queries over a store."""
    store = facts.store()
    return Mass(
        tuple(
            from_assessments(
                rule, as_of, facts.viewpoint,
                assess(store, facts.law, rule, as_of, graphs=facts.graphs),
            )
            for rule in rules
        ),
        because,
    )  # fmt: skip
