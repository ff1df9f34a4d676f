"""Where a text could make the engine call another address: ``SERVICE`` clauses and ``LOAD``.

The engine (pyoxigraph 0.5.13) fetches any address that these name, and cannot be told not to. So
they have to be found in the text before the engine sees it. Looking for the word is not enough in
either direction: ``?service``, ``ex:service``, a string or a comment is no clause, and the
engine's parser works on characters, not on tokens, so it finds clauses where the SPARQL grammar
has none. Each of these calls out, and is in the tests:

- ``SERVICEex:foo {}``, ``1SERVICE<a>{}``, ``trueSERVICE<a>{}``: words glued together;
- ``FILTER(?a<5)SERVICE#>`` with the rest on the next line: what looks like an IRI is a comparison
  and a comment;
- ``PREFIX ex: <http://h:80>`` with ``?s ?p ex:SERVICE <a> {}``: where prefix and local name make
  no valid IRI, the engine takes the prefix alone and goes on;
- ``PREFIX ex: <a> CLEAR ALL;LOADex:``: a ``LOAD`` glued to its address.

So the text is read in every way the engine could (``tokens``). A ``SERVICE`` clause has to look
like ``SERVICE``, perhaps ``SILENT``, a variable or IRI, and ``{``; a ``LOAD`` stands where an
operation begins, with an IRI behind it.
"""

from __future__ import annotations

import heapq
import re
from dataclasses import dataclass
from typing import Final

from sanctiongraph.vocabulary import PREFIXES
from sanctiongraph_server.tokens import (
    IRI,
    NAME,
    TRIVIA,
    VARIABLE,
    after_run,
    after_trivia,
    lowered,
    read,
)

# After these words comes a graph or resource, never a clause.
_BEFORE_A_GRAPH: Final = frozenset({"graph", "from", "named", "describe"})
# What could be the end of a PREFIX declaration, whatever stands before it.
_DECLARED: Final = re.compile(r":[ \t\r\n]*+(#|<[^<>]*+>?)")
# Whatever plain name is appended to a plain namespace, the IRI stays valid.
_PLAIN_NAMESPACE: Final = re.compile(
    r"<https?://[A-Za-z0-9.-]++(?::[0-9]++)?+/[A-Za-z0-9._~/-]*+#?>"
)
_PLAIN_NAME: Final = re.compile(r"(?:(?!service)[^:])*+:[a-z0-9_]++")


