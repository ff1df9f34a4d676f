"""The gateway over a store: the answers, the versions and the errors of one over its own."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import NamedNode, RdfFormat

from sanctiongraph import Graph
from sanctiongraph.errors import BadData, BadQuery, NotFound, RemoteFailed, WorkerLost
from sanctiongraph.explain import to_json
from sanctiongraph.reasoner import Question
from sanctiongraph.stores.building import Stored
from sanctiongraph.stores.loading import put_build
from sanctiongraph.stores.opening import open_store
from sanctiongraph.stores.remote import RemoteStore
from sanctiongraph_server import remote
from sanctiongraph_server.linked.describing import Count
from sanctiongraph_server.linked.dumping import Part, TakeDump
from sanctiongraph_server.remote import RemoteGraph, RemoteReaders, RemoteWrites
from sanctiongraph_server.tasks import Opened, Terms
from sanctiongraph_server.writes import AddToGraph, DeleteGraph, PutGraph, Update
from tests.gateways import free_port, serving

from .conftest import KIND, PATIENCE, Server, oxigraph_only
from .test_build import EX, GRAPHS, VERSION, held
from .test_same_answers import timeline

#: They share stores, which it takes seconds to start and to fill.
pytestmark = pytest.mark.xdist_group("stores")

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s a sg:Claim }"


@pytest.fixture(scope="module")
def gateway(
    server: Server, stored: Stored, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    assert stored.version.triples > 0
    given = {
        **server.environment,
        "SANCTIONGRAPH_MAX_MERGED_TRIPLES": "100",
        "SANCTIONGRAPH_TIMEOUT": str(PATIENCE),
        "SANCTIONGRAPH_MAX_TIMEOUT": str(PATIENCE),
    }
    with serving(tmp_path_factory.mktemp("home"), **given) as address:
        yield address


def ask(gateway: str, query: str, **more: str) -> httpx.Response:
    return httpx.get(f"{gateway}/sparql", params={"query": query, **more}, timeout=PATIENCE)


def test_answers_and_version(gateway: str, graph: Graph) -> None:
    answer = ask(gateway, COUNT, format="csv")
    assert answer.status_code == 200
    assert answer.headers["Sanctiongraph-Version"] == graph.version.name
    assert answer.text.split()[1] == str(graph.query(COUNT).values()[0][0])


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_formats_of_solutions(gateway: str, name: str) -> None:
    answer = ask(gateway, "SELECT ?s WHERE { ?s a sg:State } ORDER BY ?s LIMIT 2", format=name)
    assert answer.status_code == 200
    assert answer.text.count("sanctiongraph/id/") == 2


@pytest.mark.parametrize("name", ["turtle", "nt", "rdfxml", "jsonld"])
def test_formats_of_graphs(gateway: str, name: str) -> None:
    answer = ask(gateway, "CONSTRUCT { ?s a sg:State } WHERE { ?s a sg:State }", format=name)
    assert answer.status_code == 200
    assert "State" in answer.text


def test_dataset_of_the_request(gateway: str, graph: Graph) -> None:
    claims = [
        f"https://w3id.org/sanctiongraph/claim/turkey-us-caatsa-talks/{n}" for n in ("039", "040")
    ]
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    sizes = [len(graph.assertion(graph.claim(claim))) for claim in claims]
    one = httpx.get(
        f"{gateway}/sparql",
        params={"query": count, "default-graph-uri": claims[0], "format": "csv"},
        timeout=PATIENCE,
    )
    assert int(one.text.split()[1]) == sizes[0]
    both = httpx.get(
        f"{gateway}/sparql",
        params={"query": count, "default-graph-uri": claims, "format": "csv"},
        timeout=PATIENCE,
    )
    assert max(sizes) <= int(both.text.split()[1]) <= sum(sizes)
    named = httpx.get(
        f"{gateway}/sparql",
        params={
            "query": "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }",
            "named-graph-uri": claims,
            "format": "csv",
        },
        timeout=PATIENCE,
    )
    assert sorted(named.text.split()[1:]) == claims


def test_errors(gateway: str) -> None:
    malformed = ask(gateway, "SELECT ?x WHERE {\n  ?x ?y }}")
    assert malformed.status_code == 400
    assert malformed.json()["line"] == 2
    assert (
        ask(gateway, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }").status_code == 403
    )


def test_the_reasoner(gateway: str, graph: Graph) -> None:
    rule = "ndaa-2020-1245-transfer-permitted"
    given = {"rule": rule, "party": "Turkey", "as_of": "2025-12-06", "viewpoint": "turkey"}
    answer = httpx.get(f"{gateway}/assess", params=given, timeout=PATIENCE)
    assert answer.status_code == 200
    question = Question.of(rule, "Turkey", None, "2025-12-06", "turkey")
    assert answer.text == to_json(graph.reasoner.explain(question), graph.reasoner)


def test_a_timeline(gateway: str, graph: Graph) -> None:
    rule = "ndaa-2020-1245-transfer-permitted"
    answer = httpx.get(
        f"{gateway}/timeline", params={"rule": rule, "party": "Turkey"}, timeout=PATIENCE
    )
    assert answer.status_code == 200, answer.text
    assert answer.json() == timeline(graph, rule, "Turkey", "sources")


@pytest.fixture
def writes(empty_server: Server) -> RemoteWrites:
    """Over a store with the small build of ``test_build`` in it."""
    store = empty_server.open()
    put_build(store, GRAPHS, VERSION, force=True)
    return RemoteWrites(RemoteGraph(lambda: store), timeout=60)


def test_an_update_counts_and_is_seen(writes: RemoteWrites, empty_server: Server) -> None:
    for ending in ("", " # and a comment", " ;"):
        text = f"INSERT DATA {{ GRAPH <{EX}w> {{ <{EX}s> <{EX}p> {len(ending)} }} }}{ending}"
        receipt = writes.apply(Update(text, EX))
    assert receipt.version == "a" * 16 + ("-3" if KIND == "oxigraph" else "-6")
    assert len(held(empty_server.open(), EX + "w")) == 3


def test_an_update_without_a_graph_is_one_of_the_accepted_graph(
    writes: RemoteWrites, empty_server: Server
) -> None:
    writes.apply(Update(f"INSERT DATA {{ <{EX}s> <{EX}p> <{EX}more> }}", EX))
    assert f"<{EX}s> <{EX}p> <{EX}more>" in held(empty_server.open(), "")


def test_what_does_not_parse_changes_nothing(writes: RemoteWrites, empty_server: Server) -> None:
    before = held(empty_server.open(), EX + "one")
    with pytest.raises(BadQuery):
        writes.apply(Update("INSERT DATA {{", EX))
    with pytest.raises(BadData):
        writes.apply(PutGraph(EX + "one", b"<a> <b>", RdfFormat.TURTLE, EX))
    with pytest.raises(BadData, match="graphs of its own"):
        writes.apply(AddToGraph(EX + "one", b"<a:a> { <a:b> <a:c> <a:d> }", RdfFormat.TRIG, EX))
    store = empty_server.open()
    assert held(store, EX + "one") == before
    assert RemoteGraph(lambda: store).version().name == "a" * 16


def test_graphs_are_put_added_to_and_deleted(writes: RemoteWrites, empty_server: Server) -> None:
    turtle = b"<s> <p> 1 , [ <q> 'x'@en ] ."
    assert not writes.apply(PutGraph(EX + "new", turtle, RdfFormat.TURTLE, EX)).existed
    assert len(held(empty_server.open(), EX + "new")) == 3
    assert writes.apply(AddToGraph(EX + "new", b"<s> <p> 2 .", RdfFormat.TURTLE, EX)).existed
    assert len(held(empty_server.open(), EX + "new")) == 4
    assert writes.apply(PutGraph(EX + "new", b"<s> <p> 2 .", RdfFormat.TURTLE, EX)).existed
    assert len(held(empty_server.open(), EX + "new")) == 1
    gone = writes.apply(DeleteGraph(EX + "new"))
    assert gone.version == "a" * 16 + ("-4" if KIND == "oxigraph" else "-8")
    assert held(empty_server.open(), EX + "new") == set()
    with pytest.raises(NotFound):
        writes.apply(DeleteGraph(EX + "new"))


def test_the_accepted_graph_is_put(writes: RemoteWrites, empty_server: Server) -> None:
    writes.apply(PutGraph(None, b"<s> <p> <o> .", RdfFormat.TURTLE, EX))
    assert held(empty_server.open(), "") == {f"<{EX}s> <{EX}p> <{EX}o>"}


@dataclass(frozen=True)
class Kept:
    """What is kept of a version: how much a graph holds."""

    def perform(self, opened: Opened) -> int:
        return opened.once(_size)


def _size(opened: Opened) -> int:
    return len(list(opened.store.quads_for_pattern(None, None, None, NamedNode(EX + "kept"))))


def test_what_is_learned_while_a_change_is_made_is_not_taken_for_what_is_after_it(
    empty_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = empty_server.settings
    if KIND == "oxigraph":  # as one that does not make changes whole
        url = empty_server.url
        settings = replace(
            settings,
            store=f"{url}/query",
            store_update_url=f"{url}/update",
            store_graphs_url=f"{url}/store",
            store_dialect="standard",
        )
    store = open_store(settings)
    put_build(store, GRAPHS, VERSION, force=True)
    graph = RemoteGraph(lambda: store)
    readers = RemoteReaders(graph, settings)
    asked: list[int] = []
    real = remote.update

    def update(*given: Any, **more: Any) -> None:
        asked.append(readers.perform(Kept(), Terms(30)))
        real(*given, **more)

    monkeypatch.setattr(remote, "update", update)
    text = f"INSERT DATA {{ GRAPH <{EX}kept> {{ <{EX}s> <{EX}p> 1 }} }}"
    RemoteWrites(graph, timeout=PATIENCE).apply(Update(text, EX))
    assert asked == [0]
    assert readers.perform(Kept(), Terms(30)) == 1


def test_files_of_the_working_directory_are_none_of_the_store(
    writes: RemoteWrites,
    empty_server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert writes is not None
    (tmp_path / "dataset.nq").write_text("<a:elsewhere> <a:elsewhere> <a:elsewhere> .\n", "utf-8")
    (tmp_path / "version.json").write_text('{"fingerprint": "other"}', "utf-8")
    monkeypatch.chdir(tmp_path)
    readers = RemoteReaders(RemoteGraph(empty_server.open), empty_server.settings)
    dump = readers.perform(TakeDump(Part(whole=True)), Terms(30)).whole()
    assert b"elsewhere" not in gzip.decompress(dump)
    assert readers.perform(Count(), Terms(30)).about.fingerprint == ""


class BreaksOff(httpx.BaseTransport):
    """Breaks off as soon as a change is made: at its answer, or at the next question."""

    def __init__(self, store: RemoteStore, *, at_its_answer: bool) -> None:
        self._inner = httpx.HTTPTransport()
        self._at_its_answer = at_its_answer
        self._reading = httpx.URL(store.addresses.query)
        self._made = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._made:
            raise httpx.ReadError("broken off")
        response = self._inner.handle_request(request)
        if request.url.copy_with(query=None) != self._reading:
            self._made = True
            if self._at_its_answer:
                response.close()
                raise httpx.ReadError("broken off")
        return response

    def close(self) -> None:
        self._inner.close()


@oxigraph_only
@pytest.mark.parametrize(
    ("at_its_answer", "said"),
    [(True, "not known whether the change was made"), (False, "the change was made")],
)
def test_a_change_of_which_no_word_comes_is_not_said_to_have_failed(
    at_its_answer: bool,
    said: str,
    writes: RemoteWrites,
    empty_server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = empty_server.open()
    with httpx.Client(transport=BreaksOff(store, at_its_answer=at_its_answer)) as client:
        monkeypatch.setattr(store.connection, "_client", client)
        with pytest.raises(WorkerLost, match=said):
            RemoteWrites(RemoteGraph(lambda: store), timeout=60).apply(
                PutGraph(EX + "lost", b"<s> <p> 1 .", RdfFormat.TURTLE, EX)
            )
    assert len(held(empty_server.open(), EX + "lost")) == 1
    assert writes.apply(DeleteGraph(EX + "lost")).existed


@oxigraph_only
@pytest.mark.usefixtures("writes")
def test_a_change_that_reached_nobody_has_failed(empty_server: Server) -> None:
    store = empty_server.open()
    nowhere = f"http://127.0.0.1:{free_port()}/update"
    store.addresses = replace(store.addresses, update=nowhere)
    with pytest.raises(RemoteFailed, match="is not reached"):
        RemoteWrites(RemoteGraph(lambda: store), timeout=60).apply(Update("CLEAR DEFAULT", EX))
    assert held(empty_server.open(), "")
