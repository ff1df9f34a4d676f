"""Where claims about one thing cannot all be right: the sides, each with who takes it.

The measure is the same as in the library query ``conflicting-claims``: two dates without a day in
common, two numbers of one unit, or two things, of a property that has one value; what is only
expected, required or possible contradicts nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import term
from sanctiongraph_server.linked.said import Said, Saying
from sanctiongraph_server.linked.statements import Property
from sanctiongraph_server.linked.values import Value
from sanctiongraph_server.tasks import Opened

_NOT_SAID_TO_BE_SO: Final = frozenset(
    term(f"sg:{one}").value for one in ("Forecast", "Requirement", "Option")
)
_VALUE: Final = term("sg:value")


@dataclass(frozen=True, slots=True)
class Side:
    """A value, and the claims that give it."""

    value: Value
    claims: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Contest:
    """A property whose values exclude each other."""

    property: Value
    sides: tuple[Side, ...]


def single_valued(opened: Opened) -> frozenset[NamedNode]:
    """The properties that have one value; read once, by ``opened.once``."""
    quads = opened.store.quads_for_pattern(None, term("sg:singleValued"), None, None)
    return frozenset(
        quad.subject
        for quad in quads
        if isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, Literal)
        and quad.object.value == "true"
    )


def contest(store: GraphStore, saying: Saying, subject: NamedNode, one: Property) -> Contest | None:
    """The sides, where two of the values of the property exclude each other."""
    sides: dict[tuple[str, str], list[Said]] = {}
    nodes: dict[tuple[str, str], object] = {}
    for told in one.values:
        for said in saying.of(told.claims):
            if said.modality.iri not in _NOT_SAID_TO_BE_SO:
                key = (told.value.text, _unit(store, subject, one.name, told.node, said))
                sides.setdefault(key, []).append(said)
                nodes[key] = told.node
    shown = {told.value.text: told.value for told in one.values}
    excluding = [
        Side(replace(shown[key[0]], text=" ".join(key).strip()), tuple(claims))
        for key, claims in sides.items()
        if any(
            _excludes(store, nodes[key], nodes[other])
            for other in nodes
            if other != key and other[1] == key[1]
        )
    ]
    return Contest(one.value, tuple(excluding)) if excluding else None


def _unit(store: GraphStore, subject: NamedNode, name: NamedNode, node: object, said: Said) -> str:
    """What the claim says that a number counts: two systems and four batteries may be the same."""
    if not isinstance(node, Literal):
        return ""
    unit = term("sg:currency" if name == _VALUE else "sg:unitCounted")
    quads = store.quads_for_pattern(subject, unit, None, NamedNode(said.claim.iri))
    return min(
        (quad.object.value for quad in quads if isinstance(quad.object, Literal)), default=""
    )


def _excludes(store: GraphStore, one: object, other: object) -> bool:
    if isinstance(one, NamedNode) and isinstance(other, NamedNode):
        first, second = _days(store, one), _days(store, other)
        if first is None or second is None:
            # Of a date without bounds nothing can be told.
            return first is second and one != other and not _is_date(store, one)
        return first[1] < second[0] or second[1] < first[0]
    return isinstance(one, Literal) and isinstance(other, Literal) and one != other


def _is_date(store: GraphStore, node: NamedNode) -> bool:
    return next(store.quads_for_pattern(node, term("sg:edtf"), None, None), None) is not None


def _days(store: GraphStore, node: NamedNode) -> tuple[dt.date, dt.date] | None:
    """The first and the last day that a date may be; ``None`` for what is no date or has no bounds."""
    if not _is_date(store, node):
        return None
    found: dict[str, dt.date] = {}
    for name in ("earliest", "latest"):
        for quad in store.quads_for_pattern(node, term(f"sg:{name}"), None, None):
            if isinstance(quad.object, Literal):
                found[name] = dt.date.fromisoformat(quad.object.value)
    if not found:
        return None
    return found.get("earliest", dt.date.min), found.get("latest", dt.date.max)
