"""Requests to a store over HTTP: one pool of connections, credentials, deadlines, and errors.

The client is imported where it is used: that takes a fifth of a second, and most graphs are here.
"""

from __future__ import annotations

import re
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit, urlunsplit

from sanctiongraph.errors import (
    BadInput,
    DeadlineExceeded,
    RemoteFailed,
    ResultTooLarge,
    StoreAway,
)
from sanctiongraph.stores import patience

if TYPE_CHECKING:
    import httpx

#: Tries of a request that only reads, and the seconds before the second; each wait is twice the last.
_TRIES: Final = 3
_FIRST_WAIT: Final = 0.2
#: What says that the same request may do better a little later.
_PASSING: Final = frozenset({429, 502, 503})
_LONGEST_CAUSE: Final = 500
_CONNECT_SECONDS: Final = 10.0
#: What the last try of several has where the others took all of the time.
_LEAST_SECONDS: Final = 0.1

Parameters = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Credentials:
    """How to be let in: a user with a password, or a bearer token. Never shown."""

    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a store answered, whatever its status."""

    status: int
    media_type: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body for a message: one line, and not all of a long one."""
        text = re.sub(r"<[^>]*>|\s+", " ", self.body[: 4 * _LONGEST_CAUSE].decode(errors="replace"))
        return re.sub(r" +", " ", text).strip()[:_LONGEST_CAUSE]

    @property
    def fine(self) -> bool:
        """Whether the status is one of success."""
        return 200 <= self.status < 300


class Connection:
    """A pool of connections to one store. Threads may share it.

    ``most_bytes`` is the longest answer that is read; ``None`` is any.
    """

    def __init__(
        self,
        credentials: Credentials = Credentials(),
        *,
        timeout: float = 300.0,
        digest: bool = False,
        most_bytes: int | None = None,
    ) -> None:
        import httpx

        self.timeout = timeout
        #: Requests made so far.
        self.requests = 0
        self._most_bytes = most_bytes
        self._client = httpx.Client(
            auth=_auth(credentials, digest),
            timeout=httpx.Timeout(timeout, connect=min(timeout, _CONNECT_SECONDS)),
            # The address is the operator's; where it redirects to is not, and a proxy is no store.
            follow_redirects=False,
            trust_env=False,
        )

        # Whoever lets go of a store need not close it.
        self._closing = weakref.finalize(self, self._client.close)

    def close(self) -> None:
        """Gives the connections back."""
        self._closing()

    def read(self, method: str, url: str, **more: Any) -> Reply:
        """A request that changes nothing; it is made again where the store may do better then.

        Raises as ``change`` does, and ``StoreAway`` where the store says so often that it is not
        ready. All tries together have the time of one.
        """
        wait = _FIRST_WAIT
        seconds = self._seconds(more.pop("timeout", None))
        end = time.monotonic() + seconds
        for tries in reversed(range(_TRIES)):
            try:
                reply = self.change(method, url, timeout=seconds, **more)
            except StoreAway as error:
                if not tries or time.monotonic() + wait > end:
                    raise StoreAway(str(error)) from error.__cause__
            else:
                if reply.status not in _PASSING:
                    return reply
                if not tries or time.monotonic() + wait > end:
                    raise StoreAway(f"{shown(url)} is not ready ({reply.status}): {reply.text}")
            time.sleep(wait)
            wait *= 2
            seconds = max(end - time.monotonic(), _LEAST_SECONDS)
        raise AssertionError("a last try returns or raises")

    def _seconds(self, timeout: float | None) -> float:
        return patience.left(min(timeout or self.timeout, self.timeout))

    def change(
        self,
        method: str,
        url: str,
        *,
        parameters: Parameters | None = None,
        form: Parameters | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        refused: bool = False,
    ) -> Reply:
        """One request, made once. Its whole answer is read, and may be one of an error; with
        ``refused`` also the one of a store that does not let us in.

        Raises ``RemoteFailed`` where the store does not let us in, ``StoreAway`` where it is not
        reached or breaks off (``NotDone`` as well where it certainly did nothing),
        ``DeadlineExceeded`` where it takes longer than ``timeout`` seconds (else the connection's,
        and never more than ``patience`` leaves), ``ClientGone`` and ``ResultTooLarge``.
        """
        import httpx

        seconds = self._seconds(timeout)
        request = self._client.build_request(
            method,
            url,
            params=parameters,
            data=form,
            content=content,
            headers=dict(headers or {}),
            timeout=httpx.Timeout(seconds, connect=min(seconds, _CONNECT_SECONDS)),
        )
        end = time.monotonic() + seconds
        self.requests += 1
        try:
            response = self._client.send(request, stream=True)
            try:
                body = self._body(response, url, end, seconds)
            finally:
                response.close()
        except (httpx.ConnectTimeout, httpx.ConnectError) as error:
            raise _NotReached(f"{shown(url)} is not reached: {_cause(error)}") from error
        except httpx.TimeoutException as error:
            raise _too_late(url, seconds) from error
        except httpx.TransportError as error:
            raise StoreAway(f"{shown(url)} does not answer: {_cause(error)}") from error
        except httpx.HTTPError as error:
            raise RemoteFailed(f"{shown(url)} does not answer: {_cause(error)}") from error
        if response.status_code in {401, 403} and not refused:
            raise NotDone(
                f"{shown(url)} does not let us in ({response.status_code}): set"
                " SANCTIONGRAPH_STORE_USER and SANCTIONGRAPH_STORE_PASSWORD, or"
                " SANCTIONGRAPH_STORE_TOKEN"
            )
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Reply(response.status_code, media_type, response.headers, body)

    def _body(self, response: httpx.Response, url: str, end: float, seconds: float) -> bytes:
        parts: list[bytes] = []
        size = 0
        for part in response.iter_bytes():
            size += len(part)
            if self._most_bytes is not None and size > self._most_bytes:
                raise ResultTooLarge(
                    f"the answer is longer than {self._most_bytes:,} bytes: ask for less, with LIMIT"
                )
            if time.monotonic() > end:  # an answer that trickles never lets the client time out
                raise _too_late(url, seconds)
            parts.append(part)
        return b"".join(parts)


