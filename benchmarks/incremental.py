"""What it costs to add one source to a large graph, and to withdraw it, beside building all of it.

    python benchmarks/incremental.py --sizes 100k,1M --markdown

The graphs are made up (``synthetic.py``). All but one of the sources are built, then all with
``--force``; then the graph without the source is published again, the source comes and goes, and
each time the hash has to be that of the full build. Every build is a process of its own.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import linear_regression

import synthetic
from build import _size, machine

from sanctiongraph.build import build
from sanctiongraph.data import data_folders

_ALL, _ADDED, _WITHDRAWN = "all anew", "one source added", "the same withdrawn"


@dataclass(frozen=True, slots=True)
class Run:
    """One build: seconds of the processor and of the clock, peak memory, and what came of it."""

    processor: float
    wall: float
    megabytes: float
    triples: int
    sha256: str
    how: str


@dataclass(frozen=True, slots=True)
class Size:
    """What was measured at one size."""

    triples: int
    runs: dict[str, Run]


def measure(triples: int, folder: Path, seed: int) -> Size:
    """Builds a made-up graph of about so many triples, all anew and from one source."""
    data, home, anew = folder / "data", folder / "home", folder / "anew"
    data.mkdir()
    synthetic.write(data, data_folders().ontology, synthetic.claims_for(triples), seed)
    source = data / "graph" / "sources" / "text-00001"
    aside = folder / "aside"
    source.rename(aside)
    without = _own(data, home)
    aside.rename(source)
    runs = {_ADDED: _own(data, home), _ALL: _own(data, anew)}
    source.rename(aside)
    runs[_WITHDRAWN] = _own(data, home)
    for one, other in ((runs[_ADDED], runs[_ALL]), (runs[_WITHDRAWN], without)):
        if one.sha256 != other.sha256 or one.how.startswith("all anew"):
            raise SystemExit(f"not the same as all anew: {one}, {other}")
    return Size(runs[_ALL].triples, runs)


def _own(data: Path, home: Path) -> Run:
    done = subprocess.run(
        [sys.executable, __file__, "--worker", str(data), str(home)],
        check=True,
        stdout=subprocess.PIPE,
    )
    return Run(**json.loads(done.stdout))


def _worker(data: str, home: str) -> Run:
    started = time.perf_counter()
    version = build(data_folders(Path(data)), Path(home)).version
    wall = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_SELF)
    processor = used.ru_utime + used.ru_stime
    return Run(processor, wall, used.ru_maxrss / 1024, version.triples, version.sha256, version.how)


def table(sizes: Sequence[Size]) -> str:
    """The results in Markdown."""
    lines = [
        "| triples | build | processor, s | wall, s | peak MB | |",
        "| ---: | --- | ---: | ---: | ---: | --- |",
    ]
    for size in sizes:
        for name in (_ALL, _ADDED, _WITHDRAWN):
            run = size.runs[name]
            lines.append(
                f"| {size.triples:,} | {name} | {run.processor:.1f} | {run.wall:.1f} | "
                f"{run.megabytes:,.0f} | {run.how} |"
            )
    if len(sizes) > 1:
        grown = ", ".join(f"{_exponent(sizes, name):.2f} ({name})" for name in sizes[0].runs)
        lines += ["", f"Seconds of the processor grow with triples to the power of {grown}."]
    return "\n".join(lines)


def _exponent(sizes: Sequence[Size], name: str) -> float:
    return linear_regression(
        [math.log(size.triples) for size in sizes],
        [math.log(size.runs[name].processor) for size in sizes],
    ).slope


def main() -> None:
    """Runs what the command line asks for."""
    parser = argparse.ArgumentParser(description="Measures builds from one changed source.")
    parser.add_argument(
        "--sizes",
        type=lambda text: [_size(part) for part in text.split(",")],
        default=[10_000, 100_000],
        help="triples of the finished dataset, roughly: 100k,1M (10k,100k when not given)",
    )
    parser.add_argument("--seed", type=int, default=1, help="of the made-up graph")
    parser.add_argument("--folder", type=Path, help="where to work, for a disk of your choice")
    parser.add_argument("--markdown", action="store_true", help="print a table in place of JSON")
    parser.add_argument("--worker", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        print(json.dumps(asdict(_worker(*given.worker))))
        return
    sizes: list[Size] = []
    for triples in given.sizes:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            sizes.append(measure(triples, Path(folder), given.seed))
        sys.stderr.write(f"{sizes[-1].triples:,} triples; load average {os.getloadavg()[0]:.1f}\n")
    if given.markdown:
        print(f"{machine()}.\n\n{table(sizes)}")
    else:
        print(json.dumps([asdict(size) for size in sizes], indent=1))


if __name__ == "__main__":
    main()
