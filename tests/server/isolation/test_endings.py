"""What is said of a reader that ended, by how it ended and its last words."""

from __future__ import annotations

import pickle
import signal

import pytest

from sanctiongraph.errors import (
    BadQuery,
    DeadlineExceeded,
    MemoryExceeded,
    SanctiongraphError,
    WorkerLost,
)
from sanctiongraph.settings import from_environment
from sanctiongraph_server.carried import raised, told
from sanctiongraph_server.negotiation import GRAPHS, SOLUTIONS, choose
from sanctiongraph_server.problems import MalformedQuery
from sanctiongraph_server.readers.endings import Status, error_of

SETTINGS = from_environment({"SANCTIONGRAPH_QUERY_MEMORY_MB": "1500"})


@pytest.mark.parametrize("status", [None, Status(signal.SIGKILL, 0), Status(0, 0)])
def test_ended_by_somebody_else(status: Status | None) -> None:
    assert error_of(status, "", SETTINGS) is None


@pytest.mark.parametrize(
    "words",
    [
        "memory allocation of 1073741824 bytes failed\n",
        "terminate called after throwing an instance of 'std::bad_alloc'\n",
        "IO error: Cannot allocate memory",
        "Traceback ...\nMemoryError\n",
    ],
)
def test_ended_by_its_cap(words: str) -> None:
    error = error_of(Status(signal.SIGABRT, 0), words, SETTINGS)
    assert isinstance(error, MemoryExceeded)
    assert "1500 MB" in str(error)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status(signal.SIGSEGV, 0), "nests too deeply"),
        (Status(signal.SIGABRT, 0), "SIGABRT"),
        (Status(0, 1), "exit code 1"),
    ],
)
def test_ended_by_what_it_was_at(status: Status, said: str) -> None:
    error = error_of(status, "panicked", SETTINGS)
    assert isinstance(error, WorkerLost)
    assert said in str(error)


@pytest.mark.parametrize(
    "error",
    [
        BadQuery("what"),
        MalformedQuery("here", 3, 14),
        DeadlineExceeded("late", 1.5),
        MemoryExceeded("x"),
    ],
)
def test_errors_travel_whole(error: SanctiongraphError) -> None:
    came = raised(pickle.loads(pickle.dumps(told(error))))
    assert type(came) is type(error)
    assert str(came) == str(error)
    assert vars(came) == vars(error)


@pytest.mark.parametrize("format", SOLUTIONS + GRAPHS, ids=lambda format: format.name)
def test_formats_travel(format: object) -> None:
    assert pickle.loads(pickle.dumps(format)) is format


def test_choices_travel() -> None:
    choice = choose("text/csv, text/turtle;q=0.5")
    assert pickle.loads(pickle.dumps(choice)) == choice