@dataclass(frozen=True, slots=True)
class Clause:
    """A place where the engine could call out; ``start`` and ``end`` are of its address."""

    word: str
    start: int
    end: int
    silent: bool
    #: Whether every reading of the text has it here, its words apart: then its address can be
    #: replaced and nothing else changes.
    plain: bool

    def target(self, text: str) -> str:
        """The address as written: an IRI in angle brackets, a prefixed name or a variable."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Found:
    """What there is in a text; ``open_ended`` says that it may end with a semicolon."""

    clauses: tuple[Clause, ...]
    open_ended: bool


# Whether an operation of an update may begin: no; yes, after a declaration; yes, after ";".
_NO, _DECLARATION, _SEMICOLON = range(3)


def find(text: str, update: bool = False) -> Found:
    """All clauses with which the engine could call out.

    None is missing for a text that calls out. There is one too many only in far-fetched cases.
    """
    lower = lowered(text)
    if "service" not in lower and not (update and "load" in lower):
        return Found((), False)
    plain = all(_PLAIN_NAMESPACE.fullmatch(iri) for iri in _DECLARED.findall(text))
    clauses: dict[Clause, None] = {}
    declared = _Declared(text)
    open_ended = False
    # A state is where to read on, whether a graph's name is due, and whether an operation may
    # begin. Each is visited once, in the order of places, so the work grows with the length of
    # the text whatever the number of readings.
    start = (0, False, _SEMICOLON)
    waiting, seen, farthest = [start], {start}, 0
    while waiting:
        place, graph_due, begins = heapq.heappop(waiting)
        sole = farthest == place
        if not graph_due and (run := after_run(text, place)) > place:
            begins = _after(text[place:run].rstrip(), begins)
            place = run
        position = after_trivia(text, place)
        if position >= len(text):
            open_ended |= begins == _SEMICOLON
            continue
        ends, is_word = read(text, position, graph_due)
        word = lower[position : ends[0]] if is_word else ""
        clause = None
        if "service" in word and not graph_due:
            clause = _service(text, position, word, plain, sole)
        elif update and begins and word.startswith("load"):
            clause = _load(text, position, word, sole, declared)
        if clause is not None:
            clauses[clause] = None
        for end in ends:
            state = (end, word in _BEFORE_A_GRAPH, _begins(text, position, end, word))
            if state not in seen:
                seen.add(state)
                heapq.heappush(waiting, state)
                farthest = max(farthest, end)
    return Found(tuple(clauses), open_ended)


def _after(run: str, begins: int) -> int:
    if not run:  # white space only
        return begins
    return _DECLARATION if run[-1] in '>"' else _NO


def _begins(text: str, position: int, end: int, word: str) -> int:
    if word == ";":
        return _SEMICOLON
    # A declaration ends with an IRI or, in SPARQL 1.2, with the string of a version.
    return _DECLARATION if text[position] in "<'\"" and end > position + 1 else _NO


def _service(text: str, position: int, word: str, plain: bool, sole: bool) -> Clause | None:
    """The clause that begins in this word or name, where the text goes on as one does."""
    if plain and _PLAIN_NAME.fullmatch(word):
        return None
    end = position + len(word)
    after = word[word.index("service") :]
    if ":" in after and _opens_group(text, end):
        return Clause("SERVICE", position, end, False, False)
    if not after.endswith(("service", "servicesilent")):
        return None
    start, silent, apart = _silent(text, end)
    for pattern in (VARIABLE, IRI, NAME):
        match = pattern.match(text, start)
        if match and _opens_group(text, match.end()):
            apart = apart and word == "service" and sole
            return Clause("SERVICE", start, match.end(), silent, apart)
    return None


def _load(text: str, position: int, word: str, sole: bool, declared: _Declared) -> Clause | None:
    """The operation that begins in this word, glued to its address or not."""
    end = position + len(word)
    if ":" in word:
        prefix = text[position + 4 : position + word.index(":")]
        silent = lowered(prefix).startswith("silent")
        if prefix in declared or (silent and prefix[6:] in declared):
            return Clause("LOAD", position, end, False, False)
        return None
    if word not in {"load", "loadsilent"}:
        return None
    start, silent, apart = _silent(text, end)
    for pattern in (IRI, NAME):
        if match := pattern.match(text, start):
            apart = apart and word == "load" and sole
            return Clause("LOAD", start, match.end(), silent, apart)
    return None


def _silent(text: str, end: int) -> tuple[int, bool, bool]:
    """Where the address begins after a keyword, whether SILENT is between, and whether apart."""
    start = after_trivia(text, end)
    if lowered(text[start : start + 6]) != "silent":
        return start, False, True
    after = after_trivia(text, start + 6)
    return after, True, after > start + 6 or text.startswith("<", after)


class _Declared:
    """The prefixes that a text could declare: ``loader:x`` is no ``LOAD`` where ``er:`` is none."""

    _most_looked_for: Final = 20

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[str, bool] = dict.fromkeys(PREFIXES, True)

    def __contains__(self, prefix: str) -> bool:
        if prefix not in self._known:
            # Each look reads the whole text, so there are not many.
            self._known[prefix] = (
                len(self._known) >= len(PREFIXES) + self._most_looked_for
                or re.search(rf"(?:(?i:prefix)|[ \t\r\n]){re.escape(prefix)}:", self._text)
                is not None
            )
        return self._known[prefix]


def _opens_group(text: str, position: int) -> bool:
    return text.startswith("{", after_trivia(text, position))


_DECLARATIONS: Final = re.compile(
    rf"(?:(?<=;)|\A)(?:{TRIVIA}(?i:PREFIX{TRIVIA}(?:[^\s:<>#]*+):|BASE){TRIVIA}{IRI.pattern})++"
)


def declarations(text: str) -> str:
    """The declarations of a text, by which the addresses of its clauses are to be read."""
    return "\n".join(match[0].lstrip() for match in _DECLARATIONS.finditer(text))
