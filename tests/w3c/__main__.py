"""Runs all suites, compares with what is expected, and writes ``docs/conformance.md``."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from pathlib import Path

from . import report, servers
from .alone import Alone
from .manifests import Test, tests
from .suites import LEFT_OUT, Runner, all_tests, start_remotes
from .target import Target

PROJECT = Path(__file__).parents[2]
SUITES = PROJECT.parent / "shared" / "w3c" / "sparql"
PAGE = PROJECT / "docs" / "conformance.md"
#: What the engine can be asked without a server.
_OF_THE_ENGINE = ("QueryEvaluationTest", "CSVResultFormatTest", "UpdateEvaluationTest")


def main(names: list[str]) -> int:
    """Runs the tests whose names hold one of ``names``, or all."""
    if not SUITES.is_dir():
        print(f"skipped: the W3C suites are not at {SUITES}")
        return 0
    chosen = [
        one for one in all_tests(SUITES) if not names or any(name in one.id for name in names)
    ]
    began = time.monotonic()
    with ExitStack() as stack:
        anything = stack.enter_context(servers.anything())
        remotes = start_remotes(stack, SUITES, anything)
        outcomes = [
            _run(Runner(Target(stack.enter_context(server), SUITES), remotes), chosen)
            for server in (servers.gateway(remotes.allowed), servers.oxigraph())
        ]
        engine = Runner(Alone(SUITES), remotes)
        failed = [one for one in chosen if one.id in outcomes[0].failures and _is_engines(one)]
        alone = _run(engine, failed)
    seconds = time.monotonic() - began
    for one in outcomes:
        print(f"{one.server}: {len(chosen) - len(one.failures)} of {len(chosen)} pass")
    print(f"{seconds:.0f} seconds")
    if names:
        for name, wrong in outcomes[0].failures.items():
            print(f"{name}: {wrong}")
        return 0
    known = report.expected_failures()
    left_out = sum(1 for _ in tests(SUITES, f"{LEFT_OUT}/manifest.ttl"))
    PAGE.write_text(report.page(chosen, left_out, outcomes, known), "utf-8")
    found = report.differences(chosen, outcomes[0], alone, known)
    for line in found:
        print(line)
    return 1 if found else 0


def _run(runner: Runner, chosen: list[Test]) -> report.Outcome:
    wrong = {one.id: said for one in chosen if (said := runner.run(one))}
    return report.Outcome(runner.target.server.name, wrong)


def _is_engines(test: Test) -> bool:
    return test.kind in _OF_THE_ENGINE or "Syntax" in test.kind


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
