"""The servers that the suites are run against, and the ones that federated queries ask."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.server.conftest import SERVE, publish_nquads, token_for
from tests.w3c.manifests import BASE

PROJECT = Path(__file__).parents[2]
#: Seconds that a server has to come up, on a machine that has other things to do as well.
_PATIENCE = 60


@dataclass(frozen=True)
class Server:
    """A server and the addresses of its parts."""

    name: str
    root: str
    query: str
    update: str
    graphs: str
    #: What a request that changes something has to carry.
    headers: dict[str, str] = field(default_factory=dict)


@contextlib.contextmanager
def gateway(allowed: str) -> Iterator[Server]:
    """Our gateway over an empty graph; SERVICE and LOAD may go where ``allowed`` says."""
    with tempfile.TemporaryDirectory() as home:
        port = _free_port()
        environment = {
            **os.environ,
            # The suites' own addresses as well: what is wrong with a text that names them is its
            # syntax. Nothing that parses is sent there.
            "SANCTIONGRAPH_SERVICE_ALLOW": f"{allowed},{BASE}",
            "SANCTIONGRAPH_RATE_LIMIT": "0",
            "SANCTIONGRAPH_AHEAD_SECONDS": "0",
            # What is derived from the tests' data would be taken for what they did.
            "SANCTIONGRAPH_DERIVE_SECONDS": "86400",
        }
        publish_nquads(Path(home), "", "0" * 64)
        token = token_for(Path(home))
        command = [sys.executable, "-c", SERVE, "--home", home, "--port", str(port)]
        root = f"http://127.0.0.1:{port}"
        with _running(command, environment, port):
            yield Server(
                "gateway",
                root,
                f"{root}/sparql",
                f"{root}/update",
                f"{root}/graphs",
                {"Authorization": f"Bearer {token}"},
            )


@contextlib.contextmanager
def oxigraph() -> Iterator[Server]:
    """``oxigraph serve`` over a store in memory."""
    port = _free_port()
    executable = str(Path(sys.executable).parent / "oxigraph")
    root = f"http://127.0.0.1:{port}"
    with _running([executable, "serve", "--bind", f"127.0.0.1:{port}"], dict(os.environ), port):
        yield Server("oxigraph serve", root, f"{root}/query", f"{root}/update", f"{root}/store")


@contextlib.contextmanager
def anything() -> Iterator[str]:
    """The address of a server that has a triple and an empty result for whoever asks.

    Below ``/absent`` it has nothing.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Anything)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Anything(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.startswith("/absent"):
            self.send_error(404)
        elif "query=" in self.path:
            self._answer_query()
        else:
            self._answer("text/turtle", b"<> <> <> .")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/absent"):
            self.send_error(404)
        else:
            self._answer_query()

    def _answer_query(self) -> None:
        body = b'{"head":{"vars":[]},"results":{"bindings":[]}}'
        self._answer("application/sparql-results+json", body)

    def _answer(self, content_type: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def _running(command: list[str], environment: dict[str, str], port: int) -> Iterator[None]:
    process = subprocess.Popen(
        command,
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(process, port)
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"a server did not come up: {process.args!r}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
