"""Asking another server: only where the allow-list admits it, bounded in time and size.

The check that counts is made where the connection is: the host's name is resolved here, each IP
address is held against the allow-list, and the connection goes to that same address. So a name
that changes what it means between check and call gains nothing. Every redirect is checked anew.
"""

from __future__ import annotations

import email.utils
import functools
import importlib.metadata
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urljoin

import httpcore

from sanctiongraph.errors import Forbidden, RemoteFailed
from sanctiongraph.vocabulary import BASE
from sanctiongraph_server.addresses import Address, AllowList, shown
from sanctiongraph_server.kept_replies import seconds_fresh

#: Longest reply that is read, in bytes.
MOST_BYTES: Final = 50_000_000
_MOST_REDIRECTS: Final = 5
_MOST_RETRIES: Final = 3
_REPEATED: Final = frozenset({301, 302, 307, 308})
_LATER: Final = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply with status 200, and the address that gave it after all redirects."""

    address: Address
    content_type: str
    body: bytes
    #: Whether the server said where the reply ends, so that a cut would have shown.
    framed: bool
    #: Seconds for which the server lets it be used again.
    fresh: float = 0.0


@functools.cache
def user_agent() -> str:
    """The project, its version, and where to turn to: what the operators of endpoints ask for."""
    try:
        version = importlib.metadata.version("sanctiongraph")
    except importlib.metadata.PackageNotFoundError:
        version = "0"
    return f"sanctiongraph/{version} (+{BASE})"


@dataclass(frozen=True, slots=True)
class Remote:
    """Asks servers until ``deadline``, a moment of ``time.monotonic()``."""

    allow: AllowList
    deadline: float
    most_bytes: int = MOST_BYTES

    def ask(self, address: Address, query: str, accept: str) -> Reply:
        """The reply to a query, by form POST: SPARQL 1.1 Protocol, section 2.1.2.

        Raises ``RemoteFailed``.
        """
        return self._ask(address, accept, urlencode({"query": query}).encode("ascii"))

    def fetch(self, address: Address, accept: str) -> Reply:
        """The document at an address. Raises ``RemoteFailed``."""
        return self._ask(address, accept, None)

    def _ask(self, asked: Address, accept: str, form: bytes | None) -> Reply:
        address, redirects, retries = asked, 0, 0
        while True:
            status, headers, body = self._once(address, accept, form)
            if status == 200:
                framed = "content-length" in headers or "transfer-encoding" in headers
                kind = headers.get("content-type", "")
                return Reply(address, kind, body, framed, seconds_fresh(headers))
            if status in _REPEATED or status == 303:
                redirects += 1
                if redirects > _MOST_REDIRECTS:
                    raise RemoteFailed(f"<{asked}> redirects more than {_MOST_REDIRECTS} times")
                if status == 303:
                    form = None
                address = self._redirected(address, headers.get("location", ""))
                continue
            wait = _seconds(headers.get("retry-after", "")) if status in _LATER else None
            if wait is None or retries == _MOST_RETRIES or wait >= self._left():
                raise RemoteFailed(f"<{address}> answered with status {status}")
            retries += 1
            time.sleep(wait)

    def _redirected(self, source: Address, location: str) -> Address:
        try:
            return self.allow.admit(urljoin(str(source), location))
        except (Forbidden, ValueError) as error:
            raise RemoteFailed(f"<{source}> redirects to {shown(location)}: {error}") from error

    def _once(
        self, address: Address, accept: str, form: bytes | None
    ) -> tuple[int, Mapping[str, str], bytes]:
        headers: dict[bytes | str, bytes | str] = {
            "Host": address.authority,
            "Accept": accept,
            "Accept-Encoding": "identity",
            "User-Agent": user_agent(),
        }
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Content-Length"] = str(len(form))
        backend = _Backend(self.allow, address, self.deadline)
        url = httpcore.URL(
            scheme=address.scheme.encode(),
            host=address.host.encode(),
            port=address.port,
            target=address.target.encode(),
        )
        try:
            with (
                httpcore.ConnectionPool(
                    ssl_context=_tls() if address.scheme == "https" else None,
                    network_backend=backend,
                ) as pool,
                pool.stream(
                    "GET" if form is None else "POST", url, headers=headers, content=form
                ) as response,
            ):
                found = {
                    name.decode("latin-1").lower(): value.decode("latin-1")
                    for name, value in response.headers
                }
                body = (
                    self._read(address, response.iter_stream()) if response.status == 200 else b""
                )
        except (httpcore.TimeoutException, TimeoutError) as error:
            raise RemoteFailed(f"<{address}> did not answer in the time that was left") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise RemoteFailed(f"<{address}> did not give a whole answer: {error}") from error
        if response.status == 200:
            _check_coding(address, found)
        return response.status, found, body

    def _read(self, address: Address, stream: Iterable[bytes]) -> bytes:
        parts: list[bytes] = []
        size = 0
        for part in stream:
            size += len(part)
            if size > self.most_bytes:
                raise RemoteFailed(f"<{address}> answered with more than {self.most_bytes} bytes")
            parts.append(part)
        return b"".join(parts)

    def _left(self) -> float:
        return self.deadline - time.monotonic()


def _check_coding(address: Address, headers: Mapping[str, str]) -> None:
    coding = headers.get("content-encoding", "identity")
    if coding.strip().lower() != "identity":
        raise RemoteFailed(
            f"<{address}> answered in the coding {coding!r}, which was not asked for"
        )


def _seconds(retry_after: str) -> float | None:
    """``Retry-After`` (RFC 9110, section 10.2.3) as seconds from now; ``None`` where it is none."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
        return max(0.0, moment.timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


@functools.cache
def _tls() -> ssl.SSLContext:
    context = httpcore.default_ssl_context()
    context.load_default_certs()  # those of the machine as well, for an operator's own authority
    return context


class _Backend(httpcore.NetworkBackend):
    """Connects to one host, at an IP address that the allow-list lets it have."""

    def __init__(self, allow: AllowList, address: Address, deadline: float) -> None:
        self._allow = allow
        self._address = address
        self._deadline = deadline
        self._real = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002
        port: int,
        timeout: float | None = None,  # noqa: ARG002
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        address = self._address
        found = _resolved(address, _until(self._deadline))
        for ip in found:
            if not self._allow.may_reach(address, ip):
                raise RemoteFailed(
                    f"<{address}> is not called: its host leads to {ip}, which is not of the open"
                    " internet (SANCTIONGRAPH_SERVICE_ALLOW_PRIVATE names hosts that may)"
                )
        for last, ip in enumerate(found, 1):
            try:
                stream = self._real.connect_tcp(
                    str(ip), port, _until(self._deadline), local_address, socket_options
                )
                return _Stream(stream, self._deadline)
            except httpcore.ConnectError:
                if last == len(found):
                    raise
        raise httpcore.ConnectError("its host has no address")

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class _Stream(httpcore.NetworkStream):
    """A connection on which no single step waits beyond the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, _until(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, _until(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, _until(self._deadline))
        return _Stream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _until(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.TimeoutException("the time is over")
    return left


_Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


def _resolved(address: Address, seconds: float) -> list[_Ip]:
    """The IP addresses of a host, each once. The system's resolver knows no deadline, so it is
    asked in a thread that may be left behind.
    """
    if address.literal is not None:
        return [address.literal]
    answers: queue.SimpleQueue[list[Any] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.put(OSError(str(error)))

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise httpcore.ConnectTimeout("the name was not resolved in time") from None
    if isinstance(answer, OSError):
        raise httpcore.ConnectError(f"its name is not resolved: {answer}")
    return list(
        dict.fromkeys(ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in answer)
    )
