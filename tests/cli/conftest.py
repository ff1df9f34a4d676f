"""A function that runs commands on the real graph."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sanctiongraph.cli import main

from ..real import real_home

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return real_home(tmp_path_factory)


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs ``sanctiongraph`` with these arguments on the built graph."""
    monkeypatch.setenv("SANCTIONGRAPH_HOME", str(home))
    monkeypatch.delenv("SANCTIONGRAPH_SOURCE_TEXT", raising=False)

    def invoke(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(main, list(arguments), input=stdin)

    return invoke
