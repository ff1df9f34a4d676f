"""Tests of a group run in one process."""

from __future__ import annotations

import os

import pytest


@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="all run in one process")
@pytest.mark.xdist_group("kept")
def test_groups_are_kept(request: pytest.FixtureRequest) -> None:
    """pytest-xdist goes by what stands after the name; under some versions of pytest nothing does."""
    assert request.node.nodeid.endswith("@kept")
