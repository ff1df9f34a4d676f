"""Where a process has no numbers left for open files, it does without until there are some again."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from pathlib import Path

import pytest

from sanctiongraph_server.readers.keeping import SPARE, ReadersState

from ..conftest import no_more_files
from .conftest import SMALL, SMALL_ANSWER, application, children, eventually

READERS = 1
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000"
WHOLE = ReadersState(0, 0, 2 * READERS + SPARE)


@pytest.mark.parametrize("whose", ["the worker", "the nursery"])
def test_readers_that_there_are_go_on(
    graph: Path, whose: str, caplog: pytest.LogCaptureFixture
) -> None:
    others = children(os.getpid())  # servers that other tests share
    with application(graph, READERS=str(READERS)) as (app, pool):
        assert eventually(lambda: pool.state() == WHOLE)
        (nursery,) = set(children(os.getpid())).difference(others)
        readers = set(children(nursery))
        client = app.test_client()
        scarce = os.getpid() if whose == "the worker" else nursery
        with no_more_files(scarce):
            os.kill(min(readers), signal.SIGKILL)
            assert eventually(lambda: "readers cannot be made" in caplog.text)
            found = client.post("/sparql", data={"query": SMALL, "format": "csv"})
            assert SMALL_ANSWER in found.text
        assert eventually(lambda: pool.state() == WHOLE)
        assert len(readers & set(children(nursery))) == len(readers) - 1
        assert "Too many open files" in caplog.text


def test_an_answer_that_is_a_file_is_refused_and_the_reader_goes_on(graph: Path) -> None:
    with application(graph, READERS=str(READERS)) as (app, pool):
        assert eventually(lambda: pool.state() == WHOLE)
        client = app.test_client()
        with no_more_files(os.getpid()):
            refused = client.post("/sparql", data={"query": LARGE, "format": "csv"})
        assert refused.status_code == 503
        assert refused.json["type"].endswith("overloaded")
        assert eventually(lambda: pool.state() == WHOLE)
        with closing(client.post("/sparql", data={"query": LARGE, "format": "csv"})) as answer:
            assert answer.status_code == 200
