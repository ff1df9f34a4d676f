"""Imports registers and builds with them, each step in a process of its own, and measures it.

``python benchmarks/registers.py --sipri FILE [--sdn FILE --alt FILE --add FILE]
[--consolidated FILE] [--xml FILE] [--markdown]``. The files are the operator's;
``docs/registers.md`` says what they are. ``--rows N`` takes the first rows of each table alone.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Step:
    """One command: wall time and processor time in seconds, and its last line but what it took."""

    name: str
    wall: float
    processor: float
    peak_mb: float
    said: str


def measured(name: str, arguments: list[str], home: Path) -> Step:
    """Runs a command; its peak is that of its process alone."""
    started = time.perf_counter()
    command = [str(Path(sys.executable).with_name("sanctiongraph")), *arguments]
    process = subprocess.Popen(
        command,
        env={**os.environ, "SANCTIONGRAPH_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode and not (
        arguments[0] == "import" and (" lines: " in said or " records: " in said)
    ):
        raise SystemExit(f"{name} ended with {process.returncode}: {said}")
    wall = time.perf_counter() - started
    lines = [line for line in said.splitlines() if line]
    return Step(name, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, lines[0])


def steps(options: argparse.Namespace, work: Path) -> Iterator[Step]:
    """The steps, in the order in which an operator takes them."""
    home = work / "home"
    taken = ["--taken-as", options.taken_as]
    yield measured("build without registers", ["build"], home)
    if options.sipri:
        file = str(_cut(options.sipri, options.rows, work))
        yield measured("import of deals", ["import", "sipri", file, *taken], home)
        yield measured("import again, nothing changed", ["import", "sipri", file, "--again"], home)
    if options.sdn:
        beside = [
            part
            for name, path in (("--alt", options.alt), ("--add", options.add))
            if path
            for part in (name, str(path))
        ]
        file = str(_cut(options.sdn, options.rows, work))
        yield measured("import of designations", ["import", "ofac", file, *beside, *taken], home)
    if options.consolidated:
        file = str(_cut(options.consolidated, options.rows, work))
        command = ["import", "ofac", "--list", "consolidated", file, *taken]
        yield measured("import of the consolidated list", command, home)
    if options.xml:
        command = ["import", "ofac-xml", str(options.xml), *taken]
        yield measured("import of advanced XML", command, home)
    yield measured("build with registers", ["build"], home)


def _cut(path: Path, rows: int | None, work: Path) -> Path:
    if rows is None:
        return path
    lines = path.read_bytes().splitlines(keepends=True)[:rows]
    (work / path.name).write_bytes(b"".join(lines))
    return work / path.name


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sipri", type=Path)
    parser.add_argument("--sdn", type=Path)
    parser.add_argument("--alt", type=Path)
    parser.add_argument("--add", type=Path)
    parser.add_argument("--consolidated", type=Path)
    parser.add_argument("--xml", type=Path)
    parser.add_argument("--rows", type=int)
    parser.add_argument("--taken-as", choices=["entries", "said", "facts"], default="entries")
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    if options.markdown:
        print("| step | wall, s | processor, s | peak MB | said |")
        print("|---|---:|---:|---:|---|")
    with tempfile.TemporaryDirectory() as work:
        for one in steps(options, Path(work)):
            cells = f"{one.wall:.1f} | {one.processor:.1f} | {one.peak_mb:,.0f} | {one.said}"
            print(f"| {one.name} | {cells} |" if options.markdown else f"{one.name}: {cells}")


if __name__ == "__main__":
    main()
