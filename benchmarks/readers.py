"""What a reader costs: the way to it and back, its replacement, its memory.

    python benchmarks/readers.py            on a small graph, which it publishes in a temporary folder
    python benchmarks/readers.py --home .sanctiongraph

All in one process with one pool, so without HTTP. Times are lower deciles of 60, unless said otherwise.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sanctiongraph.errors import DeadlineExceeded
from sanctiongraph.published import Version, building, load, publish
from sanctiongraph.settings import from_environment
from sanctiongraph.snapshots import newest
from sanctiongraph_server.evaluation import Query
from sanctiongraph_server.negotiation import choose
from sanctiongraph_server.protocol import QueryRequest
from sanctiongraph_server.readers.desk import Desk
from sanctiongraph_server.readers.pool import ReaderPool
from sanctiongraph_server.tasks import Ping, Terms

REPEAT = 60
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(STR(?a) = CONCAT(STR(?d), STR(?g))) }"


def small_home(folder: Path) -> Path:
    """A graph of 20,000 triples."""
    with building(folder) as work:
        lines = [
            f'<http://example.org/s{n}> <http://example.org/p> "{n}" .\n' for n in range(20_000)
        ]
        (work / "dataset.nq").write_text("".join(lines), "utf-8")
        load(work / "dataset.nq", work / "store")
        publish(folder, work, Version("b" * 64, "0" * 64, len(lines), 0, 0, 0, 0.0, 0.0))
    return folder


def query(text: str) -> Query:
    """A task."""
    request = QueryRequest(text, "http://localhost/sparql", (), (), None, None)
    return Query(request, choose(None))


def deciles(*calls: Callable[[], object]) -> list[float]:
    """Milliseconds of each, measured in turn: the lower decile, which others' work touches least."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(REPEAT):
        for took, call in zip(times, calls, strict=True):
            begun = time.perf_counter()
            call()
            took.append((time.perf_counter() - begun) * 1000)
    return [statistics.quantiles(took, n=10)[0] for took in times]


def memory(pids: list[int]) -> str:
    """Private and proportional megabytes of processes, on average, and their address space."""
    private = proportional = space = 0
    for pid in pids:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().split()
        private += int(rollup[rollup.index("Private_Dirty:") + 1])
        proportional += int(rollup[rollup.index("Pss:") + 1])
        space += int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * 4
    one = 1024 * len(pids)
    return f"private {private / one:.0f} MB, proportional {proportional / one:.0f} MB, address space {space / one:.0f} MB"


def children(pid: int) -> list[int]:
    """Processes that this one started."""
    lists = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(one) for one in " ".join(lists).split()]


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path)
    home = parser.parse_args().home or small_home(Path(tempfile.mkdtemp()))
    settings = from_environment({"SANCTIONGRAPH_HOME": str(home)})
    print(f"{newest(home).name}, load average {os.getloadavg()[0]:.1f}")
    pool, here = ReaderPool(settings), Desk(settings)
    begun = time.perf_counter()
    pool.start()
    pool.perform(Ping(), Terms(60))
    print(f"start to the first answer: {time.perf_counter() - begun:.2f} s")
    terms = Terms(60)
    for name, text in (
        ("ASK", "ASK {}"),
        ("100 rows", "SELECT * { ?s ?p ?o } LIMIT 100"),
        ("10,000 rows", "SELECT * { ?s ?p ?o } LIMIT 10000"),
    ):
        task = query(text)
        direct, through = deciles(
            lambda task=task: task.perform(here.opened()),
            lambda task=task: pool.perform(task, terms),
        )
        print(
            f"{name}: here {direct:.3f} ms, in a reader {through:.3f} ms, the way {through - direct:.3f} ms"
        )
    print(f"ping: {deciles(lambda: pool.perform(Ping(), terms))[0]:.3f} ms")
    replaced = []
    for _ in range(20):
        try:
            pool.perform(query(ENDLESS), Terms(0.2))
        except DeadlineExceeded:
            begun = time.perf_counter()
            pool.perform(Ping(), terms)
            replaced.append((time.perf_counter() - begun) * 1000)
    print(
        f"from a kill to the next answer: median {statistics.median(replaced):.1f} ms, most {max(replaced):.1f} ms"
    )
    while pool.state().free < settings.readers:
        time.sleep(0.01)
    (nursery,) = children(os.getpid())
    print(
        f"idle readers: {memory(children(nursery))}; the process they come from: {memory([nursery])}"
    )
    nursery_of = pool._readers._nursery
    assert nursery_of is not None
    births = []
    for _ in range(20):
        begun = time.perf_counter()
        reader = nursery_of.bear()
        births.append((time.perf_counter() - begun) * 1000)
        reader.kill()
        reader.close()
    print(f"a fork: median {statistics.median(births):.1f} ms")
    pool.close()


if __name__ == "__main__":
    main()
