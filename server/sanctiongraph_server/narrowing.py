"""Asking another server only for what can be joined with what is here.

The engine sends the pattern of a ``SERVICE`` clause as it is written: for ``?item rdfs:label ?name``
a server the size of Wikidata would have to answer with all its labels. So what stands before the
clause is evaluated first, and the values that it gives to a variable of the clause are sent along as
``VALUES`` behind the query (SPARQL 1.1 Federated Query, section 2.4). The answer of the whole stays
the same: every solution of the query extends one of what stands before its first clause.

Narrowed are clauses in the outermost group of a ``SELECT`` or ``ASK``, over a variable that always
has an IRI there and stands in a triple of the clause's own group. Filters of that group are left aside, as they may be about what comes later; that
only makes more values. Whatever else there is is sent as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples

from sanctiongraph.binding import end_of_filter, tokens
from sanctiongraph.errors import BadData

#: Evaluates a query on the dataset of the one that is narrowed.
Ask = Callable[[str], QuerySolutions | QueryBoolean | QueryTriples]

#: Most values that are sent along.
MOST_VALUES: Final = 1_000
_OPENING: Final = frozenset("([{")
_CLOSING: Final = frozenset(")]}")

_Tokens = list[re.Match[str]]


@dataclass(frozen=True, slots=True)
class _Joined:
    """A query taken apart: a query for a variable of what stands before the first clause, and of
    each clause the variables that stand there as well.
    """

    before: str
    shared: dict[int, tuple[str, ...]]

    def asking(self, variable: str) -> str:
        return self.before.format(variable=variable)


def values_of(query: str, starts: Collection[int], ask: Ask) -> dict[int, str]:
    """What to write behind the queries of clauses, by where in the text their addresses begin.

    ``starts`` are all of them. Clauses that cannot be narrowed are left out.
    """
    try:
        joined = _taken_apart(query, starts)
    except BadData:
        joined = None
    if joined is None:
        return {}
    known: dict[str, list[str] | None] = {}
    found: dict[int, str] = {}
    for start, shared in joined.shared.items():
        for variable in shared:
            if variable not in known:
                known[variable] = _values(joined.asking(variable), ask)
        best = min(
            (
                (len(values), variable)
                for variable in shared
                if (values := known[variable]) is not None
            ),
            default=None,
        )
        if best is not None:
            values = known[best[1]]
            found[start] = f"\nVALUES ?{best[1]} {{ {' '.join(values or ())} }}"
    return found


def _values(query: str, ask: Ask) -> list[str] | None:
    """The IRIs that the variable has; ``None`` where it may have none, or others, or too many."""
    try:
        rows = ask(query)
        assert isinstance(rows, QuerySolutions)
        found = [row[0] for row in rows]
    except (SyntaxError, ValueError):  # the engine says what is wrong with the query as a whole
        return None
    if len(found) > MOST_VALUES or not all(isinstance(one, NamedNode) for one in found):
        return None
    return [str(one) for one in found]


def _taken_apart(query: str, starts: Collection[int]) -> _Joined | None:
    found = tokens(query)
    forms = [at for at, one in enumerate(found) if one.group().upper() in {"SELECT", "ASK"}]
    opening = _outermost(found, forms[0]) if forms else None
    if opening is None:
        return None
    first = found[forms[0]]
    if any(one.group().upper() in {"CONSTRUCT", "DESCRIBE"} for one in found[: forms[0]]):
        return None
    dataset = next(
        (one.start() for one in found[forms[0] : opening] if one.group().upper() == "FROM"), None
    )
    kept, clauses = _group(query, found, opening)
    if not clauses:
        return None
    before = query[found[opening].end() : clauses[0].begins]
    if any(start < clauses[0].begins for start in starts):  # deeper in what stands before
        return None
    names = {one["variable"] for one in tokens(before) if one["variable"]}
    head = query[: first.start()] + "SELECT DISTINCT ?\0 "
    if dataset is not None:
        head += query[dataset : found[opening].start()]
    whole = f"{head}{{{kept}\n}} LIMIT {MOST_VALUES + 1}"
    whole = whole.replace("{", "{{").replace("}", "}}").replace("\0", "{variable}")
    return _Joined(
        whole,
        {
            one.address: tuple(sorted(names & one.variables))
            for one in clauses
            if one.address in starts
        },
    )


@dataclass(frozen=True, slots=True)
class _Clause:
    begins: int
    address: int
    variables: frozenset[str]


def _outermost(found: _Tokens, start: int) -> int | None:
    """The index of the bracket that opens the query's group."""
    depth = 0
    for at in range(start, len(found)):
        sign = found[at]["sign"]
        if sign == "{" and depth == 0:
            return at
        depth += (sign in _OPENING) - (sign in _CLOSING) if sign else 0
    return None


def _group(query: str, found: _Tokens, opening: int) -> tuple[str, list[_Clause]]:
    """What stands in a group before its first clause, without filters, and its clauses."""
    kept: list[str] = []
    clauses: list[_Clause] = []
    depth, at, since = 1, opening + 1, found[opening].end()
    while at < len(found) and depth:
        token = found[at]
        sign, word = token["sign"], (token["word"] or "").upper()
        if depth == 1 and word == "FILTER":
            last = end_of_filter(found, at)
            if not clauses:
                kept.append(query[since : token.start()])
                since = found[last].end()
            at = last
        elif depth == 1 and word == "SERVICE":
            if not clauses:
                kept.append(query[since : token.start()])
            address = at + 1 + (found[at + 1].group().upper() == "SILENT")
            last = end_of_filter(found, address)
            clauses.append(
                _Clause(
                    token.start(),
                    found[address].start(),
                    _bound(found[address + 2 : last]),
                )
            )
            at = last
        elif sign:
            depth += (sign in _OPENING) - (sign in _CLOSING)
        at += 1
    return " ".join(kept), clauses


def _bound(inside: _Tokens) -> frozenset[str]:
    """Variables that every solution of a group binds: not those of what is nested in it only, since
    a server's answer has no column for a variable that is seen inside alone.
    """
    names: set[str] = set()
    depth = at = 0
    while at < len(inside):
        token = inside[at]
        word, sign = (token["word"] or "").upper(), token["sign"]
        if word == "SELECT":
            return frozenset()
        if word == "FILTER":
            at = end_of_filter(inside, at)
        elif sign:
            depth += (sign in _OPENING) - (sign in _CLOSING)
        elif depth == 0 and token["variable"]:
            names.add(token["variable"])
        at += 1
    return frozenset(names)