class NotDone(RemoteFailed):
    """The store certainly did nothing: it was not reached, does not let us in or refuses."""


class _NotReached(StoreAway, NotDone):
    """There was no connection, so the same request may do better a little later."""


def split(url: str) -> tuple[str, Credentials]:
    """The address without the user and password that it may hold, and those.

    Raises ``BadInput`` for what is no address.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadInput(
            "the address of a store begins with http:// or https:// and names a host, as"
            " http://localhost:7878 does"
        )
    host = parts.netloc.rpartition("@")[2]
    user, password = (unquote(one) if one else None for one in (parts.username, parts.password))
    return urlunsplit((parts.scheme, host, parts.path, "", "")), Credentials(user, password)


def shown(url: str) -> str:
    """An address as messages may show it: without credentials and parameters."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _auth(
    credentials: Credentials, digest: bool
) -> httpx.Auth | Callable[[httpx.Request], httpx.Request] | None:
    import httpx

    def bearer(request: httpx.Request) -> httpx.Request:  # RFC 6750, section 2.1
        request.headers["Authorization"] = f"Bearer {credentials.token}"
        return request

    if credentials.token:
        return bearer
    if credentials.user:
        password = credentials.password or ""
        kind = httpx.DigestAuth if digest else httpx.BasicAuth
        return kind(credentials.user, password)
    return None


def _too_late(url: str, seconds: float) -> DeadlineExceeded:
    return DeadlineExceeded(f"{shown(url)} took longer than {seconds:.3g} seconds", seconds)


def _cause(error: Exception) -> str:
    return str(error) or type(error).__name__
