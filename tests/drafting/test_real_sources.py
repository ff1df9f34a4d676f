"""Drafts of the real sources, made without them, against the claims that people made.

The texts are not part of the project: these tests skip where they are absent.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from sanctiongraph.cli import main
from sanctiongraph.data import data_folders
from sanctiongraph.drafting.comparison import source_difference
from sanctiongraph.drafting.measure import Figure, measure
from sanctiongraph.vocabulary import PREFIXES

from .conftest import SHARED

ROOT = Path(__file__).parents[2]
NAMES = ("turkey-us-caatsa-talks", "india-s400-delivery")
CLAIM = PREFIXES["claim"]


@pytest.fixture(scope="module", params=NAMES)
def figures(request: pytest.FixtureRequest) -> dict[str, Figure]:
    path = SHARED / f"{request.param}.txt"
    if not path.is_file():
        pytest.skip(f"the source text is not at hand: {path}")
    found = measure(data_folders(), request.param, path.read_text("utf-8"))
    return {one.kind: one for one in found}


def test_mentions_and_speakers_are_found(figures: dict[str, Figure]) -> None:
    assert figures["mentions"].recall >= 0.9
    assert figures["speakers"].recall >= 0.8
    assert figures["speakers other than the source"].recall >= 0.8


def test_what_is_found_is_mostly_right(figures: dict[str, Figure]) -> None:
    assert figures["mentions"].precision >= 0.9
    assert figures["speakers other than the source"].precision >= 0.9
    assert figures["places"].recall >= 0.7
    assert figures["modality"].recall >= 0.9


def test_the_page_has_the_table_that_the_command_gives() -> None:
    if not all((SHARED / f"{name}.txt").is_file() for name in NAMES):
        pytest.skip(f"the source texts are not at hand: {SHARED}")
    given = CliRunner().invoke(main, ["source", "measure", *NAMES, "--source-text", str(SHARED)])
    assert given.exit_code == 0
    assert given.output in (ROOT / "docs" / "performance.md").read_text("utf-8")


def test_what_the_second_source_confirms_and_contradicts() -> None:
    found = source_difference(data_folders(), "india-s400-delivery")
    confirmed = {(one.claim, other) for one in found.confirmed for other in one.others}
    assert (CLAIM + "india-s400-delivery/029", CLAIM + "turkey-us-caatsa-talks/052") in confirmed
    assert (CLAIM + "india-s400-delivery/002", CLAIM + "eastcoastdaily-s400-india/001") in confirmed
    assert [(one.claim, one.other) for one in found.contradictions] == [
        (CLAIM + "india-s400-delivery/027", CLAIM + "eastcoastdaily-s400-india/004")
    ]
    assert PREFIXES["id"] + "Pakistan" in found.entities
    new = {(one.property.rsplit("#", 1)[-1], one.value.rsplit("/", 1)[-1]) for one in found.new}
    assert ("supplier", "AlmazAntey") in new
    assert ("supplier", "Russia") not in new
