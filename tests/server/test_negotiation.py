"""Accept headers: RFC 9110, section 12.5.1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctiongraph.errors import BadParameter
from sanctiongraph_server.negotiation import GRAPHS, SOLUTIONS, choose, parse_accept
from sanctiongraph_server.problems import NotAcceptable

OFFERS = SOLUTIONS + GRAPHS
TYPES = st.sampled_from([offer.media_type for offer in OFFERS])


@pytest.mark.parametrize(
    ("header", "ranges"),
    [
        ("", {"*/*": 1.0}),
        ("text/csv", {"text/csv": 1.0}),
        (" Text/CSV ; Q=0.5 ,a/b", {"text/csv": 0.5, "a/b": 1.0}),
        ('a/b;p="x,y;q=0.1";q=0.3', {"a/b": 0.3}),
        ("a/b;q=.5", {"a/b": 0.5}),
        ("a/b;q=2, c/d;q=x", {"a/b": 1.0, "c/d": 1.0}),
        ("nonsense, a/b", {"a/b": 1.0}),
        ("nonsense", {"*/*": 1.0}),
        ("a/b;q=0.1, a/b;q=0.9", {"a/b": 0.9}),
    ],
)
def test_parse(header: str, ranges: dict[str, float]) -> None:
    assert parse_accept(header) == ranges


@pytest.mark.parametrize(
    ("accept", "solutions", "graph"),
    [
        (None, "json", "turtle"),
        ("*/*", "json", "turtle"),
        ("text/*", "csv", "turtle"),
        ("application/*", "json", "nt"),
        ("*/*, text/csv", "csv", "turtle"),
        ("application/sparql-results+json;q=0, */*", "xml", "turtle"),
        ("text/*;q=0.9, text/tab-separated-values, application/json;q=0.95", "tsv", "jsonld"),
        ("application/n-quads,application/trig;q=0.95,text/turtle;q=0.9", None, "nquads"),
        ("text/csv", "csv", None),
    ],
)
def test_choice(accept: str | None, solutions: str | None, graph: str | None) -> None:
    choice = choose(accept)
    assert (choice.solutions.name if choice.solutions else None) == solutions
    assert (choice.graph.name if choice.graph else None) == graph


def test_the_name_wins() -> None:
    assert choose("text/csv", "tsv").for_solutions().name == "tsv"
    with pytest.raises(NotAcceptable):
        choose("text/turtle", "tsv").for_graph()
    with pytest.raises(BadParameter):
        choose(None, "yaml")


@given(st.lists(st.tuples(TYPES, st.integers(0, 1000)), min_size=1))
def test_no_offer_beats_the_one_that_is_chosen(wishes: list[tuple[str, int]]) -> None:
    header = ", ".join(f"{media};q={thousandths / 1000:.3f}" for media, thousandths in wishes)
    ranges = parse_accept(header)
    if not any(ranges.values()):
        with pytest.raises(NotAcceptable):
            choose(header)
        return
    choice = choose(header)
    for offers, chosen in ((SOLUTIONS, choice.solutions), (GRAPHS, choice.graph)):
        best = max(ranges.get(offer.media_type, 0.0) for offer in offers)
        assert (ranges[chosen.media_type] if chosen else 0.0) == best


@given(st.text())
def test_any_header_is_read(header: str) -> None:
    for name, weight in parse_accept(header).items():
        assert name == name.lower()
        assert 0 <= weight <= 1
