"""What a graph of many millions takes, step by step, as it grows.

    python benchmarks/scale.py --sizes 1M,10M,30M --markdown

A made-up graph of texts and cited documents (``synthetic.py``) with a register of arms transfers
(``made_register.py``), a tenth of its triples: imported, built, one source added and withdrawn, all
cases of two rules assessed, one explained, snapshots taken, and a mix of queries asked over HTTP.
Each step runs in a process of its own. At 30 million triples it needs 16 GB of memory and some 40 GB on the
disk.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import linear_regression, median, quantiles

import made_register
import serving
import synthetic
from build import _size, machine

from sanctiongraph.vocabulary import PREFIXES

#: Triples of the dataset that a row of a register becomes, roughly: measured.
_TRIPLES_A_ROW = 128
_PART_OF_REGISTER = 0.1
_RULES = ("caatsa-231-a", "ofac-50-percent")
_SNAPSHOTS = 5
_ASKED = 300
_AS_OF = "2025-12-24"
#: The mix: what the pages and researchers ask. ``{n}`` is a thing's number, the first ones more often.
_MIX = {
    "what is said of a deal": "SELECT * { id:Deal{n} ?property ?value }",
    "its claims, with who makes them": "SELECT * { ?claim sg:mentions id:Deal{n} ; sg:speaker"
    " ?speaker ; sg:modality ?modality ; sg:wording ?wording } LIMIT 100",
    "where a claim stands": "SELECT * { ?claim sg:mentions id:Measure{n} ; sg:source ?source ;"
    " sg:place ?place . ?place ?property ?value } LIMIT 100",
    "what somebody says": "SELECT * { ?claim sg:speaker id:Person{n} ; sg:wording ?wording } LIMIT 100",
    "deals of a recipient": "SELECT * { ?deal sg:recipient id:Agency{n} ; sg:supplier ?supplier ;"
    " sg:item ?item . ?item rdfs:label ?label } LIMIT 100",
    "deliveries of a deal by day": "SELECT * { ?event sg:ofDeal id:Deal{n} ; a sg:Delivery ;"
    " sg:date ?date . ?date sg:earliest ?day } ORDER BY ?day",
    "measures on a company in force": "SELECT * { ?measure sg:target id:Company{n} ; a sg:Measure"
    " OPTIONAL { ?measure sg:holdsUntil ?until . ?until sg:latest ?last }"
    ' FILTER(!BOUND(?last) || ?last > "2025-12-24"^^xsd:date) }',
    "outcomes of a party": "SELECT * { ?assessment sg:assessedParty id:Agency{n} ; sg:assessedRule"
    " ?rule ; sg:outcome ?outcome ; sg:level ?level } LIMIT 100",
    "a thing by its label": 'SELECT * { ?thing rdfs:label "Company {n}"@en ; a ?class }',
    "owners of a company's owner": "SELECT * { ?one sg:owned id:Company{n} ; sg:owner ?owner ."
    " ?two sg:owned ?owner ; sg:owner ?above }",
    "how many claims of each modality a source has": "SELECT ?modality (COUNT(*) AS ?claims) {"
    " ?claim sg:source source:text-{n5} ; sg:modality ?modality } GROUP BY ?modality",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One measured process: seconds of the clock and the processor, peak megabytes, what it told."""

    seconds: float
    processor: float
    megabytes: float
    told: dict[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Size:
    """What was measured at one size."""

    triples: int
    graphs: int
    rows: int
    steps: dict[str, Step]
    #: Megabytes on the disk.
    store_mb: float
    text_mb: float
    #: Milliseconds of each question, and how many failed.
    asked: dict[str, list[float]]
    failed: int


def measure(triples: int, folder: Path, seed: int) -> Size:
    """All steps on a graph of about so many triples."""
    from sanctiongraph.data import data_folders

    rows = round(triples * _PART_OF_REGISTER / _TRIPLES_A_ROW)
    claims = synthetic.claims_for(round(triples * (1 - _PART_OF_REGISTER)))
    data, home, aside = folder / "data", folder / "home", folder / "aside"
    data.mkdir()
    synthetic.write(data, data_folders().ontology, claims, seed)
    made_register.write(folder / "register.csv", rows, seed)
    own = {
        "SANCTIONGRAPH_DATA": str(data),
        "SANCTIONGRAPH_HOME": str(home),
        "SANCTIONGRAPH_REGISTERS": str(folder / "registers"),
    }
    small = own | {"SANCTIONGRAPH_DATA": "", "SANCTIONGRAPH_HOME": str(folder / "small")}
    _command(["build"], small)
    steps = {
        "import of the register": _command(["import", "sipri", str(folder / "register.csv")], small)
    }
    source = data / "graph" / "sources" / "text-00001"
    source.rename(aside)
    steps["build, all anew"] = _own("build", own)
    aside.rename(source)
    steps["one source added"] = _own("build", own)
    source.rename(aside)
    steps["the same withdrawn"] = _own("build", own)
    steps["all cases of two rules"] = _own("all-cases", own)
    steps["one case explained"] = _own("explain", own)
    steps["a scenario, and one rule asked there"] = _own("scenario", own)
    steps["a snapshot"] = _own("snapshot", own)
    built = (home / "current").resolve()
    version = json.loads((built / "version.json").read_text("utf-8"))
    asked, failed = questions(own, claims, seed)
    return Size(
        version["triples"], version["graphs"], rows, steps,
        _megabytes(built / "store"), _megabytes(built / "dataset.nq"), asked, failed,
    )  # fmt: skip


def questions(
    environment: dict[str, str], claims: int, seed: int
) -> tuple[dict[str, list[float]], int]:
    """Milliseconds of the mix, one question after the other from one client, each another."""
    port = serving.free_port()
    command = [sys.executable, "-c", "from sanctiongraph_server.command import serve; serve()",
               "--port", str(port), "--workers", "1"]  # fmt: skip
    url = f"http://127.0.0.1:{port}/sparql"
    rng = random.Random(seed)
    taken: dict[str, list[float]] = {name: [] for name in _MIX}
    failed = 0
    rate = {"SANCTIONGRAPH_RATE_LIMIT": "0", "SANCTIONGRAPH_AHEAD_SECONDS": "0"}
    with serving.running(command, environment | rate, url):
        for number in range(_ASKED):
            name = list(_MIX)[number % len(_MIX)]
            thing = int(claims / 40 * rng.random() ** 3)
            query = _MIX[name].replace("{n5}", f"{thing % max(1, claims // 320):05}")
            query = query.replace("{n}", str(thing)) + f" # {number}"
            begun = time.perf_counter()
            try:
                serving.ask(url, query)
            except OSError:
                failed += 1
            taken[name].append((time.perf_counter() - begun) * 1000)
    return taken, failed


def _command(arguments: list[str], environment: dict[str, str]) -> Step:
    """A command of ``sanctiongraph``."""
    command = [str(Path(sys.executable).with_name("sanctiongraph")), *arguments]
    return _process(command, environment)[0]


def _own(step: str, environment: dict[str, str]) -> Step:
    """A run of this script as a worker, which tells of itself."""
    done, out = _process([sys.executable, __file__, "--worker", step], environment)
    told = json.loads(out.splitlines()[-1])
    return Step(told.pop("seconds", done.seconds), done.processor, done.megabytes, told)


def _process(command: list[str], environment: dict[str, str]) -> tuple[Step, str]:
    given = {name: value for name, value in environment.items() if value}
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **given}, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    out = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}: {out}")
    return Step(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024), out


