"""Each folder in ``invalid/`` breaks one rule, and is refused for that and nothing else.

A line of ``expected.txt`` is a finding: ``file: claim | part of the message``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sanctiongraph.check import check

from .conftest import INVALID, MakeData

EXAMPLES = sorted(path for path in INVALID.iterdir() if path.is_dir())


def test_valid_example_has_no_findings(make_data: MakeData) -> None:
    folders = make_data()
    report = check(folders, folders.root / "texts", reasoner=False)
    assert [str(finding) for finding in report.findings] == []
    assert (report.files, report.sources, report.claims) == (7, 2, 6)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_invalid_example_is_refused_for_its_own_reason(example: Path, make_data: MakeData) -> None:
    folders = make_data(example, terms=False)
    report = check(folders, folders.root / "texts", reasoner=False)
    expected = (example / "expected.txt").read_text("utf-8").splitlines()
    found = [str(finding) for finding in report.findings]
    assert len(found) == len(expected), found
    for line, finding in zip(sorted(expected), sorted(found), strict=True):
        where, _, fragment = line.partition(" | ")
        assert finding.startswith(f"{where}: "), found
        assert fragment in finding, found
