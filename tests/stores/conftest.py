"""The real graph in a real store. ``SANCTIONGRAPH_TEST_STORE`` says in which: ``oxigraph`` (as it is
without), or ``virtuoso`` (``make test-stores``). What takes Virtuoso long is marked ``long`` there:
its compiler has a second and more of work with the query of a rule.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sanctiongraph import Graph
from sanctiongraph.data import data_folders
from sanctiongraph.library import Library
from sanctiongraph.settings import Settings, from_environment
from sanctiongraph.stores.building import Stored, build_into
from sanctiongraph.stores.opening import open_store
from sanctiongraph.stores.record import read_version
from sanctiongraph.stores.remote import RemoteStore
from tests.real import real_home

from . import servers

KIND = os.environ.get("SANCTIONGRAPH_TEST_STORE") or "oxigraph"
virtuoso_only = pytest.mark.skipif(KIND != "virtuoso", reason="about Virtuoso: make test-stores")
oxigraph_only = pytest.mark.skipif(KIND != "oxigraph", reason="about Oxigraph's own server")
#: The marks of what ``.ci/run`` leaves out, and the seconds after which a request has failed.
LONG_THERE = [pytest.mark.long] if KIND == "virtuoso" else []
PATIENCE = 120.0


@dataclass(frozen=True)
class Server:
    """A store that runs, and the settings by which it is used."""

    url: str
    settings: Settings

    def open(self) -> RemoteStore:
        return open_store(self.settings, timeout=PATIENCE)

    @property
    def environment(self) -> dict[str, str]:
        """For a command of ours as a process of its own."""
        given = {"SANCTIONGRAPH_STORE": self.url}
        if self.settings.store_user:
            given["SANCTIONGRAPH_STORE_USER"] = self.settings.store_user
            given["SANCTIONGRAPH_STORE_PASSWORD"] = self.settings.store_password or ""
        return given


def _started(folder: Path) -> Iterator[Server]:
    start = servers.virtuoso if KIND == "virtuoso" else servers.oxigraph
    with start(folder) as url:
        user = "dba" if KIND == "virtuoso" else None
        settings = replace(from_environment({}), store=url, store_user=user, store_password=user)
        yield Server(url, settings)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A store for the real graph, which tests leave as it is."""
    yield from _started(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="session")
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A store that tests may write to; each puts what it needs there."""
    yield from _started(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="session")
def stored(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """The real graph, put into the store."""
    return build_into(data_folders(), server.open(), real_home(tmp_path_factory))


@pytest.fixture(scope="session")
def remote(server: Server, stored: Stored) -> Graph:
    """The real graph, asked in the store."""
    store = server.open()
    assert stored.version.triples > 0
    return Graph(store, read_version(store), Library(data_folders().queries))
