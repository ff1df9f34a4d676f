"""The same graph embedded, in ``oxigraph serve`` and in Virtuoso: putting it there, asking, assessing.

``python benchmarks/stores.py --markdown`` measures the real graph, ``--triples 1M`` a made-up one of
that size as well. A store that is not installed is left out. The servers are the tests' own.
Requests are counted beside the seconds, since they do not depend on what else the machine does.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import which
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import synthetic
from sanctiongraph import Graph
from sanctiongraph.assessment import assess
from sanctiongraph.build import build
from sanctiongraph.data import DataFolders, data_folders
from sanctiongraph.given import day
from sanctiongraph.library import Library
from sanctiongraph.reasoner import Question
from sanctiongraph.settings import from_environment
from sanctiongraph.stores.building import build_into
from sanctiongraph.stores.opening import open_store
from sanctiongraph.stores.record import read_version
from tests.stores import servers

AS_OF = "2025-12-06"


def measure(
    name: str, folders: DataFolders, home: Path, repeat: int, rule: str
) -> list[dict[str, Any]]:
    """A row a store: seconds of putting the graph there, of the query library, of assessments."""
    build(folders, home)
    rows = []
    for kind, opened in _stores(folders, home):
        with opened() as (graph, put, requests):
            row = {"graph": name, "store": kind, "put": put, "put_requests": requests()}
            rows.append({**row, **_row(graph, name, repeat, rule, requests)})
            print(json.dumps(rows[-1]), file=sys.stderr)
    return rows


def _row(
    graph: Graph, name: str, repeat: int, rule: str, requests: Callable[[], int]
) -> dict[str, Any]:
    """The first time and the median of some more; an answer seen before is in part remembered."""
    library = [query.name for query in graph.library if not query.federated]
    refused: list[str] = []
    question = Question.of(rule, "SSB", None, AS_OF) if name == "real" else None
    before = requests()
    first = _seconds(lambda: _ask(graph, library, refused))
    asked = requests() - before
    again = [_seconds(lambda: _ask(graph, library, [])) for _ in range(repeat)]
    before = requests()
    assessed = [_seconds(lambda: _assess(graph, rule, question))]
    for_assessment = requests() - before
    assessed += [_seconds(lambda: _assess(graph, rule, question)) for _ in range(repeat)]
    return {
        "triples": graph.version.triples,
        "first": first,
        "first_requests": asked,
        "again": statistics.median(again),
        "assess": assessed[0],
        "assess_requests": for_assessment,
        "assess_again": statistics.median(assessed[1:]),
        "failed": refused,
    }


def _stores(folders: DataFolders, home: Path) -> Iterator[tuple[str, Any]]:
    @contextmanager
    def embedded() -> Iterator[tuple[Graph, float, Callable[[], int]]]:
        graph = Graph.open(home)
        yield graph, graph.version.load_seconds, lambda: 0

    def remote(start: Any, user: str | None) -> Any:
        @contextmanager
        def opened() -> Iterator[tuple[Graph, float, Callable[[], int]]]:
            with ExitStack() as stack:
                work = Path(stack.enter_context(tempfile.TemporaryDirectory()))
                url = stack.enter_context(start(work))
                settings = replace(
                    from_environment({}), store=url, store_user=user, store_password=user
                )
                store = open_store(settings, timeout=120)
                put = build_into(folders, store, home).version.load_seconds
                graph = Graph(store.again(), read_version(store), Library(folders.queries))
                yield graph, put, lambda: store.connection.requests

        return opened

    yield "embedded", embedded
    yield "oxigraph serve", remote(servers.oxigraph, None)
    if which("virtuoso-t"):
        yield "Virtuoso 7", remote(servers.virtuoso, "dba")


def _ask(graph: Graph, names: list[str], refused: list[str]) -> None:
    for name in names:
        try:
            graph.run(name)
        except Exception as error:  # a figure as well: which query a store does not answer
            refused.append(f"{name}: {error}"[:120])


def _assess(graph: Graph, rule: str, question: Question | None) -> None:
    if question is not None:
        graph.reasoner.explain(question)
        return
    assess(graph.store, graph.reasoner.law, graph.reasoner.law.rule(rule), day("as of", AS_OF))


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return round(time.perf_counter() - started, 3)


def table(rows: list[dict[str, Any]]) -> str:
    """The rows in Markdown."""
    lines = [
        "| graph | triples | store | put there: requests | s | query library: requests | s | again, s"
        " | assessment: requests | s | again, s | queries not answered |",
        "| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        lines.append(
            f"| {row['graph']} | {row['triples']:,} | {row['store']} | {row['put_requests']} | {row['put']:.1f}"
            f" | {row['first_requests']} | {row['first']:.1f} | {row['again']:.1f}"
            f" | {row['assess_requests']} | {row['assess']:.1f} | {row['assess_again']:.1f} | {len(row['failed'])} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", help="size of a made-up graph to measure as well, such as 1M")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--rule", default="caatsa-231-a")
    parser.add_argument("--markdown", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        rows = measure("real", data_folders(), work / "home", given.repeat, given.rule)
        if given.triples:
            number = int(given.triples.lower().replace("k", "000").replace("m", "000000"))
            (work / "data").mkdir()
            synthetic.write(work / "data", data_folders().ontology, synthetic.claims_for(number))
            (work / "data" / "queries").symlink_to(data_folders().queries)
            made = data_folders(work / "data")
            rows += measure("made up", made, work / "made", given.repeat, given.rule)
    print(table(rows) if given.markdown else json.dumps(rows, indent=1))
    print(f"load average {os.getloadavg()[0]:.1f}", file=sys.stderr)


if __name__ == "__main__":
    main()
