"""How long a build takes as the graph grows, and our load beside ``oxigraph load``.

    python benchmarks/build.py --sizes 10k,100k,1M,5M --repeat 3 --markdown

Every build and every load runs in a process of its own, so that each has its own peak memory. The
loads alternate (ours, ``oxigraph load``, ``oxigraph load --lenient``, ours, ...) on one file, so
that a change in the machine's load meets all of them. Reported are medians.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from statistics import linear_regression, median

import synthetic

from sanctiongraph.build import build
from sanctiongraph.data import data_folders
from sanctiongraph.published import load

_STEPS = ("reading and deriving", "writing canonical N-Quads", "loading the store", "publishing")
_OURS, _OXIGRAPH, _LENIENT = "ours", "oxigraph load", "oxigraph load --lenient"
_UNITS = {"k": 1_000, "M": 1_000_000}


@dataclass(frozen=True, slots=True)
class Run:
    """One measured process: seconds of each step, of the processor for all, and peak megabytes."""

    seconds: dict[str, float]
    processor: float
    megabytes: float
    triples: int = 0

    @property
    def total(self) -> float:
        """Seconds of all steps together."""
        return sum(self.seconds.values())


@dataclass(frozen=True, slots=True)
class Size:
    """What was measured at one size."""

    triples: int
    claims: int
    builds: list[Run]
    loads: dict[str, list[Run]]


def measure(triples: int, repeat: int, folder: Path, seed: int) -> Size:
    """Builds a made-up graph of about so many triples and loads its N-Quads, ``repeat`` times."""
    data, home = folder / "data", folder / "home"
    data.mkdir()
    claims = synthetic.claims_for(triples)
    synthetic.write(data, data_folders().ontology, claims, seed)
    builds = [_own("build", str(data), str(home)) for _ in range(repeat)]
    nquads = next((home / "versions").glob("*/dataset.nq"))
    oxigraph = str(Path(sys.executable).parent / "oxigraph")
    command = [oxigraph, "load", "--file", str(nquads), "--location"]
    store = folder / "store"
    loaders: dict[str, Callable[[], Run]] = {
        _OURS: lambda: _own("load", str(nquads), str(store)),
        _OXIGRAPH: lambda: _process([*command, str(store)]),
        _LENIENT: lambda: _process([*command, str(store), "--lenient"]),
    }
    loads: dict[str, list[Run]] = {name: [] for name in loaders}
    for _ in range(repeat):
        for name, run in loaders.items():
            loads[name].append(run())
            shutil.rmtree(store)
    return Size(builds[0].triples, claims, builds, loads)


def _own(*arguments: str) -> Run:
    """A run of this script as a worker, which reports on itself."""
    done = subprocess.run(
        [sys.executable, __file__, "--worker", *arguments], check=True, stdout=subprocess.PIPE
    )
    return Run(**json.loads(done.stdout))


def _process(command: Sequence[str]) -> Run:
    """A run of another program: its wall time, from start to end."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run({"load": seconds}, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _worker(task: str, source: str, target: str) -> Run:
    """What runs in a process of its own: a build, or a load."""
    marks: list[tuple[str, float]] = []

    def progress(step: str) -> None:
        marks.append((step, time.perf_counter()))

    triples = 0
    before = time.process_time()
    if task == "build":
        folders = data_folders(Path(source))
        triples = build(folders, Path(target), force=True, progress=progress).version.triples
    else:
        progress("load")
        load(Path(source), Path(target))
    progress("end")
    seconds = {step: after - begun for (step, begun), (_, after) in pairwise(marks)}
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Run(seconds, time.process_time() - before, megabytes, triples)


