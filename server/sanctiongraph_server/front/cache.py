"""Answers kept in memory: bounded, the least recently used go first, those of old versions before."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final

from sanctiongraph_server.front.exchange import Headers

#: No answer takes more than this part of the memory.
_LARGEST_PART: Final = 8
#: What an entry takes beside its texts, roughly: measured with ``tracemalloc``.
_OVERHEAD: Final = 2_000


@dataclass(slots=True)
class Entry:
    """An answer of one version. ``forms`` has it by coding: the headers to send, and the body."""

    version: Hashable
    #: The day it is about, where the request named none: it is no answer on another.
    day: str | None
    #: Of its entity tags, what does not depend on the coding.
    opaque: str
    content_type: str
    #: Headers that do not depend on the coding.
    headers: Headers
    forms: dict[str, tuple[Headers, bytes]] = field(default_factory=dict)


class Cache:
    """Entries by key. For one thread."""

    def __init__(self, bytes: int) -> None:
        self._most = bytes
        self._taken = 0
        # The least recently used first, and how many bytes each takes.
        self._entries: OrderedDict[Hashable, tuple[Entry, int]] = OrderedDict()
        self._version: Hashable = None

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def taken(self) -> int:
        """Bytes, roughly, that the entries take."""
        return self._taken

    def get(self, key: Hashable, version: Hashable, day: str) -> Entry | None:
        """The answer to this key from that version, if it is kept and holds on this day."""
        if version != self._version:
            self._move_on(version)
        found = self._entries.get(key)
        if found is None:
            return None
        entry = found[0]
        if entry.day is not None and entry.day != day:
            self._drop(key)
            return None
        self._entries.move_to_end(key)
        return entry

    def put(self, key: Hashable, key_bytes: int, entry: Entry) -> bool:
        """Keeps an answer, unless it is too large or of a version that is not the newest."""
        if entry.version != self._version:
            return False
        size = key_bytes + _OVERHEAD + sum(len(body) for _, body in entry.forms.values())
        if size * _LARGEST_PART > self._most:
            return False
        self._drop(key)
        self._entries[key] = entry, size
        self._taken += size
        while self._taken > self._most:
            self._drop(next(iter(self._entries)))
        return True

    def _move_on(self, version: Hashable) -> None:
        """What was kept of another version is never asked for again."""
        self._entries.clear()
        self._taken = 0
        self._version = version

    def _drop(self, key: Hashable) -> None:
        _, size = self._entries.pop(key, (None, 0))
        self._taken -= size
