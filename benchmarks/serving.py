"""The gateway under load, beside ``oxigraph serve`` and a plain Flask application, on the same data.

    python benchmarks/serving.py --sizes 10k,1M,5M --markdown

Each server has the same triples in a store of its own kind of use: ours as a published graph, the
others on that store. Of each case they are measured in turns on the same machine as the load, which
``wrk`` makes, and while one is, the others have nothing to do; before a query is measured, its answer is compared between the servers. A query that
is to be evaluated each time carries a number that never comes twice.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

_ROOT = Path(__file__).parents[1]
for _part in ("graph", "server"):
    sys.path.insert(0, str(_ROOT / _part))

_UNITS = {"k": 1_000, "M": 1_000_000}
_EX = "http://example.org/"
_JSON = "application/sparql-results+json"
_TRIPLES_A_DEAL = 5
_ROWS = "SELECT ?deal ?recipient ?year { ?deal ex:recipient ?recipient ; ex:year ?year } LIMIT "
_PREFIX = f"PREFIX ex: <{_EX}> "


@dataclass(frozen=True, slots=True)
class Case:
    """A query, whether each request is another, and connections where not as many as asked for."""

    name: str
    query: str
    changing: bool
    clients: int | None = None


CASES = (
    Case("100 rows, repeated", _PREFIX + _ROWS + "100", False),
    Case("100 rows", _PREFIX + _ROWS + "100", True),
    # With 64 of them, an answer would take longer than a measurement.
    Case("10,000 rows, 8 clients", _PREFIX + _ROWS + "10000", True, 8),
    Case("ASK", _PREFIX + "ASK { ex:deal1 ex:system ?system }", True),
    Case(
        "2-hop join, 100 rows",
        _PREFIX + "SELECT ?deal ?class ?maker { ?deal ex:system ?system ."
        " ?system ex:class ?class ; ex:maker ?maker } LIMIT 100",
        True,
    ),
)

_LUA = """\
local n = 0
function request()
  n = n + 1
  return wrk.format("GET", %(path)s%(counted)s)
end
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    "RESULT {\\"requests\\": %%d, \\"microseconds\\": %%d, \\"p50\\": %%d, \\"p99\\": %%d, \\"errors\\": %%d}\\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""

_NAIVE = """\
import os
from flask import Flask, Response, request
from pyoxigraph import QueryBoolean, QueryResultsFormat, Store

app = Flask(__name__)
store = Store.read_only(os.environ["STORE"])


@app.get("/query")
def query():
    results = store.query(request.args["query"])
    return Response(results.serialize(format=QueryResultsFormat.JSON), content_type="{json}")
""".replace("{json}", _JSON)


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one case on one server: requests a second, and milliseconds.

    ``processor`` is what the server's processes took of the processors for a request: it says more
    than the rate where others use the machine.
    """

    rate: float
    p50: float
    p99: float
    processor: float
    errors: int


def write_nquads(path: Path, triples: int) -> None:
    """Deals of a made-up trade, in the default graph; the same for the same size."""
    deals = triples // _TRIPLES_A_DEAL
    integer = "<http://www.w3.org/2001/XMLSchema#integer>"
    with path.open("w", encoding="utf-8") as file:
        for n in range(deals):
            subject = f"<{_EX}deal{n}>"
            system = n * 31 % max(1, deals // 50)
            file.write(
                f"{subject} <{_EX}supplier> <{_EX}state{n * 7 % 60}> .\n"
                f"{subject} <{_EX}recipient> <{_EX}state{n * 13 % 190}> .\n"
                f'{subject} <{_EX}year> "{1950 + n % 75}"^^{integer} .\n'
                f"{subject} <{_EX}system> <{_EX}system{system}> .\n"
            )
            if n < max(1, deals // 50):
                file.write(
                    f"<{_EX}system{n}> <{_EX}class> <{_EX}class{n % 20}> .\n"
                    f"<{_EX}system{n}> <{_EX}maker> <{_EX}company{n % 300}> .\n"
                )
            else:
                file.write(f'{subject} <{_EX}label> "Deal {n} of the made-up trade" .\n')


def publish(home: Path, triples: int) -> Path:
    """A published graph of about so many triples; returns the folder of its store."""
    from sanctiongraph.published import Version, building, load, publish

    with building(home) as work:
        write_nquads(work / "dataset.nq", triples)
        load(work / "dataset.nq", work / "store")
        version = Version("e" * 64, "0" * 64, triples, 0, 0, 0, 0.0, 0.0)
        return publish(home, work, version).folder / "store"


@contextmanager
def running(command: list[str], environment: dict[str, str], url: str) -> Iterator[int]:
    """A server as a process, from when it answers until it has ended."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=environment.get("CWD"),
    )
    try:
        for _ in range(600):
            try:
                ask(url, "ASK {}")
                break
            except OSError:
                if process.poll() is not None:
                    raise SystemExit(f"{command[0]} ended with {process.returncode}") from None
                time.sleep(0.1)
        yield process.pid
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def ask(url: str, query: str) -> dict[str, object]:
    """The answer to a query, parsed."""
    address = f"{url}?query={urllib.parse.quote(query)}"
    request = urllib.request.Request(address, headers={"Accept": _JSON})
    with urllib.request.urlopen(request, timeout=60) as response:
        answer: dict[str, object] = json.load(response)
        return answer


