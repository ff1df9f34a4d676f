"""Asking another dataset: over SPARQL 1.1 Protocol, or in a local extract of it.

Both answer the same queries, so what is written for Wikidata's endpoint is tested, and can be run
by whoever has no way to it, against a file.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Final, Protocol

from pyoxigraph import (
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse_query_results,
)

from sanctiongraph.errors import BadInput, RemoteFailed
from sanctiongraph.results import RdfTerm
from sanctiongraph.vocabulary import BASE, sparql_prologue

Row = dict[str, RdfTerm]

#: Who asks, as the policy of Wikimedia's servers wants it: program, version, and where to complain.
USER_AGENT: Final = f"sanctiongraph/{version('sanctiongraph')} ({BASE})"
#: Statuses after which the same question may be asked again, later.
_LATER: Final = frozenset({429, 502, 503, 504})
_LONGEST_WAIT: Final = 60.0


class Dataset(Protocol):
    """Something that answers SELECT queries; ``origin`` says what it is, for provenance."""

    @property
    def origin(self) -> str:
        """An address, or the name of a file."""
        ...

    def select(self, query: str) -> list[Row]:
        """The solutions. The usual prefixes are declared. Raises ``RemoteFailed``."""
        ...


@dataclass(frozen=True, slots=True)
class Extract:
    """Triples in memory, from files."""

    origin: str
    store: Store = field(repr=False)

    @classmethod
    def of(cls, paths: Iterable[Path]) -> Extract:
        """Reads the files, whose endings name their formats. Raises ``BadInput``."""
        store, names = Store(), []
        for path in paths:
            format = RdfFormat.from_extension(path.suffix.removeprefix("."))
            if format is None:
                raise BadInput(f"{path}: the ending names no RDF format: .ttl, .nt, .nq, .trig ...")
            try:
                store.bulk_load(path=str(path), format=format)
            except (SyntaxError, OSError, ValueError) as error:
                raise BadInput(f"{path}: {error}") from error
            names.append(path.name)
        return cls(", ".join(names), store)

    def select(self, query: str) -> list[Row]:
        """See ``Dataset``."""
        found = self.store.query(sparql_prologue() + query, use_default_graph_as_union=True)
        if not isinstance(found, QuerySolutions):
            raise BadInput("only SELECT queries are asked here")
        return _rows(found)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A SPARQL endpoint. What it refuses for now is asked again, at most ``tries`` times in all."""

    origin: str
    tries: int = 4
    #: Seconds that one answer may take.
    timeout: float = 60.0
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    def select(self, query: str) -> list[Row]:
        """See ``Dataset``."""
        body = self._answer(sparql_prologue() + query)
        try:
            found = parse_query_results(body, QueryResultsFormat.JSON)
            if isinstance(found, QuerySolutions):
                return _rows(found)
        except (SyntaxError, ValueError) as error:
            raise RemoteFailed(f"{self.origin} answered with no SPARQL results: {error}") from error
        raise RemoteFailed(f"{self.origin} answered a SELECT with no solutions")

    def _answer(self, query: str) -> bytes:
        import httpx  # it takes a fifth of a second, which no other command should

        headers = {"User-Agent": USER_AGENT, "Accept": "application/sparql-results+json"}
        problem = ""
        with _told(self.origin), httpx.Client(headers=headers, timeout=self.timeout) as client:
            for attempt in range(self.tries):
                response = client.post(self.origin, data={"query": query})
                if response.status_code == 200:
                    return response.content
                problem = f"status {response.status_code}"
                if response.status_code not in _LATER or attempt + 1 == self.tries:
                    break
                self.sleep(_wait(response.headers.get("Retry-After"), attempt))
        raise RemoteFailed(f"{self.origin} gave no answer: {problem}")


@contextlib.contextmanager
def _told(origin: str) -> Iterator[None]:
    import httpx

    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise RemoteFailed(f"{origin} cannot be asked: {error or type(error).__name__}") from error


def _wait(retry_after: str | None, attempt: int) -> float:
    """Seconds until the next try: what the server says, else longer each time."""
    if retry_after and retry_after.isascii() and retry_after.isdigit():
        return min(float(retry_after), _LONGEST_WAIT)
    return float(2**attempt)


def _rows(found: QuerySolutions) -> list[Row]:
    names = [variable.value for variable in found.variables]
    return [
        {name: value for name in names if (value := solution[name]) is not None}
        for solution in found
    ]
