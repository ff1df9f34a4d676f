"""What keeper, writer and clients send each other: a header in JSON, and bytes.

The sockets are in a folder that only this user can enter, or have no name at all.
"""

from __future__ import annotations

import json
import socket
import struct
from typing import Any, Final

_SIZES: Final = struct.Struct("!IQ")

Header = dict[str, Any]


def send(sock: socket.socket, header: Header, payload: bytes = b"") -> None:
    """Sends one frame. Raises ``OSError`` where the other side is gone."""
    text = json.dumps(header).encode("utf-8")
    sock.sendall(_SIZES.pack(len(text), len(payload)) + text)
    if payload:
        sock.sendall(payload)


def receive_header(sock: socket.socket) -> tuple[Header, int] | None:
    """The header of the next frame and the size of its payload; ``None`` at the end."""
    sizes = _exactly(sock, _SIZES.size)
    if sizes is None:
        return None
    length, size = _SIZES.unpack(sizes)
    text = _exactly(sock, length)
    if text is None:
        return None
    header: Header = json.loads(text)
    return header, size


def receive_payload(sock: socket.socket, size: int) -> bytes | None:
    """The payload after a header; ``None`` where the other side ended before it was whole."""
    return _exactly(sock, size)


def receive(sock: socket.socket) -> tuple[Header, bytes] | None:
    """The next frame; ``None`` at the end."""
    found = receive_header(sock)
    if found is None:
        return None
    payload = receive_payload(sock, found[1])
    return None if payload is None else (found[0], payload)


def _exactly(sock: socket.socket, size: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < size:
        try:
            part = sock.recv(min(size - len(parts), 1 << 20))
        except ConnectionError:
            return None
        if not part:
            return None
        parts += part
    return bytes(parts)