def tables(sizes: Iterable[Size]) -> str:
    """The results in Markdown."""
    sizes = list(sizes)
    lines = [
        "| triples | claims | read and derive, s | canonical N-Quads, s | load, s | publish, s | whole build, s | of the processor, s | triples/s | peak MB |",
        "|" + " ---: |" * 10,
    ]
    for size in sizes:
        steps = [median(run.seconds[step] for run in size.builds) for step in _STEPS]
        total = median(run.total for run in size.builds)
        lines.append(
            f"| {size.triples:,} | {size.claims:,} | "
            + "".join(f"{seconds:.2f} | " for seconds in steps)
            + f"{total:.2f} | {_processor(size.builds):.2f} | {size.triples / total:,.0f} | "
            f"{median(run.megabytes for run in size.builds):,.0f} |"
        )
    lines += [
        "",
        "| triples | ours, s (lowest to highest) | `oxigraph load`, s | `oxigraph load --lenient`, s | ours, triples/s | rate to `oxigraph load` | rate to `--lenient` | processor, s: ours / strict / `--lenient` | peak MB: ours / `--lenient` |",
        "|" + " ---: |" * 9,
    ]
    for size in sizes:
        ours, strict, lenient = (
            median(_seconds(size, name)) for name in (_OURS, _OXIGRAPH, _LENIENT)
        )
        spans = [_span(_seconds(size, name)) for name in (_OURS, _OXIGRAPH, _LENIENT)]
        peaks = [
            f"{median(run.megabytes for run in size.loads[name]):,.0f}"
            for name in (_OURS, _LENIENT)
        ]
        work = [f"{_processor(size.loads[name]):.2f}" for name in (_OURS, _OXIGRAPH, _LENIENT)]
        lines.append(
            f"| {size.triples:,} | {' | '.join(spans)} | {size.triples / ours:,.0f} | "
            f"{strict / ours:.2f} | {lenient / ours:.2f} | {' / '.join(work)} | {' / '.join(peaks)} |"
        )
    if len(sizes) > 1:
        lines += [
            "",
            f"Seconds grow with triples to the power of {_exponent(sizes, _build_seconds):.2f} "
            f"(whole build), {_exponent(sizes, _load_seconds(_OURS)):.2f} (our load) and "
            f"{_exponent(sizes, _load_seconds(_LENIENT)):.2f} (`oxigraph load --lenient`); of the "
            f"processor {_exponent(sizes, lambda size: _processor(size.builds)):.2f}, "
            f"{_exponent(sizes, lambda size: _processor(size.loads[_OURS])):.2f} and "
            f"{_exponent(sizes, lambda size: _processor(size.loads[_LENIENT])):.2f}: "
            "slopes of the least-squares line through the logarithms.",
        ]
    return "\n".join(lines)


def _seconds(size: Size, name: str) -> list[float]:
    return [run.total for run in size.loads[name]]


def _processor(runs: list[Run]) -> float:
    return median(run.processor for run in runs)


def _span(seconds: list[float]) -> str:
    return f"{median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"


def _build_seconds(size: Size) -> float:
    return median(run.total for run in size.builds)


def _load_seconds(name: str) -> Callable[[Size], float]:
    return lambda size: median(_seconds(size, name))


def _exponent(sizes: list[Size], seconds: Callable[[Size], float]) -> float:
    return linear_regression(
        [math.log(size.triples) for size in sizes], [math.log(seconds(size)) for size in sizes]
    ).slope


def machine() -> str:
    """What the figures were taken on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, pyoxigraph {version('pyoxigraph')}, "
        f"oxigraph {version('oxigraph')}"
    )


def _size(text: str) -> int:
    unit = _UNITS.get(text[-1:])
    try:
        return int(float(text[:-1]) * unit) if unit else int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no size: write 10k, 1M or 25000") from None


def main() -> None:
    """Runs what the command line asks for."""
    parser = argparse.ArgumentParser(description="Measures builds and loads of made-up graphs.")
    parser.add_argument(
        "--sizes",
        type=lambda text: [_size(part) for part in text.split(",")],
        default=[10_000, 100_000],
        help="triples of the finished dataset, roughly: 10k,100k,1M,5M (10k,100k when not given)",
    )
    parser.add_argument("--repeat", type=int, default=3, help="runs of each (3 when not given)")
    parser.add_argument("--seed", type=int, default=1, help="of the made-up graph")
    parser.add_argument("--folder", type=Path, help="where to work, for a disk of your choice")
    parser.add_argument("--markdown", action="store_true", help="print tables in place of JSON")
    parser.add_argument("--worker", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        run = _worker(*given.worker)
        print(json.dumps(asdict(run)))
        return
    sizes: list[Size] = []
    for triples in given.sizes:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            sizes.append(measure(triples, given.repeat, Path(folder), given.seed))
        size = sizes[-1]
        sys.stderr.write(
            f"{size.triples:,} triples: built in {_build_seconds(size):.2f} s, loaded in "
            f"{_load_seconds(_OURS)(size):.2f} s (oxigraph load --lenient: "
            f"{_load_seconds(_LENIENT)(size):.2f} s); load average {os.getloadavg()[0]:.1f}\n"
        )
    if given.markdown:
        print(f"{machine()}; medians of {given.repeat}.\n\n{tables(sizes)}")
    else:
        print(json.dumps([_plain(size) for size in sizes], indent=1))


def _plain(size: Size) -> dict[str, object]:
    def runs(of: list[Run]) -> list[dict[str, object]]:
        return [asdict(run) for run in of]

    return {
        "triples": size.triples,
        "claims": size.claims,
        "builds": runs(size.builds),
        "loads": {name: runs(of) for name, of in size.loads.items()},
    }


if __name__ == "__main__":
    main()
