"""The expressions of filters as values: SPARQL 1.1, section 17.3, as far as rules use it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from sanctiongraph.law.groups import NotPlainError
from sanctiongraph.vocabulary import PREFIXES


@dataclass(frozen=True, slots=True)
class Var:
    """A variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Const:
    """An IRI or a literal."""

    term: NamedNode | Literal


@dataclass(frozen=True, slots=True)
class Call:
    """A function, named in capitals, of one thing."""

    function: str
    of: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """Two expressions with an operator between: ``||``, ``&&``, a comparison, ``+``, ``-``, ``*``."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Not:
    """What does not hold."""

    inner: Expression


@dataclass(frozen=True, slots=True)
class In:
    """Whether a value is among others."""

    left: Expression
    members: tuple[Expression, ...]


Expression = Var | Const | Call | Binary | Not | In

_PROLOGUE: Final = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
COMPARISONS: Final = ("=", "!=", "<", "<=", ">", ">=")
_TOKEN: Final = re.compile(
    r"""
      (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<text>(?:'(?:[^'\\\r\n]|\\.)*'|"(?:[^"\\\r\n]|\\.)*")
        (?:\^\^(?:<[^<>]*>|[\w-]+:[\w-]+)|@[A-Za-z]+(?:-[A-Za-z0-9]+)*)?)
    | (?P<variable>[?$]\w+)
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<name>[A-Za-z_][\w-]*:[\w.-]*[\w-])
    | (?P<word>[A-Za-z]+)
    | (?P<sign>\|\||&&|!=|<=|>=|[=<>()!,+*-])
    | \s+
    """,
    re.VERBOSE,
)
_LEVELS: Final = (("||",), ("&&",), COMPARISONS, ("+", "-"), ("*",))


def read_expression(text: str) -> Expression:
    """The expression of a filter, with or without ``FILTER`` before it.

    Raises ``NotPlainError`` for what rules do not use.
    """
    reader = _Reader(list(_tokens(text)))
    if reader.next() == ("word", "FILTER"):
        reader.at += 1
    found = reader.level(0)
    if reader.at != len(reader.tokens):
        raise NotPlainError
    return found


@lru_cache(maxsize=4096)  # of patterns, which are those of the law
def value_of(token: str) -> NamedNode | Literal:
    """The term that a token of a pattern is. Raises ``NotPlainError``."""
    try:
        (quad,) = parse(f"{_PROLOGUE}<x:s> <x:p> {token} .", format=RdfFormat.TURTLE)
    except (SyntaxError, ValueError):
        raise NotPlainError from None
    if not isinstance(quad.object, NamedNode | Literal):
        raise NotPlainError
    return quad.object


def variables_of(expression: Expression) -> set[str]:
    """The names of the variables in an expression."""
    return {leaf.name for leaf in _leaves(expression) if isinstance(leaf, Var)}


def conjuncts(expression: Expression) -> Iterator[Expression]:
    """The expressions that all have to hold."""
    if isinstance(expression, Binary) and expression.operator == "&&":
        yield from conjuncts(expression.left)
        yield from conjuncts(expression.right)
    else:
        yield expression


def terms_in(expression: Expression) -> set[NamedNode | Literal]:
    """The IRIs and literals in an expression."""
    return {leaf.term for leaf in _leaves(expression) if isinstance(leaf, Const)}


def _leaves(expression: Expression) -> Iterator[Var | Const]:
    if isinstance(expression, Var | Const):
        yield expression
    elif isinstance(expression, Call):
        yield from _leaves(expression.of)
    elif isinstance(expression, Not):
        yield from _leaves(expression.inner)
    else:
        parts = expression.members if isinstance(expression, In) else (expression.right,)
        for part in (expression.left, *parts):
            yield from _leaves(part)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotPlainError
        at = match.end()
        if match.lastgroup:
            word = match.lastgroup == "word"
            yield match.lastgroup, match.group().upper() if word else match.group()


class _Reader:
    """Reads by descending through the levels of operators."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.at = 0

    def next(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def level(self, number: int) -> Expression:
        if number == len(_LEVELS):
            return self.primary()
        found = self.level(number + 1)
        while self.next()[0] == "sign" and self.next()[1] in _LEVELS[number]:
            operator = self.tokens[self.at][1]
            self.at += 1
            found = Binary(operator, found, self.level(number + 1))
        if _LEVELS[number] is COMPARISONS and self.next()[0] == "word":
            found = self.membership(found)
        return found

    def membership(self, left: Expression) -> Expression:
        negated = self.next() == ("word", "NOT")
        self.at += negated
        self.take("word", "IN")
        self.take("sign", "(")
        members = [self.level(0)]
        while self.next() == ("sign", ","):
            self.at += 1
            members.append(self.level(0))
        self.take("sign", ")")
        found = In(left, tuple(members))
        return Not(found) if negated else found

    def primary(self) -> Expression:
        kind, text = self.next()
        self.at += 1
        if (kind, text) == ("sign", "!"):
            return Not(self.primary())
        if (kind, text) == ("sign", "("):
            found = self.level(0)
            self.take("sign", ")")
            return found
        if kind == "variable":
            return Var(text[1:])
        if kind in ("iri", "text", "number", "name") or text in ("TRUE", "FALSE"):
            return Const(value_of(text.lower() if kind == "word" else text))
        if kind == "word" and self.next() == ("sign", "("):
            self.at += 1
            found = self.level(0)
            self.take("sign", ")")
            return Call(text, found)
        raise NotPlainError

    def take(self, kind: str, text: str) -> None:
        if self.next() != (kind, text):
            raise NotPlainError
        self.at += 1
