"""The gateway over a writable store in memory: for tests of what HTTP says, not of what disks keep."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import Any

from flask import Flask, request
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, parse

from sanctiongraph.errors import BadData, NotFound, Unauthorized
from sanctiongraph.published import Version
from sanctiongraph.settings import from_environment
from sanctiongraph.vocabulary import PREFIXES
from sanctiongraph_server import engine_errors
from sanctiongraph_server.app import create_app
from sanctiongraph_server.current import Opened
from sanctiongraph_server.evaluation import InProcess
from sanctiongraph_server.writes import (
    AddToGraph,
    Change,
    DeleteGraph,
    PutGraph,
    Receipt,
    Update,
)

TOKEN = "a-token-for-tests"


class LiveStore:
    """A store that changes; stands for the published graph and for the writer."""

    def __init__(self) -> None:
        self.store = Store()
        self._lock = threading.Lock()
        self._changes = 0

    def opened(self) -> Opened:
        return Opened(self.store, self._version(), 0, None)

    def _version(self) -> Version:
        return Version(f"{self._changes:016d}", "", 0, 0, 0, 0, 0.0, 0.0)

    def apply(self, change: Change, timeout: float | None = None) -> Receipt:  # noqa: ARG002
        with self._lock:
            existed = self._apply(change)
            self._changes += 1
            return Receipt(self._version().name, existed)

    def _apply(self, change: Change) -> bool:
        if isinstance(change, Update):
            with engine_errors.told(change.text, "update"):
                self.store.update(change.text, base_iri=change.base_iri, prefixes=PREFIXES)
            return True
        graph = DefaultGraph() if change.graph is None else NamedNode(change.graph)
        existed = change.graph is None or self.store.contains_named_graph(graph)
        if isinstance(change, DeleteGraph):
            if not existed:
                raise NotFound(f"there is no graph <{change.graph}>")
            self.store.remove_graph(graph)
            return True
        triples = _triples(change)
        if isinstance(change, PutGraph):
            self.store.clear_graph(graph)
        if change.graph is not None:
            self.store.add_graph(graph)
        self.store.extend(Quad(one.subject, one.predicate, one.object, graph) for one in triples)
        return existed


def _triples(change: PutGraph | AddToGraph) -> list[Quad]:
    try:
        return list(
            parse(
                change.payload,
                change.format,
                base_iri=change.base_iri,
                without_named_graphs=True,
                rename_blank_nodes=True,
            )
        )
    except (SyntaxError, ValueError) as error:
        raise BadData(f"the graph does not parse: {error}") from error


def authorize() -> None:
    if request.headers.get("Authorization") != f"Bearer {TOKEN}":
        raise Unauthorized("a change needs a token")


def make() -> Flask:
    """What the server loads."""
    settings = from_environment()
    live: Any = LiveStore()
    evaluator = InProcess(live, settings.max_merged_triples)
    return create_app(settings, evaluator, live, authorize)


def main(home: str, port: str) -> None:
    os.environ["SANCTIONGRAPH_HOME"] = home
    Granian(
        target="tests.live_gateway:make",
        factory=True,
        address="127.0.0.1",
        port=int(port),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=8,
        websockets=False,
        log_level=LogLevels.error,
        working_dir=Path(__file__).parent.parent,
    ).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
