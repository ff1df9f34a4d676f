"""What scenarios take, beside a copy of the graph in memory.

    python benchmarks/scenarios.py --home .sanctiongraph --sizes 1M --markdown

On each graph, which is published already or made up: a scenario that supposes a few triples of a party, and one that withdraws a
claim about it, the first time and again; its assessment there; and, as what it is measured against,
copying the same store into memory. Where the graph has options for a matter (the shipped one has)
also their table, and comparisons of viewpoints and with an option. Each graph is measured in a
process of its own.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Store

from sanctiongraph import scratch
from sanctiongraph.answer import answer
from sanctiongraph.compare import Side, compare
from sanctiongraph.options import options_table
from sanctiongraph.perspective import open_perspective, suppose
from sanctiongraph.published import current
from sanctiongraph.reasoner import Reasoner
from sanctiongraph.scenario import Scenario, scenario_text, scenarios
from sanctiongraph.vocabulary import PREFIXES, sparql_prologue, term

_DAY = dt.date(2026, 6, 1)
#: A day between the same dates, as far as most rules go, and one of another time.
_LIKE_IT = dt.date(2026, 2, 1)
_LONG_BEFORE = dt.date(2020, 12, 20)
_RULE = "caatsa-231-a"
_PARTIES = ("SSB", "Agency0")
_SUPPOSED = """{prologue}
GRAPH graph:scenarios {{ scenario:measured a sg:Scenario }}
<{scenario}measured/added> {{
  id:MeasuredDeal a sg:ArmsDeal ; sg:recipient <{party}> ; sg:supplier id:Rosoboronexport .
  id:MeasuredDelivery a sg:Delivery ; sg:ofDeal id:MeasuredDeal ; sg:actor <{party}> ;
    sg:date [ sg:edtf "2025-01-01" ] .
}}"""


def measured(home: Path) -> dict[str, Any]:
    """Milliseconds of the processor for each step, in order, and megabytes of memory."""
    found: dict[str, Any] = {}

    def step(name: str, work: Callable[[], Any]) -> Any:
        begun = time.process_time()
        result = work()
        found[name] = (time.process_time() - begun) * 1000
        return result

    scratch.use(home / scratch.NAME)
    store = current(home).open()
    found["triples"] = current(home).version.triples
    law = Reasoner.of(store, "measured").law
    base = open_perspective(store)
    party = next(one for one in _PARTIES if _known(store, one))
    iri = PREFIXES["id"] + party
    text = _SUPPOSED.format(prologue=sparql_prologue(), scenario=PREFIXES["scenario"], party=iri)
    added = scenario_text(text, store)
    mentions = term("sg:mentions")
    claims = chain.from_iterable(
        store.quads_for_pattern(None, mentions, one, None) for one in (NamedNode(iri), None)
    )
    withdrawn = Scenario("urn:measured", "measured", withdraws=(next(claims).subject.value,))

    def asked(one: Scenario) -> None:
        there = suppose(base, one)
        assert answer(there, law, law.rule(_RULE), iri, _DAY)

    step("triples supposed, and one rule asked: the first time", lambda: asked(added))
    step("the same again", lambda: asked(added))
    step("a claim withdrawn, and one rule asked", lambda: asked(withdrawn))
    if any(one.about for one in scenarios(store)):
        step("table of options: the first time", lambda: options_table(base, law, _DAY))
        step("the table again", lambda: options_table(base, law, _DAY))
        step("the table of another day like it", lambda: options_table(base, law, _LIKE_IT))
        step("the table of another time", lambda: options_table(base, law, _LONG_BEFORE))
        sides = [Side(open_perspective(store, one), _DAY) for one in ("turkey", "united-states")]
        name = "two viewpoints, all rules"
        step(name, lambda: compare(*sides, law, causes=False))
        step(f"{name}, with what differences rest on", lambda: compare(*sides, law))
        option = Side(open_perspective(store, "sources", "destroy"), _DAY)
        name = "with an option, all rules, with what differences rest on"
        step(name, lambda: compare(Side(base, _DAY), option, law))
    found["peak MB"] = _peak()
    copy = Store()
    step("beside it: the graph copied into memory", lambda: copy.bulk_extend(store))
    found["peak MB with that"] = _peak()
    return found


def _known(store: Store, name: str) -> bool:
    node = NamedNode(PREFIXES["id"] + name)
    return next(store.quads_for_pattern(node, None, None, None), None) is not None


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def table(columns: Sequence[dict[str, Any]]) -> str:
    """The results in Markdown, a column a graph."""
    names = list(dict.fromkeys(name for one in columns for name in one if name != "triples"))
    names.sort(key=lambda name: (name.startswith(("beside", "peak")), name.startswith("peak")))
    lines = [
        "| | " + " | ".join(f"{one['triples']:,} triples" for one in columns) + " |",
        "|---|" + "---:|" * len(columns),
    ]
    for name in names:
        cells = (f"{one[name]:,.0f}" if name in one else "" for one in columns)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _sizes(text: str) -> list[int]:
    from build import _size

    return [_size(one) for one in text.split(",")]


def _in_a_process(home: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--worker", "--home", str(home)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _made_up(folder: Path, triples: int, seed: int) -> Path:
    """A published graph of about so many triples; see ``synthetic.py``."""
    # Only here: what measures takes no memory for them.
    import synthetic

    from sanctiongraph.build import build
    from sanctiongraph.data import data_folders

    data, home = folder / "data", folder / "home"
    data.mkdir()
    synthetic.write(data, data_folders().ontology, synthetic.claims_for(triples), seed)
    build(data_folders(data, folder / "registers"), home)
    return home


def main() -> None:
    """Runs what the command line asks for."""
    parser = argparse.ArgumentParser(description="Measures scenarios.")
    parser.add_argument("--home", type=Path, action="append", default=[])
    parser.add_argument("--sizes", type=_sizes, default=[], help="100k,1M")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        print(json.dumps(measured(given.home[0])))
        return
    columns = [_in_a_process(home) for home in given.home]
    for triples in given.sizes:
        with tempfile.TemporaryDirectory(prefix="sanctiongraph-") as folder:
            columns.append(_in_a_process(_made_up(Path(folder), triples, given.seed)))
    print(table(columns) if given.markdown else json.dumps(columns, indent=1))


if __name__ == "__main__":
    main()
