"""What goes wrong between us and a store, told without telling how we are let in."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from click.testing import CliRunner

from sanctiongraph import Graph
from sanctiongraph.cli import main
from sanctiongraph.errors import BadInput, DeadlineExceeded, RemoteFailed, ResultTooLarge
from sanctiongraph.settings import from_environment
from sanctiongraph.stores.building import Stored
from sanctiongraph.stores.connection import Connection, Credentials, split
from sanctiongraph.stores.opening import open_store
from sanctiongraph.stores.writing import add_to_graph
from tests.server.conftest import free_port

from .conftest import KIND, Server

#: They share stores, which it takes seconds to start and to fill.
pytestmark = pytest.mark.xdist_group("stores")

Reply = tuple[int, dict[str, str], bytes]


class Stub(http.server.ThreadingHTTPServer):
    """A server whose answers a test chooses; ``seen`` are the requests' headers."""

    answer: Callable[[int], Reply]
    seen: list[dict[str, str]]


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        stub: Stub = self.server  # type: ignore[assignment]
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        stub.seen.append({name.lower(): value for name, value in self.headers.items()})
        status, headers, body = stub.answer(len(stub.seen))
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def stub() -> Iterator[Stub]:
    server = Stub(("127.0.0.1", 0), _Handler)
    server.seen = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def url(stub: Stub) -> str:
    return f"http://127.0.0.1:{stub.server_address[1]}"


def test_reading_is_tried_again_and_changing_is_not(stub: Stub) -> None:
    stub.answer = lambda number: (503 if number < 3 else 200, {}, b"well")
    assert Connection().read("POST", url(stub)).body == b"well"
    assert len(stub.seen) == 3
    stub.seen.clear()
    assert Connection().change("POST", url(stub)).status == 503
    assert len(stub.seen) == 1


def test_credentials_are_sent_and_never_told(stub: Stub) -> None:
    stub.answer = lambda _: (401, {"WWW-Authenticate": "Basic"}, b"")
    for credentials, kind in (
        (Credentials("me", "s3cret"), "Basic "),
        (Credentials(token="s3cret"), "Bearer s3cret"),
    ):
        with pytest.raises(RemoteFailed, match="does not let us in") as error:
            Connection(credentials).read("POST", url(stub))
        assert stub.seen[-1]["authorization"].startswith(kind)
        assert "s3cret" not in f"{error.value} {credentials!r}"


def test_what_a_store_is_shows_before_anybody_is_let_in(stub: Stub) -> None:
    challenge = {"WWW-Authenticate": "Digest", "Server": "Virtuoso/07.20 (Linux)"}
    stub.answer = lambda _: (401, challenge, b"")
    settings = from_environment(
        {"SANCTIONGRAPH_STORE": url(stub), "SANCTIONGRAPH_STORE_USER": "me",
         "SANCTIONGRAPH_STORE_PASSWORD": "s3cret"}
    )  # fmt: skip
    assert open_store(settings).dialect.name == "virtuoso"
    assert "authorization" not in stub.seen[0]


def test_an_address_may_hold_them() -> None:
    port = free_port()
    settings = from_environment({"SANCTIONGRAPH_STORE": f"http://me:s3cret@127.0.0.1:{port}/query"})
    assert "s3cret" not in repr(settings).replace(settings.store or "", "")
    address, credentials = split(settings.store or "")
    assert address == f"http://127.0.0.1:{port}/query"
    assert credentials == Credentials("me", "s3cret")
    with pytest.raises(RemoteFailed) as error:
        open_store(settings)
    assert "s3cret" not in str(error.value)
    assert f"http://127.0.0.1:{port}/query" in str(error.value)


def test_deadline_and_length_hold(stub: Stub) -> None:
    def late(_: int) -> Reply:
        time.sleep(2)
        return 200, {}, b""

    stub.answer = late
    with pytest.raises(DeadlineExceeded, match=r"longer than 0\.3 seconds"):
        Connection(timeout=0.3).read("POST", url(stub))
    stub.answer = lambda _: (200, {}, b"x" * 2_000)
    with pytest.raises(ResultTooLarge):
        Connection(most_bytes=1_000).read("POST", url(stub))


