"""Pictures of each view for ``docs/screenshots/``: ``make screenshots``. To be looked at by a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Open

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
TELEPHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True}
#: Name, address, height, and what the browser is like where it is another than usual.
VIEWS = [
    ("start", "/", 1060, {}),
    ("search", "/search?text=savunma", 700, {}),
    ("entity", "/id/SSB.html", 1500, {}),
    ("entity-neighbours", "/id/SSB.html#neighbours", 700, {}),
    ("entity-turkish-dark", "/id/TomBarrack.html?lang=tr", 1000, {"color_scheme": "dark"}),
    ("contested", "/id/TurkeyF35Removal.html", 900, {}),
    ("claim", "/claim/turkey-us-caatsa-talks/039.html", 900, {}),
    (
        "resting",
        "/resting?claim=claim:defenceturkey-caatsa-statement/006&as_of=2025-12-06",
        800,
        {},
    ),
    ("source", "/source/turkey-us-caatsa-talks.html", 900, {}),
    ("acts", "/law", 900, {}),
    ("act", "/law/us/pl/115/44.html", 1000, {}),
    ("rule", "/law/caatsa-231-a.html", 1000, {}),
    ("assessment", "/assess?rule=caatsa-231-a&party=SSB&as_of=2025-12-06", 1400, {}),
    (
        "assessment-telephone",
        "/assess?rule=ndaa-2021-1241-e&party=SSB&as_of=2025-12-06",
        844,
        TELEPHONE,
    ),
    (
        "compare",
        "/compare?viewpoint=turkey&with_viewpoint=united-states&as_of=2025-12-06",
        1100,
        {},
    ),
    ("scenario", "/scenarios?option=return-to-russia-with-refund&as_of=2026-02-01", 1150, {}),
    ("options", "/options?as_of=2026-02-01", 1300, {}),
    ("changes", "/changes?target=ndaa-2021-1241-e&party=SSB&as_of=2026-02-01", 1000, {}),
    ("sparql", "/sparql?example=offices-on-date", 1250, {}),
    ("telephone", "/id/TurkeyS400Deal.html", 844, TELEPHONE),
]


@pytest.mark.screenshots
@pytest.mark.parametrize(("name", "path", "height", "more"), VIEWS, ids=[view[0] for view in VIEWS])
def test_take(open_page: Open, name: str, path: str, height: int, more: dict[str, object]) -> None:
    usual = {"viewport": {"width": 1100, "height": height}, "reduced_motion": "reduce"}
    page = open_page(path, **{**usual, **more})
    page.wait_for_load_state("networkidle")
    picture = page.screenshot(path=FOLDER / f"{name}.png")
    assert len(picture) < 400_000
