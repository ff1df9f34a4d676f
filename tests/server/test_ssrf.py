"""Nothing that a client writes makes the gateway call an address that is not allowed.

The spellings are in ``ssrf/``. A listener on all addresses of the machine shows that nobody ever
connects, and a server of which one path is allowed that no other is asked for.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from pyoxigraph import Store

from sanctiongraph.errors import BadQuery, Forbidden, RemoteFailed
from sanctiongraph_server.addresses import AllowList, allow_list
from sanctiongraph_server.calling import Remote
from sanctiongraph_server.guard import check_update

from . import servers
from .conftest import end, free_port, start, wait_until_up
from .servers import Server, replying

#: What they share takes seconds to make.
pytestmark = pytest.mark.xdist_group("ssrf")


def lines(name: str) -> list[str]:
    text = (Path(__file__).parent / "ssrf" / name).read_text("utf-8")
    return [line for line in text.split("\n") if line and not line.startswith("#")]


ADDRESSES = lines("addresses.txt")
QUERIES = lines("queries.txt")
UPDATES = lines("updates.txt")


@dataclass(frozen=True)
class Surroundings:
    """A port where nobody may knock, and a server of which only /sparql may be asked."""

    listener: socket.socket
    open: Server

    @property
    def allow(self) -> str:
        return f"http://127.0.0.1:{self.open.server_port}/sparql,https://allowed.example/sparql"

    def filled(self, text: str) -> str:
        port = str(self.listener.getsockname()[1])
        return text.replace("{port}", port).replace("{open}", str(self.open.server_port))

    def untouched(self) -> bool:
        ready, _, _ = select.select([self.listener], [], [], 0)
        return not ready and all(path == "/sparql" for _, path, _, _ in self.open.calls)


@pytest.fixture(scope="module")
def around() -> Iterator[Surroundings]:
    family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET
    with (
        socket.create_server(
            ("", 0), family=family, dualstack_ipv6=family == socket.AF_INET6
        ) as listener,
        servers.serving() as server,
    ):
        server.answers["/sparql"] = [replying()]
        yield Surroundings(listener, server)


@pytest.fixture(scope="module", params=["", "allowing"])
def gateway(
    request: pytest.FixtureRequest, home: Path, around: Surroundings
) -> Iterator[httpx.Client]:
    port = free_port()
    more = {"SANCTIONGRAPH_SERVICE_ALLOW": around.allow if request.param else ""}
    process = start(home, port, **more)
    url = f"http://127.0.0.1:{port}"
    wait_until_up(process, url)
    with httpx.Client(base_url=url, timeout=20) as client:
        yield client
    end(process)


def test_the_set_is_as_large_as_promised() -> None:
    assert len(set(ADDRESSES)) >= 40


def test_a_call_would_show() -> None:
    with servers.serving() as other:
        seen = Surroundings(socket.create_server(("127.0.0.1", 0)), other)
    with seen.listener:
        assert seen.untouched()
        with socket.create_connection(seen.listener.getsockname()):
            assert not seen.untouched()


def test_every_spelling_is_refused(gateway: httpx.Client, around: Surroundings) -> None:
    for address in ADDRESSES:
        iri = around.filled(address)
        for silent in ("", "SILENT "):
            query = f"SELECT * {{ SERVICE {silent}<{iri}> {{ ?s ?p ?o }} }}"
            response = gateway.post("/sparql", data={"query": query})
            assert response.status_code in (400, 403), (query, response.text)
            assert response.headers["Content-Type"] == "application/problem+json"
        assert around.untouched(), address


def test_every_way_to_write_the_clause(gateway: httpx.Client, around: Surroundings) -> None:
    for query in QUERIES:
        text = around.filled(query.replace("\\n", "\n").replace("U>", "http://127.0.0.1:{port}/>"))
        response = gateway.get("/sparql", params={"query": text})
        assert response.status_code in (400, 403), (text, response.text)
        assert around.untouched(), text


def test_a_refused_clause_names_the_allow_list(gateway: httpx.Client) -> None:
    query = "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"
    response = gateway.post("/sparql", data={"query": query})
    assert response.status_code == 403
    assert "SANCTIONGRAPH_SERVICE_ALLOW" in response.json()["detail"]


def test_updates(around: Surroundings) -> None:
    allowing = allow_list(around.allow.split(","))
    for allow in (AllowList(), allowing):
        for address in ADDRESSES:
            iri = around.filled(address)
            for update in (f"LOAD <{iri}>", f"LOAD SILENT <{iri}> INTO GRAPH <http://g>",
                           f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{iri}> {{ ?s ?p ?o }} }}"):  # fmt: skip
                assert refused(update, allow), update
        for template in UPDATES:
            update = around.filled(
                template.replace("\\n", "\n").replace("U>", "http://127.0.0.1:{port}/>")
            )
            assert refused(update, allow), update


def refused(update: str, allow: AllowList) -> bool:
    """By the guard, or because the engine finds no such IRI in the text: then it does not parse."""
    try:
        check_update(update, allow, "http://127.0.0.1:1/update")
    except (Forbidden, BadQuery):
        return True
    return does_not_parse(update)


def does_not_parse(update: str) -> bool:
    try:
        # An operation that fails before the text's own is reached: it is parsed and not run.
        Store().update(update.replace("LOAD", "DROP GRAPH <http://none/> ; LOAD", 1))
    except SyntaxError:
        return True
    except (RuntimeError, OSError):
        pass
    return False


@pytest.mark.parametrize(
    "ips",
    [
        ["127.0.0.1"], ["10.1.2.3"], ["172.31.0.1"], ["192.168.1.1"], ["169.254.169.254"],
        ["100.64.0.1"], ["0.0.0.0"], ["224.0.0.1"], ["255.255.255.255"], ["192.0.2.1"],
        ["::1"], ["::"], ["fe80::1%2"], ["fc00::1"], ["fec0::1"], ["ff02::1"], ["::ffff:127.0.0.1"],
        ["::127.0.0.1"], ["64:ff9b::a9fe:a9fe"], ["64:ff9b:1::1"], ["2002:7f00:1::"],
        ["2001:0:7f00:1::"], ["93.184.215.14", "127.0.0.1"],
    ],
)  # fmt: skip
def test_a_name_that_leads_into_the_network(
    ips: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is allowed; what it resolves to decides."""
    connected: list[object] = []
    monkeypatch.setattr(socket, "create_connection", lambda *args, **_more: connected.append(args))
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda *_args, **_more: [(0, 0, 0, "", (ip, 80)) for ip in ips],
    )
    allow = allow_list(["http://public.example/"])
    address = allow.admit("http://public.example/sparql")
    with pytest.raises(RemoteFailed, match="open internet"):
        Remote(allow, time.monotonic() + 5).fetch(address, "*/*")
    assert connected == []


def test_a_host_that_the_operator_lets_be_private(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = f"http://store.example:{around.open.server_port}/sparql"
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *args, **more: real(
            "127.0.0.1" if host == "store.example" else host, *args, **more
        ),
    )
    deadline = time.monotonic() + 10
    private = allow_list([entry], ["store.example"])
    assert Remote(private, deadline).fetch(private.admit(entry), "*/*").body
    public = allow_list([entry])
    with pytest.raises(RemoteFailed, match=r"127\.0\.0\.1"):
        Remote(public, deadline).fetch(public.admit(entry), "*/*")
