"""The server as a process: start, end, and a new version while it serves."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import httpx
import pytest
from click.testing import CliRunner

from sanctiongraph.settings import Settings, from_environment
from sanctiongraph_server.app import READERS, create_app
from sanctiongraph_server.command import serve
from sanctiongraph_server.tasks import R, Task, Terms

from .conftest import EX, NQUADS, end, free_port, publish_nquads, start, wait_until_up


def in_process(home: Path, **more: str) -> Settings:
    return from_environment({"SANCTIONGRAPH_HOME": str(home), **more})


def test_index_and_health(client: httpx.Client, address: str) -> None:
    assert client.get("/").json()["sparql"] == f"{address}/sparql"
    assert client.get("/healthz").json() == {"status": "ok", "version": "a" * 16}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_new_version_is_seen_and_the_end_is_clean(tmp_path: Path, how: signal.Signals) -> None:
    publish_nquads(tmp_path, NQUADS, "a" * 64)
    port = free_port()
    process = start(tmp_path, port)
    url = f"http://127.0.0.1:{port}"
    wait_until_up(process, url)
    query = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "format": "csv"}
    with httpx.Client(base_url=url, timeout=60) as client:
        assert client.get("/sparql", params=query).text.split() == ["n", "2"]
        for sha256, more in (("b" * 64, 1), ("b" * 64, 2), ("c" * 64, 3), ("d" * 64, 4)):
            added = "".join(f"<{EX}new{n}> <{EX}p> <{EX}a> .\n" for n in range(more))
            publish_nquads(tmp_path, NQUADS + added, sha256)
            response = client.get("/sparql", params=query)
            assert response.text.split() == ["n", str(2 + more)]
            assert response.headers["Sanctiongraph-Version"] == sha256[:16]
    status, output = end(process, how)
    assert status == 0, output
    assert f"http://127.0.0.1:{port}/sparql" in output
    assert "Traceback" not in output


@pytest.fixture
def _environment_kept() -> Iterator[None]:
    """The command hands its options to the workers through the environment."""
    with mock.patch.dict(os.environ):
        yield


@pytest.mark.usefixtures("_environment_kept")
def test_nothing_built(tmp_path: Path) -> None:
    result = CliRunner().invoke(serve, ["--home", str(tmp_path)])
    assert result.exit_code == 1
    assert "sanctiongraph build" in result.output


@pytest.mark.usefixtures("_environment_kept")
def test_port_taken(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        result = CliRunner().invoke(serve, ["--home", str(home), "--port", port])
    assert result.exit_code == 1
    assert f"port {port}" in result.output


@pytest.mark.usefixtures("_environment_kept")
def test_bad_setting(home: Path) -> None:
    result = CliRunner().invoke(
        serve, ["--home", str(home)], env={"SANCTIONGRAPH_MAX_QUERY_BYTES": "many"}
    )
    assert result.exit_code == 1
    assert "SANCTIONGRAPH_MAX_QUERY_BYTES" in result.output


def test_unbuilt_then_built(tmp_path: Path) -> None:
    app = create_app(in_process(tmp_path))
    client = app.test_client()
    assert client.get("/healthz").json == {"status": "ok", "version": None}
    for path in ("/readyz", "/", "/sparql?query=ASK{}", "/sparql"):
        for _ in range(10):  # on a busy machine there is no reader yet, which is told first
            response = client.get(path)
            assert response.status_code == 503
            assert response.content_type == "application/problem+json"
            if "sanctiongraph build" in response.text:
                break
        assert "sanctiongraph build" in response.text
        assert "Sanctiongraph-Version" not in response.headers
    publish_nquads(tmp_path, NQUADS, "a" * 64)
    assert client.get("/readyz").status_code == 200
    app.extensions[READERS].close()


def test_a_store_that_cannot_be_opened(tmp_path: Path) -> None:
    published = publish_nquads(tmp_path, NQUADS, "a" * 64)
    (published.folder / "store" / "CURRENT").write_text("nonsense")
    app = create_app(in_process(tmp_path))
    for _ in range(10):  # on a busy machine there is no reader yet, which is told first
        response = app.test_client().get("/readyz")
        assert response.status_code == 503
        if "cannot be opened" in response.text:
            break
    assert "cannot be opened" in response.text
    app.extensions[READERS].close()


class Broken:
    """A performer with a bug."""

    def perform(self, task: Task[R], terms: Terms) -> R:  # noqa: ARG002
        raise ZeroDivisionError("secret")


def test_a_bug_is_a_problem_without_a_trace(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    client = create_app(in_process(home), readers=Broken()).test_client()
    response = client.get("/sparql?query=ASK{}")
    assert response.status_code == 500
    assert response.content_type == "application/problem+json"
    assert "secret" not in response.text
    assert response.json["instance"] in caplog.text
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_the_application_loads_as_a_worker_does(home: Path) -> None:
    code = (
        "from sanctiongraph_server import rsgi;"
        " print(rsgi._application.test_client().get('/').status)"
    )
    environment = {**os.environ, "SANCTIONGRAPH_HOME": str(home)}
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "200 OK"
