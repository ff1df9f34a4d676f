"""A statement that very many claims make: some are read, all are counted, and all are in PROV-O."""

from __future__ import annotations

import datetime as dt

import pytest
from pyoxigraph import NamedNode, Quad, Store

from sanctiongraph.evidence import Ground
from sanctiongraph.explain import plain, to_text, to_turtle
from sanctiongraph.proof import CaseProof
from sanctiongraph.reasoner import Question, Reasoner
from sanctiongraph.vocabulary import PREFIXES

_CLAIM = PREFIXES["claim"] + "defenceturkey-caatsa-statement/006"
_COPIES = 120
_DETERMINED = Question("caatsa-231-a", f"{PREFIXES['id']}SSB", dt.date(2025, 12, 6))


def _whole(part: object) -> str:
    """The claim that a part of it belongs to."""
    return part.value.partition("#")[0] if isinstance(part, NamedNode) else ""


def _copied(quad: Quad, name: str) -> Quad:
    parts = [
        NamedNode(part.value.replace(_CLAIM, name, 1))
        if isinstance(part, NamedNode) and _whole(part) == _CLAIM
        else part
        for part in quad
    ]
    return Quad(*parts)


@pytest.fixture(scope="module")
def repeated(reasoner: Reasoner) -> Reasoner:
    """The real graph, in which one claim is made again and again."""
    store = Store()
    store.extend(reasoner.store.quads_for_pattern(None, None, None, None))
    quads = [quad for quad in store if _CLAIM in {_whole(quad.subject), _whole(quad.graph_name)}]
    for number in range(_COPIES):
        store.extend(_copied(quad, f"{PREFIXES['claim']}made-up/{number:03}") for quad in quads)
    return Reasoner.of(store, "repeated")


@pytest.fixture(scope="module")
def case(repeated: Reasoner) -> CaseProof:
    strongest = repeated.explain(_DETERMINED).strongest
    assert strongest is not None
    return strongest


def _crowded(case: CaseProof) -> list[Ground]:
    leaves = [leaf for match in case.matches for one in match.grounds for leaf in one.leaves]
    return [leaf for leaf in leaves if len(leaf.claim_iris) > _COPIES]


def test_some_are_read_and_all_are_named(case: CaseProof) -> None:
    crowded = _crowded(case)
    assert crowded
    for ground in crowded:
        assert 10 <= len(ground.claims) <= 50
        assert len(set(ground.claim_iris)) == len(ground.claims) + len(ground.unread)
        assert _CLAIM in ground.claim_iris
    assert _CLAIM in case.claim_iris
    assert len(case.claims) < _COPIES


def test_every_form_tells_of_all(repeated: Reasoner) -> None:
    proof = repeated.prove(repeated.ask(_DETERMINED), strongest_only=True)
    assert proof.strongest is not None
    least = min(len(ground.claim_iris) for ground in _crowded(proof.strongest))
    assert f"and {least - 1} more claims" in to_text(proof, repeated)
    turtle = to_turtle(proof, repeated)
    assert all(f"{PREFIXES['claim']}made-up/{number:03}" in turtle for number in range(_COPIES))
    (told,) = plain(proof, repeated)["cases"]
    (determined,) = (one for one in told["conditions"] if one["id"] == "determined-under-231")
    statements = determined["evidence"][0]["statements"]
    assert {len(one["claims"]) + one["more_claims"] for one in statements} >= {least}
    assert len(plain(proof, repeated)["claims"]) < _COPIES
