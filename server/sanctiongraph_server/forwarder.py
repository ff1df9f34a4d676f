"""A small HTTP server on loopback that stands between the engine and the outside."""

from __future__ import annotations

import hmac
import http.server
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine is handed."""

    status: int
    content_type: str
    body: bytes


class Forwarder:
    """An HTTP server on loopback whose addresses nobody else can guess.

    They are ``address`` with a number behind it. ``answer_for`` is called in another thread, with
    that number and the query that was posted, or ``None`` where a document was asked for.
    """

    def __init__(self, answer_for: Callable[[int, str | None], Answer]) -> None:
        secret = secrets.token_urlsafe(24)

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                _, given, number = [*self.path.split("/"), "", ""][:3]
                if not hmac.compare_digest(given.encode(), secret.encode()):
                    answer = Answer(404, "text/plain", b"")
                else:
                    query = None if self.command == "GET" else self._query()
                    answer = answer_for(int(number), query)
                self._send(answer)

            do_GET = do_POST  # noqa: N815

            def _query(self) -> str:
                return self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8")

            def _send(self, answer: Answer) -> None:
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.content_type)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, format: str, *args: object) -> None:
                """The gateway's own log says what there is to say."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/{secret}/"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Nobody is answered after this."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
