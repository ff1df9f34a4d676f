"""From an answer to what is sent and what is kept of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sanctiongraph_server import cross_origin
from sanctiongraph_server.cross_origin import DERIVED_HEADER, VERSION_HEADER
from sanctiongraph_server.front import coding, conditional, representations
from sanctiongraph_server.front.cache import Entry
from sanctiongraph_server.front.exchange import Asked, Reply
from sanctiongraph_server.front.keys import Key
from sanctiongraph_server.front.versions import Newest
from sanctiongraph_server.repeatable import Repeatable

_LONGEST_ACCEPT_ENCODING: Final = 1_000
_SECONDS_A_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Finished:
    """What is sent, and what may be kept."""

    reply: Reply
    entry: Entry | None


def finished(
    asked: Asked,
    reply: Reply,
    key: Key | None,
    newest: Newest | None,
    derived_of: Callable[[str], str | None],
) -> Finished:
    """The application's answer as it is sent.

    ``derived_of`` knows what a version's derived triples follow from.
    """
    version = reply.header(VERSION_HEADER.lower())
    derived = derived_of(version) if version else None
    if derived and reply.header(DERIVED_HEADER.lower()) is None:
        reply = Reply(reply.status, [*reply.headers, (DERIVED_HEADER, derived)], reply.body)
    reply, repeatable = representations.marked(reply)
    return as_sent(asked, reply, repeatable, key, newest)


def as_sent(
    asked: Asked,
    reply: Reply,
    repeatable: Repeatable | None,
    key: Key | None,
    newest: Newest | None,
) -> Finished:
    """An answer without a mark as it is sent, and as it is kept where it is repeatable."""
    codings = codings_of(asked)
    head = asked.method == "HEAD"
    if repeatable is None or key is None:
        return Finished(representations.unmarked(reply, codings, head), None)
    opaque = conditional.opaque(repeatable.version, key, repeatable.day)
    is_newest = newest is not None and repeatable.version == newest.name
    identity = newest.identity if newest is not None else None
    entry = representations.entry_of(reply, repeatable, opaque, identity)
    length = int(reply.header("content-length") or 0) if head else len(reply.body)
    name = coding.pick(codings, entry.content_type, length)
    if name not in entry.forms:
        entry = representations.with_form(entry, name, coding.encoded(reply.body, name))
    if_none_match = asked.headers.get("if-none-match")
    found = had(if_none_match, opaque, codings, name) if if_none_match is not None else None
    if found is not None:
        answer = representations.not_modified(entry.headers, opaque, found)
    elif head:
        # Of the body only the length is known, and not that of a coded one.
        answer = Reply(200, entry.forms[name][0], b"")
    else:
        answer = representations.from_form(entry.forms[name], False)
    return Finished(answer, None if head or not is_newest else entry)


def codings_of(asked: Asked) -> tuple[str, ...]:
    """The codings that the client takes, best first."""
    header = asked.headers.get("accept-encoding")
    if header is not None and len(header) > _LONGEST_ACCEPT_ENCODING:
        header = None
    return coding.accepted(header)


def had(if_none_match: str, opaque: str, codings: tuple[str, ...], picked: str) -> str | None:
    """The coding of the answer that the client has; with ``*`` it has whatever there is."""
    if if_none_match.strip() == conditional.ANY:
        return picked
    return conditional.matches(if_none_match, opaque, codings)


def confirmed(
    if_none_match: str, key: Key, codings: tuple[str, ...], newest: Newest, day: str
) -> Reply | None:
    """304 where the client's tag says that this was the answer of this version."""
    for of_day in (None, day):
        opaque = conditional.opaque(newest.name, key, of_day)
        found = conditional.matches(if_none_match, opaque, codings)
        if found is not None:
            headers = [
                ("Cache-Control", representations.KEPT),
                ("Vary", "Accept, Accept-Encoding"),
                (VERSION_HEADER, newest.name),
                (DERIVED_HEADER, newest.derived),
                *cross_origin.ALWAYS,
            ]
            return representations.not_modified(headers, opaque, found)
    return None


def today() -> str:
    """The day (UTC), as a mark names it."""
    return _day(int(time.time()) // _SECONDS_A_DAY)


@lru_cache(maxsize=2)
def _day(number: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(number * _SECONDS_A_DAY))
