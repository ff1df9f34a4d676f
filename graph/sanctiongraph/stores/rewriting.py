"""Queries said in other words, token by token, for stores that need it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from pyoxigraph import NamedNode

from sanctiongraph.law import durations
from sanctiongraph.law.tokens import TOKEN, VARIABLE, brace, closed, counts

#: The forms of a query, in capitals.
FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_MOVED: Final = re.compile(
    r"""(?P<day>[?$]\w+|"[^"\\\n]*"\^\^(?:<[^<>]*>|\w+:\w+))\s*(?P<sign>[-+])\s*
        (["'])(?P<by>-?P\w+)\3\^\^(?:<[^<>]*|xsd:)(?:dayTime|yearMonth)Duration>?""",
    re.VERBOSE,
)
_PREFIX: Final = re.compile(r"PREFIX\s+([\w.-]*):", re.IGNORECASE)


def form(query: str) -> str:
    """``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``; nothing for what is no query."""
    return next((one.upper() for one in _words(query) if one.upper() in FORMS), "")


def names_dataset(query: str) -> bool:
    """Whether the query has ``FROM`` clauses of its own."""
    for one in _words(query):
        if one == "{":
            return False
        if one.upper() == "FROM":
            return True
    return False


def with_prefixes(query: str, prefixes: dict[str, str]) -> str:
    """The query with those prefixes declared that it uses and does not declare itself."""
    declared = set(_PREFIX.findall(query))
    used = {
        token.partition(":")[0]
        for token in TOKEN.findall(query)
        if ":" in token and token[0] != "<"
    }
    lines = [
        f"PREFIX {name}: <{iri}>\n"
        for name, iri in prefixes.items()
        if name in used and name not in declared
    ]
    return "".join(lines) + query


def without_graphs(query: str, hidden: Sequence[str]) -> str:
    """The query, in which ``GRAPH ?name`` is none of the hidden graphs."""
    if not hidden or "graph" not in query.lower():
        return query
    names = ", ".join(str(NamedNode(one)) for one in hidden)
    tokens = TOKEN.findall(query)
    written: list[str] = []
    last: list[str] = []  # the two tokens before that are no white space
    for token in tokens:
        written.append(token)
        named = token == "{" and len(last) == 2 and last[0].upper() == "GRAPH"
        if named and VARIABLE.fullmatch(last[1]):
            written.append(f" FILTER({last[1]} NOT IN ({names})) ")
        if counts(token):
            last = [*last[-1:], token]
    return "".join(written)


def filters_as_tests(query: str) -> str:
    """The query, in which an ``EXISTS`` of nothing but filters is the test that they all hold.

    Such a group has its one empty solution where they do; Virtuoso forgets them.
    """
    return "".join(_as_tests(TOKEN.findall(query))) if "exists" in query.lower() else query


def _as_tests(tokens: list[str]) -> list[str]:
    written: list[str] = []
    at = 0
    while at < len(tokens):
        opening = brace(tokens, at) if tokens[at].upper() == "EXISTS" else at
        filters = _filters_alone(tokens, opening) if opening > at else None
        if filters is None:
            written.append(tokens[at])
            at += 1
            continue
        tests = " && ".join(f"({''.join(_as_tests(one))})" for one in filters) or "true"
        while written and not counts(written[-1]):
            written.pop()
        if written and written[-1].upper() == "NOT":
            # A filter that fails does not hold, but of a test that fails nothing is the contrary.
            written[-1:] = [" (!COALESCE(", tests, ", false)) "]
        else:
            written += [" (", tests, ") "]
        at = closed(tokens, opening)
    return written


def _filters_alone(tokens: list[str], at: int) -> list[list[str]] | None:
    """What each filter of a group asks, where nothing else is in the group that opens at a place."""
    end = closed(tokens, at) - 1
    at += 1
    found: list[list[str]] = []
    while at < end:
        if tokens[at].upper() == "FILTER":
            after = closed(tokens, at)
            found.append(tokens[at + 1 : after])
            at = after
        elif counts(tokens[at]) and tokens[at] != ".":
            return None
        else:
            at += 1
    return found


def comparisons_in_two(query: str) -> str:
    """The query with ``<=`` and ``>=`` as ``<`` or ``=``, ``>`` or ``=``.

    Where Virtuoso looks a ``<=`` up in its index, it forgets most of what is less; and it takes a
    number to be less than a day.
    """
    tokens = TOKEN.findall(query)
    written: list[str] = []
    at = 0
    while at < len(tokens):
        if tokens[at] not in ("<", ">") or tokens[at + 1 : at + 2] != ["="]:
            written.append(tokens[at])
            at += 1
            continue
        start = _operand(written, range(len(written) - 1, -1, -1), ")}", "({") + 1
        end = _operand(tokens, range(at + 2, len(tokens)), "({", ")}")
        one, other = "".join(written[start:]).strip(), "".join(tokens[at + 2 : end]).strip()
        written[start:] = [f" ({one} {tokens[at]} {other} || {one} = {other}) "]
        at = end
    return "".join(written)


def _operand(tokens: list[str], places: range, opening: str, closing: str) -> int:
    """The first place that is no more of the operand through which these places lead."""
    depth = 0
    for at in places:
        token = tokens[at]
        ends = token in closing or token in ",&|!" or token.upper() == "AS"
        if ends and not depth:
            return at
        depth += (token in opening) - (token in closing)
    return places.stop


def graphs_by_group(query: str) -> str:
    """``SELECT DISTINCT ?g { GRAPH ?g { ... } }`` with ``GROUP BY ?g`` in the place of ``DISTINCT``.

    The two are the same; Virtuoso takes minutes for the first where it takes a moment for the other.
    """
    tokens = TOKEN.findall(query)
    places = [at for at, token in enumerate(tokens) if counts(token)]
    words = [tokens[at] for at in places]
    upper = [word.upper() for word in words]
    if "SELECT" not in upper:
        return query
    first = upper.index("SELECT")
    name = "".join(words[first + 2 : first + 3])
    opening = first + 3 + (upper[first + 3 : first + 4] == ["WHERE"])
    within = [*words[opening : opening + 1], *upper[opening + 1 : opening + 2]]
    within += words[opening + 2 : opening + 4]
    if upper[first + 1 : first + 2] != ["DISTINCT"] or within != ["{", "GRAPH", name, "{"]:
        return query
    if words[closed(words, opening + 3) :] != ["}"]:
        return query
    kept = [token for at, token in enumerate(tokens[: places[-1] + 1]) if at != places[first + 1]]
    return f"{''.join(kept)} GROUP BY {name}"


def durations_as_numbers(query: str) -> str:
    """The query with a day moved by a duration as Virtuoso's ``dateadd``.

    SPARQL 1.1 has no arithmetic with durations; XPath has, and so have other stores.
    """
    if "Duration" not in query:
        return query

    def moved(match: re.Match[str]) -> str:
        by = durations.read(match["by"])
        if by is None or (by.days and by.months):
            return match[0]
        unit, number = ("month", by.months) if by.months else ("day", by.days)
        signed = -number if match["sign"] == "-" else number
        return f'bif:dateadd("{unit}", {signed}, {match["day"]})'

    return _MOVED.sub(moved, query)


def _words(query: str) -> Iterable[str]:
    """The words of a query, without its declarations, and the opening braces among them."""
    declared = False
    for token in TOKEN.findall(query):
        if token.upper() in {"PREFIX", "BASE"}:
            declared = True
        elif declared and token.startswith("<"):
            declared = False
        elif not declared and (token == "{" or token[0].isalpha()):
            yield token
