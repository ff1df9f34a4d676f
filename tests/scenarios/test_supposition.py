"""What a scenario changes, what vanishes with what is withdrawn, and that the store stays as it is."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from sanctiongraph.answer import answer
from sanctiongraph.assessment import Outcome
from sanctiongraph.entailment import entail
from sanctiongraph.errors import BadData, NotFound
from sanctiongraph.explain import to_json
from sanctiongraph.incremental import sums
from sanctiongraph.law.rules import Law
from sanctiongraph.perspective import Perspective, open_perspective, suppose
from sanctiongraph.reasoner import Question, Reasoner
from sanctiongraph.scenario import scenario, scenario_text, scenarios
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.supposition import let_go
from sanctiongraph.vocabulary import (
    CLAIMS_GRAPH,
    ENTAILED_GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    sparql_prologue,
    term,
)

ONTOLOGY = """
sg:Possession rdfs:subClassOf sg:Situation .
sg:possessor a owl:ObjectProperty ; rdfs:domain sg:Possession ; rdfs:range sg:Agent .
sg:partOf a owl:TransitiveProperty .
sg:near a owl:SymmetricProperty .
"""
CLAIMS = {
    "a": "id:P sg:possessor id:Turkey .",
    "b": "id:P sg:possessor id:Turkey . id:Turkey a sg:Agent .",
    "c": "id:X sg:partOf id:Y .",
    "d": "id:Y sg:partOf id:Z . id:Y sg:near id:W .",
}


def small(claims: dict[str, str] = CLAIMS) -> Store:
    store = Store()
    graphs = {ONTOLOGY_GRAPH: ONTOLOGY}
    graphs |= {NamedNode(PREFIXES["claim"] + f"t/{name}"): text for name, text in claims.items()}
    for graph, text in graphs.items():
        for quad in parse(f"{sparql_prologue()}\n{text}", format=RdfFormat.TURTLE):
            store.add(Quad(quad.subject, quad.predicate, quad.object, graph))
            store.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
    for name in claims:
        claim = NamedNode(PREFIXES["claim"] + f"t/{name}")
        store.add(Quad(claim, term("rdf:type"), term("sg:Claim"), CLAIMS_GRAPH))
        store.add(Quad(claim, term("sg:modality"), term("sg:Fact"), CLAIMS_GRAPH))
    entail(store)
    return store


def believed(store: GraphStore) -> set[str]:
    """The default graph but for the ontology, in short."""
    found = store.quads_for_pattern(None, None, None, DefaultGraph())
    return {
        " ".join(str(part).strip("<>").rpartition("#")[2].rpartition("/")[2] for part in q.triple)
        for q in found
        if Quad(q.subject, q.predicate, q.object, ONTOLOGY_GRAPH) not in store
    }


def supposing(store: Store, text: str) -> set[str]:
    one = scenario_text(f"{sparql_prologue()}\n{text}", store)
    return believed(suppose(Perspective(store), one).store)


def copied(store: GraphStore) -> Store:
    copy = Store()
    copy.bulk_extend(store.quads_for_pattern(None, None, None, None))
    return copy


def withdrawing(store: Store, *claims: str) -> set[str]:
    graphs = " , ".join(f"<{PREFIXES['claim']}t/{name}>" for name in claims)
    return supposing(
        store, f"GRAPH graph:scenarios {{ scenario:x a sg:Scenario ; sg:withdraws {graphs} . }}"
    )


def digest(store: Store) -> str:
    lines = sorted(store.dump(format=RdfFormat.N_QUADS).splitlines())
    return hashlib.sha256(b"\n".join(lines)).hexdigest()


def test_what_is_supposed_entails() -> None:
    found = supposing(small(), "id:Q sg:possessor id:Greece .")
    added = found - believed(small())
    assert added == {
        "Q possessor Greece", "Q type Possession", "Q type Situation", "Greece type Agent",
    }  # fmt: skip


def test_what_is_supposed_joins_what_is_believed() -> None:
    assert "W0 partOf Z" in supposing(small(), "id:W0 sg:partOf id:X .")


def test_a_triple_that_another_claim_states_stays() -> None:
    store = small()
    assert withdrawing(store, "a") == believed(store)
    assert withdrawing(store, "b") == believed(store)  # the type follows from the other claim


def test_with_the_last_claim_all_that_rested_on_it_vanishes() -> None:
    found = withdrawing(small(), "a", "b")
    assert not {line for line in found if "P " in line or "Turkey" in line}
    assert "X partOf Z" in found


def test_a_chain_ends_where_one_of_its_claims_is_withdrawn() -> None:
    found = withdrawing(small(), "d")
    assert "X partOf Y" in found
    assert not {line for line in found if "Z" in line or "near" in line}


@pytest.mark.parametrize("claims", [("a",), ("b",), ("c",), ("d",), ("a", "b"), ("a", "c", "d")])
def test_the_same_as_a_store_that_never_had_the_claims(claims: tuple[str, ...]) -> None:
    left = {name: text for name, text in CLAIMS.items() if name not in claims}
    assert withdrawing(small(), *claims) == believed(small(left))


TRIPLES = st.tuples(
    st.sampled_from("wxyz"),
    st.sampled_from(["partOf", "near", "possessor"]),
    st.sampled_from("wxyz"),
).map(lambda one: f"id:{one[0]} sg:{one[1]} id:{one[2]} .")
TEXTS = st.lists(TRIPLES, min_size=1, max_size=3).map(" ".join)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from("abcdef"), TEXTS, min_size=1), st.data())
def test_any_claims_withdrawn_are_as_never_made(
    claims: dict[str, str], data: st.DataObject
) -> None:
    gone = data.draw(st.sets(st.sampled_from(sorted(claims)), min_size=1))
    left = {name: text for name, text in claims.items() if name not in gone}
    assert withdrawing(small(claims), *sorted(gone)) == believed(small(left))


def test_a_withdrawn_triple_that_follows_all_the_same_is_believed_again() -> None:
    store = small()
    text = "<scenario/withdrawn> { id:P a sg:Possession . id:X sg:partOf id:Y . }".replace(
        "<scenario/", f"<{PREFIXES['scenario']}x/"
    )
    found = supposing(store, text + " GRAPH graph:scenarios { scenario:x a sg:Scenario . }")
    assert "P type Possession" in found
    assert "X partOf Y" not in found
    assert "X partOf Z" not in found


def test_a_withdrawn_claim_is_nowhere() -> None:
    store = small()
    claim = NamedNode(PREFIXES["claim"] + "t/a")
    one = scenario_text(
        f"{sparql_prologue()} GRAPH graph:scenarios "
        f"{{ scenario:x a sg:Scenario ; sg:withdraws {claim} . }}",
        store,
    )
    copy = suppose(Perspective(store), one).store
    assert claim not in set(copy.named_graphs())
    assert not list(copy.quads_for_pattern(claim, None, None, None))


def test_the_real_store_is_unchanged(store: Store) -> None:
    before = digest(store)
    for one in scenarios(store):
        suppose(Perspective(store), one)
    claim = PREFIXES["claim"] + "tass-s400-second-batch/003"
    text = f"GRAPH graph:scenarios {{ scenario:x a sg:Scenario ; sg:withdraws <{claim}> . }}"
    suppose(Perspective(store), scenario_text(f"{sparql_prologue()}{text}", store))
    assert digest(store) == before


def test_withdrawing_on_the_real_graph(store: Store) -> None:
    """Without the claim on Turkey's possession, only its name and type are left of it."""
    possession = NamedNode(PREFIXES["id"] + "TurkeyS400Possession")
    claim = PREFIXES["claim"] + "tass-s400-second-batch/003"
    text = f"GRAPH graph:scenarios {{ scenario:x a sg:Scenario ; sg:withdraws <{claim}> . }}"
    copy = suppose(Perspective(store), scenario_text(f"{sparql_prologue()}{text}", store)).store
    for name in ("sg:possessor", "sg:possessedFor", "sg:holdsFrom"):
        assert list(store.quads_for_pattern(possession, term(name), None, DefaultGraph()))
        assert not list(copy.quads_for_pattern(possession, term(name), None, DefaultGraph()))
    assert Quad(possession, term("rdf:type"), term("sg:Situation"), DefaultGraph()) in copy


