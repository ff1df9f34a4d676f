"""The writer as the keeper sees it: a process to ask, and to kill."""

from __future__ import annotations

import itertools
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Final

from sanctiongraph_server import memory
from sanctiongraph_server.carried import raised
from sanctiongraph_server.writer.frames import Header, receive, send

#: Seconds that the store may take to open: it reads its write-ahead log.
_OPENING: Final = 300


class WriterEnded(Exception):
    """The writer has ended before it answered."""


class Child:
    """One process, from its start until it has ended."""

    def __init__(self, home: Path, lock: int, megabytes: int) -> None:
        """Starts a process that may become the writer; it holds ``lock`` as long as it lives."""
        self._socket, theirs = socket.socketpair()
        module = "sanctiongraph_server.writer.writer"
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, str(theirs.fileno()), str(home), str(megabytes)],
                stdin=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(), lock),
                env=memory.environment(),
            )
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._numbers = itertools.count(1)
        self._ended = False
        self._asked: dict[int, Future[Header]] = {}
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def open(self) -> None:
        """Makes it the writer: returns when it has the store open.

        Raises what opening the store raises, and ``WriterEnded``; then it has ended.
        """
        try:
            self.ask({"do": "open"}).result(_OPENING)
        except BaseException:
            self.kill()
            raise

    @property
    def ended(self) -> bool:
        """Whether it is no more; once true, it stays so."""
        return self._ended

    @property
    def aborted(self) -> bool:
        """Whether it ended itself, as the engine does where it gets no memory."""
        return self._process.returncode == -signal.SIGABRT

    def ask(self, header: Header, payload: bytes = b"") -> Future[Header]:
        """What it answers, in time: a header, an error of ours, or ``WriterEnded``."""
        answer: Future[Header] = Future()
        with self._lock:
            if self._ended:
                answer.set_exception(WriterEnded())
                return answer
            number = next(self._numbers)
            self._asked[number] = answer
        try:
            with self._sending:
                send(self._socket, {"id": number, **header}, payload)
        except OSError:
            pass  # the listener finds the end as well, and tells
        return answer

    def kill(self) -> None:
        """Ends it at once; when this returns every answer that it gave has been taken."""
        self._process.kill()
        self._listener.join()

    def _listen(self) -> None:
        while (frame := receive(self._socket)) is not None:
            header = frame[0]
            with self._lock:
                answer = self._asked.pop(header["id"])
            if "ok" in header:
                answer.set_result(header["ok"])
            else:
                answer.set_exception(raised(header["error"]))
        self._process.kill()  # it may have closed its end without ending
        self._process.wait()
        self._socket.close()
        with self._lock:
            self._ended = True
            left = list(self._asked.values())
            self._asked.clear()
        for answer in left:
            answer.set_exception(WriterEnded())
