"""Ownership by blocked persons: the sums against a slow definition, on many small made-up graphs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from sanctiongraph.shares import aggregate

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
