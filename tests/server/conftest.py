"""One small graph, built through the project's own publishing, behind one real server.

The graph has what the protocol can get wrong and little else: a default graph; two named graphs
that share a triple, so that merging shows; a third that shares none; a name outside ASCII.
"""

from __future__ import annotations

import os
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx
import pytest

from sanctiongraph.published import Published, Version, building, load, publish
from sanctiongraph.tokens import Scope, create

EX = "http://example.org/"
#: The default graph; then g1 and g2, which share ``s p 1``; then g3.
NQUADS = f"""\
<{EX}a> <{EX}label> "Türkiye"@tr .
<{EX}a> <https://w3id.org/sanctiongraph/ontology#speaker> <https://w3id.org/sanctiongraph/id/Turkey> .
<{EX}s> <{EX}p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <{EX}g1> .
<{EX}s> <{EX}p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <{EX}g2> .
<{EX}s> <{EX}p> "2"^^<http://www.w3.org/2001/XMLSchema#integer> <{EX}g2> .
<{EX}t> <{EX}p> "3"^^<http://www.w3.org/2001/XMLSchema#integer> <{EX}g3> .
"""
#: Enough for g1 and g2 together, not for all three with one more.
MOST_MERGED = 4
LONGEST_BODY = 30_000
LONGEST_UPLOAD = 40_000


def publish_nquads(home: Path, nquads: str, sha256: str) -> Published:
    with building(home) as work:
        (work / "dataset.nq").write_text(nquads, "utf-8")
        load(work / "dataset.nq", work / "store")
        lines = nquads.splitlines()
        version = Version(
            sha256=sha256,
            fingerprint="0" * 64,
            triples=len(lines),
            graphs=len(set(re.findall(r"/(g\d)> \.$", nquads, re.MULTILINE))),
            claims=0,
            entailed=0,
            assemble_seconds=0.0,
            load_seconds=0.0,
        )
        return publish(home, work, version)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(home: Path, port: int, **more: str) -> subprocess.Popen[str]:
    """``sanctiongraph serve``, once it has said that it listens."""
    environment = {
        "SANCTIONGRAPH_HOME": str(home),
        "SANCTIONGRAPH_MAX_MERGED_TRIPLES": str(MOST_MERGED),
        "SANCTIONGRAPH_MAX_QUERY_BYTES": str(LONGEST_BODY),
        "SANCTIONGRAPH_RATE_LIMIT": "0",
        **more,
    }
    return started([SERVE, "--port", str(port)], environment)


def started(
    program: list[str], environment: dict[str, str], cwd: Path | None = None
) -> subprocess.Popen[str]:
    """A server from a Python program and its arguments; ``end`` gives what it said."""
    # A file and no pipe: the log of a long run would fill a pipe that nobody reads.
    output = tempfile.TemporaryFile("w+")  # noqa: SIM115
    process = subprocess.Popen(
        [sys.executable, "-c", *program],
        env={**os.environ, **environment},
        cwd=cwd,
        stdout=output,
        stderr=subprocess.STDOUT,
        text=True,
    )
    _outputs[process.pid] = output
    return process


_outputs: dict[int, IO[str]] = {}
SERVE = "from sanctiongraph_server.command import serve; serve()"


def wait_until_up(process: subprocess.Popen[str], address: str) -> None:
    transport = httpx.HTTPTransport(retries=0)
    with httpx.Client(transport=transport) as client:
        for _ in range(1200):  # a minute and more: the machine may be busy
            try:
                client.get(f"{address}/healthz")
                return
            except httpx.TransportError:
                try:
                    process.wait(0.05)
                except subprocess.TimeoutExpired:
                    continue
                break
    raise AssertionError(f"the server did not come up: {end(process)}")


def end(process: subprocess.Popen[str], how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
    process.send_signal(how)
    process.wait(timeout=15)
    with _outputs.pop(process.pid) as output:
        output.seek(0)
        return process.returncode, output.read()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    publish_nquads(folder, NQUADS, "a" * 64)
    return folder


@pytest.fixture(scope="session")
def address(home: Path) -> Iterator[str]:
    port = free_port()
    process = start(home, port)
    url = f"http://127.0.0.1:{port}"
    wait_until_up(process, url)
    yield url
    end(process)


@pytest.fixture(scope="session")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60) as opened:
        yield opened


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A gateway that takes changes; the client has a token."""
    folder = tmp_path_factory.mktemp("live")
    publish_nquads(folder, NQUADS, "a" * 64)
    port = free_port()
    limit = str(LONGEST_UPLOAD)
    process = start(
        folder,
        port,
        SANCTIONGRAPH_MAX_UPLOAD_BYTES=limit,
        SANCTIONGRAPH_DERIVE_SECONDS="86400",
    )
    url = f"http://127.0.0.1:{port}"
    wait_until_up(process, url)
    token = {"Authorization": f"Bearer {token_for(folder)}"}
    with httpx.Client(base_url=url, timeout=60, headers=token) as opened:
        yield opened
    end(process)


def token_for(home: Path) -> str:
    """A new token that may write."""
    return create(home, Scope.WRITE)[1]


@contextmanager
def no_more_files(pid: int) -> Iterator[None]:
    """The process can open nothing beside what it has open."""
    folder = Path(f"/proc/{pid}/fd")
    seen = [int(one.name) for one in folder.iterdir()]
    taken = {one for one in seen if os.path.lexists(folder / str(one))}  # one was for looking
    free = min(set(range(len(taken) + 1)) - taken)
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (free, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
