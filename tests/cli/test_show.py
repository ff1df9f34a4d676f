"""``sanctiongraph show``: a thing with its claims, a claim with its place, and the text at hand."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from sanctiongraph import Graph
from sanctiongraph.data import data_folders

from .conftest import Run

CLAIM = "turkey-us-caatsa-talks/039"
TEXTS = data_folders().root.parent / "shared" / "sources"


@pytest.fixture
def texts() -> Path:
    """The folder of source texts, which the project does not hold."""
    if not (TEXTS / "turkey-us-caatsa-talks.txt").is_file():
        pytest.skip(f"the source text is not at hand: {TEXTS}")
    return TEXTS


@pytest.mark.parametrize("name", ["Turkey", "id:Turkey"])
def test_a_thing(run: Run, home: Path, name: str) -> None:
    claims = Graph.open(home).entity("Turkey").claims()
    done = run("show", name)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Turkey  id:Turkey  (")
    assert "sg:State" in lines[0]
    assert lines[1] == f"{len(claims)} claims"
    assert len(lines) == 2 + 2 * len(claims)  # nothing is folded where nobody looks


@pytest.mark.parametrize(
    "name", [CLAIM, f"claim:{CLAIM}", f"https://w3id.org/sanctiongraph/claim/{CLAIM}"]
)
def test_a_claim(run: Run, home: Path, name: str) -> None:
    claim = Graph.open(home).claim(CLAIM)
    done = run("show", name)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0] == claim.wording
    assert f"  claim:        claim:{CLAIM}" in lines
    assert f"  place:        paragraph {claim.paragraph}, {claim.start}-{claim.end}" in lines
    assert len([line for line in lines if line.startswith("    id:")]) == len(
        Graph.open(home).assertion(claim)
    )
    assert not any(line.startswith("  text:") for line in lines)


def test_values_that_are_texts_are_told_from_names(run: Run) -> None:
    done = run("show", "turkey-us-caatsa-talks/015")
    assert 'sg:edtf "2017"' in done.stdout


@pytest.mark.texts
def test_a_claim_in_its_text(run: Run, texts: Path, home: Path) -> None:
    claim = Graph.open(home).claim(CLAIM)
    done = run("show", CLAIM, "--source-text", str(texts))
    assert done.exit_code == 0
    text = (texts / "turkey-us-caatsa-talks.txt").read_text("utf-8")
    span = text[claim.start : claim.end]
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("  text: "))
    assert span in line
    assert line.removeprefix("  text: ") in text.split("\n")  # the whole paragraph


def test_another_text_under_the_name(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "turkey-us-caatsa-talks.txt"
    absent = run("show", CLAIM, "--source-text", str(tmp_path))
    assert absent.exit_code == 0
    assert f"the text is not at hand: {file} is absent" in absent.stdout
    file.write_text("Another text.", "utf-8")
    other = run("show", CLAIM, "--source-text", str(tmp_path))
    assert other.exit_code == 0
    assert "is not the text that the graph was made from: its SHA-256 differs" in other.stdout
    assert hashlib.sha256(b"Another text.").hexdigest() not in other.stdout


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Turkiye", "nothing is said of 'Turkiye': sanctiongraph query find --text 'Turkiye'"),
        ("turkey-us-caatsa-talks/999", "there is no claim 'turkey-us-caatsa-talks/999'"),
        ("claim:", "there is no claim 'claim:'"),
        ("a b", "'a b': write a name such as Turkey, a short form such as id:Turkey, or an IRI"),
        ("x/> . <y", "there is no claim"),
    ],
)
def test_nothing_of_that_name(run: Run, name: str, message: str) -> None:
    done = run("show", name)
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: ")
    assert message in done.stderr


def test_without_a_name(run: Run) -> None:
    assert run("show").exit_code == 2
