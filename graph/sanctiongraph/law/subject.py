"""Which triples a rule can look at, told from the properties and classes its patterns name.

A triple that no pattern names cannot change the rule's answer; so what differs only in such
triples need not be asked about.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import NamedNode, Triple

from sanctiongraph.law.rules import Law, Rule
from sanctiongraph.law.tokens import MOST_PATTERNS, TOKEN
from sanctiongraph.vocabulary import PREFIXES, term

_TYPE = term("rdf:type")


@dataclass(frozen=True, slots=True)
class Subject:
    """The IRIs that a rule's patterns name; ``anything`` where a pattern leaves a property open."""

    iris: frozenset[str]
    anything: bool

    def touches(self, triples: Iterable[Triple]) -> bool:
        """Whether the rule can look at any of the triples."""
        spoken = _spoken_of(triples)
        return bool(spoken) and (self.anything or not self.iris.isdisjoint(spoken))


def _spoken_of(triples: Iterable[Triple]) -> frozenset[str]:
    """What patterns name that look at the triples: their properties, and the classes of types."""
    triples = list(triples)
    properties = {one.predicate.value for one in triples}
    classes = {
        one.object.value
        for one in triples
        if one.predicate == _TYPE and isinstance(one.object, NamedNode)
    }
    return frozenset(properties | classes)


def subject_of(law: Law, rule: Rule) -> Subject:
    """What a rule and its exceptions can look at."""
    patterns = [rule.case_pattern, *rule.sanctioned_by]
    for condition in law.conditions_of(rule):
        patterns += [*condition.established_by, *condition.refuted_by]
    return named_in(*patterns)


def named_in(*patterns: str) -> Subject:
    """What patterns can look at, or whole queries made of them."""
    found = [_named_in(text) for text in patterns]
    iris = frozenset(iri for one in found for iri in one.iris)
    return Subject(iris, any(one.anything for one in found))


@lru_cache(maxsize=MOST_PATTERNS)
def _named_in(pattern: str) -> Subject:
    tokens = TOKEN.findall(pattern)
    iris = {iri for token in tokens if (iri := _iri(token))}
    return Subject(frozenset(iris), _open_property(tokens))


def _iri(token: str) -> str | None:
    if token.startswith("<") and token.endswith(">"):
        return token[1:-1]
    prefix, colon, local = token.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else None


def _open_property(tokens: list[str]) -> bool:
    """Whether a variable stands where a property does (a few places too many are taken for one)."""
    at = 0
    for token in tokens:
        if token.isspace() or token.startswith("#"):
            continue
        if token in (".", "{", "}", ")"):
            at = 0
        elif token == ";":
            at = 1
        elif at == 1 and token[0] in "?$":
            return True
        else:
            at += 1
    return False
