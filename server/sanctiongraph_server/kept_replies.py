"""Replies of other servers, kept for the next query as long as the server says that they are fresh.

HTTP Caching (RFC 9111) for a private cache, of what needs no asking back: a reply to a query is kept
where its ``Cache-Control`` names a ``max-age``. All readers share a folder, a file a reply.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: Longest reply that is kept, and most bytes of all together.
_LONGEST: Final = 5_000_000
_MOST: Final = 100_000_000
_DIRECTIVE: Final = re.compile(r'([a-z-]+)(?:\s*=\s*"?([^",]*)"?)?', re.IGNORECASE)
_UNUSABLE: Final = ("no-store", "no-cache")


@dataclass(frozen=True, slots=True)
class Kept:
    """A reply to a query."""

    content_type: str
    body: bytes


def seconds_fresh(headers: Mapping[str, str]) -> float:
    """How long a reply may be used again; 0 where it does not say. Names are in lower case."""
    said = {
        match[1].lower(): match[2]
        for match in _DIRECTIVE.finditer(headers.get("cache-control", ""))
    }
    if any(name in said for name in _UNUSABLE) or headers.get("vary", "").strip() == "*":
        return 0.0
    return max(0.0, _whole(said.get("max-age")) - _whole(headers.get("age")))


@dataclass(frozen=True, slots=True)
class KeptReplies:
    """The folder of them; nothing is kept longer than ``most_seconds``."""

    folder: Path
    most_seconds: float

    def find(self, address: str, query: str) -> Kept | None:
        """The reply to this query, where there is one that is fresh and whole."""
        try:
            head, _, body = self._path(address, query).read_bytes().partition(b"\n")
            facts = json.loads(head)
            whole = facts["sha256"] == hashlib.sha256(body).hexdigest()
            if whole and time.time() < facts["until"]:
                return Kept(str(facts["type"]), body)
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return None

    def keep(self, address: str, query: str, reply: Kept, fresh: float) -> None:
        """Keeps a reply that is fresh for so many seconds. A folder that cannot be written keeps none."""
        seconds = min(fresh, self.most_seconds)
        if seconds <= 0 or len(reply.body) > _LONGEST:
            return
        digest = hashlib.sha256(reply.body).hexdigest()
        facts = {"until": time.time() + seconds, "type": reply.content_type, "sha256": digest}
        with contextlib.suppress(OSError):
            self.folder.mkdir(exist_ok=True)
            self._make_room(len(reply.body))
            path = self._path(address, query)
            # In one rename, so that no reader finds half of it.
            written = path.with_name(f"{path.name}.{os.getpid()}")
            written.write_bytes(json.dumps(facts).encode("ascii") + b"\n" + reply.body)
            written.replace(path)

    def _path(self, address: str, query: str) -> Path:
        return self.folder / hashlib.sha256(f"{address}\n{query}".encode()).hexdigest()

    def _make_room(self, size: int) -> None:
        """Removes what was kept first, until there is room."""
        files = []
        for path in self.folder.iterdir():
            with contextlib.suppress(FileNotFoundError):  # another reader makes room as well
                found = path.stat()
                files.append((found.st_mtime, found.st_size, path))
        total = size + sum(one for _, one, _ in files)
        for written, one, path in sorted(files):
            if total <= _MOST and written + self.most_seconds >= time.time():
                break
            path.unlink(missing_ok=True)
            total -= one


def _whole(text: str | None) -> float:
    digits = (text or "").strip()
    return float(digits) if digits.isascii() and digits.isdigit() and len(digits) < 12 else 0.0
