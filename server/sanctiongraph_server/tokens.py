"""SPARQL text as tokens, in every way that the engine could read it.

The engine (pyoxigraph 0.5.13) parses characters, not tokens, so what a token is can depend on
what is around it. Two have two readings: ``<`` begins an IRI or is a comparison, and a long string
whose escapes the engine refuses is an empty string with more text after it. All else is read as
the engine reads it; where it would stop, the reading stops as well.
"""

from __future__ import annotations

import re
from typing import Final

_BASE: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"
)
_MORE: Final = "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_CHARS: Final = rf"[{_BASE}_{_MORE}-]"
_PREFIX: Final = rf"(?:[{_BASE}]{_CHARS}*+(?:\.++{_CHARS}++)*+)?"
_ESCAPE: Final = r"\\[tbnrf\"'\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
TRIVIA: Final = r"(?:[ \t\r\n]|#[^\r\n]*+)*+"
_TRIVIA: Final = re.compile(TRIVIA)

# The terminals of SPARQL 1.1, section 19.8, as the engine has them.
_LONG: Final = re.compile(
    rf"'''(?:'{{0,2}}(?:[^'\\]|{_ESCAPE}))*+'''" rf'|"""(?:"{{0,2}}(?:[^"\\]|{_ESCAPE}))*+"""'
)
_SHORT: Final = re.compile(rf"'(?:[^'\\\r\n]|{_ESCAPE})*+'" rf'|"(?:[^"\\\r\n]|{_ESCAPE})*+"')
IRI: Final = re.compile(r"<(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>")
VARIABLE: Final = re.compile(rf"[?$][{_BASE}_0-9][{_BASE}_{_MORE}]*+")
NAME: Final = re.compile(rf"{_PREFIX}:(?:{_CHARS}|[:.]|%[0-9A-Fa-f]{{2}}|\\[^\s\w])*+")
HIDDEN: Final = re.compile(
    rf"#[^\r\n]*+|{VARIABLE.pattern}"
    rf"|_:[{_BASE}_0-9]{_CHARS}*+(?:\.++{_CHARS}++)*+"
    r"|@[A-Za-z]++(?:-[A-Za-z0-9]++)*+"
)
# A word may be glued to the number before it; what is neither word nor name is one character.
_WORD: Final = re.compile(rf"{NAME.pattern}|[{_BASE}_]{_CHARS}*+|.", re.DOTALL)

# What has one reading only and neither word nor bracket, taken at once: most of the data in an update.
_RUN: Final = re.compile(
    r"(?:[ \t\r\n]++|[.,]|<https?://[^<>\"'{}|^`\\#\x00-\x20]*+>|\"(?!\"\")[^\"\\\r\n]*+\")++"
)
# In a comparison nothing can stand for two slashes but a comment or a string.
_NO_COMPARISON: Final = re.compile(r"[^#']*?//")
# Only ASCII is folded, as in the engine, so that lengths stay.
_LOWER: Final = str.maketrans({upper: upper.lower() for upper in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"})


def lowered(text: str) -> str:
    """Lower case by ASCII alone: as long as before."""
    return text.translate(_LOWER)


def read(query: str, position: int, graph_due: bool) -> tuple[list[int], bool]:
    """Where the token at ``position`` may end, and whether it is a word, name or sign.

    ``graph_due`` says that the name of a graph has to come, so that ``<`` is no comparison. A
    place without end is one where the engine cannot go on.
    """
    start = query[position]
    if start in "'\"":
        return _string_ends(query, position), False
    if start == "<":
        iri = IRI.match(query, position)
        if iri and (graph_due or _NO_COMPARISON.match(query, position, iri.end())):
            return [iri.end()], False
        return [position + 1, iri.end()] if iri else [position + 1], False
    hidden = HIDDEN.match(query, position)
    if hidden:
        return [hidden.end()], False
    word = _WORD.match(query, position)
    assert word is not None  # the pattern ends with "any character"
    return [word.end()], True


def after_run(query: str, position: int) -> int:
    """Where a run of IRIs, plain strings, dots and commas ends that begins at ``position``."""
    match = _RUN.match(query, position)
    return match.end() if match else position


def _string_ends(query: str, position: int) -> list[int]:
    """A quote that begins no string ends the reading: the engine cannot go on there either."""
    long, short = _LONG.match(query, position), _SHORT.match(query, position)
    ends = [long.end()] if long else []
    # The engine may find an escaped code point to be none, and then reads an empty string.
    if short and (long is None or "\\u" in long.group().lower()):
        ends.append(short.end())
    return ends


def after_trivia(query: str, position: int) -> int:
    """Where white space and comments end that begin at ``position``."""
    match = _TRIVIA.match(query, position)
    return match.end() if match else position
