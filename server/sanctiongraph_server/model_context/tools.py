"""What each tool answers. Everything is worked out by a reader, on the terms of the gateway's queries.

Answers are short enough for a model to read: longer ones are refused, with the advice to ask for
less, and never cut off.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, parse_query_results

from sanctiongraph.data import data_folders
from sanctiongraph.library import Library, LibraryQuery
from sanctiongraph.results import Table
from sanctiongraph.settings import Settings
from sanctiongraph.vocabulary import BASE
from sanctiongraph_server.assessments import Assessment, Rules
from sanctiongraph_server.evaluation import Query
from sanctiongraph_server.model_context.lookups import DescribeClass, Search
from sanctiongraph_server.model_context.summaries import Assessed
from sanctiongraph_server.negotiation import choose
from sanctiongraph_server.protocol import QueryRequest
from sanctiongraph_server.readers.pool import ReaderPool
from sanctiongraph_server.remote import RemoteGraph, RemoteReaders
from sanctiongraph_server.tasks import Performer, Terms

#: Longest answer in bytes, some 50,000 words.
MOST_BYTES: Final = 400_000


@dataclass(frozen=True, slots=True)
class Tools:
    """The tools over one graph. Any thread may use them; all raise ``SanctiongraphError``."""

    settings: Settings
    performer: Performer
    library: Library

    @classmethod
    def of(cls, settings: Settings) -> Tools:
        """Over the graph of the settings, with readers of their own."""
        limited = replace(settings, max_result_bytes=min(settings.max_result_bytes, MOST_BYTES))
        performer = (
            RemoteReaders(RemoteGraph.of(limited), limited)
            if limited.store
            else ReaderPool(limited)
        )
        return cls(
            limited, performer, Library(data_folders(limited.data).queries, limited.wikidata)
        )

    def search_entities(self, text: str, kind: str = "", most: int = 10) -> dict[str, Any]:
        """Things by name, alias or something like it, in any language; ``kind`` is a class."""
        return self.performer.perform(Search(text, kind, most), self._terms())

    def describe_class(self, name: str) -> dict[str, Any]:
        """What a class means, its place among the others, its properties and some of its things."""
        return self.performer.perform(DescribeClass(name), self._terms())

    def list_queries(self, tag: str = "") -> list[dict[str, Any]]:
        """The questions of the library, with their parameters; ``tag`` chooses among them."""
        return [_listed(query) for query in self.library if not tag or tag in query.tags]

    def run_query(self, name: str, parameters: Mapping[str, str]) -> dict[str, Any]:
        """The answer to a question of the library."""
        return self.sparql(self.library[name].bind(parameters))

    def sparql(self, query: str) -> dict[str, Any]:
        """The answer to a query: columns and rows, true or false, or triples in Turtle."""
        terms = self._terms()
        request = QueryRequest(query, f"{BASE}sparql", (), (), _ACCEPTED, None)
        task = Query(request, choose(_ACCEPTED, None), time.monotonic() + terms.seconds)
        answer = self.performer.perform(task, terms)
        body = answer.whole()
        if not answer.content_type.startswith("application/sparql-results+json"):
            return {"version": answer.version, "turtle": body.decode("utf-8")}
        results = parse_query_results(body, QueryResultsFormat.JSON)
        if isinstance(results, QueryBoolean):
            return {"version": answer.version, "answer": bool(results)}
        assert isinstance(results, QuerySolutions)
        table = Table.of(results)
        rows = [list(row.values()) for row in json.loads(table.to_json())]
        return {"version": answer.version, "columns": list(table.columns), "rows": rows}

    def list_rules(self) -> list[dict[str, Any]]:
        """The rules, by name, label and provision."""
        rules: list[dict[str, Any]] = json.loads(
            self.performer.perform(Rules(), self._terms()).whole()
        )
        return rules

    def assess(self, given: Mapping[str, str]) -> dict[str, Any]:
        """What a rule makes of a party: of each case the outcome, its conditions and their claims."""
        return self.performer.perform(Assessed(_dated(given)), self._terms())

    def explain(self, given: Mapping[str, str]) -> str:
        """The whole proof, to be read. ``transaction`` keeps it to one case."""
        answer = self.performer.perform(Assessment("explain", _dated(given), "text"), self._terms())
        return f"version {answer.version}\n\n{answer.whole().decode('utf-8')}"

    def _terms(self) -> Terms:
        return Terms(self.settings.timeout)


_ACCEPTED: Final = "application/sparql-results+json, text/turtle"


def _dated(given: Mapping[str, str]) -> dict[str, str]:
    """What is given, empty ones left out, and today (UTC) where no day is."""
    today = dt.datetime.now(dt.UTC).date().isoformat()
    return {"as_of": today} | {name: value for name, value in given.items() if value}


def _listed(query: LibraryQuery) -> dict[str, Any]:
    return {
        "name": query.name,
        "question": query.question,
        "tags": list(query.tags),
        "federated": query.federated,
        "parameters": [
            {
                "name": one.name,
                "type": one.type,
                "description": one.description,
                "default": one.default,
            }
            for one in query.parameters
        ],
    }
