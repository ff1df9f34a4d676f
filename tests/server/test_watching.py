"""What operators see: the log, the numbers, whether it lives and is ready; and what browsers are told."""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import logging
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from pyoxigraph import Literal, QueryResultsFormat, QuerySolutions, Store

from sanctiongraph.settings import from_environment
from sanctiongraph_server import logs
from sanctiongraph_server.app import create_app
from sanctiongraph_server.log_writer import MOST_WAITING
from sanctiongraph_server.negotiation import SOLUTIONS
from sanctiongraph_server.rows import count

from .conftest import SERVE, end, free_port, start, wait_until_up
from .test_serving import Broken

#: What they share takes seconds to make.
pytestmark = pytest.mark.xdist_group("watching")

SECRET = "Bearer sesame"


@pytest.fixture(scope="module")
def logged(home: Path) -> dict[str, dict[str, object]]:
    """Requests to a real server, and the line that each has in its log, by path and method."""
    port = free_port()
    process = start(home, port)
    url = f"http://127.0.0.1:{port}"
    wait_until_up(process, url)
    query = "SELECT * { ?s ?p ?o } # very private"
    with httpx.Client(base_url=url, headers={"Authorization": SECRET}, timeout=60) as client:
        client.post("/sparql", data={"query": query})
        client.get("/sparql", params={"query": "ASK {} # very private"})
        client.get("/nowhere/very-long" + "x" * 1000, params={"token": "very private"})
        client.head("/")
        client.put("/sparql")
    status, output = end(process)
    assert status == 0
    assert "private" not in output
    assert "sesame" not in output
    assert "127.0.0.1" not in output.partition("\n")[2]
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return {f"{line['method']} {line['path']}"[:20]: line for line in lines}


def test_a_line_for_each_request(logged: dict[str, dict[str, object]]) -> None:
    query = "SELECT * { ?s ?p ?o } # very private"
    line = logged["POST /sparql"]
    assert line["status"] == 200
    assert line["rows"] == 2
    assert line["version"] == "a" * 16
    assert line["query"] == hashlib.sha256(query.encode()).hexdigest()[:16]
    assert isinstance(line["milliseconds"], float)
    assert isinstance(line["bytes"], int)
    assert re.fullmatch(r"[0-9a-f]{12}", str(line["client"]))
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(line["time"]))
    assert "rows" not in logged["GET /sparql"]
    assert logged["GET /nowhere/very-lo"]["status"] == 404
    assert len(str(logged["GET /nowhere/very-lo"]["path"])) == 200
    assert logged["PUT /sparql"]["status"] == 405
    assert logged["HEAD /"]["status"] == 200


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What a serving process would log, caught."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure(stream)
    yield stream
    root.handlers[:], level = before
    root.setLevel(level)


def test_an_error_of_our_own_has_its_trace_in_the_log_only(home: Path, log: io.StringIO) -> None:
    settings = from_environment({"SANCTIONGRAPH_HOME": str(home)})
    response = create_app(settings, readers=Broken()).test_client().get("/sparql?query=ASK{}")
    error, request = written(log)
    assert response.json["instance"] in error["message"]
    assert "ZeroDivisionError" in error["trace"]
    assert "ZeroDivisionError" not in response.text
    assert request["status"] == 500


def written(log: io.StringIO) -> list[dict[str, str]]:
    logs.flush()
    return [json.loads(line) for line in log.getvalue().splitlines()]


class Unread(io.StringIO):
    """Takes nothing more until it is read."""

    def __init__(self) -> None:
        super().__init__()
        self.full, self.read = threading.Event(), threading.Event()

    def write(self, text: str) -> int:
        self.full.set()
        self.read.wait()
        return super().write(text)


