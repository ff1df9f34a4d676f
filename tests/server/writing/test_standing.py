"""Where no process can be started for a while, writing goes on afterwards."""

from __future__ import annotations

import errno
import queue
from pathlib import Path
from typing import Any

import pytest

from sanctiongraph_server.writer import standing
from sanctiongraph_server.writer.frames import Header
from sanctiongraph_server.writer.progress import Progress
from sanctiongraph_server.writer.publishing import Made, Publisher
from sanctiongraph_server.writer.standing import Standing

#: Seconds after which something is taken to hang.
_HANGS = 20


class Machine:
    """Takes the place of ``Child``: starts processes, unless there is no room for another."""

    def __init__(self) -> None:
        self.full = False
        self.started: list[Started] = []

    def __call__(self, *_: object) -> Started:
        if self.full:
            raise OSError(errno.EAGAIN, "no room for another process")
        self.started.append(Started())
        return self.started[-1]


class Started:
    ended = False
    opened = False

    def open(self) -> None:
        self.opened = True


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    found = Machine()
    monkeypatch.setattr(standing, "Child", found)
    return found


@pytest.mark.parametrize("killed", [False, True])
def test_a_process_that_cannot_be_started_is_an_error_and_the_next_try_succeeds(
    machine: Machine, killed: bool
) -> None:
    writers = Standing(Path(), 0, 1)
    machine.full = True
    machine.started[0].ended = killed
    with pytest.raises(OSError, match="no room"):
        writers.writer(_HANGS)
    assert not writers.there
    machine.full = False
    writer: Any = writers.writer(_HANGS)
    assert writer.opened
    assert not writer.ended


@pytest.mark.parametrize("error", [OSError(errno.EAGAIN, "no room"), RuntimeError("a bug")])
def test_the_publisher_survives_a_writer_that_cannot_be_started(error: Exception) -> None:
    def none() -> Any:
        raise error

    publisher = Publisher(none, Progress(""))
    for _ in range(2):
        answers: queue.Queue[Header] = queue.Queue()
        publisher.add(Made(answers.put, True))
        answer = answers.get(timeout=_HANGS)
        assert answer["class"] == "WorkerLost"
        assert "the change was made" in answer["message"]
