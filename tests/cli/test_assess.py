"""``sanctiongraph assess`` without a party."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from sanctiongraph.live import Live
from tests.cli.conftest import Run

_SG, _ID = "https://w3id.org/sanctiongraph/ontology#", "https://w3id.org/sanctiongraph/id/"


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """A body half of which a blocked person owns, and one of which nobody knows the owners."""
    path = tmp_path / "facts.nt"
    lines = [
        f"<{_ID}Share> a <{_SG}Ownership>", f"<{_ID}Share> <{_SG}owner> <{_ID}Owner>",
        f"<{_ID}Share> <{_SG}owned> <{_ID}Body>",
        f'<{_ID}Share> <{_SG}share> "0.5"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        f"<{_ID}Listed> a <{_SG}Blocking>", f"<{_ID}Listed> <{_SG}target> <{_ID}Owner>",
        f"<{_ID}Other> a <{_SG}Ownership>", f"<{_ID}Other> <{_SG}owned> <{_ID}Unknown>",
    ]  # fmt: skip
    text = "".join(f"{line} .\n" for line in lines)
    path.write_text(text.replace(" a ", " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "))
    return path


def test_counts_of_the_graph(run: Run) -> None:
    result = run(
        "assess", "--rule", "caatsa-231-a", "--rule", "ofac-50-percent", "--as-of", "2025-12-06"
    )
    assert result.exit_code == 0, result.output
    assert "applies" in result.output
    assert "sanctioned" in result.output


def test_lines_say_what_one_party_is_told(run: Run) -> None:
    given = ("assess", "--rule", "caatsa-231-a", "--as-of", "2025-12-06", "--json")
    lines = [json.loads(line) for line in run(*given).stdout.splitlines()]
    alone = json.loads(run(*given, "--party", "SSB").stdout)
    ours = {one["transaction"]: one for one in lines if one["party"] == "SSB"}
    assert ours.keys() == {one["transaction"] for one in alone["cases"]}
    for case in alone["cases"]:
        one = ours[case["transaction"]]
        assert one.keys() < case.keys()
        for key in one.keys() - {"conditions", "exceptions"}:
            assert one[key] == case[key], key
        statuses = {part["id"]: part["status"] for part in one["conditions"]}
        for part in case["conditions"]:
            assert statuses[part["id"]] == part["status"]


def test_files_under_the_law(run: Run, facts: Path, tmp_path: Path) -> None:
    output = tmp_path / "cases.csv"
    result = run("assess", "--rule", "ofac-50-percent", "--as-of", "2025-12-06", "--csv",
                 "--output", str(output), str(facts))  # fmt: skip
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(io.StringIO(output.read_text("utf-8"))))
    assert [(row["party"], row["outcome"]) for row in rows] == [
        ("Body", "applies"),
        ("Unknown", "undetermined"),
    ]


def test_a_scenario_and_a_viewpoint(run: Run) -> None:
    result = run("assess", "--rule", "ndaa-2021-1241-e", "--as-of", "2026-06-01",
                 "--viewpoint", "turkey", "--scenario", "return-to-russia")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "turkey" in result.output


def test_what_clients_wrote_counts(run: Run, home: Path, tmp_path: Path) -> None:
    written = tmp_path / "home"
    shutil.copytree(home, written, symlinks=True)
    live = Live(written)
    live.store.update(
        f"INSERT DATA {{ <{_ID}Written> a <{_SG}Ownership> ; <{_SG}owned> <{_ID}WrittenBody> }}"
    )
    live.publish(None)
    given = ("assess", "--rule", "ofac-50-percent", "--as-of", "2025-12-06", "--csv")
    before, after = run(*given), run(*given, "--home", str(written))
    assert "WrittenBody" not in before.stdout
    assert set(after.stdout.splitlines()) > set(before.stdout.splitlines())
    assert "WrittenBody" in after.stdout


def test_all_cases_are_not_those_of_a_store_across_the_network(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANCTIONGRAPH_STORE", "http://127.0.0.1:9/")
    result = run("assess", "--rule", "caatsa-231-a")
    assert result.exit_code == 1
    assert "give --party" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--transaction", "X"], "--party"),
        (["--json", "--csv"], "not both"),
        (["--output", "cases.csv"], "--json or --csv"),
        (["--party", "SSB", "--csv"], "--party out"),
        (["--party", "SSB", "--rule", "ofac-50-percent"], "one --rule"),
        (["--viewpoint", "turkey", "facts.nt"], "files hold facts"),
        (["facts.nt"], "no such file"),
        (["--rule", "nothing"], "no rule is named"),
        (["--as-of", "yesterday"], "calendar day"),
        (["--csv", "--output", "/nowhere/cases.csv"], "cannot be written"),
    ],
)
def test_what_does_not_go_together(run: Run, arguments: list[str], message: str) -> None:
    result = run("assess", "--rule", "caatsa-231-a", *arguments)
    assert result.exit_code == 1, result.output
    assert message in result.output
