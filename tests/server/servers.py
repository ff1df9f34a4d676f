"""Servers that a federated query meets: Oxigraph's own, and one that misbehaves as it is told."""

from __future__ import annotations

import http.server
import socket
import subprocess
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

JSON = "application/sparql-results+json"
RESULT = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"far"}}]}}'

Answer = Callable[[http.server.BaseHTTPRequestHandler, bytes], None]


def replying(
    body: bytes = RESULT, content_type: str = JSON, status: int = 200, **headers: str
) -> Answer:
    def answer(handler: http.server.BaseHTTPRequestHandler, _: bytes) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", content_type)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def cut_off(handler: http.server.BaseHTTPRequestHandler, _: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.send_header("Content-Length", str(len(RESULT)))
    handler.end_headers()
    handler.wfile.write(RESULT[:40])
    handler.close_connection = True


def cut_off_without_a_length(handler: http.server.BaseHTTPRequestHandler, _: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.end_headers()
    handler.wfile.write(RESULT[:-2])
    handler.close_connection = True


def dropping(handler: http.server.BaseHTTPRequestHandler, _: bytes) -> None:
    handler.close_connection = True


def dripping(handler: http.server.BaseHTTPRequestHandler, _: bytes) -> None:
    """A byte now and then, so that no single read waits long."""
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    try:
        for _ in range(100):
            handler.wfile.write(b" ")
            time.sleep(0.1)
    except OSError:
        pass


def endless(handler: http.server.BaseHTTPRequestHandler, _: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b" " * 100_000)
    except OSError:
        pass


class Server(http.server.ThreadingHTTPServer):
    """Answers each path as it is told, and remembers who asked for what."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, list[Answer]] = {}
        self.calls: list[tuple[str, str, dict[str, str], bytes]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def tell(self, path: str, *answers: Answer) -> str:
        """The next calls of this path are answered so, and all later ones as the last."""
        self.answers[path] = list(answers)
        return self.address + path

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever is cut off here wanted it so."""


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.calls.append((self.command, self.path, headers, body))
        answers = self.server.answers.get(self.path) or [replying()]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        answer(self, body)

    do_GET = do_POST  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@contextmanager
def oxigraph(folder: Path, turtle: str) -> Iterator[str]:
    """``oxigraph serve`` with this data; the address of its query endpoint."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    binary = Path(sysconfig.get_path("scripts")) / "oxigraph"
    process = subprocess.Popen(
        [binary, "serve", "--location", str(folder), "--bind", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                httpx.put(
                    f"{address}/store?default",
                    content=turtle,
                    headers={"Content-Type": "text/turtle"},
                ).raise_for_status()
                break
            except httpx.TransportError:
                time.sleep(0.05)
        else:
            raise AssertionError("oxigraph serve did not come up")
        yield f"{address}/query"
    finally:
        process.terminate()
        process.wait(10)
