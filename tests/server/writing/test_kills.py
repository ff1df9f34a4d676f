"""``kill -9`` of any process of the gateway, and of all: ``benchmarks/kills.py``, a few rounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.kills import run, small_home


@pytest.mark.parametrize("victims", [("writer", "keeper"), ("serve", "all", "worker")])
def test_nothing_acknowledged_is_lost(tmp_path: Path, victims: tuple[str, ...]) -> None:
    report = run(small_home(tmp_path / "home"), 2, clients=3, seed=7, victims=victims)
    assert report.lost == report.torn == report.left_over == []
    assert report.rounds == 2
    assert report.acknowledged > 0
