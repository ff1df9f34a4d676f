"""The tools as a server of the Model Context Protocol. Needs the extra ``mcp``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Annotated, Any, Final

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from sanctiongraph.errors import SanctiongraphError
from sanctiongraph_server.model_context.tools import Tools

_INSTRUCTIONS: Final = """\
An open knowledge graph of states, agencies, laws, arms deals and programmes: who is exposed to which
measure, under which clause, on whose word, and as of when. Every statement is a claim with a speaker,
a modality and a place in a source. Begin with search_entities for names and list_queries for
questions that are already written; use sparql for what they do not answer. A query without GRAPH sees
what sources state as fact and what follows; GRAPH ?claim { ... } sees everything that anybody said.
The prefixes sg:, id:, law:, claim:, source:, rdfs:, skos:, xsd: and others are declared. When you
cite an answer, name its version and the claims that it rests on. Nothing here is legal advice."""
#: They change nothing, and the same question of the same version has the same answer.
_READS: Final = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_Rule = Annotated[str, Field(description="a rule of list_rules, such as caatsa-231-a")]
_Party = Annotated[str, Field(description="a person, agency or state: SSB, id:SSB or an IRI")]
_Deal = Annotated[str, Field(description="a deal or delivery; empty for all of the party's")]
_Day = Annotated[str, Field(description="as of this day, 2025-12-06; empty for today (UTC)")]
_Side = Annotated[str, Field(description="whose claims count beyond the sources', such as turkey")]
_Supposed = Annotated[str, Field(description="a named scenario of the graph; empty for none")]


def server_of(tools: Tools) -> MCPServer:
    """The server; it is run by its own ``run``."""
    server = MCPServer(
        "sanctiongraph",
        instructions=_INSTRUCTIONS,
        version=version("sanctiongraph"),
        log_level="WARNING",
    )
    _add_lookups(server, tools)
    _add_queries(server, tools)
    _add_rules(server, tools)
    return server


def _add_lookups(server: MCPServer, tools: Tools) -> None:
    @server.tool(annotations=_READS)
    def search_entities(
        text: Annotated[str, Field(description="a name or part of one, in any language")],
        kind: Annotated[str, Field(description="a class, such as sg:Agency; empty for any")] = "",
        most: Annotated[int, Field(ge=1, le=50, description="how many at the most")] = 10,
    ) -> dict[str, Any]:
        """Find things of the graph by name: persons, states, agencies, laws, deals, equipment."""
        with _readable():
            return tools.search_entities(text, kind, most)

    @server.tool(annotations=_READS)
    def describe_class(
        name: Annotated[str, Field(description="a class, such as ArmsDeal or sg:ArmsDeal")],
    ) -> dict[str, Any]:
        """What a class of the vocabulary means, its properties as they are used, and examples."""
        with _readable():
            return tools.describe_class(name)


def _add_queries(server: MCPServer, tools: Tools) -> None:
    @server.tool(annotations=_READS)
    def list_queries(
        tag: Annotated[str, Field(description="only those with this tag; empty for all")] = "",
    ) -> dict[str, Any]:
        """The questions of the query library, with their parameters, for run_query."""
        with _readable():
            return {"queries": tools.list_queries(tag)}

    @server.tool(annotations=_READS)
    def run_query(
        name: Annotated[str, Field(description="a query of list_queries")],
        parameters: Annotated[
            dict[str, str] | None, Field(description="its parameters by name; else the defaults")
        ] = None,
    ) -> dict[str, Any]:
        """Answer a question of the query library."""
        with _readable():
            return tools.run_query(name, parameters or {})

    @server.tool(annotations=_READS)
    def sparql(
        query: Annotated[str, Field(description="SPARQL 1.1: SELECT, ASK, CONSTRUCT or DESCRIBE")],
    ) -> dict[str, Any]:
        """Run SPARQL, with a deadline and limits on memory and on the length of the answer."""
        with _readable():
            return tools.sparql(query)


def _add_rules(server: MCPServer, tools: Tools) -> None:
    @server.tool(annotations=_READS)
    def list_rules() -> dict[str, Any]:
        """The rules of the law that assess and explain can be asked about."""
        with _readable():
            return {"rules": tools.list_rules()}

    @server.tool(annotations=_READS)
    def assess(
        rule: _Rule,
        party: _Party,
        transaction: _Deal = "",
        as_of: _Day = "",
        viewpoint: _Side = "",
        scenario: _Supposed = "",
    ) -> dict[str, Any]:
        """What a rule of the law makes of a party: the outcome of each case, its conditions, their claims."""
        with _readable():
            return tools.assess(_given(rule, party, transaction, as_of, viewpoint, scenario))

    @server.tool(annotations=_READS, structured_output=False)
    def explain(
        rule: _Rule,
        party: _Party,
        transaction: _Deal = "",
        as_of: _Day = "",
        viewpoint: _Side = "",
        scenario: _Supposed = "",
    ) -> str:
        """The whole proof as a text: + established, - refuted, ? unknown, ! disputed. Name a transaction."""
        with _readable():
            return tools.explain(_given(rule, party, transaction, as_of, viewpoint, scenario))


def _given(
    rule: str, party: str, transaction: str, as_of: str, viewpoint: str, scenario: str
) -> dict[str, str]:
    return {
        "rule": rule,
        "party": party,
        "transaction": transaction,
        "as_of": as_of,
        "viewpoint": viewpoint,
        "scenario": scenario,
    }


@contextmanager
def _readable() -> Iterator[None]:
    """Our errors say what to do, so they are for the model; all others are not."""
    try:
        yield
    except SanctiongraphError as error:
        raise ToolError(str(error)) from error
