"""Patterns as values: triples and filters, and the groups inside ``FILTER [NOT] EXISTS``.

Only what ``docs/law.md`` allows in a pattern is read: triple patterns, filters, and groups inside
filters. Terms stay as they are written.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sanctiongraph.law.tokens import TOKEN, VARIABLE, closed

#: Subject, property and object, as written.
WrittenTriple = tuple[str, str, str]


class NotPlainError(Exception):
    """The pattern has more than triples and filters."""


@dataclass(slots=True)
class Filter:
    """A filter: its text, or for ``[NOT] EXISTS`` the keywords and the group inside."""

    text: str
    names: set[str]
    group: Group | None = None


@dataclass(slots=True)
class Group:
    """What stands between two braces."""

    triples: list[WrittenTriple] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)

    def own(self) -> set[str]:
        """The variables of the triples."""
        return {name for triple in self.triples for term in triple if (name := variable(term))}

    def names(self) -> set[str]:
        """The variables of the triples and of everything inside."""
        return self.own().union(*(one.names for one in self.filters))


def read_group(pattern: str) -> Group:
    """A pattern as a group. Raises ``NotPlainError`` and, for a bracket left open, ``BadData``."""
    return _read(TOKEN.findall(pattern))


def variable(term: str) -> str | None:
    """The name of a variable, ``None`` for any other term."""
    return term[1:] if VARIABLE.fullmatch(term) else None


def _read(tokens: list[str]) -> Group:
    tokens = [one for one in tokens if not one.isspace() and not one.startswith("#")]
    group = Group()
    at = 0
    while at < len(tokens):
        if tokens[at] == ".":
            at += 1
        elif tokens[at].upper() == "FILTER":
            end = closed(tokens, at)
            group.filters.append(_filter(tokens[at:end]))
            at = end
        else:
            at = read_triples(tokens, at, group.triples)
    return group


def _filter(tokens: list[str]) -> Filter:
    words = [token.upper() for token in tokens[1:3]]
    opened = 2 if words[0] == "EXISTS" else 3 if words == ["NOT", "EXISTS"] else 0
    if opened:
        group = _read(tokens[opened + 1 : -1])
        return Filter(" ".join(tokens[:opened]), group.names(), group)
    if "{" in tokens:
        raise NotPlainError
    return Filter(_text(tokens), {name for token in tokens if (name := variable(token))})


def _text(tokens: list[str]) -> str:
    """An expression again: names and variables apart, signs such as ``<=`` and ``^^`` kept whole."""
    text = ""
    for token in tokens:
        apart = token[0].isalpha() or token[0] in "?$"
        text += f" {token}" if apart and text[-1:] not in ("^", "@") else token
    return text


def read_triples(tokens: list[str], at: int, found: list[WrittenTriple]) -> int:
    """Reads the triples of one subject from a place on, without white space; returns where they end.

    Raises ``NotPlainError`` where they have more than names, variables and literals.
    """
    subject, at = _term(tokens, at)
    while True:
        predicate, at = _term(tokens, at)
        while True:
            obj, at = _term(tokens, at)
            found.append((subject, predicate, obj))
            if tokens[at : at + 1] != [","]:
                break
            at += 1
        if tokens[at : at + 1] != [";"]:
            return at
        at += 1
        if tokens[at : at + 1] in ([], ["."]):  # a semicolon may stand last
            return at


def _term(tokens: list[str], at: int) -> tuple[str, int]:
    token = tokens[at] if at < len(tokens) else ""
    if token[:1] in ("'", '"'):
        if tokens[at + 1 : at + 3] == ["^", "^"]:
            return "".join(tokens[at : at + 4]), at + 4
        if tokens[at + 1 : at + 2] == ["@"]:
            return "".join(tokens[at : at + 3]), at + 3
        return token, at + 1
    name = ":" in token or token in ("a", "true", "false") or token[:1].isdigit()
    if VARIABLE.fullmatch(token) or (token.startswith("<") and len(token) > 1) or name:
        return token, at + 1
    raise NotPlainError
