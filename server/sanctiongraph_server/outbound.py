"""Federated queries (SPARQL 1.1 Federated Query) and LOAD, through a forwarder of our own.

The engine's own HTTP client follows redirects anywhere, has no deadline, and swallows failures in
some places (``FILTER EXISTS``, ``MINUS``). So it is never told an address of the outside: each is
replaced by one on loopback, where a forwarder that lives as long as the query asks the real
server (``calling``), looks whether the reply is whole, and hands it on. What fails is remembered,
so it is an error of the query wherever the engine came across it.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Final

from pyoxigraph import (
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
    serialize,
)

from sanctiongraph.errors import Forbidden, RemoteFailed, SanctiongraphError
from sanctiongraph_server import guard
from sanctiongraph_server.addresses import Address, AllowList, shown
from sanctiongraph_server.calling import MOST_BYTES, Remote, Reply
from sanctiongraph_server.clauses import find
from sanctiongraph_server.forwarder import Answer, Forwarder
from sanctiongraph_server.guard import Call
from sanctiongraph_server.kept_replies import Kept, KeptReplies
from sanctiongraph_server.narrowing import Ask, values_of

_log = logging.getLogger(__name__)

# TSV is left out: where it is cut off, that cannot be seen.
_RESULTS: Final = "application/sparql-results+json, application/sparql-results+xml;q=0.9"
_DOCUMENTS: Final = (
    "text/turtle, application/n-triples, application/rdf+xml;q=0.9, application/ld+json;q=0.8"
)
_ONE_EMPTY_SOLUTION: Final = b'{"head":{"vars":[]},"results":{"bindings":[{}]}}'
#: Of the time that is left, what the engine keeps to finish after a server that never answers.
_KEPT: Final = 0.1
_MOST_KEPT_SECONDS: Final = 1.0
_PLACE: Final = re.compile(r"error at (\d+):(\d+):")
_UNTYPED: Final = frozenset({"", "text/plain", "application/octet-stream"})


@dataclass(frozen=True, slots=True)
class _Edit:
    """Where an address was replaced: from ``start`` to ``end``, and to which end afterwards."""

    start: int
    end: int
    new_start: int
    new_end: int


class Federation:
    """The calls of one query or update, as a context in which it is evaluated.

    ``deadline`` is a moment of ``time.monotonic()``. Leaving the context raises ``RemoteFailed``
    where a call failed that was not SILENT, in place of whatever the engine made of it.
    """

    def __init__(
        self,
        allow: AllowList,
        deadline: float,
        most_bytes: int = MOST_BYTES,
        kept_replies: KeptReplies | None = None,
    ) -> None:
        left = deadline - time.monotonic()
        kept = min(_MOST_KEPT_SECONDS, max(0.0, left * _KEPT))
        self._allow = allow
        self._remote = Remote(allow, deadline - kept, most_bytes)
        self._kept_replies = kept_replies
        self._forwarder: Forwarder | None = None
        self._calls: list[Call] = []
        self._edits: list[_Edit] = []
        self._text = self._original = ""
        self._answers: dict[tuple[int, str], Answer] = {}
        self._kept_bytes = 0
        #: What is sent along with the queries of a call, so that its server looks for no more.
        self._values: dict[int, str] = {}
        # A message and no exception: that would hold the engine's objects of another thread.
        self._failure: str | None = None

    def __enter__(self) -> Federation:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._forwarder is not None:
            self._forwarder.close()
        if self._failure is not None and (error is None or isinstance(error, Exception)):
            raise RemoteFailed(self._failure) from error

    def rewrite(self, text: str, base_iri: str | None = None, update: bool = False) -> str:
        """The query or update as the engine is to have it; the same where it calls nobody.

        It is checked here and nowhere else before the engine has it: raises as ``guard.check`` and
        ``guard.check_update`` do.
        """
        check = guard.check_update if update else guard.check
        self._calls = check(text, self._allow, base_iri)
        if not self._calls:
            return text
        self._forwarder = Forwarder(self._answer)
        parts, before, length = [], 0, 0
        for number, call in enumerate(self._calls):
            clause = call.clause
            new = f" {self._inner(number)} "
            kept = text[before : clause.start]
            parts += [kept, new]
            length += len(kept)
            self._edits.append(_Edit(clause.start, clause.end, length, length + len(new)))
            length += len(new)
            before = clause.end
        rewritten = "".join([*parts, text[before:]])
        self._check(rewritten, update)
        if update and any(call.clause.word == "SERVICE" for call in self._calls):
            # The engine takes one update as one transaction. Its last operation asks whether a
            # call has failed; if so it fails as well, and with it all.
            separator = "" if find(text, update).open_ended else ";"
            rewritten += f"\n{separator}LOAD {self._inner(len(self._calls))}"
        self._original, self._text = text, rewritten
        return rewritten

    def narrow(self, ask: Ask) -> None:
        """Has each server asked only for what can be joined with what is here (``narrowing``).

        ``ask`` evaluates a query on the dataset of the query that was rewritten.
        """
        starts = [call.clause.start for call in self._calls]
        if starts:
            self._values = {
                starts.index(start): values
                for start, values in values_of(self._original, starts, ask).items()
            }

    def _inner(self, number: int) -> str:
        assert self._forwarder is not None
        return f"<{self._forwarder.address}{number}>"

    def _check(self, rewritten: str, update: bool) -> None:
        """That in no reading of the new text an address of the outside is left."""
        ours = {self._inner(number) for number in range(len(self._calls))}
        for clause in find(rewritten, update).clauses:
            if clause.target(rewritten) not in ours:
                raise Forbidden(
                    f"this {clause.word} can be read in two ways: begin it on a line of its own"
                )

    @contextmanager
    def places(self) -> Iterator[None]:
        """Moves the place in a ``SyntaxError`` of the engine to where it is in the text as it came."""
        try:
            yield
        except SyntaxError as error:
            match = _PLACE.match(str(error))
            if match is None or not self._edits:
                raise
            line, column = self._place(int(match[1]), int(match[2]))
            raise SyntaxError(f"error at {line}:{column}:{str(error)[match.end() :]}") from error

    def _place(self, line: int, column: int) -> tuple[int, int]:
        lines = self._text.split("\n")
        offset = sum(len(one) + 1 for one in lines[: line - 1]) + column - 1
        moved = 0
        for edit in self._edits:
            if offset >= edit.new_end:
                moved = edit.new_end - edit.end
            elif offset >= edit.new_start:
                offset, moved = edit.start, 0
                break
        offset = min(offset - moved, len(self._original))
        before = self._original[:offset]
        return before.count("\n") + 1, offset - before.rfind("\n")

    def _answer(self, number: int, query: str | None) -> Answer:
        """What the forwarder hands to the engine; ``query`` is ``None`` for a LOAD."""
        if number >= len(self._calls):
            return _FAILED if self._failure else _NO_TRIPLES
        call = self._calls[number]
        key = number, query or ""
        if key in self._answers:
            return self._answers[key]
        try:
            if query is None:
                answer = _document(self._remote, self._admitted(call))
            else:
                answer = self._solutions(
                    self._admitted(call), self._outer(query) + self._values.get(number, "")
                )
        except SanctiongraphError as error:
            if call.clause.silent:
                answer = _NO_TRIPLES if query is None else _ONE_SOLUTION
            else:
                self._failure = self._failure or f"{call.clause.word}: {error}"
                answer = _FAILED
        except Exception:
            _log.exception("a bug in the forwarder")
            self._failure = "the call failed for a reason that the server's log has"
            answer = _FAILED
        # The engine may ask the same for every row. A server is asked once for a query, as long
        # as the replies fit.
        if self._kept_bytes + len(answer.body) <= self._remote.most_bytes:
            self._kept_bytes += len(answer.body)
            self._answers[key] = answer
        return answer

    def _solutions(self, address: Address, query: str) -> Answer:
        """What a server answers, or has answered to the same query not long ago."""
        kept = self._kept_replies
        if kept is not None and (found := kept.find(str(address), query)):
            return Answer(200, found.content_type, found.body)
        reply, answer = _solutions(self._remote, address, query)
        # Of a reply that came by a redirect the list would have to be asked again.
        if kept is not None and reply.address == address:
            kept.keep(str(address), query, Kept(answer.content_type, answer.body), reply.fresh)
        return answer

    def _admitted(self, call: Call) -> Address:
        if call.iri in self._allow.names:
            raise RemoteFailed(
                f"{shown(call.iri)} is the name of a service inside another: write it inside the"
                " SERVICE clause of the server that knows it"
            )
        return self._allow.admit(call.iri)

    def _outer(self, query: str) -> str:
        """A query that goes out, with the real addresses in the clauses inside it."""
        for number, call in enumerate(self._calls):
            query = query.replace(self._inner(number), f"<{call.iri}>")
        return query


_JSON: Final = "application/sparql-results+json"
_ONE_SOLUTION: Final = Answer(200, _JSON, _ONE_EMPTY_SOLUTION)
_NO_TRIPLES: Final = Answer(200, "application/n-triples", b"")
_FAILED: Final = Answer(502, "text/plain", b"")


def _solutions(remote: Remote, address: Address, query: str) -> tuple[Reply, Answer]:
    reply = remote.ask(address, query, _RESULTS)
    format = QueryResultsFormat.from_media_type(reply.content_type)
    if format not in (QueryResultsFormat.JSON, QueryResultsFormat.XML):
        raise RemoteFailed(
            f"<{address}> answered with {reply.content_type!r}, which is no SPARQL result in JSON"
            " or XML"
        )
    try:
        results = parse_query_results(reply.body, format)
        whole = isinstance(results, QuerySolutions)
        if isinstance(results, QuerySolutions):
            for _ in results:
                pass
    except (SyntaxError, ValueError, OSError) as error:
        raise RemoteFailed(f"<{address}> answered with a broken result: {error}") from error
    if not whole:
        raise RemoteFailed(f"<{address}> answered with true or false, not with solutions")
    return reply, Answer(200, format.media_type, reply.body)


def _document(remote: Remote, address: Address) -> Answer:
    reply = remote.fetch(address, _DOCUMENTS)
    format = _format(reply)
    if not reply.framed and format not in (RdfFormat.RDF_XML, RdfFormat.JSON_LD):
        raise RemoteFailed(
            f"<{address}> answered without a length: whether the document is whole cannot be seen"
        )
    try:
        quads = parse(
            reply.body,
            format,
            base_iri=str(reply.address),
            without_named_graphs=True,
            rename_blank_nodes=True,
        )
        body = serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES)
    except (SyntaxError, ValueError, OSError) as error:
        raise RemoteFailed(f"<{address}> answered with a broken document: {error}") from error
    return Answer(200, "application/n-triples", body or b"")


def _format(reply: Reply) -> RdfFormat:
    media_type = reply.content_type.partition(";")[0].strip().lower()
    format = RdfFormat.from_media_type(media_type) if media_type not in _UNTYPED else None
    if format is None and media_type in _UNTYPED:
        format = RdfFormat.from_extension(reply.address.path.rpartition("/")[2].rpartition(".")[2])
    if format is None:
        raise RemoteFailed(
            f"<{reply.address}> answered with {reply.content_type!r}, which is no RDF"
        )
    return format
