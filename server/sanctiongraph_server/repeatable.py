"""Answers that are the same whenever the same is asked of the same version of the graph.

Only a view knows that its answer is one: it says so with ``mark``, and the front keeps the answer,
gives it an entity tag, and takes the mark off.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from flask import Response

from sanctiongraph_server.cross_origin import VERSION_HEADER
from sanctiongraph_server.tokens import after_trivia, lowered, read

#: The header by which a view marks its answer; it does not leave the server.
MARK: Final = "Sanctiongraph-Repeatable"

# SPARQL 1.1 Query, section 17.4: functions that give another value each time.
_FUNCTION: Final = re.compile(r"now|rand|uuid|bnode")
_BLANK: Final = re.compile(r"_:|\[")


@dataclass(frozen=True, slots=True)
class Repeatable:
    """What a mark says: the version that gave the answer, and the day if the request named none."""

    version: str
    day: str | None = None

    def __str__(self) -> str:
        return f"{self.version};{self.day or ''}"

    @classmethod
    def read(cls, mark: str) -> Repeatable:
        """From the value of the header."""
        version, _, day = mark.partition(";")
        return cls(version, day or None)


def mark(response: Response, day: str | None = None) -> Response:
    """Says that this answer follows from the request and the version that it names alone.

    ``day`` is the day (UTC) it is about, where it would be about another if asked on another. An
    answer that names no version is left without a mark.
    """
    version = response.headers.get(VERSION_HEADER)
    if version is not None:
        response.headers[MARK] = str(Repeatable(version, day))
    return response


def is_repeatable(query: str) -> bool:
    """Whether a query that parses has the same answer, byte for byte, each time.

    Never true for one that calls ``NOW``, ``RAND``, ``UUID``, ``STRUUID`` or ``BNODE``, that asks
    another endpoint, or that constructs blank nodes, which get new names each time; sometimes
    false for one that does none of it.
    """
    lower = lowered(query)
    calls = _FUNCTION.search(lower) is not None or "service" in lower
    constructs = "construct" in lower and _BLANK.search(lower) is not None
    return not (calls or constructs) or _reads_so(query, lower)


def _reads_so(query: str, lower: str) -> bool:
    """Looks at the words alone, in every way that the engine could read the text.

    A function may be glued to the word before it, and anything may stand before its bracket.
    """
    constructs = blank = False
    waiting = [0]
    seen = {0}
    while waiting:
        position = after_trivia(query, waiting.pop())
        if position >= len(query):
            continue
        ends, is_word = read(query, position, False)
        word = lower[position : ends[0]] if is_word and ends else ""
        if "service" in word:
            return False
        if _FUNCTION.search(word) and query.startswith("(", after_trivia(query, ends[0])):
            return False
        constructs |= "construct" in word
        # A label of a blank node is no word, and is read as one token.
        blank |= word == "[" or query.startswith("_:", position)
        for end in ends:
            if end not in seen:
                seen.add(end)
                waiting.append(end)
    return not (constructs and blank)
