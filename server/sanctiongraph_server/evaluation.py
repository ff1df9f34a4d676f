"""From a query to the bytes of its answer. Knows the store and nothing of HTTP.

``Evaluator`` is the seam: what stands behind it may be this process or another one that can be
ended. Requests, choices and answers are plain values for that reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    serialize,
)

from sanctiongraph.errors import EvaluationFailed
from sanctiongraph.vocabulary import PREFIXES
from sanctiongraph_server import engine_errors, guard
from sanctiongraph_server.current import CurrentGraph
from sanctiongraph_server.datasets import dataset_of
from sanctiongraph_server.negotiation import Choice
from sanctiongraph_server.protocol import QueryRequest


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, and the name of the graph's version that gave it."""

    body: bytes
    content_type: str
    version: str


class Evaluator(Protocol):
    """Evaluates queries."""

    def evaluate(self, request: QueryRequest, choice: Choice) -> Answer:
        """The answer, in the format chosen for its kind of result.

        Raises ``BadQuery``, ``Forbidden`` (SERVICE), ``NotAcceptable``, ``DatasetTooLarge``,
        ``NotBuilt`` or ``EvaluationFailed``.
        """
        ...


class InProcess:
    """Evaluates in the calling thread, on the read-only store; the engine lets other threads run.

    The answer is complete before it is returned, so an error in the middle of the evaluation is
    an error and no broken answer with status 200.
    """

    def __init__(self, graph: CurrentGraph, most_copied: int) -> None:
        self._graph = graph
        self._most_copied = most_copied

    def evaluate(self, request: QueryRequest, choice: Choice) -> Answer:
        """See ``Evaluator``."""
        guard.check(request.query)
        opened = self._graph.opened()
        with engine_errors.told(request.query):
            dataset = dataset_of(request, opened.store, self._most_copied)
            results = dataset.store.query(
                request.query,
                base_iri=request.endpoint,
                prefixes=PREFIXES,
                default_graph=dataset.default,  # type: ignore[arg-type]
                named_graphs=dataset.named,  # type: ignore[arg-type]
            )
            body, content_type = written(results, choice)
        return Answer(body, content_type, opened.name)


def written(
    results: QuerySolutions | QueryBoolean | QueryTriples, choice: Choice
) -> tuple[bytes, str]:
    """The results in the format chosen for their kind, and its content type."""
    if isinstance(results, QueryTriples):
        format = choice.for_graph()
        assert isinstance(format.engine, RdfFormat)
        body = serialize(results, format=format.engine, prefixes=PREFIXES)
    else:
        format = choice.for_solutions()
        assert isinstance(format.engine, QueryResultsFormat)
        body = results.serialize(format=format.engine)
    if body is None:
        raise EvaluationFailed("the engine wrote nothing")
    return body, format.content_type
