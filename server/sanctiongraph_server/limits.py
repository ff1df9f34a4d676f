"""How deep and how long a query may be.

The engine's parser and evaluation are recursive: groups in groups, brackets in brackets and long
chains of operators overflow the stack of their thread, and that ends the process: a reader and
its one task. Measured with a stack of 16 MB: 2,000 nested function calls, 5,000 groups or 20,000
operators are too many. Readers have 64 MB.
"""

from __future__ import annotations

import heapq
import re
from typing import Final

from sanctiongraph.errors import BadQuery
from sanctiongraph_server.tokens import after_trivia, lowered, read

MOST_GROUPS: Final = 400
DEEPEST: Final = 200
MOST_OPERATORS: Final = 10_000

_OPERATOR: Final = re.compile(r"[-+*/|&!]|filter|bind")
_OPENING: Final = re.compile(r"[(\[{]|<<")


def check(query: str) -> None:
    """Raises ``BadQuery`` for a query that is more than the engine stands."""
    if query.count("{") > MOST_GROUPS:
        raise BadQuery(
            f"the query has more than {MOST_GROUPS} opening braces: write long lists with VALUES"
            " and rows in parentheses, or ask in parts"
        )
    lower = lowered(query)
    # Nearly all queries end here, without being read.
    if len(_OPENING.findall(query)) <= DEEPEST and len(_OPERATOR.findall(lower)) <= MOST_OPERATORS:
        return
    _measure(query, lower)


def _measure(query: str, lower: str) -> None:
    """Raises ``BadQuery`` where in any reading brackets are too deep or operators too many.

    Tokens only lead onwards, so places are visited in their order and each once, with the most
    that any reading has come to there.
    """
    reached = {0: (0, 0)}
    places = [0]
    while places:
        place = heapq.heappop(places)
        depth, operators = reached.pop(place)
        position = after_trivia(query, place)
        if position >= len(query):
            continue
        ends, counts = read(query, position, False)
        if counts:
            token = lower[position : ends[0]]
            # Triples within triples are brackets of two characters.
            depth -= query.startswith(">>", position)
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(token, 0)
            operators += len(_OPERATOR.findall(token))
        elif query[position] == "<":
            depth += query.startswith("<<", position)
        if depth > DEEPEST:
            raise BadQuery(f"brackets are more than {DEEPEST} deep: ask in parts")
        if operators > MOST_OPERATORS:
            raise BadQuery(
                f"the query has more than {MOST_OPERATORS} operators and filters: compare with a"
                " list by IN or VALUES"
            )
        for end in ends:
            if end not in reached:
                heapq.heappush(places, end)
            before = reached.get(end, (0, 0))
            reached[end] = max(before[0], depth), max(before[1], operators)
