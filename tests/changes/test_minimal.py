"""Minimal change sets against brute force: every assignment of small random formulas is tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanctiongraph.law import algebra
from sanctiongraph.law.algebra import Status
from sanctiongraph.law.minimal import ChangeSet, not_to_apply, to_apply
from sanctiongraph.law.rules import AllOf, AnyOf, AtLeast, Formula, evaluate
from sanctiongraph.law.rules import Test as Leaf

E, R, D, U = Status.ESTABLISHED, Status.REFUTED, Status.DISPUTED, Status.UNKNOWN
NAMES = "abcde"


def formulas() -> st.SearchStrategy[Formula]:
    leaves: st.SearchStrategy[Formula] = st.sampled_from(NAMES).map(Leaf)

    def grown(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
        parts = st.lists(inner, min_size=1, max_size=4).map(tuple)
        return st.one_of(
            parts.map(AllOf),
            parts.map(AnyOf),
            parts.flatmap(lambda some: st.integers(1, len(some)).map(lambda n: AtLeast(n, some))),
        )

    return st.recursive(leaves, grown, max_leaves=8)


def outcome(
    formula: Formula, exceptions: Sequence[Formula], statuses: Mapping[str, Status]
) -> Status:
    """As assessments have it: the formula holds and none of the exceptions does."""
    excepted = algebra.any_of(evaluate(one, statuses) for one in exceptions)
    return algebra.all_of((evaluate(formula, statuses), algebra.negate(excepted)))


def brute_force(
    formula: Formula, exceptions: Sequence[Formula], now: Mapping[str, Status], wanted: Status
) -> set[ChangeSet]:
    reaching = {
        frozenset((name, status) for name, status in changed.items() if status is not now[name])
        for changed in assignments(now)
        if outcome(formula, exceptions, changed) is wanted
    }
    return {one for one in reaching if not any(other < one for other in reaching)}


def assignments(now: Mapping[str, Status]) -> Iterator[dict[str, Status]]:
    """Each condition as it is, established or refuted."""
    choices = [dict.fromkeys((status, E, R)) for status in now.values()]
    for chosen in product(*choices):
        yield dict(zip(now, chosen, strict=True))


@settings(max_examples=400, deadline=None)
@given(
    formulas(),
    st.lists(formulas(), max_size=2),
    st.fixed_dictionaries({name: st.sampled_from([E, R, D, U]) for name in NAMES}),
)
def test_as_brute_force_has_it(
    formula: Formula, exceptions: list[Formula], now: dict[str, Status]
) -> None:
    for found, wanted in (
        (to_apply(formula, exceptions, now), E),
        (not_to_apply(formula, exceptions, now), R),
    ):
        assert len(set(found)) == len(found)
        assert set(found) == brute_force(formula, exceptions, now, wanted)


def sets(*texts: str) -> list[ChangeSet]:
    """``a -b`` is a established and b refuted."""
    return [
        frozenset((t.lstrip("-"), R if t.startswith("-") else E) for t in text.split())
        for text in texts
    ]


def test_all_of_needs_what_is_not_there_yet() -> None:
    formula = AllOf((Leaf("a"), Leaf("b"), Leaf("c")))
    assert to_apply(formula, [], {"a": E, "b": R, "c": U}) == sets("b c")


def test_any_of_has_one_way_for_each_part() -> None:
    formula = AnyOf((Leaf("a"), AllOf((Leaf("b"), Leaf("c")))))
    assert to_apply(formula, [], {"a": R, "b": R, "c": U}) == sets("a", "b c")


def test_at_least() -> None:
    formula = AtLeast(2, (Leaf("a"), Leaf("b"), Leaf("c")))
    assert to_apply(formula, [], {"a": E, "b": R, "c": R}) == sets("b", "c")
    assert not_to_apply(formula, [], {"a": E, "b": E, "c": E}) == sets("-a -b", "-a -c", "-b -c")


def test_an_exception_has_to_be_refuted_and_a_dispute_settled() -> None:
    assert to_apply(Leaf("a"), [Leaf("b")], {"a": D, "b": U}) == sets("a -b")
    assert not_to_apply(Leaf("a"), [Leaf("b")], {"a": E, "b": R}) == sets("-a", "b")


def test_nothing_has_to_change() -> None:
    assert to_apply(Leaf("a"), [Leaf("b")], {"a": E, "b": R}) == sets("")


def test_parts_that_exclude_each_other() -> None:
    assert to_apply(Leaf("a"), [Leaf("a")], {"a": E}) == []


@pytest.mark.parametrize("width", [12])
def test_twelve_measures_of_which_five(width: int) -> None:
    formula = AtLeast(5, tuple(Leaf(str(n)) for n in range(width)))
    assert len(to_apply(formula, [], dict.fromkeys(map(str, range(width)), U))) == 792
