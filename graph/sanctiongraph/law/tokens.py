"""The tokens of a rule's patterns."""

from __future__ import annotations

import re
from typing import Final

from sanctiongraph.errors import BadData

#: The tokens of a pattern, white space and comments among them.
TOKEN: Final = re.compile(
    r"""
      \#[^\r\n]* | <[^<>"{}|^`\\\x00-\x20]*>
    | '''(?:'{0,2}(?:[^'\\]|\\.))*''' | \"\"\"(?:\"{0,2}(?:[^\"\\]|\\.))*\"\"\"
    | '(?:[^'\\\r\n]|\\.)*' | "(?:[^"\\\r\n]|\\.)*"
    | [?$][A-Za-z_]\w* | [A-Za-z_][\w:-]*(?:\.+[\w:-]+)* | [0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?
    | [{}()] | \s+ | .
    """,
    re.VERBOSE | re.DOTALL,
)
#: Of how many patterns it is remembered what was read in them: those of the law are some hundreds.
MOST_PATTERNS: Final = 4_096
#: A variable.
VARIABLE: Final = re.compile(r"[?$]\w+")
#: The day that a pattern is asked about.
AS_OF: Final = re.compile(r"[?$]asOf\b")


def counts(token: str) -> bool:
    """Whether a token is neither white space nor a comment."""
    return not token.isspace() and not token.startswith("#")


def brace(tokens: list[str], at: int) -> int:
    """Where the brace is that opens first from ``at`` on."""
    for index in range(at, len(tokens)):
        if tokens[index] == "{":
            return index
    raise BadData(f"a group that does not open: {''.join(tokens[at:])!r}")


def closed(tokens: list[str], at: int) -> int:
    """Where the bracket ends that opens first from ``at`` on."""
    depth = 0
    for index in range(at, len(tokens)):
        if tokens[index] in ("(", "{"):
            depth += 1
        elif tokens[index] in (")", "}"):
            depth -= 1
            if depth == 0:
                return index + 1
    raise BadData(f"a bracket that does not close: {''.join(tokens[at:])!r}")
