"""Parameters of a SPARQL text: variables written ``$name``, replaced by RDF terms.

Replaced are tokens, never parts of strings, IRIs or comments, and what replaces them is a term's
own N-Triples form: nothing that a user gives can end up as SPARQL syntax. A parameter may stand
wherever a variable may but in the projection; so it also reaches into sub-queries, ``EXISTS`` and
``OPTIONAL``, which joining its value to the result would not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

# SPARQL 1.1, section 19.8. Order matters: a long string begins like a short one.
_TOKEN: Final = re.compile(
    r"""
      \#[^\r\n]*                                  # a comment
    | <[^<>"{}|^`\\\x00-\x20]*>                   # an IRI
    | '''(?:'{0,2}(?:[^'\\]|\\.))*'''             # strings
    | \"\"\"(?:\"{0,2}(?:[^\"\\]|\\.))*\"\"\"
    | '(?:[^'\\\r\n]|\\.)*'
    | "(?:[^"\\\r\n]|\\.)*"
    | [?$](?P<variable>[A-Za-z_][A-Za-z0-9_]*)    # a variable
    """,
    re.VERBOSE | re.DOTALL,
)


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


def parameters(sparql: str) -> set[str]:
    """The names that stand in the text as ``$name``."""
    return {
        match["variable"]
        for match in _TOKEN.finditer(sparql)
        if match.group().startswith("$") and match["variable"]
    }
