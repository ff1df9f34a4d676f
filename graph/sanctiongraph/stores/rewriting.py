"""Queries said in other words, token by token, for stores that need it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from pyoxigraph import NamedNode

from sanctiongraph.errors import BadQuery
from sanctiongraph.law.groups import NotPlainError, WrittenTriple, read_triples
from sanctiongraph.law.tokens import TOKEN, VARIABLE, closed

_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_MOVED: Final = re.compile(
    r"""(?P<day>[?$]\w+|"[^"\\\n]*"\^\^(?:<[^<>]*>|\w+:\w+))\s*(?P<sign>[-+])\s*
        "P(?P<number>[0-9]+)(?P<unit>[DMY])"\^\^(?:<[^<>]*|xsd:)(?:dayTime|yearMonth)Duration>?""",
    re.VERBOSE,
)
_PREFIX: Final = re.compile(r"PREFIX\s+([\w.-]*):", re.IGNORECASE)


def form(query: str) -> str:
    """``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``; nothing for what is no query."""
    return next((one.upper() for one in _words(query) if one.upper() in _FORMS), "")


def names_dataset(query: str) -> bool:
    """Whether the query has ``FROM`` clauses of its own."""
    for one in _words(query):
        if one == "{":
            return False
        if one.upper() == "FROM":
            return True
    return False


def with_prefixes(query: str, prefixes: dict[str, str]) -> str:
    """The query with those prefixes declared that it uses and does not declare itself."""
    declared = set(_PREFIX.findall(query))
    used = {
        token.partition(":")[0]
        for token in TOKEN.findall(query)
        if ":" in token and token[0] != "<"
    }
    lines = [
        f"PREFIX {name}: <{iri}>\n"
        for name, iri in prefixes.items()
        if name in used and name not in declared
    ]
    return "".join(lines) + query


def without_graphs(query: str, hidden: Sequence[str]) -> str:
    """The query, in which ``GRAPH ?name`` is none of the hidden graphs."""
    if not hidden or "graph" not in query.lower():
        return query
    names = ", ".join(str(NamedNode(one)) for one in hidden)
    tokens = TOKEN.findall(query)
    written: list[str] = []
    last: list[str] = []  # the two tokens before that are no white space
    for token in tokens:
        written.append(token)
        named = token == "{" and len(last) == 2 and last[0].upper() == "GRAPH"
        if named and VARIABLE.fullmatch(last[1]):
            written.append(f" FILTER({last[1]} NOT IN ({names})) ")
        if _counts(token):
            last = [*last[-1:], token]
    return "".join(written)


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
        tests = any(token.upper() == "EXISTS" for token in expression) and _is_boolean(expression)
        # Used again further on it would be copied there, and the copies copied in turn.
        if tests and tokens[end:].count(name) == 0:
            inside = [_as_number(expression), " ", *inside[named:]]
        written += ["BIND(", *inside, ")"]
        at = end
    return "".join(written)


def durations_as_numbers(query: str) -> str:
    """The query with a day moved by a duration as Virtuoso's ``dateadd``.

    SPARQL 1.1 has no arithmetic with durations; XPath has, and so have other stores.
    """
    if "Duration" not in query:
        return query

    def moved(match: re.Match[str]) -> str:
        number = int(match["number"]) * (12 if match["unit"] == "Y" else 1)
        sign = "-" if match["sign"] == "-" else ""
        unit = "day" if match["unit"] == "D" else "month"
        return f'bif:dateadd("{unit}", {sign}{number}, {match["day"]})'

    return _MOVED.sub(moved, query)


def merged(query: str, graphs: Iterable[NamedNode]) -> str:
    """The query over the merge of the default graph and the named ones: each triple in any of them.

    The graphs must not share triples, or rows come twice. Raises ``BadQuery`` for a query whose
    patterns hold more than triples of names, variables and literals: paths, brackets, lists.
    """
    tokens = [token for token in TOKEN.findall(query) if _counts(token)]
    names = [str(graph) for graph in graphs]
    try:
        start = next(i for i, token in enumerate(tokens) if token.upper() in _FORMS)
        body = _opening(tokens, start)
        if tokens[start].upper() == "CONSTRUCT" and tokens[start + 1] == "{":
            body = _opening(tokens, closed(tokens, start))
        parts = [*tokens[:body]]
        end = _merge_group(tokens, body, names, parts)
    except (NotPlainError, StopIteration) as error:
        raise BadQuery(
            "this store merges graphs only for patterns of plain triples: use GRAPH instead"
        ) from error
    return _joined([*parts, *tokens[end:]])


def _merge_group(tokens: list[str], at: int, graphs: list[str], parts: list[str]) -> int:
    """Writes the group that opens at a place; returns where it ends."""
    parts.append("{")
    at += 1
    while tokens[at] != "}":
        word = tokens[at].upper()
        if tokens[at] == "{":
            at = _merge_group(tokens, at, graphs, parts)
        elif word == "SELECT":
            opening = _opening(tokens, at)
            parts += tokens[at:opening]
            at = _merge_group(tokens, opening, graphs, parts)
            end = closed(["{", *tokens[at:]], 0) + at - 2  # what orders and limits it
            parts += tokens[at:end]
            at = end
        elif word in {"FILTER", "BIND"}:
            at = _merge_tests(tokens, at, graphs, parts)
        elif word in {"VALUES", "GRAPH"}:
            end = closed(tokens, _opening(tokens, at))
            parts += tokens[at:end]
            at = end
        elif word in {"OPTIONAL", "MINUS", "UNION"} or tokens[at] == ".":
            parts.append(tokens[at])
            at += 1
        else:
            triples: list[WrittenTriple] = []
            at = read_triples(tokens, at, triples)
            parts += [_in_any(triple, graphs) for triple in triples]
    parts.append("}")
    return at + 1


def _merge_tests(tokens: list[str], at: int, graphs: list[str], parts: list[str]) -> int:
    """Writes a FILTER or BIND, with the groups of EXISTS in it; returns where it ends."""
    end = closed(tokens, at)
    while at < end:
        if tokens[at] == "{":
            at = _merge_group(tokens, at, graphs, parts)
        else:
            parts.append(tokens[at])
            at += 1
    return at


def _in_any(triple: WrittenTriple, graphs: list[str]) -> str:
    text = " ".join(triple)
    ways = [f"{{ {text} }}", *(f"{{ GRAPH {graph} {{ {text} }} }}" for graph in graphs)]
    return f"{{ {' UNION '.join(ways)} }}"


def _opening(tokens: list[str], at: int) -> int:
    return next(i for i in range(at, len(tokens)) if tokens[i] == "{")


def _as_number(tokens: list[str]) -> str:
    """A tree of ``||`` and ``&&`` as nested ``IF``; whatever else, as it is."""
    tokens = _stripped(tokens)
    for sign in ("|", "&"):
        operands = _split(tokens, sign)
        if len(operands) > 1:
            text = _as_number(operands.pop())
            for operand in reversed(operands):
                first = _as_number(operand)
                text = f"IF({first}, 1, {text})" if sign == "|" else f"IF({first}, {text}, 0)"
            return text
    return f"IF({''.join(tokens)}, 1, 0)"


def _is_boolean(tokens: list[str]) -> bool:
    """Whether it is a test or a tree of tests, and not a value chosen by one."""
    tokens = _stripped(tokens)
    word = tokens[0].upper() if tokens else ""
    return word in {"EXISTS", "NOT", "!"} or any(len(_split(tokens, sign)) > 1 for sign in "|&")


def _split(tokens: list[str], sign: str) -> list[list[str]]:
    """The operands of ``||`` or ``&&`` that stand outside every bracket."""
    operands: list[list[str]] = [[]]
    depth, at = 0, 0
    while at < len(tokens):
        token = tokens[at]
        depth += (token in "({") - (token in ")}")
        if not depth and token == sign and tokens[at + 1 : at + 2] == [sign]:
            operands.append([])
            at += 2
            continue
        operands[-1].append(token)
        at += 1
    return operands


def _stripped(tokens: list[str]) -> list[str]:
    """Without white space at the ends and without brackets around the whole."""
    while tokens and not _counts(tokens[0]):
        tokens = tokens[1:]
    while tokens and not _counts(tokens[-1]):
        tokens = tokens[:-1]
    if tokens and tokens[0] == "(" and closed(tokens, 0) == len(tokens):
        return _stripped(tokens[1:-1])
    return tokens


def _counts(token: str) -> bool:
    return not token.isspace() and not token.startswith("#")


def _words(query: str) -> Iterable[str]:
    """The words of a query, without its declarations, and the opening braces among them."""
    declared = False
    for token in TOKEN.findall(query):
        if token.upper() in {"PREFIX", "BASE"}:
            declared = True
        elif declared and token.startswith("<"):
            declared = False
        elif not declared and (token == "{" or token[0].isalpha()):
            yield token


def _joined(tokens: list[str]) -> str:
    """The tokens with spaces between, but for those that make one literal, name or sign."""
    text = ""
    before = ""
    for token in tokens:
        signs = before in _SIGNS and token in _SIGNS
        glued = "^" in (token, before) or (token == "@" and before[:1] in ("'", '"'))
        glued = glued or before == "@" or signs
        text += token if glued or not text else f" {token}"
        before = token
    return text


_SIGNS: Final = frozenset("<>=!|&")
