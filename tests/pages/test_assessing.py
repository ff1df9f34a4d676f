"""The page of an assessment: from the start page to the claim, through days, sides and pictures."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from .conftest import Open

SSB = "/assess?rule=caatsa-231-a&party=SSB&as_of=2025-12-06"
PERMISSION = "/assess?rule=ndaa-2021-1241-e&party=SSB&as_of=2025-12-06"
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PNG = b"\x89PNG\r\n\x1a\n"


def get(address: str, path: str) -> httpx.Response:
    return httpx.get(address + path, headers=BROWSER, timeout=60)


def test_from_the_start_page_to_a_claim_and_through_time(open_page: Open) -> None:
    page = open_page("/")
    page.get_by_role("link", name="Assess", exact=True).click()
    page.get_by_label("Party").fill("SSB")
    page.get_by_label("Rule", exact=True).select_option("caatsa-231-a")
    page.get_by_label("As of").fill("2025-12-06")
    page.get_by_role("button", name="Assess").click()
    expect(page.get_by_role("region", name="Outcome", exact=True)).to_contain_text(
        "The rule applies."
    )
    version = page.locator("footer code").inner_text()

    row = page.locator("#counterparty-in-sector")
    expect(row.locator(".verdict")).to_contain_text("established")
    row.locator("summary").first.click()
    claim = row.locator("a[href^='/claim/']").first
    wording = claim.inner_text()
    claim.click()
    expect(page.locator("main")).to_contain_text(wording.split(" (")[0])
    page.go_back()

    # The day before the sanctions were imposed, by the keys of the slider.
    slider = page.get_by_label("Day:")
    said = page.locator("#day-said")
    expect(said).to_have_text("2025-12-06: applies, sanctioned")
    days = (2025 - 2020) * 365 + 1  # from 2020-12-13, with a leap day between
    slider.evaluate(
        "(one, by) => { one.value = Number(one.value) - by; one.dispatchEvent(new Event('input')) }",
        days - 8,
    )
    slider.focus()
    while "sanctioned" in said.inner_text():
        page.keyboard.press("ArrowLeft")
    expect(said).to_have_text("2020-12-13: does not apply, eligible")
    page.get_by_role("link", name="Assess this day").click()
    expect(page).to_have_url(re.compile("as_of=2020-12-13"))
    expect(page.get_by_role("region", name="Outcome", exact=True)).to_contain_text(
        "level: eligible"
    )
    assert page.locator("footer code").inner_text() == version


def test_without_javascript_a_period_leads_to_its_day(open_page: Open) -> None:
    page = open_page(SSB, java_script_enabled=False)
    expect(page.locator(".slider")).to_be_hidden()
    bars = page.locator("svg.timeline .lane").first.locator("a")
    eligible = bars.filter(has_text="eligible").get_attribute("href")
    assert eligible is not None
    page.goto(eligible)
    expect(page.get_by_role("region", name="Outcome", exact=True)).to_contain_text(
        "level: eligible"
    )
    # What a browser shows closed is there all the same.
    assert page.locator("#knowingly a[href^='/claim/']").count() > 0
    page.get_by_text("The proof as text").click()
    expect(page.locator("pre.text")).to_contain_text("Conditions, all of which must hold")


def test_another_day_beside(open_page: Open) -> None:
    page = open_page(SSB)
    form = page.locator("form[action='/assess#beside']")
    form.get_by_label("day").fill("2020-12-13")
    form.get_by_role("button", name="Compare").click()
    region = page.get_by_role("region", name="What differs")
    expect(region.get_by_role("columnheader").last).to_have_text("sources, as of 2020-12-13")
    outcome = region.get_by_role("row", name="Outcome")
    expect(outcome).to_contain_text("sanctioned")
    expect(outcome).to_contain_text("eligible")
    expect(page.get_by_text("Changed on 2020-12-14.")).to_be_visible()


def test_the_page_shows_what_programs_get(address: str) -> None:
    for path in (SSB, f"{PERMISSION}&viewpoint=turkey", f"{PERMISSION}&scenario=destroy"):
        data = httpx.get(address + path, timeout=60).json()
        page = get(address, path).text
        assert f"mark-{data['outcome']}" in page
        assert f"level: {data['level']}" in page
        for condition in data["conditions"]:
            row = page.partition(f'<tr id="{condition["id"]}">')[2].partition("</tr>")[0]
            assert f"mark-{condition['status']}" in row, condition["id"]
        assert page.count('<details class="exception"') == len(data["exceptions"])
        text = httpx.get(f"{address}{path.replace('assess', 'explain')}&format=text", timeout=60)
        assert text.text.splitlines()[0] in html.unescape(page)


def test_a_search_in_vain_is_shown(address: str) -> None:
    page = get(address, PERMISSION).text
    row = page.partition('id="no-russian-operation-in-turkey"')[2].partition("</tr>")[0]
    assert "mark-unknown" in row
    assert "none in the accepted graph as of 2025-12-06" in row
    nothing = get(address, "/assess?rule=caatsa-231-a&party=UnitedStates&as_of=2025-12-06").text
    assert "There is no case." in nothing


def test_what_is_wrong_is_said_above_the_form(address: str) -> None:
    for path, status, said in (
        ("/assess?rule=none&party=SSB", 404, "no rule"),
        ("/assess?rule=caatsa-231-a&party=SSB&as_of=yesterday", 400, "write a calendar day"),
        (f"{SSB}&viewpoint=martian", 404, "martian"),
    ):
        answer = get(address, path)
        assert answer.status_code == status
        alert = answer.text.partition('role="alert">')[2].partition("<")[0]
        assert said in alert
        assert '<select id="rule"' in answer.text
    plain = httpx.get(f"{address}/assess", timeout=60)
    assert plain.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", [SSB, SSB.replace("2025-12-06", "")])
def test_it_can_be_cited_with_its_day(address: str, path: str) -> None:
    page = get(address, path)
    canonical = page.text.partition('rel="canonical" href="')[2].partition('"')[0]
    assert "as_of=20" in canonical
    assert page.headers["sanctiongraph-version"] in page.text


def test_labels_in_turkish(address: str) -> None:
    page = get(address, f"{SSB}&lang=tr").text
    assert "Savunma Sanayii Başkanlığı under CAATSA, 231(a). madde" in page
    assert "Presidency of Defence Industries" not in page.partition("<h2")[0]


def test_the_picture_as_svg_and_png(open_page: Open, address: str, tmp_path: Path) -> None:
    page: Page = open_page(SSB)
    with page.expect_download() as saved:
        page.get_by_role("button", name="PNG").click()
    file = tmp_path / "timeline.png"
    saved.value.save_as(file)
    assert file.read_bytes().startswith(PNG)
    assert saved.value.suggested_filename == "timeline-caatsa-231-a-SSB.png"

    link = page.get_by_role("link", name="SVG", exact=True).get_attribute("href")
    drawn = httpx.get(f"{address}{link}", timeout=60)
    assert drawn.headers["content-type"] == "image/svg+xml; charset=utf-8"
    root = ElementTree.fromstring(drawn.text)
    given = httpx.get(f"{address}/timeline?rule=caatsa-231-a&party=SSB", timeout=60).json()
    lanes = [one for one in root.iter() if one.get("class") == "lane"]
    assert len(lanes) == 1 + len(given["timelines"])
    bars = [one for one in lanes[0].iter() if one.get("class") == "bar"]
    borders = [(one.get("data-since"), one.get("data-until")) for one in bars]
    assert borders == [(one["from"] or "", one["until"] or "") for one in given["overall"]]
