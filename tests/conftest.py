"""The real data as a published graph, which the processes of a run share."""

from __future__ import annotations

import os
import signal

import pytest
from hypothesis import settings

from sanctiongraph import Graph

from .real import real_home

# An example takes milliseconds, but the processes of a run share the cores with each other.
settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")

# To start processes takes most of a run: a gateway has as few as it needs, where a test asks for no
# more, and learns nothing ahead, where a test is not about that.
os.environ |= {
    "SANCTIONGRAPH_WORKERS": "1",
    "SANCTIONGRAPH_READERS": "2",
    "SANCTIONGRAPH_AHEAD_SECONDS": "0",
}

# Who is started in the background ignores the interrupt, and so does whatever he starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


#: Markers of tests that take minutes, and are in no run unless they are asked for.
_LONG = ("described", "npm", "registers", "screenshots")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that take minutes have an hour."""
    for item in items:
        if any(item.get_closest_marker(name) for name in _LONG):
            item.add_marker(pytest.mark.timeout(3600))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """How many processes ``-n auto`` is: one more than cores, since some tests wait for a deadline."""
    return len(os.sched_getaffinity(0)) + 1


@pytest.fixture(scope="session")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return Graph.open(real_home(tmp_path_factory))
