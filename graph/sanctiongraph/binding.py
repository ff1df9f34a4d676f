"""SPARQL texts as tokens: their parameters, and what of a pattern is triples.

A parameter is a variable written ``$name``, replaced by an RDF term.

Replaced are tokens, never parts of strings, IRIs or comments, and what replaces them is a term's
own N-Triples form: nothing that a user gives can end up as SPARQL syntax. A parameter may stand
wherever a variable may but in the projection; so it also reaches into sub-queries, ``EXISTS`` and
``OPTIONAL``, which joining its value to the result would not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from sanctiongraph.errors import BadData

# SPARQL 1.1, section 19.8. Order matters: a long string begins like a short one.
_QUOTING: Final = r"""
      \#[^\r\n]*                                  # a comment
    | <[^<>"{}|^`\\\x00-\x20]*>                   # an IRI
    | '''(?:'{0,2}(?:[^'\\]|\\.))*'''             # strings
    | \"\"\"(?:\"{0,2}(?:[^\"\\]|\\.))*\"\"\"
    | '(?:[^'\\\r\n]|\\.)*'
    | "(?:[^"\\\r\n]|\\.)*"
    | [?$](?P<variable>[A-Za-z_][A-Za-z0-9_]*)    # a variable
    """
_TOKEN: Final = re.compile(_QUOTING, re.VERBOSE | re.DOTALL)
#: The same, and whatever stands between: words (which hold dots but do not end in one) and signs.
_ANY_TOKEN: Final = re.compile(
    _QUOTING + r"| (?P<word>[\w:@%\\-]+(?:\.+[\w:@%\\-]+)*) | (?P<sign>\S)",
    re.VERBOSE | re.DOTALL,
)
_CLOSING: Final = {"(": ")", "{": "}"}


def bind(sparql: str, values: Mapping[str, NamedNode | Literal]) -> str:
    """The text with each ``$name`` that has a value replaced by it.

    A variable written with ``?`` is left as it is, even where its name is a parameter's.
    """

    def replaced(match: re.Match[str]) -> str:
        text = match.group()
        if text.startswith("$") and match["variable"] in values:
            return str(values[match["variable"]])
        return text

    return _TOKEN.sub(replaced, sparql)


def renamed(sparql: str, names: Mapping[str, str]) -> str:
    """The text with each parameter ``$name`` that has another name called by that."""

    def replaced(match: re.Match[str]) -> str:
        text = match.group()
        other = names.get(match["variable"]) if text.startswith("$") else None
        return f"${other}" if other else text

    return _TOKEN.sub(replaced, sparql)


def with_other_iris(sparql: str, others: Mapping[str, str]) -> str:
    """The text with each IRI in angle brackets that has another replaced by it."""

    def replaced(match: re.Match[str]) -> str:
        text = match.group()
        other = others.get(text[1:-1]) if text.startswith("<") else None
        return f"<{other}>" if other else text

    return _TOKEN.sub(replaced, sparql)


def parameters(sparql: str) -> set[str]:
    """The names that stand in the text as ``$name``."""
    return {
        match["variable"]
        for match in _TOKEN.finditer(sparql)
        if match.group().startswith("$") and match["variable"]
    }


def tokens(sparql: str) -> list[re.Match[str]]:
    """The tokens of a text without its comments; the groups ``variable``, ``word`` and ``sign`` say
    what each is.
    """
    return [match for match in _ANY_TOKEN.finditer(sparql) if not match.group().startswith("#")]


@dataclass(frozen=True, slots=True)
class PatternParts:
    """A graph pattern taken apart: its triple patterns, fit for a CONSTRUCT template, and the
    insides of its ``FILTER NOT EXISTS`` blocks.
    """

    triples: str
    absent: tuple[str, ...]


@lru_cache(maxsize=4096)  # patterns are those of the law: some hundreds
def parts_of(pattern: str) -> PatternParts:
    """The parts of a pattern of triple patterns, ``FILTER`` and ``FILTER NOT EXISTS``.

    Raises ``BadData`` for what no pattern of a rule has: other groups and blank nodes, whose
    matches could not be told, and brackets that do not close.
    """
    found = tokens(pattern)
    kept: list[str] = []
    absent: list[str] = []
    at = 0
    while at < len(found):
        token = found[at]
        text = token.group()
        if token["word"] and text.upper() == "FILTER":
            last = end_of_filter(found, at)
            opening = next(i for i in range(at, last) if found[i].group() in _CLOSING)
            if found[opening].group() == "{" and found[at + 1].group().upper() == "NOT":
                absent.append(pattern[found[opening].end() : found[last].start()].strip())
            at = last + 1
            if at < len(found) and found[at].group() == ".":
                at += 1
            if kept and kept[-1] != ".":
                kept.append(".")
            continue
        if token["sign"] and text in "[]{}()":
            raise BadData(f"a pattern has {text!r} among its triples: write triple patterns only")
        kept.append(text)
        at += 1
    return PatternParts(_joined(kept), tuple(absent))


def end_of_filter(found: list[re.Match[str]], start: int) -> int:
    """The index of the bracket that closes the filter which begins at ``start``.

    Raises ``BadData`` where none does.
    """
    open_brackets: list[str] = []
    for at in range(start + 1, len(found)):
        text = found[at].group()
        if found[at]["sign"] and text in _CLOSING:
            open_brackets.append(_CLOSING[text])
        elif open_brackets and text == open_brackets[-1]:
            open_brackets.pop()
            if not open_brackets:
                return at
    raise BadData("a pattern has a FILTER that does not end")


def _joined(tokens: list[str]) -> str:
    """The tokens with spaces between, but for those that make one literal."""
    text = ""
    for token in tokens:
        glued = token == "^" or text.endswith("^") or (token[:1] == "@" and text[-1:] in "\"'")
        text += token if glued or not text else f" {token}"
    return text
