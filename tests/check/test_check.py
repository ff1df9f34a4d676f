"""What a check reports beside the findings of the examples: notes, several files at once, places."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from sanctiongraph.check import Severity, check
from sanctiongraph.cli import main
from sanctiongraph.errors import BadData, MissingExtra

from .conftest import INVALID, VALID, MakeData


def test_absent_texts_are_one_note_and_no_failure(make_data: MakeData) -> None:
    report = check(make_data(), None, reasoner=False)
    assert [finding.severity for finding in report.findings] == [Severity.NOTE]
    assert "no text at hand of source:parley" in report.findings[0].message
    assert report.failures == ()


def test_a_file_that_does_not_parse_hides_no_other(make_data: MakeData) -> None:
    folders = make_data(INVALID / "no-speaker")
    (folders.sources / "parley" / "entities.ttl").write_text("id:Arden a .", "utf-8")
    report = check(folders, None, reasoner=False)
    messages = [str(finding) for finding in report.failures]
    assert any("entities.ttl: line 1: " in message for message in messages)
    assert any("claim:parley/900: the claim has no speaker" in message for message in messages)
    assert not any("described nowhere" in message for message in messages)


def test_a_finding_is_placed_in_the_claim_that_says_it(make_data: MakeData) -> None:
    """``id:FalconDeal`` is described in entities.ttl; the bad number is one claim's."""
    report = check(make_data(INVALID / "number-below-zero"), None, reasoner=False)
    assert [finding.about for finding in report.failures] == ["claim:parley/900"]


def test_text_that_is_not_utf8_is_another_text(make_data: MakeData) -> None:
    folders = make_data()
    text = folders.root / "texts" / "parley.txt"
    text.write_bytes(text.read_text("utf-8").encode("latin-1"))
    report = check(folders, text.parent, reasoner=False)
    assert ["sg:textSha256 is not that of parley.txt" in str(f) for f in report.findings] == [True]


def test_shapes_that_do_not_parse_are_refused(make_data: MakeData) -> None:
    folders = make_data()
    (folders.ontology / "shapes.ttl").write_text("nonsense", "utf-8")
    with pytest.raises(BadData, match=r"shapes\.ttl"):
        check(folders, None, reasoner=False)


def test_missing_packages_are_named(make_data: MakeData, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyshacl", None)
    with pytest.raises(MissingExtra, match=r"install sanctiongraph\[check\]"):
        check(make_data(), None, reasoner=False)


def run(folder: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["check", "--data", str(folder), "--no-reasoner", *options])
    return result.exit_code, result.output


def test_command_says_where_and_ends_with_1(make_data: MakeData) -> None:
    folders = make_data(INVALID / "no-speaker")
    code, output = run(folders.root, "--source-text", str(VALID / "texts"))
    assert code == 1
    assert output.startswith(
        "graph/sources/parley/more.trig: claim:parley/900: the claim has no speaker - "
    )
    assert "\n1 finding in 8 files, 2 sources, 7 claims, " in output


def test_command_ends_with_0_where_there_are_only_notes(make_data: MakeData) -> None:
    code, output = run(make_data().root)
    assert code == 0
    assert output.startswith("note: no text at hand of source:parley")
    assert "\nnothing to cure, 1 note in 7 files" in output
