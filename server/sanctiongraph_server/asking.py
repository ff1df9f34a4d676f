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
from sanctiongraph_server.evaluation import Answer
from sanctiongraph_server.negotiation import Choice, choose
from sanctiongraph_server.protocol import QueryRequest

#: The answer to a query in the format chosen; raises what an evaluator raises.
Evaluate = Callable[[QueryRequest, Choice], Answer]


def rows(evaluate: Evaluate, query: str) -> tuple[list[QuerySolution], str]:
    """The solutions of a SELECT that has few, and the version that gave them."""
    results, version = _asked(evaluate, query)
    assert isinstance(results, QuerySolutions)
    return list(results), version


def holds(evaluate: Evaluate, query: str) -> tuple[bool, str]:
    """The result of an ASK, and the version that gave it."""
    result, version = _asked(evaluate, query)
    assert isinstance(result, QueryBoolean)
    return bool(result), version


def _asked(evaluate: Evaluate, query: str) -> tuple[QuerySolutions | QueryBoolean, str]:
    request = QueryRequest(query, BASE, (), (), None, "json")
    answer = evaluate(request, choose(None, "json"))
    return parse_query_results(answer.body, format=QueryResultsFormat.JSON), answer.version
