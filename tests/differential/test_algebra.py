"""The laws of the four values, over all of them and over drawn lists of them."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctiongraph.law.algebra import Status, all_of, any_of, at_least, negate, of

_ONE = st.sampled_from(Status)
_SOME = st.lists(_ONE, max_size=6)
#: From what speaks most against to what speaks most for: the order in which values are worse.
_TRUTH = [Status.REFUTED, Status.DISPUTED, Status.UNKNOWN, Status.ESTABLISHED]
_TWO = (False, True)


def _knows(status: Status) -> set[str]:
    """What is known: that something speaks for it, that something speaks against it."""
    known = {Status.ESTABLISHED: {"for"}, Status.REFUTED: {"against"}, Status.UNKNOWN: set()}
    return known.get(status, {"for", "against"})


@given(_SOME)
def test_de_morgan(parts: list[Status]) -> None:
    negated = [negate(part) for part in parts]
    assert negate(all_of(parts)) is any_of(negated)
    assert negate(any_of(parts)) is all_of(negated)


@pytest.mark.parametrize("status", Status)
def test_negation_undoes_itself(status: Status) -> None:
    assert negate(negate(status)) is status


@pytest.mark.parametrize(("for_it", "against_it"), list(product(_TWO, _TWO)))
def test_negation_swaps_what_speaks_for_and_against(for_it: bool, against_it: bool) -> None:
    assert negate(of(for_it, against_it)) is of(against_it, for_it)


@given(_SOME.flatmap(lambda parts: st.tuples(st.just(parts), st.permutations(parts))))
def test_order_does_not_matter(lists: tuple[list[Status], list[Status]]) -> None:
    parts, shuffled = lists
    assert all_of(parts) is all_of(shuffled)
    assert any_of(parts) is any_of(shuffled)


@given(_SOME, _SOME)
def test_grouping_does_not_matter(some: list[Status], others: list[Status]) -> None:
    assert all_of([all_of(some), all_of(others)]) is all_of(some + others)
    assert any_of([any_of(some), any_of(others)]) is any_of(some + others)


@pytest.mark.parametrize(("a", "b", "c"), list(product(Status, repeat=3)))
def test_associative(a: Status, b: Status, c: Status) -> None:
    assert all_of([all_of([a, b]), c]) is all_of([a, all_of([b, c])])
    assert any_of([any_of([a, b]), c]) is any_of([a, any_of([b, c])])


@given(_ONE, st.integers(1, 6))
def test_idempotent(status: Status, times: int) -> None:
    assert all_of([status] * times) is status
    assert any_of([status] * times) is status


@given(_SOME)
def test_what_is_neutral_and_what_decides(parts: list[Status]) -> None:
    assert all_of([*parts, Status.ESTABLISHED]) is all_of(parts)
    assert any_of([*parts, Status.REFUTED]) is any_of(parts)
    assert all_of([*parts, Status.REFUTED]) is Status.REFUTED
    assert any_of([*parts, Status.ESTABLISHED]) is Status.ESTABLISHED


@given(_SOME)
def test_a_dispute_is_never_hidden_by_what_is_unknown(parts: list[Status]) -> None:
    """Unlike in Belnap's lattice, disputed and unknown never make established or refuted."""
    open_ones = [Status.DISPUTED, Status.UNKNOWN, *parts]
    assert all_of(open_ones) in (Status.DISPUTED, Status.REFUTED)
    assert any_of(open_ones) in (Status.DISPUTED, Status.ESTABLISHED)


@given(_SOME, st.integers(0, 8))
def test_at_least_is_any_choice_of_so_many(parts: list[Status], number: int) -> None:
    choices = [all_of(choice) for choice in combinations(parts, number)]
    assert at_least(number, parts) is any_of(choices)


@given(_SOME)
def test_at_least_one_and_at_least_all(parts: list[Status]) -> None:
    assert at_least(1, parts) is any_of(parts)
    assert at_least(len(parts), parts) is all_of(parts)


@given(_SOME, st.integers(0, 7))
def test_asking_for_more_never_establishes_nor_lifts(parts: list[Status], number: int) -> None:
    more, fewer = at_least(number + 1, parts), at_least(number, parts)
    if more is Status.ESTABLISHED:
        assert fewer is Status.ESTABLISHED
    if fewer is Status.REFUTED:
        assert more is Status.REFUTED


@given(_SOME.filter(bool), st.integers(0, 6), st.data())
def test_better_parts_never_make_a_conjunction_worse(
    parts: list[Status], at: int, data: st.DataObject
) -> None:
    """Along refuted, disputed, unknown, established for ``all_of``; its mirror for ``any_of``."""
    at %= len(parts)
    place = _TRUTH.index(parts[at])
    better = [*parts[:at], data.draw(st.sampled_from(_TRUTH[place:])), *parts[at + 1 :]]
    assert _TRUTH.index(all_of(better)) >= _TRUTH.index(all_of(parts))
    mirrored = [[negate(part) for part in parts], [negate(part) for part in better]]
    before, after = (_TRUTH.index(negate(any_of(part))) for part in mirrored)
    assert after >= before


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=6), st.data())
def test_a_settled_result_stays_settled_where_nothing_contradicts(
    known: list[tuple[bool, bool]], data: st.DataObject
) -> None:
    """Learning what was unknown keeps established and refuted as they were, in every formula.

    By knowledge alone the operations are not monotone: a dispute outranks what is unknown, so
    settled information can hide it. Among parts without a dispute they are.
    """
    parts = [of(*one) if one != (True, True) else Status.UNKNOWN for one in known]
    learnt = [
        data.draw(st.sampled_from([Status.ESTABLISHED, Status.REFUTED, Status.UNKNOWN]))
        if part is Status.UNKNOWN
        else part
        for part in parts
    ]
    number = data.draw(st.integers(0, len(parts)))
    for combine in (all_of, any_of, lambda some: at_least(number, some)):
        assert _knows(combine(parts)) <= _knows(combine(learnt))
