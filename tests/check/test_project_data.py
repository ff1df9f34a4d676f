"""The data that the project ships is well-formed and consistent."""

from __future__ import annotations

from sanctiongraph.check import check
from sanctiongraph.data import data_folders


def test_nothing_to_cure() -> None:
    report = check(data_folders(), None, reasoner=True)
    assert [str(finding) for finding in report.failures] == []
    assert set(report.seconds) >= {"shapes", "consistency"}
