"""Sends thousands of odd requests to a gateway and sees that none of them makes it fail.

What must hold of every answer: it comes; its status is not 500; an error is a problem (RFC 9457)
with the same status in it, or for who accepts it a page that says what is wrong, and has no trace of
code. Afterwards the gateway still answers a plain query. Every request follows from the seed and its
number, so ``--only N`` sends it again.

    python benchmarks/fuzz.py --requests 10000
    python benchmarks/fuzz.py --address http://127.0.0.1:8080 --token TOKEN --requests 10000

Without an address it serves a small graph itself. With a token it writes: only ever to a gateway
whose data may be lost.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.odd_requests import Request, Target, request

#: Seconds until an answer is given up for lost; longer than any deadline of the gateway.
PATIENCE = 90
LONGEST_SHOWN = 600


def fault(target: Target, sent: Request) -> tuple[int, str | None]:
    """The status of the answer, and what is wrong with it."""
    place = urlsplit(target.address)
    try:
        with socket.create_connection((place.hostname or "", place.port or 80), PATIENCE) as peer:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                peer.sendall(sent.wire())  # a body that is too long is refused before its end
            answer = http.client.HTTPResponse(peer, method=sent.method)
            answer.begin()
            body = answer.read()
    except (OSError, http.client.HTTPException) as error:
        return 0, f"no answer: {error!r}"
    if answer.status == 500:
        return 500, body[:LONGEST_SHOWN].decode("utf-8", "replace")
    if b"Traceback (most recent" in body:
        return answer.status, "the answer has a trace"
    if answer.status >= 400:
        return answer.status, _no_problem(sent, answer, body)
    return answer.status, None


def _no_problem(sent: Request, answer: http.client.HTTPResponse, body: bytes) -> str | None:
    accepted = " ".join(value for name, value in sent.headers if name.lower() == "accept")
    if answer.headers.get_content_type() == "text/html" and "text/html" in accepted.lower():
        whole = sent.method == "HEAD" or answer.getheader("Content-Encoding")
        said = whole or b'role="alert"' in body
        return None if said else f"a page that does not say what is wrong: {body[:200]!r}"
    if answer.headers.get_content_type() != "application/problem+json":
        return f"an error of type {answer.headers.get('Content-Type')!r}: {body[:200]!r}"
    if sent.method == "HEAD" or answer.getheader("Content-Encoding"):
        return None
    try:
        problem = json.loads(body)
    except ValueError:
        return f"a problem that is no JSON: {body[:200]!r}"
    if problem.get("status") != answer.status or not {"type", "title", "detail"} <= problem.keys():
        return f"a problem that lacks something: {body[:200]!r}"
    return None


def run(target: Target, seed: int, numbers: range) -> tuple[dict[int, int], list[str]]:
    """Sends the requests; how many answers had which status, and what was wrong."""
    statuses: collections.Counter[int] = collections.Counter()
    faults: list[str] = []
    for number in numbers:
        sent = request(target, seed, number)
        status, wrong = fault(target, sent)
        statuses[status] += 1
        if wrong:
            faults.append(
                f"request {number} of seed {seed} ({sent.method} {sent.path[:80]}): {status} {wrong}"
            )
    plain = Request("GET", f"{target.paths[0]}?query=ASK%7B%7D", (("Host", "x"),), b"", False)
    if fault(target, plain) != (200, None):
        faults.append("afterwards a plain query is not answered")
    return dict(sorted(statuses.items())), faults


SERVE = "from sanctiongraph_server.command import serve; serve()"


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """A gateway of our own over a graph of a few triples."""
    from tests.server.conftest import NQUADS, free_port, publish_nquads

    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as log:
        publish_nquads(Path(folder), NQUADS, "a" * 64)
        port = free_port()
        environment = {"SANCTIONGRAPH_HOME": folder, "SANCTIONGRAPH_RATE_LIMIT": "0"}
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, "--port", str(port)],
            env={**os.environ, **environment}, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            for _ in range(600):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--address", help="of a gateway; without it one is served here")
    parser.add_argument("--path", action="append", help="of a part, again for each; default all")
    parser.add_argument("--token", help="for writing, to data that may be lost")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="send the request of this number and show it")
    given = parser.parse_args()
    paths = tuple(given.path or Target.paths)
    with contextlib.nullcontext(given.address) if given.address else serving() as address:
        target = Target(address, paths, given.token)
        if given.only is not None:
            sent = request(target, given.seed, given.only)
            print(sent.wire().decode("latin-1"), "\n->", *fault(target, sent))
            return 0
        begun = time.monotonic()
        statuses, faults = run(target, given.seed, range(given.requests))
        print(
            f"{given.requests} requests in {time.monotonic() - begun:.0f} s, by status: {statuses}"
        )
        print("\n".join(faults) or "none failed")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