def settle(url: str) -> None:
    """Waits until what was begun for clients that have gone is done, in every worker.

    Each question is a connection of its own, and may come to another worker.
    """
    quick = 0
    for _ in range(200):
        begun = time.perf_counter()
        ask(url, f"ASK {{}} # {time.time_ns()}")
        quick = quick + 1 if time.perf_counter() - begun < 0.1 else 0
        if quick == 8:
            return
        time.sleep(0.1)


def facts(answer: dict[str, object]) -> object:
    """What has to be alike between servers: the truth value, or how many rows."""
    results = answer.get("results")
    return len(results["bindings"]) if isinstance(results, dict) else answer.get("boolean")


def processor_seconds(root: int) -> float:
    """What a process, its children that live and those that have ended took so far."""
    taken: dict[int, tuple[int, float]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        ticks = sum(int(field) for field in fields[11:15])
        taken[int(path.parent.name)] = int(fields[1]), ticks / os.sysconf("SC_CLK_TCK")
    family = {root}
    while more := {pid for pid, (parent, _) in taken.items() if parent in family} - family:
        family |= more
    return sum(taken[pid][1] for pid in family if pid in taken)


def measure(
    url: str, case: Case, clients: int, seconds: float, folder: Path, server: int
) -> Measured:
    """``wrk`` with so many connections, from one thread."""
    parts = urllib.parse.urlsplit(url)
    # Of this run alone: what was asked in the one before is not asked again.
    query = case.query + (f" # {time.time_ns()}-" if case.changing else "")
    path = f"{parts.path}?query={urllib.parse.quote(query)}"
    script = folder / "load.lua"
    script.write_text(
        _LUA % {"path": json.dumps(path), "counted": " .. n" if case.changing else ""}
    )
    before = processor_seconds(server)
    run = subprocess.run(
        ["wrk", "-t1", f"-c{clients}", f"-d{seconds:g}s", "--timeout", "30s", "-H",
         f"Accept: {_JSON}", "-s", str(script), f"{parts.scheme}://{parts.netloc}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    settle(url)
    taken = processor_seconds(server) - before
    line = next(one for one in run.stdout.splitlines() if one.startswith("RESULT "))
    result = json.loads(line.removeprefix("RESULT "))
    return Measured(
        result["requests"] / result["microseconds"] * 1e6,
        result["p50"] / 1000,
        result["p99"] / 1000,
        taken / max(1, result["requests"]) * 1000,
        result["errors"],
    )


def in_turns(
    up: list[tuple[str, str, int]], clients: int, seconds: float, rounds: int, folder: Path
) -> dict[str, dict[str, list[Measured]]]:
    """Each case on each server in turn, and again: a machine's speed changes from minute to minute.

    ``up`` are the servers by name, query address and process; those not measured are idle.
    """
    found: dict[str, dict[str, list[Measured]]] = {
        server: {case.name: [] for case in CASES} for server, _, _ in up
    }
    for case in CASES:
        answers = {server: facts(ask(url, case.query)) for server, url, _ in up}
        if len(set(answers.values())) > 1:
            raise SystemExit(f"{case.name!r} is answered differently: {answers}")
        for _ in range(rounds):
            for server, url, pid in up:
                many = case.clients or clients
                found[server][case.name].append(measure(url, case, many, seconds, folder, pid))
    return found


def middle(ones: list[Measured]) -> Measured:
    """The median of each figure, and all errors."""
    return Measured(
        median(one.rate for one in ones),
        median(one.p50 for one in ones),
        median(one.p99 for one in ones),
        median(one.processor for one in ones),
        sum(one.errors for one in ones),
    )


def servers(
    folder: Path, home: Path, store: Path, workers: int
) -> Iterator[tuple[str, list[str], dict[str, str], str]]:
    """Name, command, environment and query address of each."""
    scripts = Path(sys.executable).parent
    python_path = {"PYTHONPATH": f"{_ROOT / 'graph'}{os.pathsep}{_ROOT / 'server'}"}
    port = free_port()
    yield (
        "sanctiongraph",
        [sys.executable, "-c", "from sanctiongraph_server.command import serve; serve()",
         "--port", str(port), "--workers", str(workers)],
        {**python_path, "SANCTIONGRAPH_HOME": str(home), "SANCTIONGRAPH_RATE_LIMIT": "0", "SANCTIONGRAPH_AHEAD_SECONDS": "0"},
        f"http://127.0.0.1:{port}/sparql",
    )  # fmt: skip
    port = free_port()
    yield (
        "`oxigraph serve`",
        [str(scripts / "oxigraph"), "serve-read-only", "--location", str(store),
         "--bind", f"127.0.0.1:{port}"],
        {},
        f"http://127.0.0.1:{port}/query",
    )  # fmt: skip
    (folder / "naive.py").write_text(_NAIVE)
    port = free_port()
    yield (
        "plain Flask",
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--blocking-threads", "8",
         "--workers", str(workers), "--no-ws", "--log-level", "error", "--port", str(port), "naive:app"],
        {"STORE": str(store), "CWD": str(folder)},
        f"http://127.0.0.1:{port}/query",
    )  # fmt: skip


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def table(size: str, found: dict[str, dict[str, Measured]]) -> str:
    """One size as a Markdown table; rates also as multiples of the peer's."""
    names = list(found)
    lines = [
        f"| {size} triples | " + " | ".join(f"{name}, requests/s; p50 / p99, ms; processor, ms" for name in names)
        + " | ours to `oxigraph serve`: rate, processor |",
        "| --- | " + "---: | " * (len(names) + 1),
    ]  # fmt: skip
    for case in CASES:
        row = [found[name][case.name] for name in names]
        cells = [
            f"{one.rate:,.0f}; {one.p50:.1f} / {one.p99:.1f}; {one.processor:.2f}"
            + (f" ({one.errors} errors)" if one.errors else "")
            for one in row
        ]
        ratio = row[0].rate / row[1].rate if len(row) > 1 and row[1].rate else float("nan")
        work = row[1].processor / row[0].processor if len(row) > 1 and row[0].processor else ratio
        lines.append(f"| {case.name} | " + " | ".join(cells) + f" | {ratio:.2f}, {work:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", default="1M", help="triples, such as 10k,1M,5M")
    parser.add_argument("--clients", type=int, default=64, help="connections")
    parser.add_argument("--seconds", type=float, default=5, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each; medians are given")
    parser.add_argument("--workers", type=int, default=2, help="processes of the Python servers")
    parser.add_argument("--only", help="one server, by a part of its name")
    parser.add_argument("--folder", type=Path, help="where to put the stores")
    parser.add_argument("--markdown", action="store_true", help="tables rather than JSON lines")
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk makes the load: install it, on Debian with apt-get install wrk")
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        for size in given.sizes.split(","):
            triples = int(float(size.rstrip("kM")) * _UNITS.get(size[-1], 1))
            home = folder / size
            store = publish(home, triples)
            load = os.getloadavg()[0]
            with ExitStack() as stack:
                up = [
                    (server, url, stack.enter_context(running(command, environment, url)))
                    for server, command, environment, url in servers(
                        folder, home, store, given.workers
                    )
                    if not given.only or given.only in server
                ]
                runs = in_turns(up, given.clients, given.seconds, given.rounds, folder)
            found = {
                server: {case: middle(ones) for case, ones in of_cases.items()}
                for server, of_cases in runs.items()
            }
            if not given.markdown:
                for server, of_cases in found.items():
                    for case, one in of_cases.items():
                        line = {"triples": triples, "server": server, "case": case}
                        print(json.dumps(line | asdict(one)), flush=True)
            if given.markdown:
                print(table(size, found))
                print(f"\nLoad average before: {load:.1f}; {given.clients} clients.\n", flush=True)
            shutil.rmtree(home)


if __name__ == "__main__":
    main()
