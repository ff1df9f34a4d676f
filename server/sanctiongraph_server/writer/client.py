"""``Writes`` for the gateway's workers: asks the keeper over its socket."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from sanctiongraph.errors import ClientGone, Overloaded, WorkerLost
from sanctiongraph.settings import Settings
from sanctiongraph_server.carried import raised
from sanctiongraph_server.writer.frames import Header, receive, send
from sanctiongraph_server.writer.messages import encoded
from sanctiongraph_server.writes import Change, Receipt

#: The environment variable that names the keeper's socket.
SOCKET: Final = "SANCTIONGRAPH_WRITER_SOCKET"
#: Seconds that a keeper may take to come up, and past a deadline to answer.
_COMING_UP: Final = 5
_ANSWERING: Final = 90


class Cancels(Protocol):
    """Tells when the client has gone."""

    def when_cancelled(self, callback: Callable[[], None]) -> Any:
        """Calls the callback then, from another thread, or at once where it has gone already."""
        ...


@dataclass(frozen=True, slots=True)
class Status:
    """How far the writer's side has come."""

    #: Name of the snapshot or build up to which everything derived has followed.
    derived: str
    #: Changes since then.
    behind: int
    #: Why nothing could be derived the last time; ``None`` where it could.
    error: str | None
    #: Changes that wait for the writer.
    waiting: int


class WriterClient:
    """See ``Writes``. Any thread may use it; each change has a connection of its own."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self._path = path
        self._most = settings.update_timeout

    def apply(
        self, change: Change, timeout: float | None = None, cancellation: Cancels | None = None
    ) -> Receipt:
        """See ``Writes``; ``timeout`` can only lower what the settings give.

        When ``cancellation`` comes, a change that still waits is taken back; either way that is
        ``ClientGone``.
        """
        seconds = self._most if timeout is None else min(timeout, self._most)
        header, payload = encoded(change)
        gone: list[bool] = []
        with self._connected() as sock:

            def leave() -> None:
                gone.append(True)
                try:
                    sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    return  # it is closed already

            forget = cancellation.when_cancelled(leave) if cancellation else None
            try:
                sock.settimeout(seconds + _ANSWERING)
                answer = _asked(sock, {"do": "make", "change": header, "seconds": seconds}, payload)
            finally:
                if callable(forget):
                    forget()
        if gone and answer is None:
            raise ClientGone("the client has gone")
        if answer is None:
            raise WorkerLost("the writer ended: look whether the change was made")
        if "class" in answer:
            raise raised(answer)
        return Receipt(answer["version"], answer["existed"])

    def status(self) -> Status:
        """How far the writer's side has come. Raises ``Overloaded`` where there is none."""
        with self._connected() as sock:
            sock.settimeout(_COMING_UP)
            answer = _asked(sock, {"do": "status"}, b"")
        if answer is None:
            raise WorkerLost("the writer ended")
        return Status(**answer)

    def _connected(self) -> socket.socket:
        """Raises ``Overloaded`` where there is no keeper, after a while in which one may come up."""
        until = time.monotonic() + _COMING_UP
        while True:
            sock = socket.socket(socket.AF_UNIX)
            try:
                sock.connect(str(self._path))
            except OSError as error:
                sock.close()
                if time.monotonic() >= until:
                    raise Overloaded(
                        "the writer is not up: it may be starting, or another gateway may be"
                        " writing to this folder",
                        _COMING_UP,
                    ) from error
                time.sleep(0.02)
            else:
                return sock


def _asked(sock: socket.socket, header: Header, payload: bytes) -> Header | None:
    """The answer; ``None`` where the keeper ended without one."""
    with contextlib.suppress(OSError):  # it may have answered before it had read all
        send(sock, header, payload)
    try:
        frame = receive(sock)
    except OSError:
        return None
    return frame[0] if frame else None


def from_environment(settings: Settings) -> WriterClient | None:
    """The client for the keeper that ``sanctiongraph serve`` started; ``None`` where none did."""
    path = os.environ.get(SOCKET)
    return WriterClient(Path(path), settings) if path else None