def test_an_increment_is_what_entailing_everything_again_gives(store: Store) -> None:
    for name in ("return-to-russia-with-refund", "custody-abroad-for-turkey"):
        copy = suppose(Perspective(store), scenario(store, name)).store
        assert entail(copied(copy)) == 0


def test_a_withdrawal_is_what_entailing_everything_again_gives(store: Store) -> None:
    claims = [PREFIXES["claim"] + f"tass-s400-second-batch/00{n}" for n in (3, 4, 5)]
    withdrawn = " , ".join(f"<{iri}>" for iri in claims)
    text = f"GRAPH graph:scenarios {{ scenario:x a sg:Scenario ; sg:withdraws {withdrawn} . }}"
    one = scenario_text(f"{sparql_prologue()}{text}", store)
    copy = suppose(Perspective(store), one).store
    found = {q.triple for q in copy.quads_for_pattern(None, None, None, DefaultGraph())}
    whole = copied(copy)
    for quad in list(whole.quads_for_pattern(None, None, None, ENTAILED_GRAPH)):
        whole.remove(quad)
        whole.remove(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
    assert entail(whole)
    again = {q.triple for q in whole.quads_for_pattern(None, None, None, DefaultGraph())}
    assert found == again


def test_a_viewpoint_under_a_scenario(store: Store) -> None:
    plain = open_perspective(store, "united-states")
    supposed = open_perspective(store, "united-states", "destroy")
    assert (supposed.viewpoint, supposed.scenario) == ("united-states", "destroy")
    ask = "ASK { id:S400UseByTurkey sg:status sg:NotInUse }"
    for one in (plain, supposed):
        graphs = list(one.graphs)
        assert bool(one.store.query(ask, prefixes=PREFIXES, default_graph=graphs))
    assert not bool(store.query(ask, prefixes=PREFIXES))


def test_one_scenario_is_quick(store: Store) -> None:
    """The bound is 100 ms on a quiet machine (benchmarks); this only guards against a regression."""
    one = scenario(store, "return-to-russia")
    suppose(Perspective(store), one)
    taken = []
    for _ in range(3):
        started = time.process_time()
        suppose(Perspective(store), one)
        taken.append(time.process_time() - started)
    assert min(taken) < 0.5


def test_a_claim_that_there_is_not(store: Store) -> None:
    text = "GRAPH graph:scenarios { scenario:x a sg:Scenario ; sg:withdraws claim:no-such . }"
    one = scenario_text(f"{sparql_prologue()}{text}", store)
    with pytest.raises(NotFound, match="no claim"):
        suppose(Perspective(store), one)


def test_the_ontology_of_a_scenario_text_has_no_effect() -> None:
    with pytest.raises(BadData, match="only graph:scenarios"):
        scenario_text(f"{sparql_prologue()} GRAPH graph:ontology {{ id:a id:b id:c }}", small())


FRONT = f"""{sparql_prologue()}
GRAPH graph:scenarios {{ scenario:front a sg:Scenario ; rdfs:label "a front"@en }}
<{PREFIXES["scenario"]}front/added> {{
    id:Front a sg:Company .
    id:FrontShare a sg:Ownership ; sg:owner id:IsmailDemir ; sg:owned id:Front ;
        sg:share 0.5 ; sg:holdsFrom [ sg:edtf "2021-01-01" ] .
}}"""


def test_what_supposed_ownerships_add_up_to(store: Store, law: Law) -> None:
    party = PREFIXES["id"] + "Front"
    rule = law.rule("ofac-50-percent")
    there = open_perspective(store, "sources", scenario_text(FRONT, store))
    found = {
        day: answer(there, law, rule, party, dt.date.fromisoformat(day)).outcome
        for day in ("2020-12-31", "2021-01-01")
    }
    assert found["2020-12-31"] is not Outcome.APPLIES
    assert found["2021-01-01"] is Outcome.APPLIES
    assert answer(Perspective(store), law, rule, party, dt.date(2021, 1, 1)).cases == ()


@pytest.mark.parametrize("viewpoint", ["sources", "everyone"])
def test_where_too_much_is_owned_all_is_added_up(
    store: Store, viewpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    front = scenario_text(FRONT, store)
    bounded = open_perspective(store, viewpoint, front)
    let_go()
    monkeypatch.setattr(sums, "_MOST", 0)
    whole = open_perspective(store, viewpoint, front)
    let_go()
    assert whole.store is not bounded.store
    seen = [(dump(one.store), one.touched.triples) for one in (bounded, whole)]
    assert seen[0] == seen[1]
    assert any("#blocked-ownership" in str(one.subject) for one in whole.touched.triples)


def test_what_a_scenario_leaves_alone_rests_on_the_same(store: Store) -> None:
    reasoner = Reasoner.of(store, "tested")

    def evidence(scenario: str | None) -> dict[str, object]:
        asked = Question.of("aeca-27-f", "Turkey", as_of="2026-02-01", scenario=scenario)
        told = json.loads(to_json(reasoner.prove(reasoner.ask(asked)), reasoner))
        return {one["id"]: one["evidence"] for one in told["cases"][0]["conditions"]}

    plain, supposed = evidence(None), evidence("destroy")
    same = [name for name, found in plain.items() if found and supposed[name] == found]
    origins = set(re.findall(r'"origin": "(\w+)"', json.dumps([plain[name] for name in same])))
    assert origins >= {"claim", "naming"}, origins


def dump(store: GraphStore) -> tuple[set[Quad], set[str]]:
    names = {str(name) for name in store.named_graphs()}
    return set(store.quads_for_pattern(None, None, None, None)), names


def test_scenarios_that_are_held_at_the_same_time_see_their_own(store: Store) -> None:
    chosen = scenarios(store)[:3]
    held = [open_perspective(store, scenario=one) for one in chosen]
    alone = []
    for one in chosen:
        perspective = open_perspective(store, scenario=one)
        alone.append(dump(perspective.store))
    assert [dump(one.store) for one in held] == alone
    assert alone[0] != alone[1] != alone[2] != alone[0]
