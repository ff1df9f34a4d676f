"""Where answers are written: whole, at most so long, and large ones not through memory."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctiongraph.errors import ResultTooLarge
from sanctiongraph_server.spool import Sink, Spool

from .conftest import open_files


@given(st.lists(st.binary(max_size=50)), st.integers(0, 3))
def test_what_is_taken_is_what_was_written(parts: list[bytes], large: int) -> None:
    parts = parts + [bytes([large]) * 700_000] * large
    with Sink(10_000_000) as sink:
        for part in parts:
            assert sink.write(part) == len(part)
        taken = sink.taken()
    assert len(taken) == sum(map(len, parts))
    if isinstance(taken, Spool):
        assert taken.read() == b"".join(parts)
        assert taken.read() == b"".join(parts)  # once more, from the beginning
        taken.close()
    else:
        assert taken == b"".join(parts)


def test_beyond_the_bound_nothing_more_is_taken() -> None:
    with Sink(100) as sink:
        sink.write(b"x" * 100)
        with pytest.raises(ResultTooLarge, match="100 bytes"):
            sink.write(b"x")


def test_files_are_given_back() -> None:
    before = open_files()
    with Sink(3_000_000) as sink:
        for _ in range(360):
            sink.write(b"x" * 8192)
        with pytest.raises(ResultTooLarge):
            sink.write(b"x" * 100_000)
    with Sink(3_000_000) as sink:
        sink.write(b"x" * 2_000_000)
        spool = sink.taken()
    assert isinstance(spool, Spool)
    with pytest.raises(TypeError, match="open file"):
        pickle.dumps(spool)  # inside another value, its number would mean another file
    spool.close()
    spool.close()
    assert open_files() == before
