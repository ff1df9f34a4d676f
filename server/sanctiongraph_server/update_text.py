"""The text of an update as operations: SPARQL 1.1 Update, section 3, as far as rewriting needs it.

What is read is the frame of each operation: its declarations, ``WITH``, ``USING`` and where its
templates and pattern begin and end. The engine goes on to parse all of it; where this reading finds
no frame it refuses the update.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sanctiongraph_server.problems import MalformedQuery
from sanctiongraph_server.update_tokens import Kind, Token, malformed, tokens

_ON_WHOLE_GRAPHS: Final = ("load", "clear", "drop", "create", "add", "move", "copy")


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
