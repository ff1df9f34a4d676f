"""The gateway as granian runs it: an RSGI application before the Flask application.

Everything that needs no Flask is done on the event loop, in microseconds; Flask runs in threads.
While a thread works, the loop notices when the client goes away.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sanctiongraph.errors import Overloaded, SanctiongraphError
from sanctiongraph.settings import Settings
from sanctiongraph_server import cross_origin, problems
from sanctiongraph_server.cancellation import ENVIRON_KEY, Cancellation
from sanctiongraph_server.cross_origin import DERIVED_HEADER, VERSION_HEADER
from sanctiongraph_server.front import bodies, bridge, coding, conditional, representations
from sanctiongraph_server.front.bodies import Body
from sanctiongraph_server.front.cache import Cache, Entry
from sanctiongraph_server.front.exchange import Asked, Reply
from sanctiongraph_server.front.keys import Key, key_of, size_of
from sanctiongraph_server.front.versions import Newest, Versions

#: Under this key of the WSGI environ the front leaves the error that it refuses a request with.
REFUSED: Final = "sanctiongraph.refused"
#: Under this key it says that ``before`` has seen the request.
ADMITTED: Final = "sanctiongraph.admitted"
#: Under this key it says that it may keep the answer, and has none.
LOOKED_UP: Final = "sanctiongraph.looked-up"

#: Stack of the threads that run Flask: the engine's parser is recursive, and an overflow ends the
#: process. Only what is used takes memory.
_STACK_BYTES: Final = 64 * 1024 * 1024
#: Seconds after which the client of a request is looked after; most have their answer by then.
_UNWATCHED: Final = 0.05
#: Threads beside those for queries at work and waiting: for health, writes and small things.
_SPARE_THREADS: Final = 16
#: Bodies of anonymous clients that are read at a time: each takes memory, however slowly it comes.
_MOST_QUERIES_READ: Final = 1_000
_WITHOUT_BODY: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_LONGEST_ACCEPT_ENCODING: Final = 1_000
_SECONDS_A_DAY: Final = 86_400

_log = logging.getLogger(__name__)


#: Called before a request is looked at; refuses it by raising a ``SanctiongraphError``.
Before = Callable[[Asked], None]
#: Called with each answer that Flask does not see, and the seconds that it took.
After = Callable[[Asked, Reply, float], None]


@dataclass(frozen=True, slots=True)
class _Done:
    """What a thread made of a request: what is sent, and what may be kept."""

    reply: Reply
    entry: Entry | None


class Front:
    """One worker's front.

    ``before`` sees every request, ``after`` what is answered without Flask; ``at_end`` is called
    after the last request.
    """

    def __init__(
        self,
        application: bridge.Application,
        settings: Settings,
        before: Iterable[Before] = (),
        after: Iterable[After] = (),
        at_end: Callable[[], None] | None = None,
    ) -> None:
        self._application = application
        self._before = list(before)
        self._after = list(after)
        self._at_end = at_end
        # Of a store elsewhere it is not known without asking whether it has changed.
        self._versions = Versions(None if settings.store else settings.home)
        self._cache = Cache(settings.cache_mb * 1_000_000)
        # Only who writes sends more than a query, and nobody writes without a token.
        self._longest_anonymous = settings.max_query_bytes
        self._longest = max(settings.max_query_bytes, settings.max_upload_bytes)
        self._most_at_work = settings.readers + settings.queue + _SPARE_THREADS
        self._at_work: set[Cancellation] = set()
        #: Bodies that are being read, by whether who sends them is anonymous.
        self._being_read = {True: 0, False: 0}

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Called by the server before the first request."""
        threading.stack_size(_STACK_BYTES)
        self._pool = ThreadPoolExecutor(self._most_at_work, "request")
        # For what must not wait behind requests: refusals, and word that a client has gone.
        self._aside = ThreadPoolExecutor(2, "aside")

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Called by the server after the last request; nobody waits for what is at work."""
        for cancellation in list(self._at_work):
            cancellation.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._aside.shutdown(wait=False, cancel_futures=True)
        if self._at_end is not None:
            self._at_end()

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        """Answers one request."""
        begun = time.perf_counter()
        asked = Asked.of(scope)
        body, refused = bodies.nothing(), self._refusal(asked)
        # Of a client that is refused no body is waited for.
        if refused is None and asked.method not in _WITHOUT_BODY:
            try:
                body = await self._read(asked, proto)
            except SanctiongraphError as error:
                refused = error
        # Only now: a body may take its time, and nobody is to have an answer from before it came.
        newest = self._versions.newest()
        key = key_of(asked, body)
        codings = _codings(asked)
        if newest is not None and key is not None and codings and refused is None:
            found = await self._known(asked, key, codings, newest)
            if found is not None:
                _send(proto, found)
                body.close()
                self._tell(asked, found, begun)
                return
        if not codings and refused is None:
            refused = problems.NotAcceptable(
                "Accept-Encoding refuses all there is: identity, gzip and zstd"
            )
        try:
            _send(proto, await self._through_flask(asked, body, key, newest, refused, proto))
        finally:
            body.close()

    def _refusal(self, asked: Asked) -> SanctiongraphError | None:
        """Why the request is refused before it is looked at; ``None`` where it is not."""
        try:
            for admit in self._before:
                admit(asked)
        except SanctiongraphError as error:
            return error
        return None

    async def _read(self, asked: Asked, proto: Any) -> Body:
        """The body. Raises as ``bodies.read`` does, and ``Overloaded``."""
        anonymous = "authorization" not in asked.headers
        longest, most = (
            (self._longest_anonymous, _MOST_QUERIES_READ)
            if anonymous
            else (self._longest, self._most_at_work)
        )
        if self._being_read[anonymous] >= most:
            raise Overloaded("too many requests are being sent already: ask again later", 1)
        self._being_read[anonymous] += 1
        try:
            return await bodies.read(proto, asked.headers, longest)
        finally:
            self._being_read[anonymous] -= 1

    async def _known(
        self, asked: Asked, key: Key, codings: tuple[str, ...], newest: Newest
    ) -> Reply | None:
        """The answer, if it is kept, or word that the client's own is still right."""
        day = _today()
        entry = self._cache.get(key, newest.identity, day)
        if_none_match = asked.headers.get("if-none-match")
        if entry is None:
            if if_none_match is None:
                return None
            return _confirmed(if_none_match, key, codings, newest, day)
        name = coding.pick(codings, entry.content_type, len(entry.forms[coding.IDENTITY][1]))
        if if_none_match is not None:
            had = _had(if_none_match, entry.opaque, codings, name)
            if had is not None:
                return representations.not_modified(entry.headers, entry.opaque, had)
        if name not in entry.forms:
            body = entry.forms[coding.IDENTITY][1]
            loop = asyncio.get_running_loop()
            coded = await loop.run_in_executor(self._pool, coding.encoded, body, name)
            entry = representations.with_form(entry, name, coded)
            self._cache.put(key, size_of(key), entry)
        return representations.from_form(entry.forms[name], asked.method == "HEAD")

    async def _through_flask(
        self,
        asked: Asked,
        body: Body,
        key: Key | None,
        newest: Newest | None,
        refused: SanctiongraphError | None,
        proto: Any,
    ) -> Reply:
        if refused is None and len(self._at_work) >= self._most_at_work:
            refused = Overloaded("too many requests wait already: ask again later", 1)
        cancellation = Cancellation()
        environ = bridge.environ_of(asked, body)
        environ[ENVIRON_KEY] = cancellation
        environ[ADMITTED] = bool(self._before)
        environ[LOOKED_UP] = newest is not None and key is not None and refused is None
        pool = self._pool
        if refused is not None:
            environ[REFUSED] = refused
            pool = self._aside
        loop = asyncio.get_running_loop()
        self._at_work.add(cancellation)
        try:
            work = loop.run_in_executor(pool, self._work, asked, environ, key, newest)
            await self._ended(work, cancellation, proto)
            done = work.result()
        finally:
            self._at_work.discard(cancellation)
        if done.entry is not None and key is not None:
            self._cache.put(key, size_of(key), done.entry)
        return done.reply

    async def _ended(
        self, work: asyncio.Future[_Done], cancellation: Cancellation, proto: Any
    ) -> None:
        """Waits until the work has ended; where the client goes before, it is cancelled."""
        done, _ = await asyncio.wait({work}, timeout=_UNWATCHED)
        if done:
            return
        gone = asyncio.ensure_future(proto.client_disconnect())
        try:
            await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                # What is called there may end a process: not on the loop.
                loop = asyncio.get_running_loop()
                await loop.run_in_executor(self._aside, cancellation.cancel)
                await asyncio.wait({work})
        finally:
            gone.cancel()

    def _work(
        self, asked: Asked, environ: bridge.Environ, key: Key | None, newest: Newest | None
    ) -> _Done:
        """Runs Flask, in a thread, and makes of its answer what is sent and kept."""
        try:
            reply = bridge.run(self._application, environ)
        except Exception as error:
            reply = _unforeseen(error)
        version = reply.header(VERSION_HEADER.lower())
        derived = self._versions.derived(version) if version else None
        if derived and reply.header(DERIVED_HEADER.lower()) is None:
            reply = Reply(reply.status, [*reply.headers, (DERIVED_HEADER, derived)], reply.body)
        reply, repeatable = representations.marked(reply)
        codings = _codings(asked)
        head = asked.method == "HEAD"
        if repeatable is None or key is None:
            return _Done(representations.unmarked(reply, codings, head), None)
        opaque = conditional.opaque(repeatable.version, key, repeatable.day)
        is_newest = newest is not None and repeatable.version == newest.name
        identity = newest.identity if newest is not None else None
        entry = representations.entry_of(reply, repeatable, opaque, identity)
        length = int(reply.header("content-length") or 0) if head else len(reply.body)
        name = coding.pick(codings, entry.content_type, length)
        if name not in entry.forms:
            entry = representations.with_form(entry, name, coding.encoded(reply.body, name))
        if_none_match = asked.headers.get("if-none-match")
        had = _had(if_none_match, opaque, codings, name) if if_none_match is not None else None
        if had is not None:
            answer = representations.not_modified(entry.headers, opaque, had)
        elif head:
            # Of the body only the length is known, and not that of a coded one.
            headers = entry.forms[name][0]
            answer = Reply(200, headers, b"")
        else:
            answer = representations.from_form(entry.forms[name], False)
        return _Done(answer, None if head or not is_newest else entry)

    def _tell(self, asked: Asked, reply: Reply, begun: float) -> None:
        seconds = time.perf_counter() - begun
        for tell in self._after:
            tell(asked, reply, seconds)


