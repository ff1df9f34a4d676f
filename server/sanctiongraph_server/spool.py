"""Where an answer is written until it is whole: in memory, and beyond a size in a file without a name.

A reader writes it, and hands large ones over as an open file, so that the bytes are not copied
through the socket. What takes an answer over reads all of it at once, since the front sends an
answer only when it has the whole: putting chunks together took five times as long.
"""

from __future__ import annotations

import os
import tempfile
from types import TracebackType
from typing import Final, NoReturn

from sanctiongraph.errors import ResultTooLarge

#: Bytes up to which an answer travels as such: with what goes with it, it fits into one message.
_IN_MEMORY: Final = 60_000


class Spool:
    """A whole answer in an open file."""

    def __init__(self, descriptor: int, length: int) -> None:
        self.descriptor = descriptor
        self.length = length

    def __len__(self) -> int:
        return self.length

    def read(self) -> bytes:
        """All of it, from the beginning."""
        whole = os.pread(self.descriptor, self.length, 0)
        while len(whole) < self.length:  # the system reads 2 GB at once, and no more
            part = os.pread(self.descriptor, self.length - len(whole), len(whole))
            if not part:
                raise EOFError(f"a spooled answer ends after {len(whole)} of {self.length} bytes")
            whole += part
        return whole

    def close(self) -> None:
        """Gives the file back; a second time does nothing."""
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a spooled answer leaves its process as an open file: see frames.reply")

    def __del__(self) -> None:
        self.close()


class Sink:
    """A binary file to write to, of at most ``most`` bytes; beyond it ``write`` raises ``ResultTooLarge``."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._length = 0
        self._parts: list[bytes] = []
        self._descriptor = -1

    def __enter__(self) -> Sink:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def write(self, data: bytes) -> int:
        """Takes all of it. Raises ``ResultTooLarge``."""
        self._length += len(data)
        if self._length > self._most:
            raise ResultTooLarge(
                f"the answer is longer than the {self._most} bytes that this endpoint gives at"
                " once: ask in parts with ORDER BY, LIMIT and OFFSET, or for fewer columns"
            )
        self._parts.append(bytes(data))
        if self._descriptor >= 0 or self._length > _IN_MEMORY:
            self._spill()
        return len(data)

    def flush(self) -> None:
        """Does nothing: the answer is taken when it is whole."""

    def taken(self) -> bytes | Spool:
        """What was written."""
        if self._descriptor < 0:
            return b"".join(self._parts)
        self._spill(last=True)
        descriptor, self._descriptor = self._descriptor, -1
        return Spool(descriptor, self._length)

    def _spill(self, last: bool = False) -> None:
        if self._descriptor < 0:
            self._descriptor = _nameless_file()
        # The engine writes in small pieces: a call of the system for many of them.
        if last or len(self._parts) >= 32:
            data = memoryview(b"".join(self._parts))
            self._parts.clear()
            while data:
                data = data[os.write(self._descriptor, data) :]


def _nameless_file() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("answer")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
