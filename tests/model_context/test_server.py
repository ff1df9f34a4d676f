"""The official client, over standard input and output, with the command as a process of its own."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import anyio
import pytest
from click.testing import CliRunner
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent

from sanctiongraph import Graph
from sanctiongraph.reasoner import Question
from sanctiongraph_server.model_context import command
from tests.real import real_home

T = TypeVar("T")
ASK = "from sanctiongraph_server.model_context.command import mcp; mcp()"
#: Billions of rows, which no index shortens.
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a != ?i) }"
TOOLS = {
    "search_entities",
    "describe_class",
    "list_queries",
    "run_query",
    "sparql",
    "list_rules",
    "assess",
    "explain",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return real_home(tmp_path_factory)


def talk(home: Path, converse: Callable[[Client], Awaitable[T]], **more: str) -> T:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-c", ASK],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            "SANCTIONGRAPH_HOME": str(home),
            **more,
        },
    )

    async def whole() -> T:
        async with Client(server, read_timeout_seconds=120) as client:
            return await converse(client)

    return anyio.run(whole)


def text_of(result: CallToolResult) -> str:
    return "".join(one.text for one in result.content if isinstance(one, TextContent))


def values_of(result: CallToolResult) -> Any:
    assert not result.is_error, text_of(result)
    return json.loads(text_of(result))


def test_each_tool(home: Path) -> None:
    graph = Graph.open(home)
    question = {"rule": "caatsa-231-a", "party": "SSB", "as_of": "2025-12-06"}

    async def converse(client: Client) -> None:
        listed = (await client.list_tools()).tools
        assert {tool.name for tool in listed} == TOOLS
        assert all(tool.description and tool.annotations for tool in listed)
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in listed)

        async def call(tool: str, /, **given: Any) -> CallToolResult:
            return await client.call_tool(tool, given)

        found = values_of(await call("search_entities", text="Savunma Sanayii Başkanlığı"))
        assert found["found"][0]["thing"] == "id:SSB"
        assert found["version"] == graph.name
        states = values_of(await call("search_entities", text="turkiye", kind="sg:State", most=1))
        assert [one["thing"] for one in states["found"]] == ["id:Turkey"]

        described = values_of(await call("describe_class", name="ArmsDeal"))
        assert described["label"] == "arms deal"
        assert described["things"] == len(graph.query("SELECT ?d { ?d a sg:ArmsDeal }"))
        assert "sg:recipient" in {one["property"] for one in described["properties"]}
        agent = values_of(await call("describe_class", name="sg:Person"))
        assert "sg:Agent" in agent["broader"]

        queries = values_of(await call("list_queries"))["queries"]
        assert {one["name"] for one in queries} == {query.name for query in graph.library}
        laws = values_of(await call("list_queries", tag="law"))["queries"]
        assert 0 < len(laws) < len(queries)

        ran = values_of(
            await call("run_query", name="measures-in-force", parameters={"date": "2021-06-01"})
        )
        expected = graph.run("measures-in-force", date="2021-06-01")
        assert ran["columns"] == list(expected.columns)
        assert len(ran["rows"]) == len(expected)

        rows = values_of(await call("sparql", query="SELECT ?s { ?s a sg:State } ORDER BY ?s"))
        assert ["id:Turkey"] in rows["rows"]
        assert values_of(await call("sparql", query="ASK { id:Turkey a sg:State }"))["answer"]
        made = await call("sparql", query="CONSTRUCT { ?s a sg:State } { ?s a sg:State }")
        assert "id:Turkey" in values_of(made)["turtle"]

        rules = values_of(await call("list_rules"))["rules"]
        assert "caatsa-231-a" in {one["rule"] for one in rules}
        assessed = values_of(await call("assess", **question))
        whole = graph.reasoner.explain(Question.of("caatsa-231-a", "SSB", None, "2025-12-06"))
        assert assessed["outcome"] == whole.answer.outcome.value == "applies"
        assert assessed["level"] == whole.answer.level.value
        assert len(assessed["cases"]) == len(whole.answer.cases)
        assert sum(len(one["claims"]) for one in assessed["cases"][0]["conditions"]) > 0
        assert len(json.dumps(assessed)) < 100_000
        explained = text_of(await call("explain", **question))
        assert explained.startswith(f"version {graph.name}\n")
        assert "as of 2025-12-06" in explained

    talk(home, converse)


def test_what_is_wrong_is_told_so_that_it_can_be_cured(home: Path) -> None:
    async def converse(client: Client) -> None:
        for name, given, said in [
            ("sparql", {"query": "SELECT * { ?s ?p }"}, "line 1, column 18"),
            ("sparql", {"query": "DELETE WHERE { ?s ?p ?o }"}, "SELECT"),
            ("sparql", {"query": "SELECT * { SERVICE <http://a.example/> { ?s ?p ?o } }"}, "SERVICE_ALLOW"),
            ("sparql", {"query": "SELECT * { ?s ?p ?o . ?t ?q ?u }"}, "LIMIT"),
            ("run_query", {"name": "none"}, "there are: "),
            ("run_query", {"name": "wikidata-agents"}, "SERVICE_ALLOW"),
            ("run_query", {"name": "find", "parameters": {"txt": "a"}}, "it has: text"),
            ("run_query", {"name": "measures-in-force", "parameters": {"date": "soon"}}, "calendar day"),
            ("describe_class", {"name": "Nothing"}, "overview"),
            ("describe_class", {"name": "a b"}, "ArmsDeal"),
            ("search_entities", {"text": "a", "most": 1000}, "50"),
            ("assess", {"rule": "none", "party": "SSB"}, "none"),
        ]:  # fmt: skip
            result = await client.call_tool(name, given)
            assert result.is_error, (name, given)
            assert said in text_of(result), text_of(result)

    talk(home, converse)


def test_a_query_that_runs_away_ends_at_its_deadline(home: Path) -> None:
    async def converse(client: Client) -> None:
        await client.call_tool("sparql", {"query": "ASK {}"})
        begun = time.monotonic()
        result = await client.call_tool("sparql", {"query": RUNAWAY})
        taken = time.monotonic() - begun
        assert result.is_error
        assert "2 s" in text_of(result)
        assert 2 <= taken < 30
        assert values_of(await client.call_tool("sparql", {"query": "ASK {}"}))["answer"]

    talk(home, converse, SANCTIONGRAPH_TIMEOUT="2")


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find_spec", lambda _: None)
    done = CliRunner().invoke(command.mcp)
    assert done.exit_code == 1
    assert "install sanctiongraph[mcp]" in done.output


def test_without_a_graph(tmp_path: Path) -> None:
    done = CliRunner(env={"SANCTIONGRAPH_STORE": ""}).invoke(command.mcp, ["--home", str(tmp_path)])
    assert done.exit_code == 1
    assert "sanctiongraph build" in done.output
