"""What a query may not do here: call another endpoint, or nest so deep that the engine dies (``limits``).

The engine (pyoxigraph 0.5.13) fetches any address that a ``SERVICE`` clause names, and cannot be
told not to. So the clause has to be found in the text before the engine sees it. Looking for the
word is not enough in either direction: ``?service``, ``ex:service``, a string or a comment is no
clause, and the engine's parser works on characters, not on tokens, so it finds clauses where the
SPARQL grammar has none. Each of these calls out, and is in the tests:

- ``SERVICEex:foo {}``, ``1SERVICE<a>{}``, ``trueSERVICE<a>{}``: words glued together;
- ``FILTER(?a<5)SERVICE#>`` with the rest on the next line: what looks like an IRI is a comparison
  and a comment;
- ``PREFIX ex: <http://h:80>`` with ``?s ?p ex:SERVICE <a> {}``: where prefix and local name make
  no valid IRI, the engine takes the prefix alone and goes on.

So the guard reads the text in every way the engine could (``tokens``). A clause has to look like
``SERVICE``, perhaps ``SILENT``, a variable or IRI, and ``{``: only names followed by that are
refused.
"""

from __future__ import annotations

import re
from typing import Final

from sanctiongraph.errors import Forbidden
from sanctiongraph_server import limits
from sanctiongraph_server.tokens import IRI, NAME, VARIABLE, after_trivia, lowered, read

# After these words comes a graph or resource, never a clause.
_BEFORE_A_GRAPH: Final = frozenset({"graph", "from", "named", "describe"})
# What could be the end of a PREFIX declaration, whatever stands before it.
_DECLARED: Final = re.compile(r":[ \t\r\n]*+(#|<[^<>]*+>?)")
# Whatever plain name is appended to a plain namespace, the IRI stays valid.
_PLAIN_NAMESPACE: Final = re.compile(
    r"<https?://[A-Za-z0-9.-]++(?::[0-9]++)?+/[A-Za-z0-9._~/-]*+#?>"
)
_PLAIN_NAME: Final = re.compile(r"(?:(?!service)[^:])*+:[a-z0-9_]++")


def check(query: str) -> None:
    """Refuses what this endpoint does not evaluate; see SPARQL 1.1 Protocol, section 4.

    Raises ``Forbidden`` for a ``SERVICE`` clause, ``BadQuery`` for one that goes
    beyond the limits.
    """
    limits.check(query)
    if calls_service(query):
        raise Forbidden(
            "SERVICE is not evaluated here: this endpoint calls no other address. Ask both"
            " endpoints from your side and join there. Where no SERVICE is meant, end the triple"
            " before '{' with a dot"
        )


def calls_service(query: str) -> bool:
    """Whether the engine could find a ``SERVICE`` clause in this text.

    Never false for a query that calls out. True for a query that does not only in far-fetched
    cases, and a dot after a triple cures those.
    """
    lower = lowered(query)
    if "service" not in lower:
        return False
    plain = all(_PLAIN_NAMESPACE.fullmatch(iri) for iri in _DECLARED.findall(query))
    # A state is where to read on and whether a graph's name is due; each is visited once, so the
    # work grows with the length of the text whatever the number of readings.
    waiting = [(0, False)]
    seen = set(waiting)
    while waiting:
        position, graph_due = waiting.pop()
        position = after_trivia(query, position)
        if position >= len(query):
            continue
        ends, is_word = read(query, position, graph_due)
        word = lower[position : ends[0]] if is_word else ""
        if "service" in word and not graph_due and _is_clause(query, position, word, plain):
            return True
        for end in ends:
            state = (end, word in _BEFORE_A_GRAPH)
            if state not in seen:
                seen.add(state)
                waiting.append(state)
    return False


def _is_clause(query: str, position: int, word: str, plain: bool) -> bool:
    """Whether from this word or name on the text has the form of a clause."""
    if plain and _PLAIN_NAME.fullmatch(word):
        return False
    end = position + len(word)
    after = word[word.index("service") :]
    if ":" in after and _opens_group(query, end):
        return True
    if not after.endswith(("service", "servicesilent")):
        return False
    target = after_trivia(query, end)
    if lowered(query[target : target + 6]) == "silent":
        target = after_trivia(query, target + 6)
    for pattern in (VARIABLE, IRI, NAME):
        match = pattern.match(query, target)
        if match and _opens_group(query, match.end()):
            return True
    return False


def _opens_group(query: str, position: int) -> bool:
    return query.startswith("{", after_trivia(query, position))
