"""How deep and how long a query may be.

The engine's parser and evaluation are recursive: groups in groups, brackets in brackets and long
chains of operators overflow the stack of their thread, and that ends the process: a reader and
its one task. Measured with a stack of 16 MB: 2,000 nested function calls, 5,000 groups or 20,000
operators are too many. Readers have 64 MB.
"""

from __future__ import annotations

import heapq
import re
from dataclasses import dataclass
from typing import Final

from sanctiongraph.errors import BadQuery
from sanctiongraph_server.tokens import after_run, after_trivia, lowered, read

MOST_GROUPS: Final = 400
DEEPEST: Final = 200
MOST_OPERATORS: Final = 10_000

_OPERATOR: Final = re.compile(r"[-+*/|&!]|filter|bind")
_PLAIN_IRI: Final = re.compile(r"<https?://[^<>\"'{}|^`\\#\x00-\x20]*+>")
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
    _measure(query, lower, update=False)


def check_update(update: str) -> None:
    """The same for an update, where ``INSERT DATA`` and ``DELETE DATA`` hold any number of graphs."""
    # Data is mostly IRIs. After "<http://" nothing is a comparison, whatever the reading.
    bare = _PLAIN_IRI.sub("", update)
    lower = lowered(bare)
    if (
        bare.count("{") <= MOST_GROUPS
        and len(_OPENING.findall(bare)) <= DEEPEST
        and len(_OPERATOR.findall(lower)) <= MOST_OPERATORS
    ):
        return
    _measure(update, lowered(update), update=True)


@dataclass(slots=True)
class _Most:
    """The most that any reading has come to at a place."""

    depth: int = 0
    operators: int = 0
    groups: int = 0
    #: Whether every reading is in a block of data, where neither groups nor operators count.
    data: bool = False

    def merged(self, other: _Most | None) -> _Most:
        if other is None:
            return self
        return _Most(
            max(self.depth, other.depth),
            max(self.operators, other.operators),
            max(self.groups, other.groups),
            self.data and other.data,
        )


def _measure(text: str, lower: str, update: bool) -> None:
    """Raises ``BadQuery`` where in any reading brackets are too deep or operators too many.

    Tokens only lead onwards, so places are visited in their order and each once, with the most
    that any reading has come to there.
    """
    reached = {0: _Most()}
    places = [0]
    while places:
        place = heapq.heappop(places)
        most = reached.pop(place)
        position = after_trivia(text, after_run(text, place))
        if position >= len(text):
            continue
        ends, counts = read(text, position, False)
        depth, operators, groups, data = most.depth, most.operators, most.groups, most.data
        if counts:
            token = lower[position : ends[0]]
            if update and depth == 0 and token in {"data", ";"}:
                data = token == "data"
            # Triples within triples are brackets of two characters.
            depth -= text.startswith(">>", position)
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(token, 0)
            if not data:
                operators += len(_OPERATOR.findall(token))
                groups += token == "{"
        elif text[position] == "<":
            depth += text.startswith("<<", position)
        what = "update" if update else "query"
        if depth > DEEPEST:
            raise BadQuery(f"brackets are more than {DEEPEST} deep: ask in parts")
        if operators > MOST_OPERATORS:
            raise BadQuery(
                f"the {what} has more than {MOST_OPERATORS} operators and filters: compare with a"
                " list by IN or VALUES"
            )
        if groups > MOST_GROUPS:
            raise BadQuery(
                f"the {what} has more than {MOST_GROUPS} groups outside of DATA: send it in parts,"
                " or the graphs by INSERT DATA"
            )
        now = _Most(depth, operators, groups, data)
        for end in ends:
            if end not in reached:
                heapq.heappush(places, end)
            reached[end] = now.merged(reached.get(end))
