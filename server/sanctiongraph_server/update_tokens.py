"""The tokens of an update, each in the one reading that fits what is around it.

The guard reads a text in every way that the engine could; rewriting needs one. It is that of the
grammar, but for a comparison without white space, which the engine takes for one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from sanctiongraph_server.engine_errors import place
from sanctiongraph_server.problems import MalformedQuery
from sanctiongraph_server.tokens import HIDDEN, IRI, NAME, after_trivia, lowered, read


class Kind(Enum):
    """What a token is, as far as it matters here."""

    IRI = auto()
    #: A prefixed name, or the prefix alone with its colon.
    NAME = auto()
    WORD = auto()
    #: A string, variable, blank node or language tag.
    OTHER = auto()
    #: A single character: a bracket, an operator, a digit.
    SIGN = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A token and its place in the text."""

    kind: Kind
    text: str
    start: int
    #: How many braces are open around it; a brace itself counts as outside.
    depth: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these keywords, in any case."""
        return self.kind is Kind.WORD and lowered(self.text) in words


_BRACKETS: Final = {"{": "}", "(": ")", "[": "]"}
# Before a parenthesis that holds terms, not an expression.
_BEFORE_TERMS: Final = frozenset({"a", "values", "undef", "true", "false"})


@dataclass(slots=True)
class _Frame:
    """An open bracket; ``expression`` says whether a parenthesis in it would hold expressions."""

    closing: str
    expression: bool = False


@dataclass(slots=True)
class _Reader:
    """Tells an IRI from a comparison by what is around it: the one thing that needs a context.

    After an operand in an expression ``<`` compares; everywhere else it begins an IRI. Expressions
    stand in parentheses: of FILTER, BIND, HAVING, of SELECT and solution modifiers, and of calls.
    Other parentheses hold collections, paths and rows of VALUES.
    """

    text: str
    frames: list[_Frame] = field(default_factory=list)
    before: list[Token] = field(default_factory=list)

    def compares(self) -> bool:
        """Whether ``<`` here compares."""
        if not self.frames or self.frames[-1].closing != ")" or not self.frames[-1].expression:
            return False
        last = self.before[-1]
        if last.kind is Kind.WORD:
            return last.is_word("true", "false")
        if last.kind is Kind.SIGN:
            return last.text in ")." or last.text.isdigit()
        return True

    def opens(self, bracket: str) -> None:
        if bracket == "(":
            self.frames.append(_Frame(")", self._expression_due()))
        else:
            if bracket == "{" and self.frames:
                self.frames[-1].expression &= self.frames[-1].closing == ")"
            self.frames.append(_Frame(_BRACKETS[bracket]))

    def _expression_due(self) -> bool:
        end = self.before[-1].end if self.before else 0
        if self.text.endswith("<<", 0, end):  # a triple term
            return False
        around = self.frames[-1] if self.frames else None
        if around is not None and around.expression:
            return True
        if around is None or around.closing != "}" or not self.before:
            return False
        last = self.before[-1]
        if last.kind is Kind.WORD:
            return lowered(last.text) not in _BEFORE_TERMS
        call = last.kind in {Kind.IRI, Kind.NAME}
        return call and len(self.before) > 1 and self.before[-2].is_word("filter")

    def passes(self, token: Token) -> None:
        """Keeps what has been read in mind: SELECT and modifiers go on to the next brace."""
        if token.kind is Kind.WORD and self.frames and self.frames[-1].closing == "}":
            if token.is_word("select", "by", "having"):
                self.frames[-1].expression = True
            elif token.is_word("where", "values"):
                self.frames[-1].expression = False
        self.before = [*self.before[-1:], token]


def tokens(text: str) -> Iterator[Token]:
    """The tokens of an update, without white space and comments.

    Raises ``MalformedQuery`` for a string that does not end and for brackets that do not fit.
    """
    reader = _Reader(text)
    depth = 0
    position = after_trivia(text, 0)
    while position < len(text):
        kind, end = _next(reader, text, position)
        sign = text[position] if kind is Kind.SIGN else ""
        if sign and sign in ")]}":
            if not reader.frames or reader.frames.pop().closing != sign:
                raise malformed(text, position, f"no bracket is open that {sign!r} could close")
            depth -= sign == "}"
        token = Token(kind, text[position:end], position, depth)
        yield token
        if sign in _BRACKETS:
            reader.opens(sign)
            depth += sign == "{"
        reader.passes(token)
        position = after_trivia(text, end)
    if reader.frames:
        raise malformed(text, len(text), f"{reader.frames[-1].closing!r} is missing at the end")


def _next(reader: _Reader, text: str, position: int) -> tuple[Kind, int]:
    start = text[position]
    if start == "<":
        iri = None if reader.compares() else IRI.match(text, position)
        return (Kind.IRI, iri.end()) if iri else (Kind.SIGN, position + 1)
    if start in "'\"":
        ends, _ = read(text, position, False)
        if not ends:
            raise malformed(text, position, "this string does not end")
        return Kind.OTHER, ends[0]
    hidden = HIDDEN.match(text, position)
    if hidden:
        return Kind.OTHER, hidden.end()
    name = NAME.match(text, position)
    if name:
        return Kind.NAME, name.end()
    ends, _ = read(text, position, False)
    word = start.isalpha() or start == "_"
    return (Kind.WORD if word else Kind.SIGN), ends[0]


def malformed(text: str, offset: int, what: str) -> MalformedQuery:
    """The error for a place in an update."""
    line, column, shown = place(text, offset)
    return MalformedQuery(
        f"the update does not parse at line {line}, column {column}: {what}\n{shown}", line, column
    )
