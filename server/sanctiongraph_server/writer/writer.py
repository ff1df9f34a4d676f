"""The writer: the process that has the live store open. The keeper starts it and may kill it.

One thread makes changes, one after the other; another publishes what was made, so that a change is
acknowledged while the next is at work. The process is started before it is needed, and opens the
store when it is told to.
"""

from __future__ import annotations

import os
import queue
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sanctiongraph.difference import Difference
from sanctiongraph.errors import EvaluationFailed, MemoryExceeded, SanctiongraphError
from sanctiongraph.live import Live
from sanctiongraph.settings import from_environment
from sanctiongraph_server import memory
from sanctiongraph_server.addresses import allow_list_of
from sanctiongraph_server.carried import told
from sanctiongraph_server.writer.changes import apply
from sanctiongraph_server.writer.frames import Header, receive, send
from sanctiongraph_server.writer.messages import decoded

#: The engine's parser and evaluation are recursive; only what is used takes memory.
_STACK_BYTES: Final = 64 * 1024 * 1024

Work = Callable[[Header, bytes], Header]


class Writer:
    """Serves one keeper."""

    def __init__(self, sock: socket.socket, home: Path) -> None:
        self._sock = sock
        self._home = home
        self._allow = allow_list_of(from_environment())
        self._sending = threading.Lock()
        self._live: Live

    def run(self) -> None:
        """Works until the keeper is gone."""
        works: dict[str, tuple[Work, queue.Queue[tuple[Header, bytes, Work]]]] = {}
        for names in (
            {
                "open": self._open,
                "apply": self._apply,
                "follow": self._follow,
                "carry_over": self._carry_over,
            },
            {"publish": self._publish, "prune": self._prune},
        ):
            waiting: queue.Queue[tuple[Header, bytes, Work]] = queue.Queue()
            works |= {name: (work, waiting) for name, work in names.items()}
            threading.Thread(target=self._serve, args=(waiting,), daemon=True).start()
        while (frame := receive(self._sock)) is not None:
            work, waiting = works[frame[0]["do"]]
            waiting.put((*frame, work))

    def _serve(self, waiting: queue.Queue[tuple[Header, bytes, Work]]) -> None:
        while True:
            self._answer(*waiting.get())

    def _answer(self, header: Header, payload: bytes, work: Work) -> None:
        answer: Header
        try:
            answer = {"ok": work(header, payload)}
        except SanctiongraphError as error:
            answer = {"error": told(error)}
        except MemoryError:
            answer = {"error": told(MemoryExceeded("the change needs more memory than it may"))}
        except Exception as error:
            answer = {"error": told(EvaluationFailed(f"the writer failed: {error!r}"))}
        with self._sending:
            send(self._sock, {"id": header["id"], **answer})

    def _open(self, _: Header, __: bytes) -> Header:
        self._live = Live(self._home)
        return {}

    def _apply(self, header: Header, payload: bytes) -> Header:
        change = decoded(header["change"], payload)
        return {
            "existed": apply(
                self._live.store, change, self._allow, header["until"], self._live.note
            )
        }

    def _follow(self, header: Header, _: bytes) -> Header:
        return {"name": self._live.follow(Difference.read(Path(header["folder"]))).name}

    def _carry_over(self, _: Header, __: bytes) -> Header:
        return {"carried": self._live.carry_over()}

    def _publish(self, header: Header, _: bytes) -> Header:
        return {"name": self._live.publish(header["derived"]).name}

    def _prune(self, _: Header, __: bytes) -> Header:
        self._live.prune()
        return {}


def main() -> None:
    """``python -m sanctiongraph_server.writer.writer SOCKET HOME MEGABYTES``."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the keeper says when to end
    handle, home, megabytes = sys.argv[1:]
    memory.cap(int(megabytes))
    threading.stack_size(_STACK_BYTES)
    Writer(socket.socket(fileno=int(handle)), Path(home)).run()
    os._exit(0)  # a change may be at work, for which nobody waits any more


if __name__ == "__main__":
    main()
