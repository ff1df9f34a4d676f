"""Kills processes of a gateway under a write load, and looks whether anything was lost.

    python benchmarks/kills.py --rounds 200

Each round one process, or all of them, gets ``SIGKILL`` while clients write; then everything that
was acknowledged has to be there, whole, in a store that opens, and no snapshot may be left over.
The gateway and its data are in a temporary folder.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from sanctiongraph.published import Version, building, load, publish
from sanctiongraph.tokens import Scope, create

#: Who is killed: a granian worker, a process that evaluates queries, the writer, the keeper, the
#: process that derives, the gateway's first process, and all of them at once.
VICTIMS = ("worker", "reader", "writer", "keeper", "deriver", "serve", "all")
_SERVE = "from sanctiongraph_server.command import serve; serve()"
_QUADS = "".join(f"<urn:s:{n}> <urn:p> <urn:o:{n % 7}> <urn:g:{n % 3}> .\n" for n in range(300))


@dataclass
class Report:
    """What came of it."""

    rounds: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    #: Answers other than success while something was dead; clients try again then.
    refused: int = 0
    lost: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    left_over: list[str] = field(default_factory=list)
    #: Seconds from a kill until the next write was acknowledged.
    recoveries: list[float] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether nothing was lost, torn or left over."""
        return not (self.lost or self.torn or self.left_over)


def children(pid: int) -> list[int]:
    """The processes below ``pid``."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *children(int(child))]
    return found


def command(pid: int) -> str:
    """The command line of a process; empty where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def role(pid: int, parent: int) -> str:
    """What a process of the gateway is."""
    text = command(pid)
    for name, mark in (("keeper", "writer.service"), ("deriver", "writer.deriver")):
        if mark in text:
            return name
    if "writer.writer" in text:
        return "writer" if _has_store(pid) else "spare"
    with contextlib.suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        if "readers.nursery" not in text:
            return "worker" if int(stat[1]) == parent else "other"
        # Readers are forks of the nursery, and look like it.
        return "reader" if "readers.nursery" in command(int(stat[1])) else "nursery"
    return "ended"


def _has_store(pid: int) -> bool:
    with contextlib.suppress(OSError):
        for handle in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                if "/live/workings/" in str(handle.readlink()):
                    return True
    return False


