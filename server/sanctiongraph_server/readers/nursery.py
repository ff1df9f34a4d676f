"""Where readers come from: a process with one thread and everything imported, which forks them.

Starting Python and importing what a reader needs takes half a second of a processor; a fork of a
process that has done so takes milliseconds, and shares the memory of the program. The worker
itself cannot be forked, having threads.

The nursery keeps readers that have ended as zombies until it is told to let them go: so the
number of a process means the same reader for as long as the worker may use it.
"""

from __future__ import annotations

import ctypes.util
import errno
import gc
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
import threading
import traceback
from contextlib import ExitStack, suppress
from typing import Final, NoReturn

from sanctiongraph.settings import Settings
from sanctiongraph_server import memory
from sanctiongraph_server.readers.endings import Status
from sanctiongraph_server.readers.frames import PeerGone
from sanctiongraph_server.readers.handle import Handle

_COMMAND: Final = struct.Struct("!cq")
_ANSWER: Final = struct.Struct("!q")
_BEAR: Final = b"b"
_REAP: Final = b"r"
_RUNNING: Final = -1
#: What a reader is given: the end of a connection, and where to write its last words.
_FILES: Final = 2
#: Seconds that the nursery has to answer; the first answer comes when everything is imported.
_PATIENCE: Final = 60


class Nursery:
    """The worker's end. Any thread may use it. Methods raise ``PeerGone`` when its process ended.

    Making one raises ``OSError`` where no process can be started.
    """

    def __init__(self, settings: Settings) -> None:
        self._lock = threading.Lock()
        self._end, other = socket.socketpair()
        self._end.settimeout(_PATIENCE)
        with other, ExitStack() as unless_started:
            unless_started.callback(self._end.close)
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _START, str(other.fileno())],
                stdin=subprocess.PIPE,
                pass_fds=[other.fileno()],
                # Its own group: what ends the worker's group from a terminal is for the worker.
                process_group=0,
                env={**memory.environment(), **_preloaded(settings.allocator)},
            )
            unless_started.pop_all()
        assert self._process.stdin is not None
        with suppress(OSError), self._process.stdin as given:
            given.write(pickle.dumps(settings))

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    def bear(self) -> Handle:
        """A new reader, which opens the newest snapshot while this returns.

        Raises ``OSError`` where this process or the nursery lacks what a reader takes, such as
        numbers for open files; then the nursery and its other readers are as they were.
        """
        with ExitStack() as unless_born, ExitStack() as theirs:
            ours, other = socket.socketpair()
            unless_born.callback(ours.close)
            theirs.callback(other.close)
            says, errors = os.pipe()
            unless_born.callback(os.close, says)
            theirs.callback(os.close, errors)
            os.set_blocking(says, False)
            os.set_blocking(errors, False)  # what is not read is lost, and holds nobody up
            with self._lock:
                pid = self._told(_COMMAND.pack(_BEAR, 0), [other.fileno(), errors])
            if pid < 0:
                raise OSError(-pid, f"no reader was forked: {os.strerror(-pid)}")
            unless_born.pop_all()
        return Handle(ours, says, pid)

    def reap(self, pid: int) -> Status | None:
        """How the reader ended, and lets its number go; ``None`` while it has not."""
        with self._lock:
            status = self._told(_COMMAND.pack(_REAP, pid), [])
        if status == _RUNNING:
            return None
        if os.WIFSIGNALED(status):
            return Status(os.WTERMSIG(status), 0)
        return Status(0, os.WEXITSTATUS(status))

    def close(self) -> None:
        """Ends the process, and with it all readers."""
        self._end.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _told(self, command: bytes, files: list[int]) -> int:
        try:
            socket.send_fds(self._end, [command], files)
            answer = self._end.recv(_ANSWER.size, socket.MSG_WAITALL)
        except OSError as error:
            raise PeerGone from error
        if len(answer) < _ANSWER.size:
            raise PeerGone
        number: int = _ANSWER.unpack(answer)[0]
        return number


def _preloaded(allocator: str | None) -> dict[str, str]:
    """What has the engine take memory with another library, where the system has that.

    It can only be loaded before anything else is.
    """
    if allocator is None or sys.platform != "linux":
        return {}
    library = allocator if "/" in allocator else ctypes.util.find_library(allocator)
    others = os.environ.get("LD_PRELOAD")
    return {"LD_PRELOAD": f"{library}:{others}" if others else library} if library else {}


_START: Final = "from sanctiongraph_server.readers.nursery import main; main()"


def main() -> None:
    """The nursery's process: forks when told to, and ends when the worker has gone."""
    # Whatever a task needs, so that no reader has to import it.
    import sanctiongraph_server.assessments
    import sanctiongraph_server.evaluation
    import sanctiongraph_server.inquiries
    import sanctiongraph_server.linked.beside
    import sanctiongraph_server.linked.describing
    import sanctiongraph_server.linked.dumps
    import sanctiongraph_server.linked.pages
    import sanctiongraph_server.linked.reconciling
    import sanctiongraph_server.pages.search
    import sanctiongraph_server.pages.start
    import sanctiongraph_server.readers.reader  # noqa: F401

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    end = socket.socket(fileno=int(sys.argv[1]))
    end.set_inheritable(False)
    with sys.stdin.buffer as given:
        settings = pickle.load(given)
    gc.collect()
    gc.freeze()  # so that a reader's collector does not touch, and copy, what is shared
    with suppress(OSError):  # the worker has gone in the middle
        _serve(end, settings)


def _serve(end: socket.socket, settings: Settings) -> None:
    while True:
        command, files, _, _ = socket.recv_fds(end, _COMMAND.size, _FILES)
        if len(command) < _COMMAND.size:
            return
        what, pid = _COMMAND.unpack(command)
        answer = _reaped(pid) if what == _REAP else _born(end, files, settings)
        end.sendall(_ANSWER.pack(answer))


def _born(end: socket.socket, files: list[int], settings: Settings) -> int:
    """The number of a new reader, or that of the error that there is none, below 0."""
    try:
        if len(files) < _FILES:  # the system leaves out those that there is no number for
            return -errno.EMFILE
        nursery, pid = os.getpid(), os.fork()
        if pid == 0:
            end.close()
            _be_a_reader(files, settings, nursery)
        # Here as well, so that the group is there before the worker hears of it.
        with suppress(OSError):
            os.setpgid(pid, pid)
        return pid
    except OSError as error:
        return -(error.errno or errno.EAGAIN)
    finally:
        for file in files:
            os.close(file)


def _be_a_reader(files: list[int], settings: Settings, nursery: int) -> NoReturn:
    """What is left of the process after a fork."""
    from sanctiongraph_server.readers import reader

    try:
        os.setpgid(0, 0)
        reader.run(socket.socket(fileno=files[0]), files[1], settings, nursery)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _reaped(pid: int) -> int:
    try:
        ended, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return 0
    return status if ended else _RUNNING