@pytest.mark.usefixtures("log")
def test_where_nobody_reads_the_log_lines_are_lost_and_counted() -> None:
    unread = Unread()
    logs.configure(unread)
    line = logs.RequestLine("GET", "/", 200, 1.0, 1, "c")
    logs.write(line)
    assert unread.full.wait(10)
    before = REGISTRY.get_sample_value("sanctiongraph_log_lines_lost_total")
    for _ in range(MOST_WAITING + 50):
        logs.write(line)
    assert REGISTRY.get_sample_value("sanctiongraph_log_lines_lost_total") == before + 50
    unread.read.set()
    until = time.monotonic() + 60
    while len(written(unread)) < 1 + MOST_WAITING:
        assert time.monotonic() < until
    logs.write(line)
    *_, word, last = written(unread)
    assert word["message"] == "50 lines were lost: nobody read the log in time"
    assert last["status"] == 200


def test_a_log_that_nobody_reads_holds_nobody_up(home: Path) -> None:
    """Not even where it goes to a pipe that is full."""
    reads, writes = os.pipe()
    room = fcntl.fcntl(writes, fcntl.F_SETPIPE_SZ, 4096)
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, "--port", str(port), "--workers", "1"],
        env={
            **os.environ,
            "SANCTIONGRAPH_HOME": str(home),
            "SANCTIONGRAPH_RATE_LIMIT": "0",
        },
        stdout=writes,
        stderr=writes,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(process, url)
        with httpx.Client(base_url=url, timeout=60) as client:
            for _ in range(room // 20):  # of 200 bytes each
                assert client.get("/sparql?query=ASK{}").status_code == 200
    finally:
        process.terminate()
        process.wait(15)
        os.close(writes)
        os.close(reads)


def test_metrics_of_two_workers_are_added_up(home: Path) -> None:
    port = free_port()
    process = start(home, port, SANCTIONGRAPH_WORKERS="2")
    url = f"http://127.0.0.1:{port}"
    wait_until_up(process, url)
    # A connection each, so that both workers get some; another query each, so that none is remembered.
    none_kept = httpx.Limits(max_keepalive_connections=0)
    with httpx.Client(base_url=url, timeout=60, limits=none_kept) as client:
        for n in range(30):
            assert client.get(f"/sparql?query=ASK{{}}%23{n}").status_code == 200
        client.get("/nowhere/at/all")
        response = client.get("/metrics")
    end(process)
    assert response.headers["Content-Type"].startswith("text/plain")
    text = response.text
    line = 'sanctiongraph_requests_total{method="GET",route="/sparql",status="200"} 30.0'
    assert line in text
    assert 'route="none",status="404"} 1.0' in text
    assert "nowhere" not in text
    assert 'sanctiongraph_request_seconds_count{route="/sparql"} 30.0' in text
    assert f'sanctiongraph_version_info{{version="{"a" * 16}"}} 1.0' in text


METRICS = """
import os, sys
from sanctiongraph_server import metrics
metrics.readers_busy(3); metrics.queries_waiting(2); metrics.reader_killed("deadline")
metrics.cache_asked(True); metrics.cache_asked(False); metrics.write_finished("put", "made", .1)
"""


def test_what_a_dead_worker_had_at_work_no_longer_counts(tmp_path: Path) -> None:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    page = "print(metrics.page('v').decode())"

    def run(code: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    alive = run(METRICS + page)
    assert "sanctiongraph_readers_busy 3.0" in alive
    assert "sanctiongraph_queries_waiting 2.0" in alive
    later = run("from sanctiongraph_server import metrics\n" + page)
    assert "sanctiongraph_readers_busy 0.0" in later
    assert 'sanctiongraph_readers_killed_total{cause="deadline"} 1.0' in later
    assert 'sanctiongraph_cache_total{outcome="hit"} 1.0' in later
    assert 'sanctiongraph_writes_total{kind="put",outcome="made"} 1.0' in later


def test_health_and_readiness(home: Path, tmp_path: Path) -> None:
    client = create_app(from_environment({"SANCTIONGRAPH_HOME": str(home)})).test_client()
    # The readers are only just being made, which may take its time on a busy machine.
    ready = next(answer for _ in range(20) if (answer := client.get("/readyz")).status_code == 200)
    assert ready.json == {
        "status": "ready",
        "version": "a" * 16,
        "checks": {"reader": "ok"},
    }
    assert ready.headers["Cache-Control"] == "no-store"
    empty = create_app(from_environment({"SANCTIONGRAPH_HOME": str(tmp_path)})).test_client()
    assert empty.get("/healthz").status_code == 200
    unready = next(
        answer
        for _ in range(20)
        if "no reader was free" not in (answer := empty.get("/readyz")).text
    )
    assert unready.status_code == 503
    assert unready.content_type == "application/problem+json"
    assert unready.json["version"] is None
    assert "sanctiongraph build" in unready.json["checks"]["reader"]
    assert unready.headers["Retry-After"]


def test_that_this_process_lives_depends_on_no_store_elsewhere() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts, and never answers
        settings = from_environment(
            {
                "SANCTIONGRAPH_STORE": f"http://127.0.0.1:{silent.getsockname()[1]}/query",
                "SANCTIONGRAPH_STORE_DIALECT": "standard",
                "SANCTIONGRAPH_TIMEOUT": "1",
                "SANCTIONGRAPH_MAX_TIMEOUT": "1",
            }
        )
        client = create_app(settings).test_client()
        silent.setblocking(False)
        alive = client.get("/healthz")
        assert alive.json == {"status": "ok", "version": None}
        assert client.get("/metrics").status_code == 200
        with pytest.raises(BlockingIOError):
            silent.accept()  # nobody has connected
        assert client.get("/readyz").status_code == 503


def test_a_check_with_a_bug_says_no_more_than_that(home: Path) -> None:
    settings = from_environment({"SANCTIONGRAPH_HOME": str(home)})
    unready = create_app(settings, readers=Broken()).test_client().get("/readyz")
    assert unready.status_code == 503
    assert unready.json["checks"].keys() == {"reader"}
    assert "secret" not in unready.text


@pytest.mark.parametrize("path", ["/", "/sparql?query=ASK{}", "/sparql?query=oops", "/nowhere"])
def test_security_headers_on_every_answer(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    policy = dict(
        directive.partition(" ")[::2]
        for directive in headers["Content-Security-Policy"].split("; ")
    )
    assert policy["script-src"] == policy["style-src"] == policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"


VALUES = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.lists(st.sampled_from(['"', "}", "{", ",", "[]", "{}", "\r\n", "\n", "<result>", "\\", "a", "\t"]),
             max_size=8).map("".join),
)  # fmt: skip


@given(st.lists(st.tuples(VALUES, VALUES), max_size=5))
def test_rows_are_counted_as_they_are(table: list[tuple[str | None, str | None]]) -> None:
    rows = " ".join(
        "({})".format(" ".join("UNDEF" if v is None else str(Literal(v)) for v in row))
        for row in table
        if "\0" not in f"{row}"
    )
    expected = sum("\0" not in f"{row}" for row in table)
    for query in (f"SELECT ?x ?y {{ VALUES (?x ?y) {{ {rows} }} }}",):
        for offer in SOLUTIONS:
            results = Store().query(query)
            assert isinstance(results, QuerySolutions)
            assert isinstance(offer.engine, QueryResultsFormat)
            body = results.serialize(format=offer.engine)
            assert body is not None
            assert count(body, offer.content_type) == expected, (offer.name, body)


def test_what_has_no_rows() -> None:
    for offer in SOLUTIONS:
        assert isinstance(offer.engine, QueryResultsFormat)
        body = Store().query("ASK {}").serialize(format=offer.engine)  # type: ignore[union-attr, call-arg, arg-type]
        assert count(body, offer.content_type) is None, offer  # type: ignore[arg-type]
    assert count(b"<a> <b> <c> .", "text/turtle") is None


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_not_built_is_what_the_start_says(tmp_path: Path, accept: str) -> None:
    app = create_app(from_environment({"SANCTIONGRAPH_HOME": str(tmp_path)}))
    answer = app.test_client().get("/", headers={"Accept": accept})
    assert answer.status_code == 503
    assert "sanctiongraph build" in answer.text
