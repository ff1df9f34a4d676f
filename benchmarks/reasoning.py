"""Section 231(a) with its exceptions and the 50 percent rule over a made-up arms trade.

    python benchmarks/reasoning.py --sizes 100k,1M,5M --markdown

Ours (``sanctiongraph assess`` for all cases of files, from tables in DuckDB), Nemo and clingo
decide the same cases by the same rules (``tests/differential``), each in a process of its own with
its own peak memory, from files in the form that each reads. The answers have to be the same.
Ours gives every condition of every case, the others the outcomes alone. With ``--real`` one
explanation and one scenario on the published graph are timed as well.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import math
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from statistics import linear_regression, median

_ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(_ROOT))  # for the rules in tests/differential

from benchmarks.arms_trade import Files, trade, write  # noqa: E402

_AS_OF = dt.date(2025, 12, 24)
_RULES = _ROOT / "tests" / "differential"
_TRIPLES_A_DEAL = 26
_UNITS = {"k": 1_000, "M": 1_000_000}

Answers = dict[str, set[tuple[str, ...]]]
Mark = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Run:
    """One engine in one process: seconds of each step, peak memory, how many answers of each kind
    and a digest of all of them.
    """

    seconds: dict[str, float]
    megabytes: float
    counts: dict[str, int]
    digest: str

    @property
    def total(self) -> float:
        """Seconds of all steps together."""
        return sum(self.seconds.values())


def ours(files: Files, mark: Mark) -> Answers:
    """Our engine, as ``sanctiongraph assess`` without a party uses it."""
    from sanctiongraph.assessment import Outcome
    from sanctiongraph.bulk.assess import assess_all
    from sanctiongraph.bulk.facts import of_files
    from sanctiongraph.data import data_folders

    mark("law")
    facts = of_files([files.triples], data_folders())
    rules = [facts.law.rule(name) for name in ("caatsa-231-a", "ofac-50-percent")]
    mark("all cases")
    with assess_all(facts, rules, _AS_OF) as mass:
        if mass.because:
            raise SystemExit(f"not from tables: {mass.because}")
        for one in mass.rules:
            one.summary()
        mark("answers")
        deals, owned = map(list, mass.rules)

    def cases(outcome: Outcome) -> set[tuple[str, ...]]:
        return {tuple(one.case.values()) for one in deals if one.outcome is outcome}

    return {
        "case": {tuple(one.case.values()) for one in deals},
        "applies": cases(Outcome.APPLIES),
        "doesNotApply": cases(Outcome.DOES_NOT_APPLY),
        "half": {
            tuple(one.case.values())
            for one in owned
            if one.outcome in (Outcome.APPLIES, Outcome.DISPUTED)
        },
    }


def nemo(files: Files, mark: Mark) -> Answers:
    """Nemo, which reads the N-Triples itself."""
    import nmo_python

    mark("load and rules")
    text = "\n".join((_RULES / f"{name}.rls").read_text("utf-8") for name in ("rules", "ownership"))
    for path in (files.triples, files.calendar, files.shares, files.today):
        text = text.replace(f'"{path.name}"', f'"{path}"')
    engine = nmo_python.NemoEngine(nmo_python.load_string(text))
    engine.reason()
    mark("answers")
    return {
        name: {tuple(str(cell).strip("<>") for cell in row) for row in engine.result(name)}
        for name in ("case", "applies", "doesNotApply", "half")
    }


def clingo(files: Files, mark: Mark) -> Answers:
    """clingo, which reads terms in place of RDF."""
    import clingo as asp

    mark("load and rules")
    control = asp.Control(["--warn=none"])
    control.load(str(_RULES / "rules.lp"))
    control.load(str(files.asp))
    control.ground([("base", [])])
    found: Answers = {"case": set(), "applies": set(), "doesNotApply": set(), "half": set()}
    with control.solve(yield_=True) as handle:
        model = next(iter(handle))
        mark("answers")
        for atom in model.symbols(shown=True):
            names = (part.string.replace("id:", _ID, 1) for part in atom.arguments)
            found[atom.name].add(tuple(names))
    return found


_ID = "https://w3id.org/sanctiongraph/id/"
_ENGINES = {"ours": ours, "Nemo": nemo, "clingo": clingo}


def _worker(engine: str, folder: str) -> Run:
    """What runs in a process of its own. Making comparable sets of the answers is not counted."""
    marks: list[tuple[str, float, int]] = []

    def mark(step: str) -> None:
        marks.append(
            (step, time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        )

    answers = _ENGINES[engine](Files(Path(folder)), mark)
    seconds = {step: after - begun for (step, begun, _), (_, after, _) in pairwise(marks)}
    text = json.dumps({name: sorted(rows) for name, rows in answers.items()})
    return Run(
        seconds,
        marks[-1][2] / 1024,
        {name: len(rows) for name, rows in answers.items()},
        hashlib.sha256(text.encode()).hexdigest(),
    )


@dataclass(frozen=True, slots=True)
class Size:
    """What was measured at one size."""

    triples: int
    runs: dict[str, list[Run]]

    def seconds(self, engine: str) -> float:
        """The median of an engine's total seconds."""
        return median(run.total for run in self.runs[engine])


