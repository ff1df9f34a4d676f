"""Messages between a worker and its readers: a length, then a pickle, and perhaps an open file.

Both ends are this program on one machine, connected by a socket pair that nobody else can reach;
what clients send is inside, as plain strings.
"""

from __future__ import annotations

import pickle
import socket
import struct
from dataclasses import dataclass, replace
from typing import Any, Final

from sanctiongraph.errors import Overloaded
from sanctiongraph_server import carried
from sanctiongraph_server.light import light
from sanctiongraph_server.spool import Spool
from sanctiongraph_server.tasks import Answer

_LENGTH: Final = struct.Struct("!Q")
_FIRST_READ: Final = 1 << 16
_PART: Final = 1 << 20


class PeerGone(Exception):
    """The other end closed the socket, or its process ended."""


@light
@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a task: a result, an error, or the trace of a bug."""

    result: Any = None
    #: As ``carried.told`` has it.
    told: carried.Values | None = None
    bug: str | None = None
    #: Whether the reader is to be replaced, having used much memory or failed in the middle.
    spent: bool = False
    #: The length of an answer that comes as an open file.
    spooled: int | None = None


def packed(message: object) -> bytes:
    """The message as it is sent."""
    payload = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(payload)) + payload


def send(end: socket.socket, frame: bytes, files: tuple[int, ...] = ()) -> None:
    """Sends all of it. Raises ``PeerGone``, ``TimeoutError``."""
    try:
        if files:
            sent = socket.send_fds(end, [frame[:_FIRST_READ]], files)
            end.sendall(memoryview(frame)[sent:])
        else:
            end.sendall(frame)
    except TimeoutError:
        raise
    except OSError as error:
        raise PeerGone from error


def receive(end: socket.socket) -> tuple[Any, list[int]]:
    """The next message, and the open files that came with it. Raises ``PeerGone``, ``TimeoutError``."""
    return _received(end, begin(end))


@dataclass(frozen=True, slots=True)
class Begun:
    """What has come of a message at first, and the open files that came with it."""

    data: bytes
    files: list[int]

    def is_whole(self) -> bool:
        """Whether nothing more has to come."""
        size = _LENGTH.size
        return len(self.data) >= size and len(self.data) == size + _length(self.data)


def begin(end: socket.socket) -> Begun:
    """The first part of the next message. Raises ``PeerGone``, ``TimeoutError``."""
    try:
        data, files, _, _ = socket.recv_fds(end, _FIRST_READ, 1)
    except TimeoutError:
        raise
    except OSError as error:
        raise PeerGone from error
    if not data:
        raise PeerGone
    return Begun(data, files)


def _received(end: socket.socket, begun: Begun) -> tuple[Any, list[int]]:
    """A message, of which the rest may have to come, and its files."""
    try:
        if begun.is_whole():
            return pickle.loads(memoryview(begun.data)[_LENGTH.size :]), begun.files
        frame = bytearray(begun.data)
        while len(frame) < _LENGTH.size or len(frame) < _LENGTH.size + _length(frame):
            part = end.recv(_PART)
            if not part:
                raise PeerGone
            frame += part
        return pickle.loads(memoryview(frame)[_LENGTH.size :]), begun.files
    except BaseException as error:
        for file in begun.files:
            socket.close(file)
        if isinstance(error, OSError) and not isinstance(error, TimeoutError):
            raise PeerGone from error
        raise


def _length(frame: bytes | bytearray) -> int:
    length: int = _LENGTH.unpack_from(frame)[0]
    return length


def reply(end: socket.socket, message: Reply) -> None:
    """Sends a reply; a spooled answer leaves as an open file. Raises as ``send`` does."""
    answer = message.result
    if isinstance(answer, Answer) and isinstance(answer.body, Spool):
        spool = answer.body
        sent = replace(message, result=replace(answer, body=b""), spooled=spool.length)
        send(end, packed(sent), (spool.descriptor,))
        spool.close()
    else:
        send(end, packed(message))


def receive_reply(end: socket.socket, begun: Begun | None = None) -> Reply:
    """A reply, with a spooled answer as it was, of which some may have been begun.

    Raises as ``receive`` does. Where this process has no number left for the open file, the reply
    is ``Overloaded``.
    """
    message, files = _received(end, begun or begin(end))
    assert isinstance(message, Reply)
    if message.spooled is not None:
        if not files:
            error = Overloaded("the server has too many files open: ask again in a moment", 1)
            return replace(message, result=None, told=carried.told(error), spooled=None)
        body = Spool(files[0], message.spooled)
        return replace(message, result=replace(message.result, body=body))
    return message
