"""What kinds of triple rules can read: by property, and for ``rdf:type`` by class."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from sanctiongraph.entailment import Rule as Axiom
from sanctiongraph.law.expressions import (
    Const,
    Expression,
    In,
    Var,
    conjuncts,
    read_expression,
    terms_in,
    value_of,
)
from sanctiongraph.law.groups import Filter, Group, NotPlainError, read_group, variable
from sanctiongraph.matching import Terms, key_of, pattern
from sanctiongraph.vocabulary import term

TYPE = term("rdf:type").value


class NotCoveredError(Exception):
    """What is asked has no form as joins of tables here; the message says what of it has none."""


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """The triples of a property, or those that put things into a class."""

    property: str
    of_class: str = ""


def plain_group(text: str) -> Group:
    """A pattern as a group. Raises ``NotCoveredError``."""
    try:
        return read_group(text)
    except NotPlainError:
        raise NotCoveredError(f"more than triples and filters: {text.strip()!r}") from None


def expression_of(one: Filter) -> Expression:
    """The expression of a filter. Raises ``NotCoveredError``."""
    try:
        return read_expression(one.text)
    except NotPlainError:
        raise NotCoveredError(f"the expression{one.text}") from None


def term_of(token: str) -> NamedNode | Literal:
    """The term that a token of a pattern is. Raises ``NotCoveredError``."""
    try:
        return value_of(token)
    except NotPlainError:
        raise NotCoveredError(f"the term {token}") from None


def kinds_of(group: Group) -> set[Kind]:
    """The kinds of triple that a group's patterns match. Raises ``NotCoveredError``."""
    found: set[Kind] = set()
    for triple in group.triples:
        found |= set(kinds_of_triple(triple, group))
    for one in group.filters:
        if one.group:
            found |= kinds_of(one.group)
    return found


def kinds_of_triple(triple: tuple[str, str, str], group: Group) -> list[Kind]:
    """The kinds that one triple pattern matches; several where a filter lists its properties."""
    _, prop, obj = triple
    if name := variable(prop):
        return [Kind(iri) for iri in _listed(name, group)]
    iri = TYPE if prop == "a" else _iri(prop)
    if iri != TYPE:
        return [Kind(iri)]
    if variable(obj):
        raise NotCoveredError(f"a class left open: {' '.join(triple)}")
    return [Kind(TYPE, _iri(obj))]


def constants_of(group: Group) -> set[NamedNode | Literal]:
    """The terms that a group's patterns and filters name. Raises ``NotCoveredError``."""
    found: set[NamedNode | Literal] = set()
    for triple in group.triples:
        ends = [triple[0]] if triple[1] == "a" else [triple[0], triple[2]]
        found |= {term_of(end) for end in ends if not variable(end)}
        if variable(triple[1]):
            found |= {NamedNode(kind.property) for kind in kinds_of_triple(triple, group)}
    for one in group.filters:
        found |= constants_of(one.group) if one.group else terms_in(expression_of(one))
    return found


def kind_of(terms: Terms) -> Kind:
    """The kind of an axiom's triple pattern."""
    prop, of_class = key_of(terms)
    return Kind(prop.value, of_class.value if of_class else "")


def backward(axioms: Iterable[Axiom], wanted: set[Kind]) -> tuple[list[Axiom], set[Kind]]:
    """The axioms that can lead to the wanted kinds, directly or by others, and all kinds they read."""
    by_conclusion: dict[Kind, list[Axiom]] = {}
    for axiom in axioms:
        by_conclusion.setdefault(kind_of(pattern(axiom.conclusion)), []).append(axiom)
    used: list[Axiom] = []
    kinds, waiting = set(wanted), sorted(wanted)
    while waiting:
        for axiom in by_conclusion.get(waiting.pop(), ()):
            used.append(axiom)
            for text in axiom.premises.split(" . "):
                if (kind := kind_of(pattern(text))) not in kinds:
                    kinds.add(kind)
                    waiting.append(kind)
    return used, kinds


def _listed(name: str, group: Group) -> list[str]:
    for one in group.filters:
        if one.group is not None:
            continue
        for part in conjuncts(expression_of(one)):
            if isinstance(part, In) and part.left == Var(name):
                iris = [
                    member.term.value
                    for member in part.members
                    if isinstance(member, Const) and isinstance(member.term, NamedNode)
                ]
                if len(iris) == len(part.members) and TYPE not in iris:
                    return sorted(set(iris))
    raise NotCoveredError(f"a property left open: ?{name}")


def _iri(token: str) -> str:
    found = term_of(token)
    if not isinstance(found, NamedNode):
        raise NotCoveredError(f"the term {token} as a property or class")
    return found.value
