"""Tokens that let clients write, in ``tokens.json`` below the home folder.

A token is 256 random bits, and the file has its SHA-256. A slow hash, as passwords need, would
gain nothing: whoever has the file cannot try 2^256 tokens, however fast each try is.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final

from sanctiongraph.durable import write_file
from sanctiongraph.errors import BadParameter, NotFound, SanctiongraphError

TOKENS: Final = "tokens.json"
_PREFIX: Final = "sg_"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Scope(Enum):
    """What a token lets do; each includes the ones before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    def includes(self, other: Scope) -> bool:
        """Whether who may do this may do the other as well."""
        order = list(Scope)
        return order.index(other) <= order.index(self)


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token."""

    name: str
    scope: Scope
    #: UTC, to the second.
    created: str
    sha256: str


def create(home: Path, scope: Scope, name: str | None = None) -> tuple[Token, str]:
    """A new token, and the secret that is shown this once.

    Raises ``BadParameter`` for a name that is taken or none.
    """
    if name is not None and not _NAME.fullmatch(name):
        raise BadParameter(
            f"{name!r} is no name for a token: use letters, digits, '.', '_' and '-', at most 64"
        )
    secret = _PREFIX + secrets.token_urlsafe(32)
    created = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with _changing(home) as tokens:
        taken = {one.name for one in tokens}
        if name in taken:
            raise BadParameter(f"there is a token {name!r} already: revoke it, or choose a name")
        number = 1
        while name is None:
            name = None if (proposed := f"{scope.value}-{number}") in taken else proposed
            number += 1
        token = Token(name, scope, created, _hash(secret))
        tokens.append(token)
    return token, secret


def revoke(home: Path, name: str) -> None:
    """Makes a token worthless. Raises ``NotFound``."""
    with _changing(home) as tokens:
        kept = [one for one in tokens if one.name != name]
        if len(kept) == len(tokens):
            names = ", ".join(one.name for one in tokens) or "none"
            raise NotFound(f"there is no token {name!r}; there are: {names}")
        tokens[:] = kept


def tokens(home: Path) -> list[Token]:
    """The tokens that there are, the oldest first."""
    try:
        content = (home / TOKENS).read_text("utf-8")
    except FileNotFoundError:
        return []
    try:
        return [_token(one) for one in json.loads(content)]
    except (ValueError, TypeError, KeyError) as error:
        raise SanctiongraphError(
            f"{home / TOKENS} cannot be read ({error}): remove it and create the tokens anew"
        ) from error


class TokenFile:
    """The tokens as they are now: a change to the file counts from the next look on."""

    def __init__(self, home: Path) -> None:
        self._home = home
        # Replaced as a whole, so that any thread may read it.
        self._read: tuple[Any, list[Token]] = (None, [])

    def any(self) -> bool:
        """Whether there is a token at all."""
        return bool(self._current())

    def known(self, secret: str) -> Token | None:
        """The token of this secret; how long it takes tells nothing about the others."""
        hashed = _hash(secret)
        found = None
        for one in self._current():
            if hmac.compare_digest(one.sha256, hashed):
                found = one
        return found

    def _current(self) -> list[Token]:
        try:
            stat = (self._home / TOKENS).stat()
        except FileNotFoundError:
            return []
        which = stat.st_ino, stat.st_mtime_ns, stat.st_size
        if self._read[0] != which:
            self._read = which, tokens(self._home)
        return self._read[1]


@contextlib.contextmanager
def _changing(home: Path) -> Iterator[list[Token]]:
    """The tokens, written back at the end; one process at a time."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / f"{TOKENS}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        changed = tokens(home)
        yield changed
        content = json.dumps(
            [{**asdict(one), "scope": one.scope.value} for one in changed], indent=1
        )
        write_file(home / TOKENS, content.encode("utf-8") + b"\n", mode=0o600)


def _token(values: dict[str, str]) -> Token:
    return Token(values["name"], Scope(values["scope"]), values["created"], values["sha256"])


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()
