"""The gateway as granian runs it: an RSGI application before the Flask application.

Everything that needs no Flask is done on the event loop, in microseconds; Flask runs in threads.
While a thread works, the loop notices when the client goes away.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from sanctiongraph.errors import Overloaded, SanctiongraphError
from sanctiongraph.settings import Settings
from sanctiongraph_server import cross_origin, problems
from sanctiongraph_server.cancellation import ENVIRON_KEY, Cancellation
from sanctiongraph_server.front import bodies, bridge, coding, finishing, representations
from sanctiongraph_server.front.bodies import Body
from sanctiongraph_server.front.cache import Cache
from sanctiongraph_server.front.exchange import Asked, Reply
from sanctiongraph_server.front.finishing import Finished
from sanctiongraph_server.front.keys import Key, key_of, size_of
from sanctiongraph_server.front.versions import Newest, Versions
from sanctiongraph_server.repeatable import Repeatable
from sanctiongraph_server.tasks import Answer

D = TypeVar("D")

#: Under this key of the WSGI environ the front leaves the error that it refuses a request with.
REFUSED: Final = "sanctiongraph.refused"
#: Under this key it says that ``before`` has seen the request.
ADMITTED: Final = "sanctiongraph.admitted"
#: Under this key it says when the request came, as a moment of ``time.perf_counter``.
BEGUN: Final = "sanctiongraph.begun"
#: Under this key is the query that it has read already, where the answer to it is an error.
QUERY: Final = "sanctiongraph.query"
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
#: Bytes of an answer up to which coding it takes no longer than handing it to a thread.
_LONGEST_ON_LOOP: Final = 32_000

_log = logging.getLogger(__name__)


#: Called before a request is looked at; refuses it by raising a ``SanctiongraphError``.
Before = Callable[[Asked], None]
#: Called with each answer that Flask does not see, and the seconds that it took.
After = Callable[[Asked, Reply, float], None]


class Direct(Protocol[D]):
    """Answers some requests on the event loop, as the application would."""

    def read(self, asked: Asked, body: Body) -> D | None:
        """What a request asks; ``None`` for one that the application is to answer."""
        ...

    def query(self, what: D) -> str:
        """The query that it is, for the log."""
        ...

    async def answer(self, what: D, cancellation: Cancellation, aside: Executor) -> Answer:
        """The answer. May raise any ``SanctiongraphError``; ``aside`` is for what takes longer."""
        ...

    def reply(
        self, asked: Asked, what: D, answer: Answer, begun: float, looked_up: bool
    ) -> tuple[Reply, Repeatable | None]:
        """The answer over HTTP, logged and counted, and whether it is one that may be kept.

        Of a long one not called on the loop.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Request:
    """A request on its way; ``begun`` is a moment of ``time.perf_counter``."""

    asked: Asked
    body: Body
    key: Key | None
    newest: Newest | None
    proto: Any
    begun: float


