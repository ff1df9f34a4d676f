"""The pages of scenarios, options and what would have to change, beside what programs get."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx
from playwright.sync_api import expect

from .conftest import Open

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
DAY = "2026-02-01"
REFUND = "return-to-russia-with-refund"
CERTIFIED = f"/changes?target=ndaa-2021-1241-e&party=SSB&as_of={DAY}"


def page(address: str, path: str) -> str:
    answer = httpx.get(address + path, headers=BROWSER, timeout=120)
    assert answer.status_code == 200, answer.text
    assert answer.headers["sanctiongraph-version"] in answer.text
    return html.unescape(answer.text)


def data(address: str, path: str) -> Any:
    return httpx.get(address + path, timeout=120).json()


def cells(row: str) -> list[str]:
    return [
        re.sub(r"<[^>]+>|\s+", " ", one).strip() for one in re.findall(r"<td.*?</td>", row, re.S)
    ]


def test_from_the_start_page_to_a_new_exposure_and_why(open_page: Open) -> None:
    opened = open_page("/")
    opened.get_by_role("link", name="Scenarios", exact=True).click()
    opened.get_by_label("return to Russia with refund").check()
    opened.get_by_label("As of").fill(DAY)
    opened.get_by_role("button", name="See what follows").click()
    expect(opened.get_by_role("heading", level=1)).to_have_text("If: return to Russia with refund")
    exposed = opened.get_by_role("region", name="New exposure")
    turkey = exposed.get_by_role("row").filter(has=opened.get_by_role("rowheader", name="Turkey"))
    expect(turkey).to_contain_text("eligible")
    turkey.get_by_role("link", name="Duty to impose").click()
    # The case is there only in the scenario, and says so.
    expect(opened.get_by_role("region", name="Outcome", exact=True)).to_contain_text("eligible")
    opened.get_by_role("link", name="suppose nothing").click()
    expect(opened.get_by_role("region", name="Outcome", exact=True)).to_contain_text("no case")


def test_what_is_written_is_supposed(address: str) -> None:
    written = 'id:TurkeyS400Possession sg:holdsUntil [ sg:edtf "2026-01-15" ] .'
    shown = page(address, f"/scenarios?{httpx.QueryParams(suppose=written, as_of=DAY)}")
    assert "If: what is written" in shown
    label = "neither the Government of Turkey nor anyone acting for it possesses the S-400"
    row = shown.partition(f"<td>{label}")[2].partition("</tr>")[0]
    assert [one.split()[-1] for one in cells(row)] == ["refuted", "established"]
    scenario = f"/compare?rule=ndaa-2021-1241-e&party=SSB&as_of={DAY}"
    said = httpx.post(
        address + scenario,
        content="@prefix id: <https://w3id.org/sanctiongraph/id/> ."
        f" @prefix sg: <https://w3id.org/sanctiongraph/ontology#> . {written}",
        headers={"Content-Type": "text/turtle"},
        timeout=60,
    ).json()
    changed = {one["id"] for one in said["differences"][0]["conditions"]}
    assert "turkey-no-longer-possesses-s-400" in changed


def test_a_mistake_in_what_is_written_is_told_by_its_line(address: str) -> None:
    wrong = httpx.QueryParams(suppose="id:a sg:b id:c .\nid:a sg:b\n", as_of=DAY)
    answer = httpx.get(f"{address}/scenarios?{wrong}", headers=BROWSER, timeout=60)
    assert answer.status_code == 400
    alert = answer.text.partition('role="alert">')[2].partition("</p>")[0]
    assert re.search(r"line [23]\b", alert), alert
    assert "id:a sg:b id:c ." in answer.text
    for path in ("/scenarios?option=none", "/scenarios?nothing=1", "/scenarios?as_of=x&as_of=y"):
        assert httpx.get(address + path, headers=BROWSER, timeout=60).status_code in {400, 404}


def test_options_may_be_taken_together(address: str) -> None:
    both = page(address, f"/scenarios?option=destroy&option=assurances&as_of={DAY}")
    assert "If: Turkey's assurances and everything destroyed" in both
    row = both.partition("Turkey has given reliable assurances")[2].partition("</tr>")[0]
    assert cells(row)[-1].endswith("established")
    assert "neither the Government of Turkey nor anyone acting for it" in both


def test_the_table_of_options_is_what_programs_get(address: str) -> None:
    path = f"/options?as_of={DAY}"
    table, given = page(address, path), data(address, path)
    columns = re.findall(r'<a href="#column-\d+" title="([^"]+)"', table)
    named = {
        (test["rule"], one["id"]): one["label"]
        for test in given["tests"]
        for one in test["conditions"]
    }
    for option in given["options"]:
        row = table.partition(f">{option['label']}<")[2] or table.partition(option["label"])[2]
        words = cells(row.partition("</tr>")[0])[:-1]
        every = {
            named[result["rule"], name]: word
            for result in option["results"]
            for name, word in result["conditions"].items()
        }
        assert words == [every[label] for label in columns], option["option"]
    # The article's three come first, with the claims that name them.
    groups = re.findall(r'class="group">([^<:]+)', table)
    assert [one.split(" ")[0] for one in groups[:3]] == ["Controlled", "Transfer", "Another"]
    assert table.count("/claim/turkey-us-caatsa-talks/07") == 3


def test_what_would_have_to_change_is_what_programs_get(address: str) -> None:
    shown, given = page(address, CERTIFIED), data(address, CERTIFIED)
    (one,) = given
    assert shown.count('aria-label="Changes of way') == len(one["sets"])
    for change in one["sets"][0]["changes"]:
        row = shown.partition(f"{change['label']}<br>")[2].partition("</tr>")[0]
        assert cells(row)[0].endswith(change["now"])
        assert cells(row)[1].endswith(change["wanted"])
        for name in change["options"]:
            assert f"option={name}&" in row
    assert "<h1>What would have to change</h1>" in page(address, "/changes")
    nobody = httpx.get(f"{address}/changes?target=caatsa-231-a&party=Chad", headers=BROWSER)
    assert nobody.status_code == 404
    assert "it has for" in nobody.text
