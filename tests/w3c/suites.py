"""Which test is run how, against one server."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from . import evaluation, exchanges
from .description import description
from .manifests import Data, Test, tests
from .servers import Server, oxigraph
from .target import Target

MANIFESTS = (
    "sparql10/manifest.ttl",
    "sparql11/manifest-all.ttl",
    "sparql11/http-rdf-update/manifest.ttl",
    "sparql12/manifest.ttl",
)
#: Regimes that are not served: the gateway evaluates by simple entailment.
LEFT_OUT = "sparql11/entailment"
FEDERATED = "sparql11/service"
OLDER_GRAPH_STORE = "sparql11/http-rdf-update"
#: What an older graph store test takes for granted and no test before it has made.
_GIVEN = {"delete__existing_graph": "person/2.ttl"}


@dataclass
class Remotes:
    """The servers that federated queries ask, and the one that has something for everybody."""

    servers: list[Server]
    anything: str
    targets: list[Target] = field(default_factory=list)

    @property
    def allowed(self) -> str:
        """Their addresses, as the operator of a gateway would allow them."""
        return ",".join(
            f"{address}/" for address in [*(one.root for one in self.servers), self.anything]
        )


def start_remotes(stack: ExitStack, root: Path, anything: str, count: int = 2) -> Remotes:
    """Servers for federated queries, until the stack ends."""
    servers = [stack.enter_context(oxigraph()) for _ in range(count)]
    return Remotes(servers, anything, [Target(one, root) for one in servers])


def all_tests(root: Path) -> Iterator[Test]:
    """The tests that are run, in the order in which some of them build on each other.

    Queries over the same data follow each other: it is loaded once for them.
    """
    for manifest in MANIFESTS:
        chosen = (test for test in tests(root, manifest) if test.suite != LEFT_OUT)
        for _, suite in itertools.groupby(chosen, lambda test: test.suite):
            yield from sorted(suite, key=_data)


def _data(test: Test) -> str:
    return repr(test.data) if test.kind in {"QueryEvaluationTest", "CSVResultFormatTest"} else ""


class Runner:
    """Runs tests against one server."""

    def __init__(self, target: Target, remotes: Remotes) -> None:
        self.target = target
        self.remotes = remotes
        #: Addresses that older graph store tests were given; none until the first of them.
        self._found: dict[str, str] | None = None

    def run(self, test: Test) -> str | None:
        """What went wrong, or nothing."""
        try:
            return self._run(test)
        except Exception as error:
            self.target.forget()
            return f"{type(error).__name__}: {error}"

    def _run(self, test: Test) -> str | None:
        if test.kind == "ProtocolTest":
            return exchanges.protocol(test, self.target)
        if test.kind == "ServiceDescriptionTest":
            return description(test, self.target)
        if test.suite == OLDER_GRAPH_STORE:
            return self._older_graph_store(test)
        if test.kind == "GraphStoreProtocolTest":
            return exchanges.graph_store(test, self.target)
        if test.kind == "UpdateEvaluationTest":
            return evaluation.update(test, self.target, f"{self.remotes.anything}/absent")
        if "Syntax" in test.kind:
            return evaluation.syntax(test, self.target, self.remotes.anything)
        if test.suite == FEDERATED:
            return self._federated(test)
        return evaluation.query(test, self.target)

    def _federated(self, test: Test) -> str | None:
        """The endpoints of the test are servers of ours; where one is to be none, nothing is."""
        where = {"http://invalid.endpoint.org/sparql": f"{self.remotes.anything}/absent"}
        for (endpoint, _), target in zip(test.remote, self.remotes.targets, strict=False):
            where[endpoint] = target.server.query
        for (_, files), target in zip(test.remote, self.remotes.targets, strict=False):
            target.hold(Data(files), where)
        return evaluation.query(test, self.target, where)

    def _older_graph_store(self, test: Test) -> str | None:
        server = self.target.server
        host, store = server.root.removeprefix("http://"), server.graphs.removeprefix(server.root)
        if self._found is None:
            self.target.hold(Data())
            self._found = {}
        given = _GIVEN.get(test.id.partition("#")[2])
        if given:
            headers = {"Content-Type": "text/turtle", **server.headers}
            self.target.client.send("PUT", f"{server.graphs}/{given}", headers, b"<s> <p> 1 .")
        read = exchanges.from_comment(test, host, store)
        return exchanges.graph_store(read, self.target, self._found)