class Gateway:
    """``sanctiongraph serve`` in a session of its own."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home = home
        self.port = _free_port()
        self._environment = {**os.environ, "SANCTIONGRAPH_HOME": str(home), **environment}
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", _SERVE, "--port", str(self.port)],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def pids(self) -> dict[str, list[int]]:
        """The processes by what they are."""
        found: dict[str, list[int]] = {"serve": [self.process.pid]}
        for pid in children(self.process.pid):
            found.setdefault(role(pid, self.process.pid), []).append(pid)
        return found

    def kill(self, victim: str, rng: random.Random) -> str | None:
        """Kills one process of that kind, or all; returns what was killed, if there was any."""
        pids = self.pids()
        every = [pid for some in pids.values() for pid in some]
        chosen = every if victim == "all" else pids.get(victim, [])
        if not chosen:
            return None
        for pid in chosen if victim == "all" else [rng.choice(chosen)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if victim in {"serve", "all"}:
            self.process.wait()
        return victim

    def stand(self) -> None:
        """Starts it again where it has ended, as whoever runs it would."""
        if self.process.poll() is not None:
            time.sleep(0.2)  # its port is free when its workers have seen that it is gone
            self.process = self._start()

    def ask(self, query: str) -> list[list[str]]:
        """The rows of a SELECT, tried again until it is answered."""
        until = time.monotonic() + 180
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                path = f"/sparql?query={quote(query)}"
                status, body = self._request("GET", path, {"Accept": "text/csv"}, b"")
                if status == 200:
                    return [line.split(",") for line in body.decode().split("\r\n")[1:] if line]
            if time.monotonic() > until:
                raise TimeoutError("the gateway does not answer queries")
            self.stand()
            time.sleep(0.05)

    def update(self, text: str, token: str) -> int:
        """The status of an update; 0 where there was no answer."""
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/sparql-update",
        }
        try:
            return self._request("POST", "/update", headers, text.encode())[0]
        except (OSError, http.client.HTTPException):
            return 0

    def _request(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body or None, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def end(self) -> None:
        """Ends it as an operator does."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Client(threading.Thread):
    """Writes number after number, each as two triples in different graphs."""

    def __init__(self, gateway: Gateway, token: str, name: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._gateway, self._token, self._stop_now = gateway, token, stop
        self.me = f"urn:client:{name}"
        self.acknowledged: list[int] = []
        self.refused = 0

    def run(self) -> None:
        """Until it is told to stop."""
        number = 0
        while not self._stop_now.is_set():
            number += 1
            text = (
                f"INSERT DATA {{ <{self.me}> <urn:wrote> {number} ."
                f" GRAPH <{self.me}> {{ <{self.me}> <urn:wrote> {number} }} }}"
            )
            if self._gateway.update(text, self._token) == 204:
                self.acknowledged.append(number)
            else:
                self.refused += 1
                time.sleep(0.1)


def run(
    home: Path, rounds: int, *, clients: int = 4, seed: int = 1, victims: tuple[str, ...] = VICTIMS
) -> Report:
    """Kills that many times and looks after each. ``home`` has a published graph."""
    rng = random.Random(seed)
    _, token = create(home, Scope.WRITE)
    gateway = Gateway(home, SANCTIONGRAPH_WORKERS="2", SANCTIONGRAPH_DERIVE_SECONDS="0.1",
                      SANCTIONGRAPH_RATE_LIMIT="0")  # fmt: skip
    report = Report()
    stop = threading.Event()
    writing = [Client(gateway, token, number, stop) for number in range(clients)]
    try:
        gateway.ask("SELECT * { ?s ?p ?o } LIMIT 1")
        for client in writing:
            client.start()
        for _ in range(rounds):
            time.sleep(rng.uniform(0.05, 0.5))
            killed = None
            while killed is None:
                killed = gateway.kill(rng.choice(victims), rng)
            report.rounds += 1
            report.kills[killed] += 1
            report.recoveries.append(_recovered(gateway, token, report.rounds))
            _compare(gateway, writing, report)
        stop.set()
        for client in writing:
            client.join()
        _compare(gateway, writing, report)
        report.left_over = _left_over(home)
    finally:
        stop.set()
        gateway.end()
    report.acknowledged = sum(len(client.acknowledged) for client in writing)
    report.refused = sum(client.refused for client in writing)
    return report


def _recovered(gateway: Gateway, token: str, number: int) -> float:
    started = time.monotonic()
    while gateway.update(f"INSERT DATA {{ <urn:round> <urn:n> {number} }}", token) != 204:
        if time.monotonic() > started + 180:
            raise TimeoutError("the gateway takes no writes")
        gateway.stand()
        time.sleep(0.01)
    return time.monotonic() - started


def _compare(gateway: Gateway, writing: list[Client], report: Report) -> None:
    for client in writing:
        acknowledged = list(client.acknowledged)  # before the question
        rows = gateway.ask(
            f"SELECT ?n (EXISTS {{ GRAPH <{client.me}> {{ ?c <urn:wrote> ?n }} }} AS ?both)"
            f" {{ VALUES ?c {{ <{client.me}> }} ?c <urn:wrote> ?n }}"
        )
        there = {int(number) for number, _ in rows}
        name = f"round {report.rounds} {client.me}"
        report.lost += [f"{name}: {one}" for one in acknowledged if one not in there]
        report.torn += [f"{name}: {number}" for number, both in rows if both != "true"]


def _left_over(home: Path) -> list[str]:
    """What is below ``live/`` beyond the newest snapshot and the working store, after a while."""
    until = time.monotonic() + 15
    while True:
        found = [path.name for path in (home / "live" / "snapshots").iterdir()]
        # Readers hold what they read until they are asked again.
        extra = sorted(found)[:-3] + [name for name in found if name.startswith(".")]
        extra += [path.name for path in (home / "live" / "workings").iterdir()][1:]
        if not extra or time.monotonic() > until:
            return extra
        time.sleep(0.2)


def small_home(home: Path) -> Path:
    """A small graph, published."""
    with building(home) as work:
        (work / "dataset.nq").write_text(_QUADS, "utf-8")
        load(work / "dataset.nq", work / "store")
        publish(home, work, Version("a" * 64, "0" * 64, 300, 3, 0, 0, 0.0, 0.0))
    return home


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _lines(report: Report) -> Iterator[str]:
    yield f"rounds {report.rounds}: " + ", ".join(
        f"{count} {name}" for name, count in sorted(report.kills.items())
    )
    yield f"acknowledged {report.acknowledged}, lost {len(report.lost)}, torn {len(report.torn)}"
    yield f"refused or unanswered while something was dead {report.refused}"
    yield f"left over below live/ {len(report.left_over)}"
    times = sorted(report.recoveries)
    yield (
        f"next write acknowledged after {times[len(times) // 2]:.2f} s in the middle,"
        f" {times[-1]:.2f} s at most"
    )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = run(
            small_home(Path(folder) / "home"),
            given.rounds,
            clients=given.clients,
            seed=given.seed,
        )
    print("\n".join(_lines(report)))
    if not report.good:
        print(json.dumps([*report.lost, *report.torn, *report.left_over][:20], indent=1))
        sys.exit(1)


if __name__ == "__main__":
    main()
