"""The page on adding a source: its commands and options are those that there are."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from sanctiongraph.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "adding-a-source.md").read_text("utf-8")
CALLS = re.findall(r"^sanctiongraph (\w+) (\w+) (.*)$", PAGE, re.MULTILINE)


def test_the_page_has_calls() -> None:
    assert {(group, name) for group, name, _ in CALLS} >= {
        ("source", name) for name in ("new", "draft", "check", "diff")
    }


@pytest.mark.parametrize(("group", "name", "rest"), CALLS)
def test_each_call_is_one_that_there_is(group: str, name: str, rest: str) -> None:
    found = main.commands[group]
    assert isinstance(found, click.Group)
    options = {option for one in found.commands[name].params for option in one.opts}
    assert set(re.findall(r"--[a-z-]+", rest)) <= options
