"""From what Flask answers to what is sent: entity tag, caching headers, compression."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sanctiongraph_server.front import coding, conditional
from sanctiongraph_server.front.cache import Entry
from sanctiongraph_server.front.exchange import Headers, Reply, varying, without
from sanctiongraph_server.repeatable import MARK, Repeatable

#: Of one answer to one request: not given to others from memory.
_OF_ONE_REQUEST: Final = (
    "date",
    "age",
    "retry-after",
    "server-timing",
    "x-request-id",
    "ratelimit",
    "ratelimit-policy",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
)
#: Headers by which the front tells one answer from another; others would have to be in the key.
_KNOWN_VARY: Final = frozenset({"accept", "accept-encoding", "origin"})
#: Kept by whoever likes, and asked for again each time: a new version may come at any moment.
KEPT: Final = "public, no-cache"
_NOT_KEPT: Final = "no-store"
_OF_THE_BODY: Final = ("content-type", "content-length", "content-encoding")


def marked(reply: Reply) -> tuple[Reply, Repeatable | None]:
    """The answer without its mark, and the mark, where it holds."""
    mark = reply.header(MARK.lower())
    if mark is None:
        return reply, None
    plain = replace(reply, headers=without(reply.headers, MARK.lower()))
    vary = {
        part.strip().lower()
        for name, value in plain.headers
        if name.lower() == "vary"
        for part in value.split(",")
    }
    holds = (
        plain.status == 200
        and plain.header("set-cookie") is None
        and plain.header("content-encoding") is None
        and vary <= _KNOWN_VARY
    )
    return plain, Repeatable.read(mark) if holds else None


def entry_of(reply: Reply, repeatable: Repeatable, opaque: str, version: object) -> Entry:
    """A marked answer as it is kept: with an entity tag, to be asked for again each time."""
    headers = varying(reply.headers, "Accept", "Accept-Encoding")
    if reply.header("cache-control") is None:
        headers.append(("Cache-Control", KEPT))
    headers = without(headers, "etag", *_OF_ONE_REQUEST)
    content_type = reply.header("content-type") or ""
    entry = Entry(version, repeatable.day, opaque, content_type, headers)
    return with_form(entry, coding.IDENTITY, reply.body)


def with_form(entry: Entry, name: str, body: bytes) -> Entry:
    """The entry with the coded body beside the forms that it has."""
    headers = [*entry.headers, ("ETag", conditional.tag(entry.opaque, name))]
    if name != coding.IDENTITY:
        headers.append(("Content-Encoding", name))
    return replace(entry, forms={**entry.forms, name: (headers, body)})


def from_form(form: tuple[Headers, bytes], head: bool) -> Reply:
    """The whole answer, or for HEAD its headers, with the length that the body would have."""
    headers, body = form
    if not head:
        return Reply(200, headers, body)
    return Reply(200, [*headers, ("Content-Length", str(len(body)))], b"")


def not_modified(headers: Headers, opaque: str, name: str) -> Reply:
    """304, with the headers of the answer that do not describe its body (RFC 9110, 15.4.5)."""
    kept = without(headers, "etag", *_OF_THE_BODY)
    return Reply(304, [*kept, ("ETag", conditional.tag(opaque, name))], b"")


def unmarked(reply: Reply, codings: tuple[str, ...], head: bool) -> Reply:
    """An answer that is not kept, compressed where that is worth it."""
    headers = reply.headers
    if reply.header("cache-control") is None:
        headers = [*headers, ("Cache-Control", _NOT_KEPT)]
    fixed = reply.status in {204, 206, 304} or "no-transform" in (
        reply.header("cache-control") or ""
    )
    if (
        fixed
        or reply.header("content-encoding")
        or not coding.compressible(reply.header("content-type"))
    ):
        return replace(reply, headers=headers)
    headers = varying(headers, "Accept-Encoding")
    length = int(reply.header("content-length") or 0) if head else len(reply.body)
    name = coding.pick(codings or (coding.IDENTITY,), reply.header("content-type"), length)
    if name == coding.IDENTITY or not length:
        return replace(reply, headers=headers)
    headers = [*without(headers, "content-length"), ("Content-Encoding", name)]
    return Reply(reply.status, headers, b"" if head else coding.encoded(reply.body, name))
