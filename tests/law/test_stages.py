"""A pattern asked in stages finds what the pattern finds, and long chains end."""

from __future__ import annotations

import time
from collections.abc import Sequence

from hypothesis import event, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from sanctiongraph.law.nesting import with_filters_nested
from sanctiongraph.law.stages import staged

EX = "http://example.org/"
PREFIX = f"PREFIX ex: <{EX}> "
NODES = "wxyz"
LINKS = [(one, link, other) for one in NODES for link in "pqr" for other in NODES]


def distinct(store: Store, where: str, wanted: Sequence[str]) -> set[str]:
    asked = " ".join(f"?{name}" for name in wanted)
    found = store.query(f"{PREFIX} SELECT DISTINCT {asked} WHERE {{ {where} }}")
    assert isinstance(found, QuerySolutions)
    return {str(tuple(solution[name] for name in wanted)) for solution in found}


@st.composite
def patterns(draw: st.DrawFn) -> str:
    """Some links that hang together: each begins at a variable of one before."""
    seen = ["a"]
    lines = []
    for number in range(draw(st.integers(9, 13))):
        start = draw(st.sampled_from(seen[-2:]))
        end = draw(st.sampled_from([*seen, *[f"b{number}"] * 15]))
        seen.append(end)
        first, second = draw(st.sampled_from([(start, end), (end, start)]))
        lines.append(f"?{first} ex:{draw(st.sampled_from('pq'))} ?{second} .")
    if draw(st.booleans()):
        name, other = draw(st.sampled_from(seen)), draw(st.sampled_from(seen))
        lines.append(f"FILTER NOT EXISTS {{ ?{name} ex:r ?none . ?none ex:p ?{other} }}")
    if draw(st.booleans()):
        lines.append(f"FILTER(?{draw(st.sampled_from(seen))} != ex:{draw(st.sampled_from(NODES))})")
    return " ".join(lines)


@settings(max_examples=150)
@given(
    patterns(),
    st.lists(st.sampled_from(LINKS), min_size=8, max_size=14),
    st.sampled_from([["a"], ["a", "b0"], ["b1"]]),
)
def test_the_same_values_are_found(
    pattern: str, links: list[tuple[str, str, str]], wanted: list[str]
) -> None:
    store = Store()
    store.extend(Quad(*(NamedNode(EX + part) for part in link)) for link in links)
    wanted = [name for name in wanted if f"?{name} " in pattern] or ["a"]
    found = staged(pattern, frozenset(wanted))
    event("in stages" if "SELECT" in found else "as it is")
    assert distinct(store, found, wanted) == distinct(store, pattern, wanted)


def test_ways_through_a_long_chain_are_not_counted_out() -> None:
    """Each of thirty links leads from each of four things to each: 4 ** 31 ways."""
    store = Store()
    things = [NamedNode(f"{EX}n{number}") for number in range(4)]
    store.extend(Quad(one, NamedNode(EX + "p"), other) for one in things for other in things)
    chain = " . ".join(f"?v{number} ex:p ?v{number + 1}" for number in range(30))
    begun = time.process_time()
    assert len(distinct(store, staged(chain, frozenset({"v0"})), ["v0"])) == len(things)
    assert time.process_time() - begun < 20


def test_short_patterns_stay_as_they_are() -> None:
    short = "?party ex:p ?deal . ?deal ex:q ?date . ?date ex:r ?day"
    assert staged(short, frozenset({"party"})) == with_filters_nested(short, ())
    long = "?party ex:p ?deal . " * 9
    assert staged(long, frozenset()) == with_filters_nested(long, ())
