"""Names of blank nodes: what they are called, that order does not matter, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Quad, RdfFormat, parse

from sanctiongraph.errors import BadData
from sanctiongraph.naming import name_blank_nodes
from sanctiongraph.vocabulary import sparql_prologue, term

CLAIM = "https://w3id.org/sanctiongraph/claim/x/039"


def quads(trig: str) -> list[Quad]:
    return list(parse(f"{sparql_prologue()}\n{trig}", format=RdfFormat.TRIG))


def named(trig: str) -> set[str]:
    return {str(quad) for quad in name_blank_nodes(quads(trig))}


def subjects(trig: str) -> list[str]:
    return sorted({str(quad.subject)[1:-1] for quad in name_blank_nodes(quads(trig))})


def test_a_place_is_named_after_its_claim() -> None:
    trig = f"GRAPH graph:claims {{ <{CLAIM}> sg:place [ oa:hasSelector [ oa:start 1 ] ] }}"
    assert subjects(trig) == [CLAIM, f"{CLAIM}#place", f"{CLAIM}#place-hasSelector"]


def test_a_date_in_a_claim_is_named_after_claim_and_thing() -> None:
    trig = f'<{CLAIM}> {{ id:Use sg:holdsFrom [ sg:edtf "2019" ] }}'
    assert f"{CLAIM}#Use-holdsFrom" in subjects(trig)


def test_outside_of_claims_the_thing_alone_gives_the_name() -> None:
    assert term("id:Use").value + "#date" in subjects('id:Use sg:date [ sg:edtf "2019" ] .')


def test_two_claims_about_one_thing_share_no_date() -> None:
    trig = "".join(f'<{CLAIM}{n}> {{ id:Use sg:date [ sg:edtf "{n}" ] }}\n' for n in (2019, 2020))
    assert {f"{CLAIM}2019#Use-date", f"{CLAIM}2020#Use-date"} <= set(subjects(trig))


def test_siblings_are_numbered_by_what_they_say() -> None:
    one = 'id:Use sg:date [ sg:edtf "2020" ] , [ sg:edtf "2019" ] .'
    other = 'id:Use sg:date [ sg:edtf "2019" ] , [ sg:edtf "2020" ] .'
    assert named(one) == named(other)
    first = f'<{term("id:Use").value}#date-1> {term("sg:edtf")} "2019"'
    assert first in {text.removesuffix(" DEFAULT").strip() for text in named(one)}


def test_no_blank_node_is_left_and_no_quad_lost() -> None:
    trig = 'id:A sg:date [ sg:edtf "1" ; sg:inferredFrom [ sg:date [ sg:edtf "2" ] ] ] .'
    before, after = quads(trig), name_blank_nodes(quads(trig))
    assert len(after) == len(set(after)) == len(before)
    assert not any(isinstance(node, BlankNode) for q in after for node in (q.subject, q.object))


@pytest.mark.parametrize(
    ("trig", "message"),
    [
        ('[] sg:edtf "2019" .', "a blank node with edtf hangs on nothing"),
        ('id:A sg:date _:d . id:B sg:date _:d . _:d sg:edtf "1" .', "hangs on two things"),
        ("_:a sg:date _:b . _:b sg:date _:a .", "in a circle"),
        ("id:A sg:date [ ] ; sg:holdsFrom _:b . _:b sg:date _:b .", "hangs on two things"),
        ("id:A sg:source [ ] ; dcterms:source [ ] .", "would get one name"),
        ('id:A sg:date _:d . <urn:g> { _:d sg:edtf "1" }', "hangs on nothing"),
    ],
)
def test_refused(trig: str, message: str) -> None:
    with pytest.raises(BadData, match=message):
        name_blank_nodes(quads(trig))


# Trees of blank nodes below named things, in random order and with random labels.

trees = st.recursive(
    st.builds(lambda n: f'[ sg:edtf "{n}" ]', st.integers(0, 3)),
    lambda inner: st.builds(
        lambda parts: "[ " + " ; ".join(f"{p} {t}" for p, t in parts) + " ]",
        st.lists(st.tuples(st.sampled_from(["sg:date", "sg:place"]), inner), max_size=3),
    ),
    max_leaves=6,
)
documents = st.lists(
    st.builds(
        lambda thing, prop, tree, graph: f"GRAPH {graph} {{ {thing} {prop} {tree} }}",
        st.sampled_from(["id:A", "id:B"]),
        st.sampled_from(["sg:date", "sg:window"]),
        trees,
        st.sampled_from(["graph:claims", f"<{CLAIM}>", f"<{CLAIM}b>"]),
    ),
    min_size=1,
    max_size=5,
).map("\n".join)


@settings(deadline=None)
@given(documents, st.randoms(use_true_random=False))
def test_order_and_labels_do_not_matter(trig: str, random: st.DrawFn) -> None:
    before = quads(trig)
    labels: dict[str, BlankNode] = {}

    def other(node: object) -> object:
        return labels.setdefault(node.value, BlankNode()) if isinstance(node, BlankNode) else node

    shuffled = [Quad(other(q.subject), q.predicate, other(q.object), q.graph_name) for q in before]
    random.shuffle(shuffled)
    assert set(name_blank_nodes(shuffled)) == set(name_blank_nodes(before))


@settings(deadline=None)
@given(documents)
def test_naming_what_is_named_changes_nothing(trig: str) -> None:
    once = name_blank_nodes(quads(trig))
    assert name_blank_nodes(once) == once
