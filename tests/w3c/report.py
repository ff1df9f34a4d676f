"""What was expected to fail, and the page that says how it went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import yaml

from .manifests import Test

EXPECTED = Path(__file__).parent / "expected_failures.yaml"
CAUSES = {
    "pyoxigraph": "the engine fails without any server as well",
    "suite": "the test asks for what the standard leaves open, or is not well-formed",
    "policy": "refused on purpose, by what operators are promised",
}


@dataclass(frozen=True)
class Expected:
    """Why some tests fail against the gateway."""

    cause: str
    reason: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """How all tests went against one server: what went wrong, by the tests' names."""

    server: str
    failures: dict[str, str]


def expected_failures() -> list[Expected]:
    """The failures that are known, as the data file lists them."""
    read = yaml.safe_load(EXPECTED.read_text("utf-8"))
    return [Expected(one["cause"], one["reason"], tuple(one["tests"])) for one in read]


def differences(
    tests: list[Test], gateway: Outcome, alone: Outcome, known: list[Expected]
) -> list[str]:
    """What is not as expected: failures, passes, causes that are not the engine's."""
    listed = Counter(name for one in known for name in one.tests)
    names = {test.id for test in tests}
    found = [f"{one.cause} is no cause" for one in known if one.cause not in CAUSES]
    found += [f"{name} is listed {count} times" for name, count in listed.items() if count > 1]
    found += [
        f"{name} is listed, and there is no such test" for name in listed if name not in names
    ]
    for test in tests:
        wrong = gateway.failures.get(test.id)
        if wrong and test.id not in listed:
            found.append(f"FAILED {test.id}: {wrong}")
        elif not wrong and test.id in listed:
            found.append(f"PASSED {test.id}, which is expected to fail")
    for one in known:
        if one.cause == "pyoxigraph":
            found += [
                f"{name} is said to be pyoxigraph's, which passes by itself"
                for name in one.tests
                if name in names and name not in alone.failures
            ]
    return found


def page(
    tests: list[Test], left_out: int, outcomes: Iterable[Outcome], known: list[Expected]
) -> str:
    """The page for the documentation."""
    gateway, peer = outcomes
    suites = list(dict.fromkeys(test.suite for test in tests))
    lines = [
        "# Conformance",
        "",
        "Made by `make test-w3c`; not edited by hand. The W3C suites for SPARQL are run over HTTP"
        f" against the gateway and, beside it, against `oxigraph serve` {version('oxigraph')}."
        f" Both evaluate with the same engine (pyoxigraph {version('pyoxigraph')}), so what is left"
        " between them is what each makes of the protocols.",
        "",
        "| suite | tests | gateway | `oxigraph serve` |",
        "|---|---|---|---|",
    ]
    for suite in suites:
        lines.append(_row(suite, [test for test in tests if test.suite == suite], gateway, peer))
    for group in ("sparql10", "sparql11", "sparql12"):
        chosen = [test for test in tests if test.suite.startswith(group)]
        lines.append(_row(f"**all of {group}**", chosen, gateway, peer))
    lines.append(_row("**all**", tests, gateway, peer))
    lines += ["", "Numbers of tests that pass.", "", "## What fails, and why", ""]
    for one in known:
        lines.append(f"**{one.cause}** ({len(one.tests)}): {one.reason}")
        lines.append("")
        lines.append(", ".join(f"`{name}`" for name in one.tests))
        lines.append("")
    lines += [f"- **{cause}**: {meaning}." for cause, meaning in CAUSES.items()]
    own = [
        test.id for test in tests if test.id in peer.failures and test.id not in gateway.failures
    ]
    lines += [
        "",
        f"Only `oxigraph serve` fails {len(own)}: {', '.join(f'`{name}`' for name in own)}.",
        "",
        "## What is compared",
        "",
        "- Solutions, graphs and stores up to the names of blank nodes; solutions in their order"
        " where the query has ORDER BY. Terms are compared by their spelling: `1.0` and `1` are two"
        " results.",
        "- A syntax test passes when the server takes or refuses the text; evaluating it on an"
        " empty store may fail.",
        "- Addresses in SERVICE and LOAD are servers on the same machine, which the run starts.",
        "- The older graph store tests (`http-rdf-update`, deprecated by W3C) are read from the"
        " HTTP messages in their comments.",
        "",
        "## What is left out",
        "",
        f"The {left_out} tests of `sparql11/entailment`. Each asks for an entailment regime (RDF,"
        " RDFS, D, OWL or RIF) at query time; the endpoint declares simple entailment and has what"
        " follows by its own ontology in the data. SPARQL 1.2 is a draft: its suites are run, and"
        " the gateway does not declare it.",
        "",
    ]
    return "\n".join(lines)


def _row(name: str, chosen: list[Test], *outcomes: Outcome) -> str:
    cells = [sum(test.id not in one.failures for test in chosen) for one in outcomes]
    return f"| {name} | {len(chosen)} | {' | '.join(map(str, cells))} |"
