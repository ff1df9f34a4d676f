"""The keeper as a process: takes changes from the gateway's workers over a socket."""

from __future__ import annotations

import contextlib
import logging
import shutil
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Final

from sanctiongraph.errors import BuildBusy, Overloaded
from sanctiongraph.live import lock
from sanctiongraph.settings import from_environment
from sanctiongraph_server.carried import told
from sanctiongraph_server.writer import parent
from sanctiongraph_server.writer.frames import Header, receive_header, receive_payload, send
from sanctiongraph_server.writer.keeper import Keeper, late
from sanctiongraph_server.writer.waiting import Waiting

#: Seconds after which it is told that somebody else has the folder.
_PATIENCE: Final = 5
#: Seconds that an answer may take to be taken: it is short.
_SENDING: Final = 5
#: Seconds until the next try where a connection could not be accepted or served.
_PAUSE: Final = 0.2

_log = logging.getLogger(__name__)


def main() -> None:
    """``python -m sanctiongraph_server.writer.service PARENT SOCKET``."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the gateway says when to end
    logging.basicConfig(format="%(name)s: %(message)s", level=logging.INFO)
    of, path = int(sys.argv[1]), Path(sys.argv[2])
    # Where the gateway was killed, nobody else removes its folder.
    parent.end_with(of, lambda: shutil.rmtree(path.parent, ignore_errors=True))
    settings = from_environment()
    keeper = Keeper(settings, _locked(settings.home))
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(path))
    listening.listen(128)
    threading.Thread(target=_accept, args=(listening, keeper), daemon=True).start()
    keeper.run()


def _locked(home: Path) -> int:
    """The lock, however long it takes: the last writer may still be ending."""
    told_once = False
    while True:
        try:
            return lock(home, _PATIENCE)
        except BuildBusy as error:
            if not told_once:
                _log.warning("no writes for now: %s", error)
            told_once = True


def _accept(listening: socket.socket, keeper: Keeper) -> None:
    """Goes on whatever happens: who is not accepted now waits until something is free again."""
    while True:
        try:
            sock, _ = listening.accept()
        except OSError as error:
            _log.warning("no connection is accepted at the moment: %s", error)
            time.sleep(_PAUSE)
            continue
        thread = threading.Thread(target=_serve, args=(Connection(sock), keeper), daemon=True)
        try:
            thread.start()
        except RuntimeError as error:
            _log.warning("a connection is not served: %s", error)
            sock.close()
            time.sleep(_PAUSE)


class Connection:
    """A client's connection, which several threads may answer on."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self._sending = threading.Lock()

    def answer(self, header: Header) -> None:
        """Sends an answer; a client that has gone gets none."""
        with self._sending, contextlib.suppress(OSError):
            self.socket.settimeout(_SENDING)
            send(self.socket, header)


def _serve(connection: Connection, keeper: Keeper) -> None:
    """One change: a connection carries no more."""
    with connection.socket:
        found = receive_header(connection.socket)
        if found is None:
            return
        header, size = found
        if header["do"] == "status":
            connection.answer(_status(keeper))
            return
        try:
            keeper.queue.admit(size)
            payload = receive_payload(connection.socket, size)
            if payload is None:
                return
            one = Waiting(header["change"], payload, header["seconds"], connection.answer)
            keeper.queue.put(one)
        except Overloaded as error:
            connection.answer(told(error))
            return
        _wait(connection.socket, one, keeper)


def _wait(sock: socket.socket, one: Waiting, keeper: Keeper) -> None:
    """Until the client has gone, which it does when it has its answer; or waits no longer."""
    while True:
        try:
            sock.settimeout(max(0.01, one.left))
            if not sock.recv(1):
                break
        except TimeoutError:
            if keeper.queue.remove(one):
                one.answer(told(late(one)))
                return
            _to_the_end(sock)
            return
        except OSError:
            break
    keeper.queue.remove(one)


def _to_the_end(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.settimeout(None)
        while sock.recv(1):
            pass


def _status(keeper: Keeper) -> Header:
    counts = keeper.progress.counts
    return {
        "derived": keeper.progress.derived_name,
        "behind": counts.made - counts.derived,
        "error": keeper.progress.error,
        "waiting": len(keeper.queue),
    }


if __name__ == "__main__":
    main()
