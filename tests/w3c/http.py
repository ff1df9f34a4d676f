"""HTTP as the suites need it: kept-alive connections, and requests sent exactly as written."""

from __future__ import annotations

import contextlib
import http.client
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Response:
    """A whole response; the names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def told(self) -> str:
        """Status and the beginning of the body, for reports."""
        return f"{self.status} {self.body[:300].decode('utf-8', 'replace')}"


class Client:
    """One connection to one server, opened again where the server has closed it."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)

    def send(
        self,
        method: str,
        target: str,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> Response:
        """``target`` is a path with its parameters, or an address of this server."""
        if target.startswith("http:"):
            parts = urlsplit(target)
            target = parts.path + (f"?{parts.query}" if parts.query else "")
        sent = {"Content-Length": str(len(body or b""))} if body or method != "GET" else {}
        for attempt in range(2):
            try:
                self._connection.request(method, target, body, {**sent, **(headers or {})})
                answer = self._connection.getresponse()
                found = {name.lower(): value for name, value in answer.getheaders()}
                return Response(answer.status, found, answer.read())
            except (http.client.HTTPException, ConnectionError):
                self._connection.close()
                if attempt:
                    raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._connection.close()
