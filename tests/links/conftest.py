"""A second SPARQL server in the place of Wikidata's endpoint, and one that misbehaves."""

from __future__ import annotations

import http.server
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

EXTRACTS = Path(__file__).parents[2].parent / "shared" / "wikidata"


@pytest.fixture(scope="session")
def extracts() -> list[Path]:
    """Genuine triples of Wikidata."""
    paths = [EXTRACTS / "snapshot.nt", EXTRACTS / "labels_from_extracts.nt"]
    if not all(path.is_file() for path in paths):
        pytest.skip("the extracts of Wikidata are not at hand: ../shared/wikidata/*.nt")
    return paths


@pytest.fixture(scope="session")
def wikidata(extracts: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """``oxigraph serve`` with the extracts; the address of its query endpoint."""
    folder = tmp_path_factory.mktemp("wikidata")
    oxigraph = str(Path(sys.executable).parent / "oxigraph")
    load = [oxigraph, "load", "--location", str(folder)]
    for path in extracts:
        load += ["--file", str(path)]
    subprocess.run(load, check=True, capture_output=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serve = [oxigraph, "serve-read-only", "--location", str(folder), "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(serve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/query"
    try:
        for _ in range(200):
            try:
                httpx.get(address, params={"query": "ASK {}"})
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(10)


class Scripted(http.server.BaseHTTPRequestHandler):
    """Answers each request with the next of the server's prepared answers."""

    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, ScriptedServer)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        server.seen.append((self.headers["User-Agent"], body))
        status, headers, body_out = server.answers.pop(0)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body_out)))
        self.end_headers()
        self.wfile.write(body_out)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class ScriptedServer(http.server.ThreadingHTTPServer):
    """Prepared answers, and what was asked for them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Scripted)
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.seen: list[tuple[str, str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/sparql"


@contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        yield server
