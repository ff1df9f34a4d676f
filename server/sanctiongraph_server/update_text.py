"""The text of an update as operations: SPARQL 1.1 Update, section 3, as far as rewriting needs it.

What is read is the frame of each operation: its declarations, ``WITH``, ``USING`` and where its
templates and pattern begin and end. The engine goes on to parse all of it; where this reading finds
no frame it refuses the update.
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


@dataclass(frozen=True, slots=True)
class Declaration:
    """``PREFIX`` with its prefix, or ``BASE`` with none; the IRI is as written, in brackets."""

    prefix: str | None
    iri: str


@dataclass(frozen=True, slots=True)
class Using:
    """A ``USING`` clause: the graph as written, an IRI or a prefixed name."""

    graph: str
    named: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation with the declarations that stand before it."""

    declarations: tuple[Declaration, ...]
    tokens: tuple[Token, ...]
    has_with: bool = False
    using: tuple[Using, ...] = ()
    #: From where to where the ``USING`` clauses go, up to the word ``WHERE``; none where the
    #: operation has no pattern.
    clauses: tuple[int, int] | None = None
    is_delete_where: bool = False

    @property
    def start(self) -> int:
        """Where its text begins, after the declarations."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Where its text ends, before a semicolon."""
        return self.tokens[-1].end


_ON_WHOLE_GRAPHS: Final = ("load", "clear", "drop", "create", "add", "move", "copy")
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


def operations(text: str) -> tuple[list[Operation], tuple[Declaration, ...]]:
    """The operations in their order, and what is declared after the last one.

    Raises ``MalformedQuery`` where the frame of an operation is not that of the grammar.
    """
    found: list[Operation] = []
    cursor = _Cursor(text, list(tokens(text)))
    while True:
        declared = cursor.declarations()
        if cursor.peek() is None:
            return found, declared
        found.append(cursor.operation(declared))
        if cursor.peek() is not None:
            cursor.take_sign(";")


@dataclass(slots=True)
class _Cursor:
    text: str
    all: list[Token]
    at: int = 0

    def peek(self) -> Token | None:
        return self.all[self.at] if self.at < len(self.all) else None

    def next_is(self, *words: str) -> bool:
        token = self.peek()
        return token is not None and token.is_word(*words)

    def take(self, expected: str, *kinds: Kind) -> Token:
        token = self.peek()
        if token is None or token.kind not in kinds:
            raise self._refused(expected)
        self.at += 1
        return token

    def take_word(self, *words: str) -> Token:
        if not self.next_is(*words):
            raise self._refused(", ".join(words).upper())
        return self.take("", Kind.WORD)

    def take_sign(self, sign: str) -> Token:
        token = self.peek()
        if token is None or token.text != sign:
            raise self._refused(repr(sign))
        return self.take(repr(sign), Kind.SIGN)

    def take_braces(self) -> None:
        opening = self.take_sign("{")
        while True:
            token = self.peek()
            if token is None:
                raise self._refused("'}'")
            self.at += 1
            if token.text == "}" and token.kind is Kind.SIGN and token.depth == opening.depth:
                return

    def _refused(self, expected: str) -> MalformedQuery:
        token = self.peek()
        return malformed(
            self.text, token.start if token else len(self.text), f"expected {expected}"
        )

    def declarations(self) -> tuple[Declaration, ...]:
        found: list[Declaration] = []
        while self.next_is("prefix", "base"):
            prefix = None
            if self.take_word("prefix", "base").is_word("prefix"):
                name = self.take("a prefix with its colon", Kind.NAME).text
                if name.index(":") != len(name) - 1:
                    self.at -= 1
                    raise self._refused("a prefix with its colon, then an IRI")
                prefix = name[:-1]
            found.append(Declaration(prefix, self.take("an IRI", Kind.IRI).text))
        return tuple(found)

    def operation(self, declared: tuple[Declaration, ...]) -> Operation:
        first = self.at
        if not self.next_is("with", "insert", "delete"):
            self.take_word(*_ON_WHOLE_GRAPHS)
            while (token := self.peek()) is not None and token.text != ";":
                self.at += 1
            return Operation(declared, tuple(self.all[first : self.at]))
        has_with = self.next_is("with")
        if has_with:
            self.take_word("with")
            self.take("a graph", Kind.IRI, Kind.NAME)
        begins_with_delete = self.take_word("insert", "delete").is_word("delete")
        if not has_with and self.next_is("data"):
            self.take_word("data")
            self.take_braces()
            return Operation(declared, tuple(self.all[first : self.at]))
        if not has_with and begins_with_delete and self.next_is("where"):
            where = self.take_word("where")
            self.take_braces()
            held = tuple(self.all[first : self.at])
            return Operation(declared, held, clauses=(where.start,) * 2, is_delete_where=True)
        self.take_braces()
        if begins_with_delete and self.next_is("insert"):
            self.take_word("insert")
            self.take_braces()
        using = tuple(self._using())
        where = self.take_word("where")
        start = where.start
        if using:
            words = (one for one in self.all[first : self.at] if one.depth == 0)
            start = next(one.start for one in words if one.is_word("using"))
        self.take_braces()
        held = tuple(self.all[first : self.at])
        return Operation(declared, held, has_with, using, (start, where.start))

    def _using(self) -> Iterator[Using]:
        while self.next_is("using"):
            self.take_word("using")
            named = self.next_is("named")
            if named:
                self.take_word("named")
            yield Using(self.take("a graph", Kind.IRI, Kind.NAME).text, named)


def malformed(text: str, offset: int, what: str) -> MalformedQuery:
    """The error for a place in an update."""
    line, column, shown = place(text, offset)
    return MalformedQuery(
        f"the update does not parse at line {line}, column {column}: {what}\n{shown}", line, column
    )
