"""Timelines of small made-up graphs against asking day by day."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

from sanctiongraph.assessment import assess
from sanctiongraph.errors import BadData
from sanctiongraph.law.relaxing import relax
from sanctiongraph.law.rules import Law, read_law
from sanctiongraph.naming import name_blank_nodes
from sanctiongraph.perspective import Perspective
from sanctiongraph.timeline import timelines
from sanctiongraph.vocabulary import LAW_GRAPH, sparql_prologue, term

FIRST = dt.date(2020, 1, 1)
LAW = f"""{sparql_prologue()}
law:r a sg:Rule ; rdfs:label "r" ; sg:provision law:p ; sg:deonticModality sg:Obligation ;
  sg:verification sg:PrimaryText ; sg:asks "?party ?transaction" ;
  sg:inForceFrom law:from ; sg:inForceUntil law:until ;
  sg:casePattern \"\"\" ?transaction sg:recipient ?party .
    FILTER NOT EXISTS {{ ?transaction sg:date ?later . ?later sg:earliest ?day . FILTER(?day > $asOf) }} \"\"\" ;
  sg:allOf ( law:a [ sg:anyOf ( law:b law:c ) ] ) ; sg:unless law:d ;
  sg:sanctionedBy " ?m sg:target ?party ; sg:holdsFrom ?f . ?f sg:latest ?day . FILTER(?day <= $asOf) FILTER NOT EXISTS {{ ?m sg:holdsUntil ?u . ?u sg:earliest ?end . FILTER(?end <= $asOf) }} " .
law:from sg:earliest "2020-01-06"^^xsd:date . law:until sg:earliest "2020-03-20"^^xsd:date .
law:a a sg:Condition ; sg:verification sg:PrimaryText ; sg:reservedTo law:x ; sg:absence sg:Refutes ;
  sg:establishedBy " ?x sg:about ?transaction ; sg:date ?d . ?d sg:latest ?day . FILTER(?day <= $asOf && ?day >= $asOf - 'P20D'^^xsd:dayTimeDuration) " .
law:b a sg:Condition ; sg:verification sg:PrimaryText ;
  sg:establishedBy " ?x sg:subject ?party ; sg:date ?d . ?d sg:latest ?day . FILTER(?day + 'P1M'^^xsd:yearMonthDuration <= $asOf) " ;
  sg:refutedBy " FILTER($asOf < '2020-02-10'^^xsd:date) " .
law:c a sg:Condition ; sg:verification sg:Unverified ;
  sg:establishedBy " ?x sg:ends ?party ; sg:date ?d . FILTER NOT EXISTS {{ ?d sg:latest ?day . ?d sg:earliest ?other . FILTER(?day > $asOf || ?other = $asOf) }} " .
law:d a sg:Condition ; sg:verification sg:PrimaryText ; sg:absence sg:Refutes ;
  sg:establishedBy " ?x sg:begins ?party ; sg:date ?d . ?d sg:earliest ?day . FILTER(?day = $asOf) " .
"""
_day = st.integers(0, 80).map(lambda n: FIRST + dt.timedelta(days=n))
_event = st.tuples(
    st.sampled_from(["about", "subject", "ends", "begins", "target", "date"]),
    st.sampled_from("pq"),
    st.sampled_from("tu"),
    _day,
    _day,
)


def law_in(store: Store) -> Law:
    for quad in name_blank_nodes(list(parse(LAW, format=RdfFormat.TURTLE))):
        store.add(Quad(quad.subject, quad.predicate, quad.object, LAW_GRAPH))
    return read_law(store)


def made_up(events: list[tuple[str, str, str, dt.date, dt.date]]) -> Store:
    store = Store()

    def add(subject: str, predicate: str, obj: NamedNode | Literal) -> None:
        store.add(Quad(term(f"id:{subject}"), term(f"sg:{predicate}"), obj, DefaultGraph()))

    def dated(node: str, first: dt.date, last: dt.date) -> None:
        for bound, day in (("earliest", min(first, last)), ("latest", max(first, last))):
            add(node, bound, Literal(day.isoformat(), datatype=term("xsd:date")))

    for case in ("t", "u"):
        add(case, "recipient", term("id:p"))
    add("u", "recipient", term("id:q"))
    for n, (kind, party, transaction, first, last) in enumerate(events):
        if kind == "date":
            add(transaction, "date", term(f"id:d{n}"))
        elif kind == "target":
            add(f"e{n}", "target", term(f"id:{party}"))
            add(f"e{n}", "holdsFrom", term(f"id:d{n}"))
            add(f"e{n}", "holdsUntil", term(f"id:u{n}"))
            dated(f"u{n}", last, last + dt.timedelta(days=9))
        else:
            add(f"e{n}", kind, term(f"id:{transaction if kind == 'about' else party}"))
            add(f"e{n}", "date", term(f"id:d{n}"))
        dated(f"d{n}", first, last)
    return store


@settings(max_examples=60, deadline=None)
@given(st.lists(_event, max_size=7))
def test_a_timeline_is_what_each_day_says(
    events: list[tuple[str, str, str, dt.date, dt.date]],
) -> None:
    store = made_up(events)
    law = law_in(store)
    rule = law.rule("r")
    lines = {(one.party, one.transaction): one for one in timelines(Perspective(store), law, rule)}
    for n in range(-3, 130):
        day = FIRST + dt.timedelta(days=n)
        found = {
            (one.party, one.transaction): (one.outcome, one.level)
            for one in assess(store, law, rule, day)
        }
        held = {case: line.on(day) for case, line in lines.items()}
        assert {case: (p.outcome, p.level) for case, p in held.items() if p.case} == found, day
    for line in lines.values():
        for one, following in zip(line.periods, line.periods[1:], strict=False):
            assert one.until == following.since
            assert (one.outcome, one.level, one.case) != (
                following.outcome, following.level, following.case,
            )  # fmt: skip


def test_one_party_alone_has_the_timelines_that_it_has_among_all() -> None:
    store = made_up([("about", "q", "u", FIRST, FIRST), ("subject", "q", "t", FIRST, FIRST)])
    law = law_in(store)
    party = term("id:q").value
    every = timelines(Perspective(store), law, law.rule("r"))
    alone = timelines(Perspective(store), law, law.rule("r"), party=party)
    assert alone == [one for one in every if one.party == party]
    assert len(alone) == 1


def test_a_filter_left_out_leaves_a_pattern_that_parses() -> None:
    whole, inner = relax(
        "?a sg:p ?b FILTER(?b > $asOf) ?b sg:q 'FILTER(' ; a sg:C . # $asOf\n"
        "FILTER NOT EXISTS { ?b sg:r ?c . FILTER(?c <= $asOf) }"
    )
    assert whole.days == ("b",)
    assert inner.days == ("c",)
    for one in (whole, inner):
        assert "asOf" not in one.pattern
        Store().query(f"{sparql_prologue()} SELECT * WHERE {{ {one.pattern} }}")


def test_a_day_used_outside_a_filter_is_refused() -> None:
    with pytest.raises(BadData, match="outside a FILTER"):
        relax("?a sg:p $asOf .")
