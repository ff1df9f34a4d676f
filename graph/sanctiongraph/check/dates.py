"""Dates: each is EDTF, nothing ends before it begins, and nobody spoke after the source was out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from sanctiongraph.check.findings import Finding
from sanctiongraph.check.parts import Parts
from sanctiongraph.dates import Bounds, bounds
from sanctiongraph.errors import BadDate
from sanctiongraph.vocabulary import term

_EDTF = term("sg:edtf")
_FROM = term("sg:holdsFrom")
_UNTIL = term("sg:holdsUntil")
_SAID = term("sg:saidOn")
_SOURCE = term("sg:source")
_PUBLISHED = term("sg:publishedOn")


def check_dates(parts: Parts) -> Iterator[Finding]:
    """Dates that do not parse, and orders of dates that cannot be."""
    known: dict[str, Bounds] = {}
    for quad in parts.data():
        if quad.predicate != _EDTF or not isinstance(quad.subject, NamedNode):
            continue
        if not isinstance(quad.object, Literal):
            continue
        try:
            known[quad.subject.value] = bounds(quad.object.value)
        except BadDate as error:
            problem, _, cure = str(error).partition(": ")
            yield parts.finding_at(quad, f"{problem} - {cure}")
    yield from _periods(parts, known)
    yield from _said_before_published(parts, known)


def _periods(parts: Parts, known: dict[str, Bounds]) -> Iterator[Finding]:
    """A situation that one claim lets end before it begins."""
    begins: dict[tuple[str, str], list[Bounds]] = defaultdict(list)
    for quad in parts.data():
        if quad.predicate == _FROM and (bound := known.get(_value(quad.object))):
            begins[str(quad.graph_name), str(quad.subject)].append(bound)
    for quad in parts.data():
        end = known.get(_value(quad.object)) if quad.predicate == _UNTIL else None
        for begin in begins[str(quad.graph_name), str(quad.subject)] if end else ():
            if end and begin.earliest and end.latest and end.latest < begin.earliest:
                message = (
                    "sg:holdsUntil is before sg:holdsFrom - put the earlier date in sg:holdsFrom"
                )
                yield parts.finding_at(quad, message)


def _said_before_published(parts: Parts, known: dict[str, Bounds]) -> Iterator[Finding]:
    """A claim said, on the dates given, after the source that reports it was published."""
    published: dict[str, Bounds] = {}
    source_of: dict[str, str] = {}
    for quad in parts.data():
        if quad.predicate == _PUBLISHED and (bound := known.get(_value(quad.object))):
            published[_value(quad.subject)] = bound
        elif quad.predicate == _SOURCE:
            source_of[_value(quad.subject)] = _value(quad.object)
    for quad in parts.data():
        said = known.get(_value(quad.object)) if quad.predicate == _SAID else None
        out = published.get(source_of.get(_value(quad.subject), ""))
        if said and out and said.earliest and out.latest and said.earliest > out.latest:
            message = "sg:saidOn is after the source was published - correct it, or sg:publishedOn of the source"
            yield parts.finding_at(quad, message)


def _value(node: object) -> str:
    return node.value if isinstance(node, NamedNode) else ""