def test_a_graph_in_pieces_has_one_deadline(stub: Stub) -> None:
    def slow(_: int) -> Reply:
        time.sleep(0.2)
        return 204, {}, b""

    stub.answer = slow
    settings = replace(from_environment({}), store=url(stub), store_dialect="standard")
    store = open_store(settings)
    store.dialect = replace(store.dialect, longest_piece=1)
    with pytest.raises(DeadlineExceeded):
        add_to_graph(store, "", [b"<a:a> <a:b> <a:c> .\n"] * 20, timeout=0.5)
    assert len(stub.seen) < 4


def test_redirects_are_not_followed(stub: Stub) -> None:
    stub.answer = lambda _: (302, {"Location": "http://127.0.0.1:9/"}, b"")
    assert Connection().read("POST", url(stub)).status == 302


def test_a_store_that_does_not_say_what_it_is(stub: Stub) -> None:
    stub.answer = lambda _: (200, {}, b"")
    settings = replace(from_environment({}), store=url(stub))
    with pytest.raises(RemoteFailed, match="SANCTIONGRAPH_STORE_DIALECT"):
        open_store(settings)
    assert open_store(replace(settings, store_dialect="standard")).dialect.name == "standard"
    with pytest.raises(BadInput, match="oxigraph"):
        open_store(replace(settings, store_dialect="fuseki"))


@pytest.mark.parametrize(
    "body", [b"<html>", b'{"head": {"vars": ["s"]}, "results": {"bindings": [', b""]
)
def test_answers_that_cannot_be_read(stub: Stub, body: bytes) -> None:
    stub.answer = lambda _: (200, {"Content-Type": "application/sparql-results+json"}, body)
    store = open_store(replace(from_environment({}), store=url(stub), store_dialect="standard"))
    with pytest.raises(RemoteFailed, match="cannot be read"):
        list(store.quads_for_pattern(None, None, None, None))


def test_answers_that_were_cut_off(stub: Stub) -> None:
    body = (
        b"<sparql xmlns='http://www.w3.org/2005/sparql-results#'><head><variable name='s'/></head><results>"
        + (
            b"<result><binding name='s'><uri>http://x</uri></binding></result>" * 2
            + b"</results></sparql>"
        )
    )
    headers = {"Content-Type": "application/sparql-results+xml", "X-SPARQL-MaxRows": "2"}
    stub.answer = lambda _: (200, headers, body)
    store = open_store(replace(from_environment({}), store=url(stub), store_dialect="virtuoso"))
    with pytest.raises(RemoteFailed, match="ResultSetMaxRows"):
        store.query("SELECT ?s { ?s ?p ?o }")


@pytest.mark.parametrize("address", ["localhost:7878", "ftp://x/", "http://"])
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(BadInput, match="http://"):
        split(address)


def test_syntax_errors_have_their_place(remote: Graph) -> None:
    with pytest.raises(SyntaxError, match="2:"):
        remote.store.query("SELECT * {\n ?a ?b }}")


def test_commands(server: Server, stored: Stored, graph: Graph) -> None:
    assert stored.version.name == graph.version.name
    env = {**server.environment, "SANCTIONGRAPH_STORE": ""}
    runner = CliRunner(env=env)
    built = runner.invoke(main, ["build", "--store", server.url])
    assert (
        built.output
        == f"up to date: version {graph.version.name}, {graph.version.triples:,} triples\n"
    )
    commands = [
        ["query", "deals-by-supplier", "--format", "csv"],
        ["show", "turkey-us-caatsa-talks/039"],
        ["assess", "--rule", "caatsa-231-a", "--party", "SSB", "--as-of", "2025-12-06"],
        ["timeline", "--rule", "caatsa-231-a", "--party", "SSB"],
        ["changes", "--target", "ndaa-2020-1245-transfer-permitted", "--party", "Turkey"],
        [
            "compare",
            "--viewpoint",
            "turkey",
            "--with-viewpoint",
            "united-states",
            "--as-of",
            "2025-12-06",
            "--rule",
            "caatsa-231-a",
        ],
    ]
    # The last ones ask hundreds of times, which Virtuoso takes a minute for.
    for command in commands[:2] if KIND == "virtuoso" else commands:
        result = runner.invoke(main, [*command, "--store", server.url])
        assert result.exit_code == 0, result.output
        assert result.output.strip()
