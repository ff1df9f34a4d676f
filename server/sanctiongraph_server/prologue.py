"""The dataset clauses of a query, found in its text: SPARQL 1.1 Query, section 13.2."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r"""(?P<hidden>\#[^\r\n]*+ | '''(?:'{0,2}(?:[^'\\]|\\.))*+''' | \"""(?:"{0,2}(?:[^"\\]|\\.))*+\"""
        | '(?:[^'\\\r\n]|\\.)*+' | "(?:[^"\\\r\n]|\\.)*+" | [?$]\w++ | @[A-Za-z0-9-]++ )
    | (?P<iri> <[^<>"{}|^`\x00-\x20]*+> )
    | (?P<name> [\w.-]*+:(?:[\w:.%-]|\\.)*+ )
    | (?P<word> \w++ )
    | (?P<brace> [{}] )
    | [ \t\r\n]++ | .""",
    re.VERBOSE | re.DOTALL,
)
_FORMS: Final = frozenset({"select", "ask", "construct", "describe"})


@dataclass(frozen=True, slots=True)
class DatasetClauses:
    """FROM and FROM NAMED, as written, and the declarations they are to be read with."""

    prologue: str
    default: tuple[str, ...]
    named: tuple[str, ...]


_NONE: Final = DatasetClauses("", (), ())


def dataset_clauses(query: str) -> DatasetClauses:
    """The dataset clauses of a query; of text that is no query, anything."""
    if "from" not in query.lower():
        return _NONE
    default: list[str] = []
    named: list[str] = []
    prologue: str | None = None
    due: list[str] | None = None
    depth = 0
    for match in _TOKEN.finditer(query):
        kind, text = match.lastgroup, match.group()
        word = text.lower() if kind == "word" else ""
        if kind == "brace":
            depth += 1 if text == "{" else -1
        elif depth:
            continue
        elif kind in {"iri", "name"} and due is not None:
            due.append(text)
            due = None
        elif prologue is None and word in _FORMS:
            prologue = query[: match.start()]
        elif word == "from":
            due = default
        elif word == "named" and due is default:
            due = named
    return DatasetClauses(prologue or "", tuple(default), tuple(named))
