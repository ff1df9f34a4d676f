"""What goes from process to process comes out as it went in."""

from __future__ import annotations

import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat

from sanctiongraph.errors import (
    BadData,
    DeadlineExceeded,
    NotFound,
    Overloaded,
    SanctiongraphError,
)
from sanctiongraph_server.carried import Foreign, raised, told
from sanctiongraph_server.problems import MalformedQuery
from sanctiongraph_server.writer.frames import receive, send
from sanctiongraph_server.writer.messages import decoded, encoded
from sanctiongraph_server.writes import AddToGraph, Change, DeleteGraph, PutGraph, Update

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
_GRAPHS = st.one_of(st.none(), _TEXTS)
_FORMATS = st.sampled_from(
    [RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N_QUADS, RdfFormat.JSON_LD, RdfFormat.RDF_XML]
)
CHANGES = st.one_of(
    st.builds(Update, _TEXTS, _TEXTS),
    st.builds(DeleteGraph, _GRAPHS),
    st.builds(PutGraph, _GRAPHS, st.binary(), _FORMATS, _TEXTS),
    st.builds(AddToGraph, _GRAPHS, st.binary(), _FORMATS, _TEXTS),
)


@given(CHANGES)
def test_a_change(change: Change) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sending = threading.Thread(target=send, args=(ours, *encoded(change)))
        sending.start()
        frame = receive(theirs)
        sending.join()
    assert frame is not None
    assert decoded(*frame) == change


@pytest.mark.parametrize(
    "error",
    [
        BadData("é"),
        NotFound("x"),
        DeadlineExceeded("late", 1.5),
        Overloaded("full", 3),
        MalformedQuery("oops", 2, 7),
    ],
)
def test_an_error(error: SanctiongraphError) -> None:
    again = raised(told(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def test_an_error_that_is_not_known_here_is_passed_on_as_it_is() -> None:
    values = {"class": "OfAnotherProcess", "message": "m", "more": {"line": 2}}
    error = raised(values)
    assert isinstance(error, Foreign)
    assert told(error) == values


def test_a_frame_cut_off_is_the_end() -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        ours.sendall(b"\0\0\0\5\0\0\0\0\0\0\0\0{}")
        ours.close()
        assert receive(theirs) is None