def measure(triples: int, repeat: int, folder: Path, seed: int) -> Size:
    """All engines on one made-up trade, taking turns; stops where two answers differ."""
    files, count = write(trade(triples // _TRIPLES_A_DEAL, _AS_OF, seed), _AS_OF, folder)
    runs: dict[str, list[Run]] = {name: [] for name in _ENGINES}
    for _ in range(repeat):
        for name, done in runs.items():
            command = [sys.executable, __file__, "--worker", name, str(files.folder)]
            out = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
            done.append(Run(**json.loads(out)))
    if len({run.digest for done in runs.values() for run in done}) != 1:
        counts = {name: done[0].counts for name, done in runs.items()}
        raise SystemExit(f"the engines differ at {count:,} triples: {counts}")
    return Size(count, runs)


def table(sizes: Iterable[Size]) -> str:
    """The results in Markdown."""
    sizes = list(sizes)
    lines = [
        "| triples | cases | applies | ours, s (law + all cases) | Nemo, s | clingo, s | ours / Nemo | peak MB, ours / Nemo / clingo |",
        "|" + " ---: |" * 8,
    ]
    for size in sizes:
        first = size.runs["ours"]
        steps = " + ".join(
            f"{median(run.seconds[step] for run in first):.2f}" for step in first[0].seconds
        )
        peaks = " / ".join(
            f"{median(run.megabytes for run in runs):,.0f}" for runs in size.runs.values()
        )
        lines.append(
            f"| {size.triples:,} | {first[0].counts['case']:,} | {first[0].counts['applies']:,} | "
            f"{size.seconds('ours'):.2f} ({steps}) | {size.seconds('Nemo'):.2f} | "
            f"{size.seconds('clingo'):.2f} | {size.seconds('ours') / size.seconds('Nemo'):.2f} | "
            f"{peaks} |"
        )
    if len(sizes) > 1:
        powers = ", ".join(f"{_exponent(sizes, name):.2f} ({name})" for name in _ENGINES)
        lines += ["", f"Seconds grow with triples to the power of {powers}."]
    return "\n".join(lines)


def _exponent(sizes: list[Size], engine: str) -> float:
    return linear_regression(
        [math.log(size.triples) for size in sizes],
        [math.log(size.seconds(engine)) for size in sizes],
    ).slope


def real(repeat: int) -> str:
    """One explanation and one scenario on the real graph, built in memory."""
    from sanctiongraph.answer import answer
    from sanctiongraph.data import data_folders
    from sanctiongraph.dataset import dataset
    from sanctiongraph.explain import to_text
    from sanctiongraph.perspective import open_perspective
    from sanctiongraph.reasoner import Question, Reasoner
    from sanctiongraph.scenario import scenarios

    store = dataset(data_folders())
    reasoner = Reasoner.of(store, "measured")
    rule = reasoner.law.rule("caatsa-231-a")
    party = _ID + "SSB"
    asked = Question(rule.name, party, _AS_OF)
    name = scenarios(store)[0].name

    def explain() -> object:
        return to_text(reasoner.prove(reasoner.ask(asked), strongest_only=True), reasoner)

    def suppose() -> object:
        return answer(open_perspective(store, scenario=name), reasoner.law, rule, party, _AS_OF)

    return (
        f"Real graph ({len(store):,} quads): one explanation {_milliseconds(explain, repeat):.1f} ms, "
        f"one scenario with its answer {_milliseconds(suppose, repeat):.1f} ms (medians of {repeat})."
    )


def _milliseconds(run: Callable[[], object], repeat: int) -> float:
    taken = []
    for _ in range(repeat):
        started = time.perf_counter()
        run()
        taken.append((time.perf_counter() - started) * 1_000)
    return median(taken)


def machine() -> str:
    """What the figures were taken on."""
    names = ("duckdb", "nemo-python", "clingo")
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in names)
    )


def _size(text: str) -> int:
    unit = _UNITS.get(text[-1:])
    return int(float(text[:-1]) * unit) if unit else int(text)


def main() -> None:
    """Runs what the command line asks for."""
    parser = argparse.ArgumentParser(description="Measures assessments beside Nemo and clingo.")
    parser.add_argument(
        "--sizes",
        type=lambda text: [_size(part) for part in text.split(",") if part],
        default=[100_000],
        help="triples, roughly: 100k,1M,5M (100k when not given)",
    )
    parser.add_argument("--repeat", type=int, default=1, help="runs of each (1 when not given)")
    parser.add_argument("--seed", type=int, default=1, help="of the made-up trade")
    parser.add_argument("--folder", type=Path, help="where to work, for a disk of your choice")
    parser.add_argument("--markdown", action="store_true", help="print a table in place of JSON")
    parser.add_argument("--real", action="store_true", help="time the real graph as well")
    parser.add_argument("--worker", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        run = _worker(*given.worker)
        print(json.dumps({name: getattr(run, name) for name in Run.__slots__}))
        return
    sizes = []
    for triples in given.sizes:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            sizes.append(measure(triples, given.repeat, Path(folder), given.seed))
        totals = ", ".join(f"{name} {sizes[-1].seconds(name):.2f} s" for name in _ENGINES)
        load = os.getloadavg()[0]
        sys.stderr.write(f"{sizes[-1].triples:,} triples: {totals}; load average {load:.1f}\n")
    if given.markdown:
        print(f"{machine()}; medians of {given.repeat}.\n\n{table(sizes)}")
    else:
        plain = [
            {"triples": s.triples, "seconds": {n: s.seconds(n) for n in _ENGINES}} for s in sizes
        ]
        print(json.dumps(plain, indent=1))
    if given.real:
        print(f"\n{real(20)}")


if __name__ == "__main__":
    main()
