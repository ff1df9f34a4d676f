"""What the engine raises, said in the terms of the query."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Final

from sanctiongraph.errors import BadQuery, EvaluationFailed, SanctiongraphError
from sanctiongraph_server.problems import MalformedQuery

_PLACE: Final = re.compile(r"error at (\d+):(\d+): expected (.*)", re.DOTALL)
_EXPECTED: Final = re.compile(r"""\[[^\]]*\]|"[^"]*"|[^,\s][^,]*""")
_KEYWORD: Final = re.compile(r"[A-Z][A-Z_]+")
_UPDATE: Final = re.compile(
    r"(?:\s|#[^\r\n]*|(?:PREFIX\s+[^\s<]*\s*|BASE\s*)<[^>]*>)*+"
    r"(INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH)\b",
    re.IGNORECASE,
)
_LONGEST_SHOWN_LINE: Final = 120
_WIDEST_BEFORE: Final = 80


@contextlib.contextmanager
def told(query: str, what: str = "query") -> Iterator[None]:
    """Turns exceptions of pyoxigraph into errors of this project; ``what`` is ``query`` or ``update``.

    ``SyntaxError`` becomes ``MalformedQuery`` with line, column and a caret; ``RuntimeError`` and
    ``ValueError`` are about the query and become ``BadQuery``; ``OSError`` (the store cannot be
    read) and a panic of the engine become ``EvaluationFailed``.
    """
    try:
        yield
    except SanctiongraphError:
        raise
    except SyntaxError as error:
        raise _malformed(query, error, what) from error
    except (RuntimeError, ValueError) as error:
        raise BadQuery(f"the engine refuses the {what}: {error}") from error
    except OSError as error:
        raise EvaluationFailed(f"the store could not be read: {error}") from error
    except BaseException as error:
        # A panic of Rust code is no Exception, and its class is not exported.
        if type(error).__name__ != "PanicException":
            raise
        raise EvaluationFailed(f"the engine failed on this {what}; please report it") from error


def _malformed(query: str, error: SyntaxError, what: str) -> BadQuery:
    if what == "query" and (update := _UPDATE.match(query)):
        return BadQuery(
            f"{update[1].upper()} begins an update, and this endpoint is read-only: it takes"
            " SELECT, ASK, CONSTRUCT and DESCRIBE"
        )
    match = _PLACE.match(str(error))
    if match is None:
        return BadQuery(f"the {what} does not parse: {error}")
    expected = _EXPECTED.findall(match[3].removeprefix("one of "))
    offset = _offset(query, int(match[1]), int(match[2]), expected)
    line, column, shown = place(query, offset)
    # What else the parser says it expected is what it tried last, hardly ever what is missing.
    hint = " (is the prefix declared?)" if "Prefix not found" in expected else ""
    return MalformedQuery(
        f"the {what} does not parse at or near line {line}, column {column}{hint}\n{shown}",
        line,
        column,
    )


def _offset(query: str, line: int, column: int, expected: list[str]) -> int:
    """Where the parser stopped.

    It reports the place after what it tried to read, as far as the text reaches: so the shortest
    keyword that it tried is taken off; a name or IRI that it read and refused is taken back to its
    beginning; and from white space the place moves on to what comes next.
    """
    lines = query.split("\n")
    reported = min(sum(len(before) + 1 for before in lines[: line - 1]) + column - 1, len(query))
    offset = reported - min((_tried(item) for item in expected), default=0)
    if any(item.endswith(("not found", "failed")) for item in expected):
        while offset > 0 and not query[offset - 1].isspace():
            offset -= 1
    offset = max(0, offset)
    while offset < len(query) - 1 and query[offset].isspace():
        offset += 1
    return offset


def _tried(item: str) -> int:
    if item == "[_]":  # any character
        return 1
    return len(item) if _KEYWORD.fullmatch(item) else 0


def place(query: str, offset: int) -> tuple[int, int, str]:
    """Line and column of a place, from 1, and the line with a caret under it."""
    line, column = query.count("\n", 0, offset) + 1, offset - query.rfind("\n", 0, offset)
    return line, column, _shown(query, offset)


def _shown(query: str, offset: int) -> str:
    """The line of the query with a caret under the place."""
    begin = query.rfind("\n", 0, offset) + 1
    end = query.find("\n", offset)
    line = query[begin : end if end >= 0 else len(query)].rstrip("\r")
    column = offset - begin
    cut = max(0, column - _WIDEST_BEFORE)
    line = line[cut : cut + _LONGEST_SHOWN_LINE].replace("\t", " ")
    return f"{line}\n{' ' * (column - cut)}^"