def _codings(asked: Asked) -> tuple[str, ...]:
    header = asked.headers.get("accept-encoding")
    if header is not None and len(header) > _LONGEST_ACCEPT_ENCODING:
        header = None
    return coding.accepted(header)


def _had(if_none_match: str, opaque: str, codings: tuple[str, ...], picked: str) -> str | None:
    """The coding of the answer that the client has; with ``*`` it has whatever there is."""
    if if_none_match.strip() == conditional.ANY:
        return picked
    return conditional.matches(if_none_match, opaque, codings)


def _confirmed(
    if_none_match: str, key: Key, codings: tuple[str, ...], newest: Newest, day: str
) -> Reply | None:
    """304 where the client's tag says that this was the answer of this version."""
    for of_day in (None, day):
        opaque = conditional.opaque(newest.name, key, of_day)
        had = conditional.matches(if_none_match, opaque, codings)
        if had is not None:
            headers = [
                ("Cache-Control", representations.KEPT),
                ("Vary", "Accept, Accept-Encoding"),
                (VERSION_HEADER, newest.name),
                (DERIVED_HEADER, newest.derived),
                *cross_origin.ALWAYS,
            ]
            return representations.not_modified(headers, opaque, had)
    return None


def _today() -> str:
    """The day (UTC), as a mark names it."""
    return _day(int(time.time()) // _SECONDS_A_DAY)


@lru_cache(maxsize=2)
def _day(number: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(number * _SECONDS_A_DAY))


def _unforeseen(error: Exception) -> Reply:
    """Where Flask itself fails, or what it answers is no answer."""
    number = f"urn:uuid:{uuid.uuid4()}"
    _log.error("unforeseen error %s", number, exc_info=error)
    body = problems.document(
        500,
        "internal-error",
        "An error of this server",
        f"an unforeseen error; the server's log has it as {number}",
        {"instance": number},
    )
    headers = [("Content-Type", problems.PROBLEM_JSON), *cross_origin.ALWAYS]
    return Reply(500, headers, body)


def _send(proto: Any, reply: Reply) -> None:
    """Hands the answer to the server; nothing happens where the client has gone."""
    if reply.body:
        proto.response_bytes(reply.status, reply.headers, reply.body)
    else:
        proto.response_empty(reply.status, reply.headers)
