"""Keeps a keeper running as long as the gateway runs."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sanctiongraph_server.writer.client import SOCKET

#: The environment variable that tells workers which process started them. Asking for the parent
#: is no good: it may have ended before.
GATEWAY: Final = "SANCTIONGRAPH_GATEWAY_PID"
#: Longest name of a socket on every system that has them.
_LONGEST_NAME: Final = 100
#: Seconds between the end of a keeper and the start of the next; more where it ended soon.
_PAUSE: Final = 0.1
_LONG_PAUSE: Final = 2.0
_SOON: Final = 1.0
#: Seconds that a keeper has to end when it is told to.
_GRACE: Final = 5

_log = logging.getLogger(__name__)


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """A keeper for the settings in the environment; its socket is named there as well.

    It is replaced when it ends, and ended when this is left. Where this process is killed, it
    ends by itself.
    """
    folder = _private_folder()
    path = folder / "writer"
    os.environ[SOCKET] = str(path)
    os.environ[GATEWAY] = str(os.getpid())
    supervisor = _Supervisor(path)
    try:
        yield
    finally:
        supervisor.end()
        del os.environ[SOCKET], os.environ[GATEWAY]
        shutil.rmtree(folder, ignore_errors=True)


def _private_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="sanctiongraph-"))
    if len(str(folder / "writer").encode()) <= _LONGEST_NAME:
        return folder
    folder.rmdir()
    return Path(tempfile.mkdtemp(prefix="sanctiongraph-", dir="/tmp"))


class _Supervisor:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._ending = threading.Event()
        self._process = self._start()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._ending.set()
        self._process.terminate()
        self._thread.join(_GRACE)
        if self._thread.is_alive():
            self._process.kill()

    def _start(self) -> subprocess.Popen[bytes]:
        module = "sanctiongraph_server.writer.service"
        command = [sys.executable, "-m", module, str(os.getpid()), str(self._path)]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL)

    def _run(self) -> None:
        while True:
            started = time.monotonic()
            status = self._process.wait()
            if self._ending.is_set():
                return
            soon = time.monotonic() - started < _SOON
            _log.error("the keeper of the writes ended (%s): starting another", status)
            if self._ending.wait(_LONG_PAUSE if soon else _PAUSE):
                return
            while (process := self._started()) is None:
                if self._ending.wait(_LONG_PAUSE):
                    return
            self._process = process

    def _started(self) -> subprocess.Popen[bytes] | None:
        """A keeper, if one can be started now."""
        try:
            return self._start()
        except OSError as error:
            _log.error("no keeper of the writes can be started at the moment: %s", error)
            return None
