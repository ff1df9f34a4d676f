"""A gateway whose store comes late, or goes: it says so, waits, and answers as soon as it can."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from pyoxigraph import DefaultGraph

from sanctiongraph.errors import ClientGone, DeadlineExceeded, StoreAway
from sanctiongraph.settings import from_environment
from sanctiongraph.stores.connection import Connection
from sanctiongraph.stores.loading import put_build
from sanctiongraph.stores.opening import open_store
from sanctiongraph.stores.patience import patient
from sanctiongraph_server.remote import RemoteGraph, RemoteReaders
from sanctiongraph_server.tasks import Opened, Terms
from tests.gateways import free_port, serving

from . import servers
from .conftest import oxigraph_only
from .test_build import GRAPHS, VERSION


def is_away(answer: httpx.Response, kind: str) -> bool:
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"].endswith(f"/problem/{kind}"), answer.text
    assert int(answer.headers["Retry-After"]) > 0
    return answer.status_code == 503


def until_it_is(gateway: str, path: str, status: int, kind: str = "") -> httpx.Response:
    """The first such answer: a store that did not answer is not asked again for a second."""
    for _ in range(300):
        answer = httpx.get(gateway + path, timeout=60)
        if answer.status_code == status and kind in answer.text:
            return answer
        time.sleep(0.1)
    raise AssertionError(answer.text)


@oxigraph_only
def test_a_store_that_starts_after_the_gateway(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    asked = "/sparql?query=SELECT(COUNT(*)AS%3Fn){%3Fs%3Fp%3Fo}&format=csv"
    with serving(tmp_path, SANCTIONGRAPH_STORE=url) as gateway:
        assert httpx.get(f"{gateway}/healthz").json() == {"status": "ok", "version": None}
        assert httpx.get(f"{gateway}/metrics").status_code == 200
        assert is_away(httpx.get(gateway + asked), "store-away")
        ready = httpx.get(f"{gateway}/readyz")
        assert is_away(ready, "not-ready")
        assert f"{url} is not reached" in ready.json()["checks"]["reader"]
        with servers.oxigraph(tmp_path, port):
            assert is_away(until_it_is(gateway, asked, 503, "not-built"), "not-built")
            settings = replace(from_environment({}), store=url)
            put_build(open_store(settings), GRAPHS, VERSION)
            assert until_it_is(gateway, asked, 200).text.split() == ["n", "2"]
            assert httpx.get(f"{gateway}/readyz").json()["version"] == "a" * 16
        assert is_away(httpx.get(gateway + asked), "store-away")
        assert is_away(httpx.get(f"{gateway}/readyz"), "not-ready")
        assert httpx.get(f"{gateway}/healthz").json()["version"] == "a" * 16


class _Slow(http.server.BaseHTTPRequestHandler):
    """Answers that nothing is found, each time after a while."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        time.sleep(0.2)
        body = b'{"head": {"vars": ["s", "p", "o"]}, "results": {"bindings": []}}'
        self.send_response_only(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def slow() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_all_requests_of_one_task_have_its_time_together(slow: str) -> None:
    store = open_store(replace(from_environment({}), store=slow, store_dialect="standard"))

    def ask() -> None:
        for _ in range(100):
            list(store.again().quads_for_pattern(None, None, None, DefaultGraph()))

    begun = time.monotonic()
    with patient(0.7), pytest.raises(DeadlineExceeded):
        ask()
    assert time.monotonic() - begun < 10  # of the 20 s that all would take
    with patient(60, lambda: True), pytest.raises(ClientGone):
        ask()


def test_tries_together_have_the_time_of_one() -> None:
    with pytest.raises(StoreAway, match="not reached"):
        Connection(timeout=0.1).read("GET", f"http://127.0.0.1:{free_port()}/")


class Never:
    """No task that is ever begun."""

    def perform(self, opened: Opened) -> None:
        raise AssertionError(opened)


def test_a_store_that_is_away_is_not_asked_by_everybody() -> None:
    tries: list[int] = []

    def opening() -> None:
        tries.append(1)
        raise StoreAway("it is not reached")

    settings = from_environment({"SANCTIONGRAPH_STORE": "http://127.0.0.1:1"})
    graph = RemoteGraph(opening)  # type: ignore[arg-type]
    for _ in range(20):
        with pytest.raises(StoreAway, match="it is not reached"):
            RemoteReaders(graph, settings).perform(Never(), Terms(30))
    assert len(tries) < 20
