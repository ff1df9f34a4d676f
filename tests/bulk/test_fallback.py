"""What tables do not cover is asked by SPARQL, and says so; where they do, values compare alike."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from sanctiongraph.bulk.assess import Mass, assess_all, by_sparql
from sanctiongraph.bulk.facts import Facts
from sanctiongraph.law import rules
from sanctiongraph.law.rules import AllOf, Condition, Law, Rule
from sanctiongraph.law.truthtable import ACCEPTED
from sanctiongraph.vocabulary import PREFIXES

_DAY = dt.date(2020, 2, 29)
_SG, _ID, _XSD = PREFIXES["sg"], PREFIXES["id"], PREFIXES["xsd"]


def _law(pattern: str, case: str = "?party sg:date ?any .") -> tuple[Law, Rule]:
    """A rule with one condition, which the pattern establishes."""
    condition = Condition(
        iri="law:c", label="c", established_by=(pattern,), refuted_by=(), absence_refutes=True,
        looks_for="", provision=None, verification="", reserved_to=(), changed_by=(),
    )  # fmt: skip
    rule = Rule(
        iri="law:r", label="r", provision="", bearers=(), deontic="", asks=("party",),
        case_pattern=case, formula=AllOf((rules.Test("law:c"),)), exceptions=(), effects=(),
        in_force_from=None, in_force_until=None, sanctioned_by=(), verification="",
    )  # fmt: skip
    return Law({"law:r": rule}, {"law:c": condition}), rule


def _facts(law: Law, lines: list[str], folder: Path) -> Facts:
    path = folder / "facts.nt"
    path.write_text("".join(f"{line} .\n" for line in lines), encoding="utf-8")
    store = Store()
    store.bulk_load(path=str(path))
    return Facts((path,), ACCEPTED, "sources", law, (), (), lambda: store)


def _same(pattern: str, lines: list[str], case: str = "?party sg:date ?any .") -> str | None:
    """Checks that both ways agree; returns why tables could not be used, where that was so."""
    law, rule = _law(pattern, case)
    with TemporaryDirectory() as folder:
        facts = _facts(law, lines, Path(folder))
        theirs = by_sparql(facts, [rule], _DAY, None)
        with assess_all(facts, [rule], _DAY) as ours:
            assert _plain(ours) == _plain(theirs), (pattern, lines)
            return ours.because


def _plain(mass: Mass) -> list[tuple[str, str]]:
    return [(one.party, one.outcome.value) for one in mass.rules[0]]


@pytest.mark.parametrize(
    "pattern",
    ["?party ?property ?any .", "?party a ?class .", "OPTIONAL { ?party sg:date ?d }",
     "{ ?party sg:date ?d } UNION { ?party sg:name ?d }", "?party sg:date/sg:latest ?d .",
     'FILTER(STR(?party) != "x")', "FILTER(?nobody = ?party)"],
)  # fmt: skip
def test_other_patterns_are_asked_by_sparql(pattern: str) -> None:
    lines = [f"<{_ID}a> <{_SG}date> <{_ID}b>", f"<{_ID}b> <{_SG}latest> <{_ID}c>"]
    assert _same(pattern, lines) is not None


@pytest.mark.parametrize(
    "value",
    [f'"2020-01-01Z"^^<{_XSD}date>', f'"2020-13-45"^^<{_XSD}date>', f'"1e2"^^<{_XSD}double>',
     f'"2020-01-01T00:00:00"^^<{_XSD}dateTime>', f'"99999999999999999999"^^<{_XSD}integer>'],
)  # fmt: skip
def test_strange_values_are_compared_by_sparql(value: str) -> None:
    pattern = "?party sg:date ?on . FILTER(?on <= $asOf)"
    because = _same(pattern, [f"<{_ID}a> <{_SG}date> {value}"])
    assert because is not None
    assert "?on" in because


def test_without_duckdb_sparql_answers(tmp_path: Path) -> None:
    path = tmp_path / "facts.nt"
    kind = f"{PREFIXES['rdf']}type"
    path.write_text(f"<{_ID}o> <{kind}> <{_SG}Ownership> .\n<{_ID}o> <{_SG}owned> <{_ID}b> .\n")
    program = "import sys; sys.modules['duckdb'] = None; from sanctiongraph.cli import main; main()"
    command = [sys.executable, "-c", program, "assess", "--rule", "ofac-50-percent", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "sanctiongraph[bulk]" in done.stderr
    assert "undetermined" in done.stdout


_days = st.dates(dt.date(2018, 12, 1), dt.date(2021, 3, 31)).map(
    lambda day: f'"{day}"^^<{_XSD}date>'
)
_numbers = st.sampled_from(
    [f'"{text}"^^<{_XSD}{kind}>' for text, kind in
     (("5", "integer"), ("05", "integer"), ("-5", "int"), ("5.0", "decimal"), ("5.5", "decimal"),
      ("4.999999999999999999", "decimal"), ("100000000", "integer"))]
)  # fmt: skip
_things = st.sampled_from([f"<{_ID}x>", f"<{_ID}y>", "_:b", '"5"', '"2020-02-29"', '"5"@en'])
_one = st.sampled_from(["?v", "?w", "$asOf", '$asOf - "P30D"^^xsd:dayTimeDuration',
                        '$asOf - "P1Y"^^xsd:yearMonthDuration', '?v - "P1M"^^xsd:yearMonthDuration', '?v - "-P1D"^^xsd:dayTimeDuration',
                        '?v + "P1Y"^^xsd:yearMonthDuration', '"2020-02-28"^^xsd:date', "5", "5.0",
                        "MONTH(?v) * 100 + DAY(?v)", "228", "id:x", "?party"])  # fmt: skip
_sign = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
_comparison = st.builds("({} {} {})".format, _one, _sign, _one) | st.builds(
    "(?v {} (id:x, id:y))".format, st.sampled_from(["IN", "NOT IN"])
)
_expression = st.recursive(
    _comparison,
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(["&&", "||"]), inner)
        | inner.map("(!{})".format)
    ),
    max_leaves=3,
)
_values = st.one_of(
    st.lists(_days, max_size=4), st.lists(_numbers, max_size=4), st.lists(_days | _numbers | _things, max_size=4)
)  # fmt: skip


@given(_values, _values, _expression, st.sampled_from(["", "FILTER NOT EXISTS", "FILTER EXISTS"]))
@settings(max_examples=150)
def test_filters_mean_the_same(
    some: list[str], others: list[str], expression: str, around: str
) -> None:
    lines = [f"<{_ID}p{at}> <{_SG}date> {value}" for at, value in enumerate([*some, *some])]
    lines += [f"<{_ID}p{at}> <{_SG}latest> {value}" for at, value in enumerate([*others, *some])]
    inner = f"?party sg:latest ?w . FILTER({expression})"
    pattern = (
        f"?party sg:date ?v . {around} {{ {inner} }}" if around else f"?party sg:date ?v . {inner}"
    )
    _same(pattern, lines)


def test_most_filters_are_covered() -> None:
    """Or the test before would prove little."""
    lines = [
        f'<{_ID}p> <{_SG}date> "2020-02-29"^^<{_XSD}date>',
        f'<{_ID}p> <{_SG}latest> "2019-01-31"^^<{_XSD}date>',
    ]
    for expression in ("?v <= $asOf", "?w < ?v", '?v = $asOf - "P1D"^^xsd:dayTimeDuration', "!(?v > ?w)",
                       "?v < ?w || MONTH(?w) * 100 + DAY(?w) < 201", "?party != id:x && ?party IN (id:p)"):  # fmt: skip
        assert _same(f"?party sg:date ?v ; sg:latest ?w . FILTER({expression})", lines) is None


def test_parts_without_a_common_variable() -> None:
    """A cross product would be what it says and take for ever: each part is asked by itself."""
    lines = [f"<{_ID}p{at}> <{_SG}date> <{_ID}d{at}>" for at in range(3_000)]
    lines += [f"<{_ID}m{at}> <{_SG}target> <{_ID}n{at}>" for at in range(3_000)]
    lines += [f"<{_ID}x{at}> <{_SG}subject> <{_ID}y>" for at in range(3_000)]
    pattern = "?party sg:date ?d . ?m sg:target ?n . ?x sg:subject ?y . FILTER(?y = id:y)"
    law, rule = _law(pattern)
    with TemporaryDirectory() as folder:
        facts = replace(_facts(law, lines, Path(folder)))
        with assess_all(facts, [rule], _DAY) as ours:
            assert ours.because is None
            assert {outcome for _, outcome in _plain(ours)} == {"applies"}
