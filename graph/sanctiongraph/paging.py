"""A part of the answer to a library query: its columns, and the query wrapped in another.

The query becomes a sub-query (SPARQL 1.1, section 12) of one that has nothing but ``LIMIT`` and
``OFFSET``, so it may have either itself. The engine keeps the order of the rows; the standard does
not ask a store to.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from pyoxigraph import QuerySolutions, Store

from sanctiongraph.errors import BadData
from sanctiongraph.law.tokens import TOKEN
from sanctiongraph.library import LibraryQuery
from sanctiongraph.vocabulary import PREFIXES


@lru_cache(maxsize=1024)
def columns(query: LibraryQuery) -> tuple[str, ...]:
    """The names of the columns, in their order. Raises ``BadData`` for what is no SELECT."""
    try:
        solutions = Store().query(query.sparql, prefixes=PREFIXES)
    except SyntaxError as error:
        raise BadData(f"{query.name} does not parse: {error}") from error
    if not isinstance(solutions, QuerySolutions):
        raise BadData(f"{query.name}: a library query is a SELECT")
    return tuple(variable.value for variable in solutions.variables)


def part(
    query: LibraryQuery, given: Mapping[str, str], limit: int | None = None, offset: int = 0
) -> str:
    """The SPARQL of ``limit`` rows after the first ``offset``; of all of them without a limit.

    Raises ``BadParameter`` as ``LibraryQuery.bind`` does.
    """
    bound = query.bind(given)
    if limit is None and not offset:
        return bound
    prologue, select = _split(bound)
    names = " ".join(f"?{name}" for name in columns(query))
    most = "" if limit is None else f"LIMIT {limit} "
    return f"{prologue}SELECT {names} WHERE {{ {{\n{select}\n}} }}\n{most}OFFSET {offset}\n"


def _split(sparql: str) -> tuple[str, str]:
    """What stands before the first SELECT, and the rest."""
    at = 0
    for token in TOKEN.findall(sparql):
        if token.upper() == "SELECT":
            break
        at += len(token)
    return sparql[:at], sparql[at:]
