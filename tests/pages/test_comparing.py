"""The page of two sides, and addresses of programs that lead people to a page."""

from __future__ import annotations

import html
import os
import time
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from sanctiongraph import Graph
from sanctiongraph_server.inquiries import comparison

from .conftest import Open

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SIDES = "/compare?viewpoint=turkey&with_viewpoint=united-states&as_of=2025-12-06"
SSB = f"{SIDES}&rule=caatsa-231-a&party=SSB"


def page(address: str, path: str) -> str:
    answer = httpx.get(address + path, headers=BROWSER, timeout=120)
    assert answer.status_code == 200, answer.text
    assert answer.headers["sanctiongraph-version"] in answer.text
    return html.unescape(answer.text)


def data(address: str, path: str) -> Any:
    return httpx.get(address + path, timeout=120).json()


def test_from_the_start_page_to_the_claim_that_makes_the_difference(open_page: Open) -> None:
    opened = open_page("/")
    opened.get_by_role("link", name="Compare", exact=True).click()
    opened.get_by_role("group", name="On the one side").get_by_label("As of").fill("2025-12-06")
    opened.get_by_role("group", name="On the one side").get_by_label("Whose word").select_option(
        "turkey"
    )
    other = opened.get_by_role("group", name="On the other side")
    other.get_by_label("Whose word").select_option("united-states")
    opened.get_by_role("button", name="Compare").click()
    rows = opened.get_by_role("region", name="Conclusions that differ").get_by_role("link")
    rows.first.click()
    opened.locator("main a[href^='/claim/']").first.click()
    expect(opened.get_by_role("heading", name="Who says so")).to_be_visible()


def test_all_differences_are_those_of_the_library(address: str, graph: Graph) -> None:
    shown = page(address, SIDES)
    given = dict(httpx.URL(SIDES).params)
    found = comparison(graph.reasoner, given, causes=False).to_json()
    assert f"{found['compared']} cases were compared" in shown
    for one in found["differences"]:
        narrowed = httpx.QueryParams(rule=one["rule"], party=one["party"])
        assert f"&{narrowed}" in shown
        assert all(condition["label"] in shown for condition in one["conditions"])


def test_one_party_with_what_its_differences_rest_on(address: str) -> None:
    shown, given = page(address, SSB), data(address, SSB)
    for one in given["differences"]:
        for condition in one["conditions"]:
            assert condition["label"] in shown
        for rested in one["rests_on"]:
            for claim in rested["claims"]:
                assert f"/{claim['id'].replace(':', '/', 1)}" in shown
    assert shown.count("<section aria-labelledby") == len(given["differences"])


def test_without_another_side_there_is_the_form_alone(address: str) -> None:
    shown = page(address, "/compare")
    assert "On the other side" in shown
    assert "cases were compared" not in shown
    wrong = httpx.get(f"{address}/compare?with_as_of=yesterday", headers=BROWSER, timeout=60)
    assert wrong.status_code == 400
    assert 'role="alert">' in wrong.text
    assert httpx.get(f"{address}/compare", timeout=60).status_code == 400


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/explain?rule=caatsa-231-a&party=SSB", "/assess?rule=caatsa-231-a&party=SSB"),
        ("/timeline?rule=caatsa-231-a&party=SSB", "/assess?rule=caatsa-231-a&party=SSB#timeline"),
        ("/rules", "/assess"),
        ("/dumps", "/void#dumps"),
        ("/scenario/destroy", "/scenarios?option=destroy"),
        ("/scenario/destroy.html?lang=tr", "/scenarios?option=destroy&lang=tr"),
    ],
)
def test_what_is_data_for_programs_leads_people_to_its_page(
    address: str, path: str, there: str
) -> None:
    led = httpx.get(address + path, headers=BROWSER, timeout=60)
    assert (led.status_code, led.headers["location"]) == (303, there)
    assert "accept" in led.headers["vary"].lower()
    if path.count(".") == 0:
        plain = httpx.get(address + path, timeout=60, follow_redirects=True)
        assert plain.status_code == 200
        assert "html" not in plain.headers["content-type"]


def test_no_page_of_what_there_is_not(address: str) -> None:
    for path in ("/scenario/none", "/scenario/none.html", "/viewpoints/none/sparql"):
        answer = httpx.get(address + path, headers=BROWSER, timeout=60)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.skipif(os.geteuid() != 0, reason="only the privileged take a lowered priority back")
def test_what_took_long_is_worked_out_once(address: str) -> None:
    """In another language it is another page, of what a reader has already."""
    path = "/options?as_of=2020-12-20"
    taken = []
    for more in ("", "&lang=tr", "&timeout=29", "&timeout=28"):
        begun = time.perf_counter()
        page(address, path + more)
        taken.append(time.perf_counter() - begun)
    assert min(taken[1:]) < taken[0] / 3, taken
