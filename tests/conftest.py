"""The real data as a published graph, which the processes of a run share."""

from __future__ import annotations

import signal

import pytest
from hypothesis import settings

from sanctiongraph import Graph

from .real import real_home

# An example takes milliseconds, but the processes of a run share two cores with each other.
settings.register_profile("shared machine", deadline=5_000)
settings.load_profile("shared machine")

# Who is started in the background ignores the interrupt, and so does whatever he starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return Graph.open(real_home(tmp_path_factory))
