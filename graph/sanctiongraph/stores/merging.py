"""Queries over the merge of several graphs, for a store whose default graph has no name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import NamedNode

from sanctiongraph.errors import BadQuery
from sanctiongraph.law.groups import NotPlainError, WrittenTriple, read_triples
from sanctiongraph.law.tokens import TOKEN, brace, closed, counts
from sanctiongraph.stores.rewriting import FORMS

_SIGNS: Final = frozenset("<>=!|&")


def merged(query: str, graphs: Iterable[NamedNode]) -> str:
    """The query over the merge of the default graph and the named ones: each triple in any of them.

    The graphs must not share triples, or rows come twice. Raises ``BadQuery`` for a query whose
    patterns hold more than triples of names, variables and literals: paths, brackets, lists.
    """
    tokens = [token for token in TOKEN.findall(query) if counts(token)]
    names = [str(graph) for graph in graphs]
    try:
        start = next(i for i, token in enumerate(tokens) if token.upper() in FORMS)
        body = brace(tokens, start)
        if tokens[start].upper() == "CONSTRUCT" and tokens[start + 1] == "{":
            body = brace(tokens, closed(tokens, start))
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
            inner = brace(tokens, at)
            parts += tokens[at:inner]
            at = _merge_group(tokens, inner, graphs, parts)
            end = closed(["{", *tokens[at:]], 0) + at - 2  # what orders and limits it
            parts += tokens[at:end]
            at = end
        elif word in {"FILTER", "BIND"}:
            at = _merge_tests(tokens, at, graphs, parts)
        elif word in {"VALUES", "GRAPH"}:
            end = closed(tokens, brace(tokens, at))
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
