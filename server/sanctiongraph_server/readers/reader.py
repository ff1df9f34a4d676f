"""A reader: one process that performs one task after the other on the newest snapshot.

The main thread only watches whether the worker is still there; the tasks are performed by another
thread, since only a new thread can be given a stack as large as the engine may need.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import select
import signal
import socket
import sys
import threading
import time
import traceback
from contextlib import suppress
from typing import Any, Final

from sanctiongraph.errors import NotBuilt, SanctiongraphError
from sanctiongraph.settings import Settings
from sanctiongraph_server import memory
from sanctiongraph_server.carried import told
from sanctiongraph_server.readers import frames
from sanctiongraph_server.readers.desk import Desk
from sanctiongraph_server.readers.endings import memory_exceeded
from sanctiongraph_server.readers.frames import PeerGone, Reply

#: Stack of the thread that performs tasks: the engine's parser and evaluation are recursive, and
#: ``limits`` is measured against this. Only what is used takes memory.
STACK_BYTES: Final = 64 * 1024 * 1024
#: Seconds between two looks of an idle reader at whether its snapshot is still the newest.
_LOOK: Final = 0.5
#: A reader that holds more bytes than this after a task is replaced, so that memory comes back.
_KEPT: Final = 256 * 1024 * 1024
#: Seconds from which on a task is taken to have used memory worth looking at.
_LONG: Final = 0.02
_PR_SET_PDEATHSIG: Final = 1


def run(end: socket.socket, errors: int, settings: Settings, parent: int) -> None:
    """Turns this process into a reader; returns when the worker at the other end has gone.

    ``errors`` is an open file for what the engine says when it dies.
    """
    _settle(errors, settings.query_memory_mb, parent)
    threading.stack_size(STACK_BYTES)
    threading.Thread(target=_work, args=(end, Desk(settings)), daemon=True).start()
    watch = select.poll()
    watch.register(end, 0)  # nothing but its end
    while not watch.poll():
        pass


def _settle(errors: int, memory_mb: int, parent: int) -> None:
    os.dup2(errors, 2)
    os.close(errors)
    # A terminal or a supervisor that ends the whole group means the worker, which ends its readers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)
    memory.cap(memory_mb)


def _work(end: socket.socket, desk: Desk) -> None:
    try:
        with suppress(SanctiongraphError):
            desk.opened()
        waits = select.poll()
        waits.register(end, select.POLLIN)
        while True:
            while not waits.poll(_LOOK * 1000):
                desk.leave_stale()
            _answer(end, desk)
    except PeerGone:
        os._exit(0)
    except BaseException:
        # The worker sees the end of the process and reads this.
        traceback.print_exc()
        os._exit(1)


def _answer(end: socket.socket, desk: Desk) -> None:
    task, _ = frames.receive(end)
    begun = time.monotonic()
    message = _performed(task, desk)
    if not message.spent and time.monotonic() - begun > _LONG:
        message = _with_memory_looked_at(message)
    frames.reply(end, message)


def _performed(task: Any, desk: Desk) -> Reply:
    try:
        return Reply(result=task.perform(desk.opened()))
    except NotBuilt as error:
        return Reply(told=told(error))
    except SanctiongraphError as error:
        # A panic leaves the engine in a state that nobody has thought about.
        panicked = error.__cause__ is not None and not isinstance(error.__cause__, Exception)
        return Reply(told=told(error), spent=panicked)
    except MemoryError:
        return Reply(told=told(memory_exceeded(desk.settings)), spent=True)
    except BaseException:
        return Reply(bug=traceback.format_exc(), spent=True)


def _with_memory_looked_at(message: Reply) -> Reply:
    if _resident() <= _KEPT:
        return message
    gc.collect()
    if _resident() <= _KEPT:
        return message
    return Reply(message.result, message.told, message.bug, True)


def _resident() -> int:
    """Bytes of memory that this process alone holds; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
            _, resident, shared, *_ = file.read().split()
    except OSError:
        return 0
    return (int(resident) - int(shared)) * resource.getpagesize()