def _worker(step: str) -> dict[str, float | str]:
    """What runs in a process of its own: tells what it did, and the seconds where not all count."""
    from sanctiongraph.data import data_folders
    from sanctiongraph.published import current
    from sanctiongraph.settings import from_environment

    settings = from_environment()
    match step:
        case "build":
            from sanctiongraph.build import build

            begun = time.perf_counter()
            folders = data_folders(settings.data, settings.registers)
            version = build(folders, settings.home).version
            return {"seconds": time.perf_counter() - begun, "how": version.how}
        case "all-cases":
            return _all_cases(settings.home)
        case "explain":
            return _explained(settings.home)
        case "scenario":
            return _supposed(settings.home)
        case "snapshot":
            store = current(settings.home).open()
            taken = []
            for number in range(_SNAPSHOTS):
                target = settings.home / f"snapshot-{number}"
                begun = time.perf_counter()
                store.backup(str(target))
                taken.append(time.perf_counter() - begun)
                shutil.rmtree(target)
            return {"seconds": median(taken)}
    raise SystemExit(f"no step {step}")


def _all_cases(home: Path) -> dict[str, float | str]:
    import datetime as dt

    from sanctiongraph.bulk.assess import assess_all
    from sanctiongraph.bulk.facts import of_published
    from sanctiongraph.published import current

    begun = time.perf_counter()
    cases = 0
    facts = of_published(current(home), "sources")
    rules = [facts.law.rule(name) for name in _RULES]
    with assess_all(facts, rules, dt.date.fromisoformat(_AS_OF), 4_096) as mass:
        for one in mass.rules:
            cases += sum(one.summary().values())
    return {"seconds": time.perf_counter() - begun, "cases": cases, "because": mass.because or ""}


def _explained(home: Path) -> dict[str, float | str]:
    """The strongest case of the first agency: once to be warm, then the median of ten."""
    import datetime as dt

    from sanctiongraph.explain import to_text
    from sanctiongraph.published import current
    from sanctiongraph.reasoner import Question, Reasoner

    reasoner = Reasoner.of(current(home).open(), "measured")
    question = Question("caatsa-231-a", f"{PREFIXES['id']}Agency0", dt.date.fromisoformat(_AS_OF))
    taken = []
    for _ in range(11):
        begun = time.perf_counter()
        to_text(reasoner.prove(reasoner.ask(question), strongest_only=True), reasoner)
        taken.append(time.perf_counter() - begun)
    return {"seconds": median(taken[1:]), "first": taken[0]}