class Front:
    """One worker's front.

    ``before`` sees every request, ``after`` what is answered from memory; ``at_end`` is called
    after the last request, and ``direct`` answers what needs no Flask.
    """

    def __init__(
        self,
        application: bridge.Application,
        settings: Settings,
        before: Iterable[Before] = (),
        after: Iterable[After] = (),
        at_end: Callable[[], None] | None = None,
        direct: Direct[Any] | None = None,
    ) -> None:
        self._application = application
        self._before = list(before)
        self._after = list(after)
        self._at_end = at_end
        self._direct = direct
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
        """Called by the server before the first request, in the thread of the loop."""
        _interrupts_nobody()
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
        body = bodies.nothing()
        refused: Exception | None = self._refusal(asked)
        # Of a client that is refused no body is waited for.
        if refused is None and asked.method not in _WITHOUT_BODY:
            try:
                body = await self._read(asked, proto)
            except SanctiongraphError as error:
                refused = error
        # Only now: a body may take its time, and nobody is to have an answer from before it came.
        newest = self._versions.newest()
        key = key_of(asked, body)
        codings = finishing.codings_of(asked)
        try:
            if newest is not None and key is not None and codings and refused is None:
                found = await self._known(asked, key, codings, newest)
                if found is not None:
                    _send(proto, found)
                    self._tell(asked, found, begun)
                    return
            if refused is None:
                refused = self._hindrance(codings)
            request = _Request(asked, body, key, newest, proto, begun)
            done, query = None, None
            if refused is None and (direct := self._direct) is not None:
                what = direct.read(asked, body)
                if what is not None:
                    try:
                        done = await self._directly(request, direct, what)
                    except Exception as error:
                        # It leaves as every other error does.
                        refused, query = error, direct.query(what)
            if done is None:
                done = await self._through_flask(request, refused, query)
            if done.entry is not None and key is not None:
                self._cache.put(key, size_of(key), done.entry)
            _send(proto, done.reply)
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
        day = finishing.today()
        entry = self._cache.get(key, newest.identity, day)
        if_none_match = asked.headers.get("if-none-match")
        if entry is None:
            if if_none_match is None:
                return None
            return finishing.confirmed(if_none_match, key, codings, newest, day)
        name = coding.pick(codings, entry.content_type, len(entry.forms[coding.IDENTITY][1]))
        if if_none_match is not None:
            had = finishing.had(if_none_match, entry.opaque, codings, name)
            if had is not None:
                return representations.not_modified(entry.headers, entry.opaque, had)
        if name not in entry.forms:
            body = entry.forms[coding.IDENTITY][1]
            loop = asyncio.get_running_loop()
            coded = await loop.run_in_executor(self._pool, coding.encoded, body, name)
            entry = representations.with_form(entry, name, coded)
            self._cache.put(key, size_of(key), entry)
        return representations.from_form(entry.forms[name], asked.method == "HEAD")

    def _hindrance(self, codings: tuple[str, ...]) -> SanctiongraphError | None:
        """Why the request cannot be worked on; ``None`` where it can."""
        if not codings:
            return problems.NotAcceptable(
                "Accept-Encoding refuses all there is: identity, gzip and zstd"
            )
        if len(self._at_work) >= self._most_at_work:
            return Overloaded("too many requests wait already: ask again later", 1)
        return None

    async def _directly(self, of: _Request, direct: Direct[D], what: D) -> Finished:
        """Answers without Flask. Raises whatever is to be told as an error."""
        with self._at_work_for(of.proto) as cancellation:
            answer = await direct.answer(what, cancellation, self._aside)

        def finish() -> Finished:
            looked_up = of.newest is not None and of.key is not None
            reply, repeatable = direct.reply(of.asked, what, answer, of.begun, looked_up)
            return finishing.as_sent(of.asked, reply, repeatable, of.key, of.newest)

        if len(answer.body) <= _LONGEST_ON_LOOP:
            return finish()
        return await asyncio.get_running_loop().run_in_executor(self._pool, finish)

    async def _through_flask(
        self, of: _Request, refused: Exception | None, query: str | None
    ) -> Finished:
        environ = bridge.environ_of(of.asked, of.body)
        environ[BEGUN] = of.begun
        environ[ADMITTED] = bool(self._before)
        pool = self._pool
        if refused is not None:
            environ[REFUSED] = refused
            environ[QUERY] = query
            pool = self._aside
        environ[LOOKED_UP] = of.newest is not None and of.key is not None and refused is None
        loop = asyncio.get_running_loop()
        with self._at_work_for(of.proto) as cancellation:
            environ[ENVIRON_KEY] = cancellation
            return await loop.run_in_executor(
                pool, self._work, of.asked, environ, of.key, of.newest
            )

    @contextmanager
    def _at_work_for(self, proto: Any) -> Iterator[Cancellation]:
        """While a request is worked on; where its client goes, that is called off."""
        loop = asyncio.get_running_loop()
        cancellation = Cancellation()
        watching: asyncio.Task[None] | None = None

        async def watch() -> None:
            await proto.client_disconnect()
            # What is called there may end a process: not on the loop.
            await loop.run_in_executor(self._aside, cancellation.cancel)

        def begin() -> None:
            nonlocal watching
            watching = loop.create_task(watch())

        timer = loop.call_later(_UNWATCHED, begin)
        self._at_work.add(cancellation)
        try:
            yield cancellation
        finally:
            self._at_work.discard(cancellation)
            timer.cancel()
            if watching is not None:
                watching.cancel()

    def _work(
        self, asked: Asked, environ: bridge.Environ, key: Key | None, newest: Newest | None
    ) -> Finished:
        """Runs Flask, in a thread, and makes of its answer what is sent and kept."""
        try:
            reply = bridge.run(self._application, environ)
        except Exception as error:
            reply = _unforeseen(error)
        return finishing.finished(asked, reply, key, newest, self._versions.derived)

    def _tell(self, asked: Asked, reply: Reply, begun: float) -> None:
        seconds = time.perf_counter() - begun
        for tell in self._after:
            tell(asked, reply, seconds)


def _interrupts_nobody() -> None:
    """Has the loop, when it wakes, wait for whoever has the processor: a reader that is at work.

    Otherwise each request and each answer that comes interrupts one, whose caches are cold then.
    """
    if sys.platform == "linux":
        with suppress(OSError):  # a system may forbid it
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


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
