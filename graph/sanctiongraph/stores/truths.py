"""Truth values for a store that knows none: asked for as 1 and 0, and read as what they are."""

from __future__ import annotations

from typing import Final

from sanctiongraph.law.tokens import TOKEN, VARIABLE, closed, counts

#: Functions of SPARQL 1.1 that tell whether something is so.
_TESTS: Final = frozenset(
    "BOUND ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC REGEX CONTAINS STRSTARTS STRENDS LANGMATCHES"
    " SAMETERM".split()
)


def booleans_as_numbers(query: str) -> str:
    """The query with ``BIND(EXISTS {...} || ... AS ?x)`` as nested ``IF`` to 1 and 0.

    The two have the same effective boolean value (SPARQL 1.1 Query, section 17.2.2).
    """
    if "exists" not in query.lower():
        return query
    tokens = TOKEN.findall(query)
    written: list[str] = []
    at = 0
    while at < len(tokens):
        if tokens[at].upper() != "BIND":
            written.append(tokens[at])
            at += 1
            continue
        end = closed(tokens, at)
        opening = tokens.index("(", at)
        inside = tokens[opening + 1 : end - 1]
        named = max(i for i, token in enumerate(inside) if token.upper() == "AS")
        expression = inside[:named]
        name = next(token for token in inside[named:] if VARIABLE.fullmatch(token))
        tests = any(token.upper() == "EXISTS" for token in expression) and _is_tree(expression)
        # Used again further on it would be copied there, and the copies copied in turn.
        if tests and tokens[end:].count(name) == 0:
            inside = [_as_number(expression), " ", *inside[named:]]
        written += ["BIND(", *inside, ")"]
        at = end
    return "".join(written)


def truth_columns(query: str) -> frozenset[str]:
    """The variables that are given truth values in a query, and never anything else by ``AS``."""
    tokens = [token for token in TOKEN.findall(query) if counts(token)]
    found: dict[str, bool] = {}
    opened: list[int] = []
    for at, token in enumerate(tokens):
        if token == "(":
            opened.append(at)
        elif token == ")" and opened:
            opened.pop()
        elif (
            token.upper() == "AS"
            and opened
            and VARIABLE.fullmatch("".join(tokens[at + 1 : at + 2]))
        ):
            name = tokens[at + 1][1:]
            found[name] = _is_truth(tokens[opened[-1] + 1 : at]) and found.get(name, True)
    return frozenset(name for name, truth in found.items() if truth)


def _is_truth(tokens: list[str]) -> bool:
    """Whether an expression gives true or false whatever its variables are."""
    tokens = _stripped(tokens)
    if _is_tree(tokens) or [token.lower() for token in tokens] in (["true"], ["false"]):
        return True
    word = tokens[0].upper() if tokens else ""
    if tokens[1:2] == ["("] and closed(tokens, 1) == len(tokens):
        if word == "IF":
            return all(_is_truth(one) for one in _split(tokens[2:-1], [","])[1:])
        if word == "COALESCE":
            return all(_is_truth(one) for one in _split(tokens[2:-1], [","]))
        return word in _TESTS
    return any(len(_split(tokens, [sign])) > 1 for sign in ("=", "<", ">", "IN", "in"))


def _as_number(tokens: list[str]) -> str:
    """A tree of ``||`` and ``&&`` as nested ``IF``; whatever else, as it is."""
    tokens = _stripped(tokens)
    for sign in ("||", "&&"):
        operands = _split(tokens, [*sign])
        if len(operands) > 1:
            text = _as_number(operands.pop())
            for operand in reversed(operands):
                first = _as_number(operand)
                text = f"IF({first}, 1, {text})" if sign == "||" else f"IF({first}, {text}, 0)"
            return text
    return f"IF({''.join(tokens)}, 1, 0)"


def _is_tree(tokens: list[str]) -> bool:
    """Whether it is a test or a tree of tests, and not a value chosen by one."""
    tokens = _stripped(tokens)
    word = tokens[0].upper() if tokens else ""
    return word in {"EXISTS", "NOT", "!"} or any(
        len(_split(tokens, [*sign])) > 1 for sign in ("||", "&&")
    )


def _split(tokens: list[str], sign: list[str]) -> list[list[str]]:
    """The operands of a sign that stands outside every bracket."""
    operands: list[list[str]] = [[]]
    depth, at = 0, 0
    while at < len(tokens):
        token = tokens[at]
        depth += (token in "({") - (token in ")}")
        if not depth and tokens[at : at + len(sign)] == sign:
            operands.append([])
            at += len(sign)
            continue
        operands[-1].append(token)
        at += 1
    return operands


def _stripped(tokens: list[str]) -> list[str]:
    """Without white space at the ends and without brackets around the whole."""
    while tokens and not counts(tokens[0]):
        tokens = tokens[1:]
    while tokens and not counts(tokens[-1]):
        tokens = tokens[:-1]
    if tokens and tokens[0] == "(" and closed(tokens, 0) == len(tokens):
        return _stripped(tokens[1:-1])
    return tokens
