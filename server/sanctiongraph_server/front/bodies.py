"""The body of a request, read within bounds; a long one goes to a file that has no name."""

from __future__ import annotations

import asyncio
import hashlib
import io
import tempfile
from collections.abc import AsyncIterable
from dataclasses import dataclass
from typing import IO, Final, cast

from sanctiongraph.errors import BadInput
from sanctiongraph_server.problems import RequestTimeout

#: Bytes that are kept in memory; what is longer goes to disk.
_IN_MEMORY: Final = 1_000_000
#: Seconds without a byte after which the client is not waited for any longer.
_SILENCE: Final = 30.0
#: Bytes a second that a body comes at, at the least.
_SLOWEST: Final = 20_000


_OF_NOTHING: Final = hashlib.sha256().digest()


@dataclass(frozen=True, slots=True)
class Body:
    """A body, to be read from its beginning."""

    file: IO[bytes]
    length: int
    #: SHA-256, where all of it is in memory.
    digest: bytes | None

    def close(self) -> None:
        """Gives memory and file back."""
        self.file.close()


def nothing(length: int = 0) -> Body:
    """A body that is empty, or that is ``length`` bytes long and was not read."""
    return Body(io.BytesIO(), length, _OF_NOTHING if length == 0 else None)


async def read(
    chunks: AsyncIterable[bytes], headers: dict[str, str], longest: int, silence: float = _SILENCE
) -> Body:
    """The body; of one that is longer than ``longest``, that many bytes and one, or nothing.

    Whoever is given such a body refuses it by its length. Raises ``BadInput`` for a body that ends
    early, ``RequestTimeout`` where nothing comes for ``silence`` seconds or all of it too slowly.
    """
    declared = headers.get("content-length", "")
    expected = int(declared) if declared.isascii() and declared.isdigit() else None
    # One byte more is read, as of a body without a length: an application refuses it by that.
    if expected is not None and expected > longest + 1:
        return nothing(expected)
    if expected == 0 or (expected is None and "transfer-encoding" not in headers):
        return nothing()
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
    digest = hashlib.sha256()
    length = empty = 0
    loop = asyncio.get_running_loop()
    # A byte now and then would otherwise keep what is held for it for as long as the client likes.
    end = loop.time() + silence + (longest if expected is None else expected) / _SLOWEST
    try:
        async with asyncio.timeout(silence) as patience:
            async for chunk in chunks:
                patience.reschedule(min(loop.time() + silence, end))
                if not chunk:
                    empty += 1
                    continue
                chunk = chunk[: longest + 1 - length]
                file.write(chunk)
                digest.update(chunk)
                length += len(chunk)
                if length > longest:
                    break
    except TimeoutError:
        file.close()
        if loop.time() >= end:
            raise RequestTimeout(
                f"the body came too slowly: send {_SLOWEST} bytes a second or more"
            ) from None
        raise RequestTimeout(f"the body stopped coming: nothing for {silence:g} seconds") from None
    except BaseException:
        file.close()
        raise
    # The server ends a body with one empty chunk, and one that breaks off with two, as it does a
    # body with trailers, which are announced.
    broken = empty > 1 and "trailer" not in headers and length <= longest
    if broken or (expected is not None and length != expected):
        file.close()
        raise BadInput("the body ended early: send all of it")
    file.seek(0)
    in_memory = length <= _IN_MEMORY
    return Body(cast("IO[bytes]", file), length, digest.digest() if in_memory else None)
