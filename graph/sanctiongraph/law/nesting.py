"""Patterns written so that testing one for a case takes time that goes with the case.

In ``EXISTS { ?t sg:date ?d . ?d sg:earliest ?day }`` an engine that joins by hashing reads every
``sg:earliest`` there is, for each case anew. ``EXISTS { ?t sg:date ?d FILTER EXISTS { ?d
sg:earliest ?day } }`` says the same, and each step is a look-up from what is bound before it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sanctiongraph.law.tokens import TOKEN, VARIABLE, closed

#: The three terms of a triple pattern, as they are written.
TripleText = tuple[str, str, str]


class NotPlain(Exception):
    """The pattern has more than triples and filters."""


@dataclass(slots=True)
class _Filter:
    """A filter: its text, or for ``[NOT] EXISTS`` the keywords and the group inside."""

    text: str
    names: set[str]
    group: _Group | None = None


@dataclass(slots=True)
class _Group:
    triples: list[TripleText] = field(default_factory=list)
    filters: list[_Filter] = field(default_factory=list)

    def names(self) -> set[str]:
        """The variables of the triples and of everything inside."""
        own = {name for triple in self.triples for term in triple if (name := _name(term))}
        return own.union(*(one.names for one in self.filters))


def nested(pattern: str, bound: Collection[str]) -> str:
    """The pattern for use in ``EXISTS`` with these variables bound; as it is where it is not plain."""
    try:
        return _written(_read(TOKEN.findall(pattern)), set(bound))
    except NotPlain:
        return pattern


def _written(group: _Group, bound: set[str]) -> str:
    own = {name for triple in group.triples for term in triple if (name := _name(term))}
    triples, filters = list(group.triples), list(group.filters)
    parts: list[str] = []
    levels = 0
    while True:
        for one in [one for one in filters if not triples or one.names & own <= bound]:
            filters.remove(one)
            inside = f"{{ {_written(one.group, bound)} }}" if one.group else ""
            parts.append(f"{one.text} {inside}")
        if not triples:
            return " ".join(parts) + " }" * levels
        chosen = max(triples, key=lambda one: _held(one, bound))
        triples.remove(chosen)
        if any(_name(term) for term in chosen) and levels + len(parts) > 0:
            parts.append("FILTER EXISTS {")
            levels += 1
        elif parts:
            parts.append(".")
        parts.append(" ".join(chosen))
        bound = bound | {name for term in chosen if (name := _name(term))}


def _held(triple: TripleText, bound: set[str]) -> int:
    """How closely the ends of a triple are held: by what is bound more than by a constant."""
    names = [_name(term) for term in (triple[0], triple[2])]
    return sum(1 if name is None else 2 if name in bound else 0 for name in names)


def _name(term: str) -> str | None:
    return term[1:] if VARIABLE.fullmatch(term) else None


def _read(tokens: list[str]) -> _Group:
    tokens = [one for one in tokens if not one.isspace() and not one.startswith("#")]
    group = _Group()
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


def _filter(tokens: list[str]) -> _Filter:
    words = [token.upper() for token in tokens[1:3]]
    opened = 2 if words[0] == "EXISTS" else 3 if words == ["NOT", "EXISTS"] else 0
    if opened:
        group = _read(tokens[opened + 1 : -1])
        return _Filter(" ".join(tokens[:opened]), group.names(), group)
    if "{" in tokens:
        raise NotPlain
    return _Filter(_text(tokens), {name for token in tokens if (name := _name(token))})


def _text(tokens: list[str]) -> str:
    """An expression again: names and variables apart, signs such as ``<=`` and ``^^`` kept whole."""
    text = ""
    for token in tokens:
        apart = token[0].isalpha() or token[0] in "?$"
        text += f" {token}" if apart and text[-1:] not in ("^", "@") else token
    return text


def read_triples(tokens: list[str], at: int, found: list[TripleText]) -> int:
    """Reads the triples of one subject from a place on, without white space; returns where they end.

    Raises ``NotPlain`` where they have more than names, variables and literals.
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
    raise NotPlain
