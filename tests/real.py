"""The real graph, built once a test run: the processes of a run share it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from sanctiongraph.build import build
from sanctiongraph.data import data_folders
from sanctiongraph.errors import BuildBusy


def real_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the real graph is published; whoever comes second waits for the first."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    home = shared / "real-graph"
    while True:
        try:
            build(data_folders(), home)
        except BuildBusy:
            time.sleep(0.1)
        else:
            return home
