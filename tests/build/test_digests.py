"""A set of digests in a file with a difference to it is a set."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctiongraph.digests import SIZE, Digests

SOME = st.frozensets(st.integers(0, 40).map(lambda number: bytes([number * 6]) * SIZE))


@given(SOME, st.lists(st.tuples(SOME, SOME), max_size=3), SOME)
def test_as_a_set(first: frozenset[bytes], steps: list[tuple[frozenset[bytes], frozenset[bytes]]],
                  others: frozenset[bytes]) -> None:  # fmt: skip
    found, expected = Digests.of(first), first
    for come, gone in steps:
        found, expected = found.changed(come, gone), (expected | come) - gone
    assert list(found) == sorted(expected)
    assert len(found) == len(expected)
    assert {one for one in others if one in found} == others & expected
    assert found == Digests.of(expected)
    assert (found == Digests.of(others)) == (expected == others)


@given(first=SOME, come=SOME, gone=SOME)
def test_in_a_file(
    tmp_path_factory: pytest.TempPathFactory,
    first: frozenset[bytes],
    come: frozenset[bytes],
    gone: frozenset[bytes],
) -> None:
    path = tmp_path_factory.getbasetemp() / "digests"
    Digests.of(first).write(path)
    before = Digests.read(path)
    before.changed(come, gone).write(path)
    # What was read stays what it was, while the file is another.
    assert list(before) == sorted(first)
    assert list(Digests.read(path)) == sorted((first | come) - gone)
    assert path.stat().st_size == SIZE * len((first | come) - gone)


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert list(Digests.read(tmp_path / "none")) == []


def test_many_are_compared_and_written_in_parts(tmp_path: Path) -> None:
    many = [number.to_bytes(SIZE, "big") for number in range(150_000)]
    Digests.of(many).write(tmp_path / "many")
    found = Digests.read(tmp_path / "many").changed((), many[:1])
    assert found == Digests.of(many[1:])
    assert found != Digests.of(many[2:])
    assert many[-1] in found
    assert many[0] not in found


@pytest.mark.parametrize("thing", ["", 7, None, b""])
def test_other_things_are_not_among_them(thing: object) -> None:
    assert thing not in Digests.of([bytes(SIZE)])
