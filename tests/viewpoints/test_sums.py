"""What ownerships add up to on a viewpoint: its own sums, in the place of the accepted ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from sanctiongraph.assessment import assess
from sanctiongraph.entailment import entail
from sanctiongraph.explain import to_text
from sanctiongraph.law.rules import Law, read_law
from sanctiongraph.naming import name_blank_nodes
from sanctiongraph.ownership import add_ownership, derive
from sanctiongraph.perspective import open_perspective
from sanctiongraph.reading import with_date_bounds
from sanctiongraph.reasoner import Question, Reasoner
from sanctiongraph.scenario import Scenario
from sanctiongraph.viewpoints import add_viewpoints
from sanctiongraph.vocabulary import CLAIMS_GRAPH, PREFIXES, VIEWPOINTS_GRAPH, term
from tests.law.bench import empty, turtle

DAY = dt.date(2024, 6, 1)
_TURKEY = NamedNode(PREFIXES["viewpoint"] + "turkey")
_BELIEVING = """
<https://w3id.org/sanctiongraph/viewpoint/turkey> a sg:Viewpoint ; sg:believes id:Turkey ; sg:believesModality sg:ReportedSpeech .
<https://w3id.org/sanctiongraph/viewpoint/sources> a sg:Viewpoint .
"""


@cache
def _base() -> tuple[list[Quad], Law]:
    """What graphs have in common, and the law in it: to read it takes longer than to add to it."""
    base = empty()
    return list(base.store), base.law


def graph_of(facts: str, said: str) -> Store:
    """The law, facts that sources state, and what Turkey says."""
    store = Store()
    store.bulk_extend(_base()[0])
    store.extend(Quad(*triple, VIEWPOINTS_GRAPH) for triple in map(_parts, turtle(_BELIEVING)))
    for number, (text, speaker, modality) in enumerate(
        ((facts, "id:Somebody", "sg:Fact"), (said, "id:Turkey", "sg:ReportedSpeech")), 1
    ):
        claim = f"https://w3id.org/sanctiongraph/claim/made-up/{number}"
        about = f"<{claim}> a sg:Claim ; sg:speaker {speaker} ; sg:modality {modality} ; sg:wording 'claim {number}'@en ; sg:source id:Paper ; sg:place id:Place ."
        store.extend(Quad(*one, CLAIMS_GRAPH) for one in map(_parts, turtle(about)))
        quads = list(with_date_bounds(name_blank_nodes(turtle(text))))
        store.extend(Quad(*one, NamedNode(claim)) for one in map(_parts, quads))
        if modality == "sg:Fact":
            store.extend(Quad(*one, DefaultGraph()) for one in map(_parts, quads))
    for graph in (VIEWPOINTS_GRAPH, CLAIMS_GRAPH):
        store.update(f"INSERT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}")
    entail(store)
    add_ownership(store)
    add_viewpoints(store)
    return store


def _parts(quad: Quad) -> tuple[object, object, object]:
    return quad.subject, quad.predicate, quad.object


def on(store: Store, viewpoint: str, body: str = "Yard", day: dt.date = DAY) -> tuple[str, str]:
    """Outcome and status of the 50 percent rule for a body."""
    _, law = _base()
    rule = law.rule("ofac-50-percent")
    perspective = open_perspective(store, viewpoint)
    case = {"party": PREFIXES["id"] + body}
    (one,) = assess(perspective.store, law, rule, day, case=case, graphs=perspective.graphs)
    (status,) = one.statuses.values()
    return one.outcome.value, status.value


OWNED = """
id:Share a sg:Ownership ; sg:owner id:Owner ; sg:owned id:Yard ; sg:share 0.6 .
id:Rest a sg:Ownership ; sg:owner id:Other ; sg:owned id:Yard ; sg:share 0.4 .
"""
BLOCKED = "id:Block a sg:Blocking ; sg:target id:Owner ; sg:holdsFrom [ sg:edtf '2024-01-01' ] ."


def test_a_blocking_that_only_a_viewpoint_knows_of() -> None:
    store = graph_of(OWNED, BLOCKED)
    assert on(store, "sources") == ("does-not-apply", "refuted")
    # Established, and not disputed: its own sum takes the place of the accepted one.
    assert on(store, "turkey") == ("applies", "established")
    assert on(store, "turkey", day=dt.date(2023, 12, 31)) == ("does-not-apply", "refuted")


def test_an_owner_that_only_a_viewpoint_knows_of_changes_what_was_refuted() -> None:
    store = graph_of(
        "id:Share a sg:Ownership ; sg:owner id:Owner ; sg:owned id:Yard ; sg:share 0.6 .",
        "id:Told a sg:Ownership ; sg:owner id:Oligarch ; sg:owned id:Owner ; sg:share 0.5 ."
        " id:Block a sg:Blocking ; sg:target id:Oligarch .",
    )
    assert on(store, "sources") == ("does-not-apply", "refuted")
    assert on(store, "turkey") == ("applies", "established")
    assert on(store, "turkey", "Owner") == ("applies", "established")


def test_what_adds_up_alike_is_not_said_twice() -> None:
    store = graph_of(
        OWNED + BLOCKED,
        "id:Elsewhere a sg:Ownership ; sg:owner id:A ; sg:owned id:B ; sg:share 0.7 .",
    )
    assert on(store, "turkey") == on(store, "sources") == ("applies", "established")
    added = {quad.subject.value for quad in store.quads_for_pattern(None, term("rdf:type"), term("sg:BlockedOwnership"), _TURKEY)}  # fmt: skip
    assert {iri.partition("#")[0] for iri in added} == {PREFIXES["id"] + "B"}
    assert not list(store.quads_for_pattern(None, term("sg:supersedes"), None, _TURKEY))


def test_the_graph_of_a_viewpoint_has_nothing_that_the_accepted_graph_has() -> None:
    store = graph_of(OWNED, BLOCKED)
    added = list(store.quads_for_pattern(None, None, None, _TURKEY))
    assert added
    assert not [q for q in added if Quad(q.subject, q.predicate, q.object, DefaultGraph()) in store]


def test_a_scenario_on_a_viewpoint_adds_up_anew() -> None:
    store = graph_of(OWNED, BLOCKED)
    law = read_law(store)
    supposing = Scenario(
        iri="https://w3id.org/sanctiongraph/scenario/sold", label="sold", definition="",
        models=(), about=(), extends=(), withdraws=(), withdrawn=(),
        added=tuple(q.triple for q in turtle("id:Share sg:share 0.1 .")),
    )  # fmt: skip
    perspective = open_perspective(store, "turkey", supposing)
    case = {"party": PREFIXES["id"] + "Yard"}
    found = assess(perspective.store, law, law.rule("ofac-50-percent"), DAY, case=case, graphs=perspective.graphs)  # fmt: skip
    assert [one.outcome.value for one in found] == ["undetermined"]


def test_a_proof_goes_down_to_shares_and_blockings() -> None:
    store = graph_of(
        "id:Share a sg:Ownership ; sg:owner id:Owner ; sg:owned id:Yard ; sg:share 0.6 .",
        "id:Told a sg:Ownership ; sg:owner id:Oligarch ; sg:owned id:Owner ; sg:share 0.5 ."
        " id:Block a sg:Blocking ; sg:target id:Oligarch .",
    )
    reasoner = Reasoner.of(store, "test")
    question = Question.of(rule="ofac-50-percent", party="Yard", as_of="2024-06-01", viewpoint="turkey")  # fmt: skip
    proof = reasoner.explain(question)
    claims = {claim.iri.rpartition("/")[2] for claim in proof.cases[0].claims}
    assert claims == {"1", "2"}
    text = to_text(proof, reasoner)
    assert "blocked persons together own 0.6 of Yard" in text
    assert "blocked persons together own 0.5 of Owner" in text
    assert "supposed" not in text


_NAMES = "ABCD"
_SHARE = st.tuples(st.sampled_from(_NAMES), st.sampled_from(_NAMES), st.sampled_from(["0.2", "0.5", "0.6"]))  # fmt: skip


def _ownerships(shares: list[tuple[str, str, str]], prefix: str) -> Iterator[str]:
    for number, (owner, owned, share) in enumerate(shares):
        yield f"id:{prefix}{number} a sg:Ownership ; sg:owner id:{owner} ; sg:owned id:{owned} ; sg:share {share} ."  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(
    st.lists(_SHARE, min_size=1, max_size=3),
    st.lists(_SHARE, max_size=2),
    st.sampled_from(_NAMES),
    st.booleans(),
)
def test_a_viewpoint_sees_the_sums_of_all_that_it_believes(
    facts: list[tuple[str, str, str]], said: list[tuple[str, str, str]], blocked: str, told: bool
) -> None:
    block = (
        f"id:Block a sg:Blocking ; sg:target id:{blocked} ; sg:holdsFrom [ sg:edtf '2024-01-01' ] ."
    )
    store = graph_of(
        "\n".join([*_ownerships(facts, "F"), "" if told else block]),
        "\n".join([*_ownerships(said, "S"), block if told else ""]),
    )
    whole = graph_of("\n".join([*_ownerships(facts, "F"), *_ownerships(said, "S"), block]), "")
    for body in {owned for _, owned, _ in [*facts, *said]}:
        for day in (dt.date(2023, 12, 31), dt.date(2024, 1, 1)):
            assert on(store, "turkey", body, day) == on(whole, "sources", body, day)


def test_nothing_adds_up_without_a_threshold() -> None:
    assert derive(Store()) == []


@pytest.mark.parametrize("viewpoint", ["sources", "turkey"])
def test_without_ownerships_there_is_no_case(viewpoint: str) -> None:
    store = graph_of("id:A a sg:Person .", "id:B a sg:Person .")
    law = read_law(store)
    perspective = open_perspective(store, viewpoint)
    rule = law.rule("ofac-50-percent")
    assert assess(perspective.store, law, rule, DAY, graphs=perspective.graphs) == []
