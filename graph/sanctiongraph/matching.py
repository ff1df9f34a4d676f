"""Triple patterns of axioms as tuples, and fitting triples to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyoxigraph import NamedNode

from sanctiongraph.vocabulary import PREFIXES

#: A triple's terms, or those of a pattern: variables as strings with their question mark.
Terms = tuple[Any, Any, Any]

_TYPE = NamedNode(PREFIXES["rdf"] + "type")


def pattern(text: str) -> Terms:
    """One triple pattern of IRIs and variables, as the rules of ``entailment`` write it."""
    subject, predicate, obj = (
        token if token.startswith("?") else NamedNode(token.strip("<>")) for token in text.split()
    )
    return subject, predicate, obj


def key_of(terms: Terms) -> tuple[Any, Any]:
    """What to index a pattern by: its predicate, and for types the class as well."""
    _, predicate, obj = terms
    return predicate, obj if predicate == _TYPE and not isinstance(obj, str) else None


def unify(pattern: Terms, terms: Terms, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """The values with which the pattern is these terms, or ``None``."""
    bound = dict(values)
    for part, term in zip(pattern, terms, strict=True):
        if isinstance(part, str):
            if bound.setdefault(part, term) != term:
                return None
        elif part != term:
            return None
    return bound


def filled(pattern: Terms, values: Mapping[str, Any]) -> Terms:
    """The pattern with the values in place; a variable without one stays."""
    subject, predicate, obj = (
        values.get(part, part) if isinstance(part, str) else part for part in pattern
    )
    return subject, predicate, obj
