"""How often a client may ask, and who a client is."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctiongraph.errors import TooManyRequests
from sanctiongraph.settings import from_environment
from sanctiongraph_server.app import create_app
from sanctiongraph_server.clients import client_of, pseudonym
from sanctiongraph_server.rates import Rates

from .conftest import end, free_port, start, wait_until_up


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def admitted(rates: Rates, client: str = "a") -> bool:
    try:
        rates.admit(client)
    except TooManyRequests:
        return False
    return True


def test_a_minute_holds_as_many_as_it_says() -> None:
    clock = Clock()
    rates = Rates(6, clock=clock)
    assert [admitted(rates) for _ in range(8)] == [True] * 6 + [False] * 2
    assert admitted(rates, "another")
    with pytest.raises(TooManyRequests) as refused:
        rates.admit("a")
    assert refused.value.retry_after == 10
    clock.now = 9.9
    assert not admitted(rates)
    clock.now = 10.1
    assert [admitted(rates) for _ in range(2)] == [True, False]
    clock.now = 1e6
    assert [admitted(rates) for _ in range(7)] == [True] * 6 + [False]


@given(
    st.integers(1, 50),
    st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=200),
)
def test_never_more_than_the_bucket_and_what_flows_in(limit: int, pauses: list[float]) -> None:
    clock = Clock()
    rates = Rates(limit, clock=clock)
    passed = 0
    for pause in pauses:
        clock.now += pause
        passed += admitted(rates)
    assert passed <= limit + clock.now * limit / 60 + 1e-6


def test_after_the_wait_that_was_named_the_client_is_admitted() -> None:
    for limit in (1, 7, 59, 61, 1200):
        clock = Clock()
        rates = Rates(limit, clock=clock)
        while admitted(rates):
            pass
        with pytest.raises(TooManyRequests) as refused:
            rates.admit("a")
        clock.now += refused.value.retry_after
        assert admitted(rates)


def test_off() -> None:
    assert all(admitted(Rates(0)) for _ in range(1000))


def test_memory_is_bounded() -> None:
    rates = Rates(1, most_clients=10)
    for number in range(1000):
        assert admitted(rates, str(number))
    assert not admitted(rates, "999")
    assert len(rates._buckets) == 10


def test_threads_share_a_bucket_exactly() -> None:
    rates = Rates(500, clock=Clock())
    passed: list[int] = []

    def ask() -> None:
        passed.append(sum(admitted(rates) for _ in range(200)))

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(passed) == 500


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "client"),
    [
        ("192.0.2.1", None, 0, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.1", 0, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.1", 1, "198.51.100.1"),
        ("192.0.2.1", "203.0.113.9, 198.51.100.1", 1, "198.51.100.1"),
        ("192.0.2.1", "made up, 198.51.100.1, 203.0.113.9", 2, "198.51.100.1"),
        ("192.0.2.1", "198.51.100.1", 2, "192.0.2.1"),
        ("192.0.2.1", None, 1, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.1, nobody", 1, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.1:4711", 1, "198.51.100.1"),
        ("192.0.2.1", "[2001:db8::1]:4711", 1, "2001:db8::/64"),
        ("2001:db8:0:1:2:3:4:5", None, 0, "2001:db8:0:1::/64"),
        ("::ffff:192.0.2.1", None, 0, "192.0.2.1"),
        ("", None, 0, "unknown"),
        ("nobody", "no, no", 1, "unknown"),
    ],
)
def test_whose_request_it_is(peer: str, forwarded: str | None, trusted: int, client: str) -> None:
    assert client_of(peer, forwarded, trusted) == client


@given(st.text(), st.text(), st.integers(0, 16))
def test_any_header_names_somebody(peer: str, forwarded: str, trusted: int) -> None:
    assert len(client_of(peer, forwarded, trusted)) <= 43


def test_a_pseudonym_depends_on_the_key() -> None:
    assert pseudonym("192.0.2.1", b"k") == pseudonym("192.0.2.1", b"k")
    assert pseudonym("192.0.2.1", b"k") != pseudonym("192.0.2.1", b"l")
    assert "192" not in pseudonym("192.0.2.1", b"k")


def test_over_http(home: Path) -> None:
    port = free_port()
    process = start(
        home,
        port,
        SANCTIONGRAPH_WORKERS="1",
        SANCTIONGRAPH_RATE_LIMIT="3",
        SANCTIONGRAPH_TRUSTED_PROXIES="1",
    )
    url = f"http://127.0.0.1:{port}"
    wait_until_up(process, url)
    with httpx.Client(base_url=url, timeout=60) as client:
        answers = [client.get("/sparql?query=ASK{}") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        assert answers[-1].headers["Content-Type"] == "application/problem+json"
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 20
        assert answers[-1].headers["Access-Control-Allow-Origin"] == "*"
        for path in ("/healthz", "/readyz", "/metrics"):
            assert client.get(path).status_code == 200
        assert "sanctiongraph_rate_limited_total 2.0" in client.get("/metrics").text
        refused = {"X-Forwarded-For": "192.0.2.9", "Accept-Encoding": "*;q=0"}
        seen = [client.get("/sparql?query=ASK{}", headers=refused).status_code for _ in range(5)]
        assert seen == [406, 406, 406, 429, 429]
        assert status_without_the_body(port, "192.0.2.9") == 429
    end(process)


def status_without_the_body(port: int, client: str) -> int:
    """Of a request whose body does not come, within a few seconds."""
    head = f"POST /sparql HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: {client}\r\nContent-Length: 9\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"{head}\r\n".encode())
        return int(connection.recv(12).split()[1])


def test_behind_a_proxy(home: Path) -> None:
    settings = from_environment(
        {
            "SANCTIONGRAPH_HOME": str(home),
            "SANCTIONGRAPH_RATE_LIMIT": "1",
            "SANCTIONGRAPH_TRUSTED_PROXIES": "1",
        }
    )
    client = create_app(settings).test_client()

    def status(forwarded: str) -> int:
        return client.get("/", headers={"X-Forwarded-For": forwarded}).status_code

    assert [status("192.0.2.1"), status("192.0.2.2")] == [200, 200]
    assert [status("192.0.2.1"), status("192.0.2.77, 192.0.2.2")] == [429, 429]
