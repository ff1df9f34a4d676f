"""From a query to the bytes of its answer: a task of a reader. Knows the store and nothing of HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    serialize,
)

from sanctiongraph.vocabulary import PREFIXES
from sanctiongraph_server import engine_errors
from sanctiongraph_server.addresses import allow_list_of
from sanctiongraph_server.datasets import dataset_of
from sanctiongraph_server.examples import by_its_name
from sanctiongraph_server.kept_replies import KeptReplies
from sanctiongraph_server.light import light
from sanctiongraph_server.negotiation import Choice
from sanctiongraph_server.outbound import Federation
from sanctiongraph_server.protocol import QueryRequest
from sanctiongraph_server.tasks import Answer, Opened, answered

R = TypeVar("R")
#: Folder of the home folder with replies of other servers.
REPLIES: Final = "replies"


class Evaluation:
    """A task that is one query of a client: a store elsewhere holds the deadline of it."""

    __slots__ = ()


@light
@dataclass(frozen=True, slots=True)
class Query(Evaluation):
    """The answer to a query, in the format chosen for its kind of result."""

    request: QueryRequest
    choice: Choice
    #: By when it has to be there, for what asks other servers: a moment of ``time.monotonic``.
    until: float

    def perform(self, opened: Opened) -> Answer:
        """The answer, complete, so that an error in its middle is an error and no broken answer.

        Raises as ``evaluated`` does, and ``NotAcceptable`` and ``ResultTooLarge``.
        """

        def written(results: Results) -> Answer:
            if isinstance(results, QueryTriples):
                return _graph(opened, results, self.choice)
            return _solutions(opened, results, self.choice)

        return evaluated(self.request, opened, self.until, written)


Results = QuerySolutions | QueryBoolean | QueryTriples


def evaluated(
    request: QueryRequest, opened: Opened, until: float, use: Callable[[Results], R]
) -> R:
    """What is made of the results of a query, while the engine gives them.

    Raises ``BadQuery``, ``Forbidden`` (SERVICE), ``DatasetTooLarge``, ``RemoteFailed`` or
    ``EvaluationFailed``.
    """
    settings = opened.settings
    allow = allow_list_of(settings)
    request = by_its_name(request, opened.store, settings.public_url)
    kept = KeptReplies(settings.home / REPLIES, settings.service_cache_seconds)
    with Federation(allow, until, kept_replies=kept) as federation:
        query = federation.rewrite(request.query, request.endpoint)
        with engine_errors.told(request.query), federation.places():
            dataset = dataset_of(request, opened.store, settings.max_merged_triples)

            def ask(text: str) -> Results:
                return dataset.store.query(
                    text,
                    base_iri=request.endpoint,
                    prefixes=PREFIXES,
                    default_graph=dataset.default,  # type: ignore[arg-type]
                    named_graphs=dataset.named,  # type: ignore[arg-type]
                )

            federation.narrow(ask)
            return use(ask(query))


def _graph(opened: Opened, results: QueryTriples, choice: Choice) -> Answer:
    format = choice.for_graph()
    engine = format.engine
    assert isinstance(engine, RdfFormat)
    return answered(
        opened,
        format.content_type,
        lambda sink: serialize(results, sink, format=engine, prefixes=PREFIXES),
    )


def _solutions(opened: Opened, results: QuerySolutions | QueryBoolean, choice: Choice) -> Answer:
    format = choice.for_solutions()
    engine = format.engine
    assert isinstance(engine, QueryResultsFormat)
    return answered(
        opened, format.content_type, lambda sink: results.serialize(sink, format=engine)
    )
