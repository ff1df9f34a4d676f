"""Queries that the gateway itself asks, through whatever evaluates those of clients."""

from __future__ import annotations

from collections.abc import Callable

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    parse_query_results,
)

from sanctiongraph.vocabulary import BASE
from sanctiongraph_server.negotiation import Choice, choose
from sanctiongraph_server.protocol import QueryRequest
from sanctiongraph_server.tasks import Answer

#: The answer to a query in the format chosen; raises what an evaluator raises.
Evaluate = Callable[[QueryRequest, Choice], Answer]


def rows(evaluate: Evaluate, query: str) -> tuple[list[QuerySolution], Answer]:
    """The solutions of a SELECT that has few, and the answer that they were in."""
    results, answer = _asked(evaluate, query)
    assert isinstance(results, QuerySolutions)
    return list(results), answer


def holds(evaluate: Evaluate, query: str) -> tuple[bool, Answer]:
    """The result of an ASK, and the answer that it was in."""
    result, answer = _asked(evaluate, query)
    assert isinstance(result, QueryBoolean)
    return bool(result), answer


def _asked(evaluate: Evaluate, query: str) -> tuple[QuerySolutions | QueryBoolean, Answer]:
    request = QueryRequest(query, BASE, (), (), None, "json")
    answer = evaluate(request, choose(None, "json"))
    return parse_query_results(answer.whole(), format=QueryResultsFormat.JSON), answer