def _supposed(home: Path) -> dict[str, float | str]:
    """A deal of the first agency is supposed, for the first time in the process."""
    import datetime as dt

    from sanctiongraph import scratch
    from sanctiongraph.published import current
    from sanctiongraph.reasoner import Question, Reasoner
    from sanctiongraph.scenario import scenario_text

    scratch.use(home / scratch.NAME)
    reasoner = Reasoner.of(current(home).open(), "measured")
    party = f"{PREFIXES['id']}Agency0"
    text = f"<urn:deal> <{PREFIXES['sg']}recipient> <{party}> ; a <{PREFIXES['sg']}ArmsDeal> ."
    supposed = scenario_text(text, reasoner.store)
    begun = time.perf_counter()
    reasoner.ask(Question("caatsa-231-a", party, dt.date.fromisoformat(_AS_OF), scenario=supposed))
    return {"seconds": time.perf_counter() - begun}


def _megabytes(path: Path) -> float:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files) / 1e6


def table(sizes: Sequence[Size]) -> str:
    """The results in Markdown: a column a size."""
    lines = [
        "| | " + " | ".join(f"{size.triples:,} triples" for size in sizes) + " | grows by |",
        "|---|" + "---:|" * (len(sizes) + 1),
    ]

    def row(name: str, values: list[float], shown: str = "{:,.1f}") -> None:
        grown = f"{_exponent(sizes, values):.2f}" if len(sizes) > 1 and min(values) > 0 else ""
        cells = " | ".join(shown.format(value) for value in values)
        lines.append(f"| {name} | {cells} | {grown} |")

    row("named graphs", [size.graphs for size in sizes], "{:,}")
    row("rows of the register", [size.rows for size in sizes], "{:,}")
    row("store on the disk, MB", [size.store_mb for size in sizes], "{:,.0f}")
    row("canonical N-Quads, MB", [size.text_mb for size in sizes], "{:,.0f}")
    for name in sizes[0].steps:
        steps = [size.steps[name] for size in sizes]
        if name in {"one case explained", "a scenario, and one rule asked there", "a snapshot"}:
            row(f"{name}, ms", [step.seconds * 1000 for step in steps])
            continue
        row(f"{name}, s", [step.seconds for step in steps])
        row(f"{name}, s of the processor", [step.processor for step in steps])
        row(f"{name}, peak MB", [step.megabytes for step in steps], "{:,.0f}")
    row(
        "cases",
        [float(size.steps["all cases of two rules"].told["cases"]) for size in sizes],
        "{:,.0f}",
    )
    row(
        "rows imported a second",
        [size.rows / size.steps["import of the register"].seconds for size in sizes],
        "{:,.0f}",
    )
    row(
        "triples built a second",
        [size.triples / size.steps["build, all anew"].seconds for size in sizes],
        "{:,.0f}",
    )
    for name in _MIX:
        row(f"{name}, p50 ms", [median(size.asked[name]) for size in sizes])
    every = [[one for some in size.asked.values() for one in some] for size in sizes]
    row("all questions, p50 ms", [median(some) for some in every])
    row("all questions, p99 ms", [quantiles(some, n=100)[98] for some in every])
    row("questions that failed", [size.failed for size in sizes], "{:,}")
    return "\n".join(lines)


def _exponent(sizes: Sequence[Size], values: Sequence[float]) -> float:
    return linear_regression(
        [math.log(size.triples) for size in sizes], [math.log(value) for value in values]
    ).slope


def told(size: Size) -> Iterator[str]:
    """What steps said of themselves."""
    for name, step in size.steps.items():
        for key, value in step.told.items():
            yield f"{size.triples:,}: {name}: {key} {value}"


def main() -> None:
    """Runs what the command line asks for."""
    parser = argparse.ArgumentParser(description="Measures a graph of many millions, step by step.")
    parser.add_argument(
        "--sizes",
        type=lambda text: [_size(part) for part in text.split(",")],
        default=[100_000],
        help="triples of the finished dataset, roughly: 1M,10M,30M (100k when not given)",
    )
    parser.add_argument("--seed", type=int, default=1, help="of the made-up graph")
    parser.add_argument("--folder", type=Path, help="where to work, for a disk of your choice")
    parser.add_argument("--markdown", action="store_true", help="print a table in place of JSON")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        print(json.dumps(_worker(given.worker)))
        return
    sizes: list[Size] = []
    for triples in given.sizes:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            sizes.append(measure(triples, Path(folder), given.seed))
        sys.stderr.write("".join(f"{line}\n" for line in told(sizes[-1])))
        sys.stderr.write(f"load average {os.getloadavg()[0]:.1f}\n")
        if given.markdown:
            print(f"{machine()}.\n\n{table(sizes)}\n", flush=True)
        else:
            print(json.dumps(asdict(sizes[-1])), flush=True)


if __name__ == "__main__":
    main()
