"""What the rules make of all cases on each viewpoint, as triples of the dataset.

One ``sg:Assessment`` a period of a case's timeline, in ``graph/assessments/<viewpoint>``; so who is
under which rule as of a day is a plain pattern over ``sg:holdsFrom`` and ``sg:holdsUntil``. Those on
what sources state as fact are in the default graph as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from sanctiongraph.assessment import Level, Outcome
from sanctiongraph.increments import Increments
from sanctiongraph.law.rules import Law, Rule, read_law
from sanctiongraph.law.subject import subject_of
from sanctiongraph.perspective import Perspective, open_perspective
from sanctiongraph.timeline import Period, Timeline, timelines
from sanctiongraph.viewpoints import SOURCES, Viewpoint, quads_in, viewpoints
from sanctiongraph.vocabulary import BASE, PREFIXES, term

_TYPE: Final = term("rdf:type")
_OUTCOMES: Final = {
    Outcome.APPLIES: term("sg:Applies"),
    Outcome.DOES_NOT_APPLY: term("sg:DoesNotApply"),
    Outcome.DISPUTED: term("sg:Disputed"),
    Outcome.UNDETERMINED: term("sg:Undetermined"),
}
_LEVELS: Final = {
    Level.NONE: term("sg:NoLevel"),
    Level.ELIGIBLE: term("sg:Eligible"),
    Level.DETERMINED: term("sg:Determined"),
    Level.SANCTIONED: term("sg:Sanctioned"),
}


def assessments_graph(viewpoint: str) -> NamedNode:
    """The graph of the assessments on a viewpoint, by its name."""
    return NamedNode(f"{PREFIXES['graph']}assessments/{viewpoint}")


def add_assessments(store: Store) -> None:
    """Fills the graph of assessments of each viewpoint; the viewpoints' own graphs must be there."""
    law = read_law(store)
    increments = Increments(store)
    rules = [law.rules[iri] for iri in sorted(law.rules)]
    plain = {rule.iri: timelines(Perspective(store), law, rule) for rule in rules}
    found = {one: _on(store, law, rules, one, plain) for one in viewpoints(store)}
    # The days are described in each graph, so that each can be asked alone.
    every = {day for lines in found.values() for day in ends_of(lines)}
    described: dict[str, list[Triple]] = {}
    for triple in days_described(every, increments):
        described.setdefault(str(triple.subject), []).append(triple)
    for viewpoint, lines in found.items():
        triples = list(_triples(viewpoint, lines))
        for day in ends_of(lines):
            triples += described[str(_day_node(day))]
        store.bulk_extend(quads_in(assessments_graph(viewpoint.name), triples))
        if viewpoint.name == SOURCES:
            store.bulk_extend(
                Quad(one.subject, one.predicate, one.object, DefaultGraph()) for one in triples
            )


def ends_of(lines: Iterable[Timeline]) -> set[dt.date]:
    """The days on which a period with a case begins or has ended."""
    ends = {
        end for line in lines for one in line.periods if one.case for end in (one.since, one.until)
    }
    return {day for day in ends if day}


def _on(
    store: Store,
    law: Law,
    rules: list[Rule],
    viewpoint: Viewpoint,
    plain: dict[str, list[Timeline]],
) -> list[Timeline]:
    """The timelines of all cases on a viewpoint: the plain ones where it adds nothing to a rule."""
    found: list[Timeline] = []
    perspective = open_perspective(store, viewpoint.name)
    added = [quad.triple for quad in store.quads_for_pattern(None, None, None, viewpoint.graph)]
    for rule in rules:
        same = viewpoint.name == SOURCES or not subject_of(law, rule).touches(added)
        found += plain[rule.iri] if same else timelines(perspective, law, rule)
    return found


def _triples(viewpoint: Viewpoint, found: Iterable[Timeline]) -> Iterator[Triple]:
    for line in found:
        for period in line.periods:
            if period.case:
                yield from _assessment(viewpoint, line, period)


def assessment_triples(viewpoint: Viewpoint, line: Timeline) -> Iterator[Triple]:
    """The assessments of a case's timeline, but for what describes their days."""
    return _triples(viewpoint, [line])


def path_of(viewpoint: Viewpoint, rule: Rule, party: str, transaction: str | None = None) -> str:
    """How the IRIs of a case's assessments begin, before a slash and the day that one holds from."""
    parts = [viewpoint.name, rule.name, party, transaction]
    path = "/".join(quote(_last(part), safe="") for part in parts if part)
    return f"{BASE}assessment/{path}"


def _assessment(viewpoint: Viewpoint, line: Timeline, period: Period) -> Iterator[Triple]:
    path = path_of(viewpoint, line.rule, line.party, line.transaction)
    since = period.since.isoformat() if period.since else "always"
    node = NamedNode(f"{path}/{since}")
    yield Triple(node, _TYPE, term("sg:Assessment"))
    yield Triple(node, term("sg:onViewpoint"), viewpoint.graph)
    yield Triple(node, term("sg:assessedRule"), NamedNode(line.rule.iri))
    yield Triple(node, term("sg:assessedParty"), NamedNode(line.party))
    if line.transaction:
        yield Triple(node, term("sg:assessedTransaction"), NamedNode(line.transaction))
    yield Triple(node, term("sg:outcome"), _OUTCOMES[period.outcome])
    yield Triple(node, term("sg:level"), _LEVELS[period.level])
    if period.since:
        yield Triple(node, term("sg:holdsFrom"), _day_node(period.since))
    if period.until:
        yield Triple(node, term("sg:holdsUntil"), _day_node(period.until))


def days_described(days: Iterable[dt.date], increments: Increments) -> set[Triple]:
    """What describes calendar days, with what follows."""
    return increments.beyond(_days(days))


def _days(days: Iterable[dt.date]) -> Iterator[Triple]:
    """Calendar days as date nodes, one a day for all assessments."""
    for day in days:
        node, text = _day_node(day), day.isoformat()
        yield Triple(node, _TYPE, term("sg:Date"))
        yield Triple(node, term("sg:edtf"), Literal(text))
        for bound in ("sg:earliest", "sg:latest"):
            yield Triple(node, term(bound), Literal(text, datatype=term("xsd:date")))


def _day_node(day: dt.date) -> NamedNode:
    return NamedNode(f"{BASE}day/{day.isoformat()}")


def _last(name: str) -> str:
    """What tells a thing of this project from others in a path; the whole IRI of any other thing."""
    return name.removeprefix(PREFIXES["id"])
