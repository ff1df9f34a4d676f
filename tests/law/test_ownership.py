"""Ownership by blocked persons: the sums against a slow definition, on many small made-up graphs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Quad, QuerySolutions, Store

from sanctiongraph.ownership import add_ownership
from sanctiongraph.shares import aggregate
from sanctiongraph.vocabulary import ENTAILED_GRAPH, PREFIXES

from .bench import turtle

_HALF = Decimal("0.5")
_BODIES = "ABCDEF"
_SHARES = st.dictionaries(
    st.tuples(st.sampled_from(_BODIES), st.sampled_from(_BODIES)),
    st.integers(0, 100).map(lambda percent: Decimal(percent) / 100),
    max_size=14,
)


def _blocked(shares: dict[tuple[str, str], Decimal], listed: set[str]) -> set[str]:
    """Whoever is listed, or half owned by such: the smallest such set, found by trying all."""
    candidates = sorted(
        (
            {body for n, body in enumerate(_BODIES) if number >> n & 1}
            for number in range(2 ** len(_BODIES))
        ),
        key=len,
    )
    for candidate in candidates:
        if listed <= candidate and all(
            body in candidate
            or sum(Fraction(s) for (o, b), s in shares.items() if b == body and o in candidate)
            < Fraction(1, 2)
            for body in _BODIES
        ):
            return candidate
    raise AssertionError("the set of all bodies is such a set")


@given(_SHARES, st.sets(st.sampled_from(_BODIES), max_size=3))
def test_sums_are_those_of_the_smallest_closed_set(
    shares: dict[tuple[str, str], Decimal], listed: set[str]
) -> None:
    found = aggregate(((o, b, share) for (o, b), share in shares.items()), listed, _HALF)
    blocked = _blocked(shares, listed)
    for body, sums in found.items():
        expected = sum(s for (o, b), s in shares.items() if b == body and o in blocked)
        assert sums.blocked == expected
        assert sums.blocked + sums.clear <= sum(s for (_, b), s in shares.items() if b == body)
        if sums.clear > _HALF and sum(s for (_, b), s in shares.items() if b == body) <= 1:
            assert body in listed or body not in blocked


@given(_SHARES, st.sets(st.sampled_from(_BODIES), max_size=3), st.sampled_from(_BODIES))
def test_blocking_one_more_never_lowers_a_sum(
    shares: dict[tuple[str, str], Decimal], listed: set[str], one: str
) -> None:
    triples = [(owner, body, share) for (owner, body), share in shares.items()]
    before, after = aggregate(triples, listed, _HALF), aggregate(triples, listed | {one}, _HALF)
    for body, sums in before.items():
        assert after[body].blocked >= sums.blocked
        assert after[body].clear <= sums.clear


def test_a_sum_that_ends_later_has_its_new_end_alone() -> None:
    """What is derived anew is named after its beginning, so its dates have the same names."""

    def said(until: str) -> list[Quad]:
        text = f"""
          id:Rule sg:ownershipThreshold 0.5 .
          id:B a sg:Blocking ; sg:target id:Tycoon ; sg:holdsFrom id:From .
          id:From sg:earliest "2020-01-01"^^xsd:date ; sg:latest "2020-01-01"^^xsd:date .
          id:O a sg:Ownership ; sg:owner id:Tycoon ; sg:owned id:Holding ; sg:share 0.5 ;
               sg:holdsUntil id:Until .
          id:Until sg:earliest "{until}"^^xsd:date ; sg:latest "{until}"^^xsd:date ."""
        return turtle(text)

    store = Store()
    for until in ("2021-01-01", "2022-01-01"):
        store.update("DELETE WHERE { id:Until ?p ?o }", prefixes=PREFIXES)
        store.extend(said(until))
        add_ownership(store)
    for graph in (DefaultGraph(), ENTAILED_GRAPH):
        ends = store.query(
            "SELECT ?day { ?sum a sg:BlockedOwnership ; sg:holdsUntil/sg:earliest ?day }",
            prefixes=PREFIXES,
            default_graph=graph,
        )
        assert isinstance(ends, QuerySolutions)
        # What there was before the blocking ended when that began.
        days = {solution["day"].value for solution in ends}
        assert days == {"2020-01-01", "2022-01-01"}


def test_a_date_that_others_have_as_well_stays() -> None:
    store = Store()
    store.extend(
        turtle("""
          id:Stated a sg:BlockedOwnership ; sg:holdsFrom id:Shared , id:Own .
          id:Other a sg:Measure ; sg:holdsFrom id:Shared .
          id:Shared sg:earliest "2020-01-01"^^xsd:date .
          id:Own sg:earliest "2020-01-01"^^xsd:date .""")
    )
    add_ownership(store)
    left = {str(quad.subject).rpartition("/")[2] for quad in store.quads_for_pattern(None, None, None, DefaultGraph())}  # fmt: skip
    assert left == {"Other>", "Shared>"}
