"""The endpoint in a browser: the form by itself, and the editor where its library is installed."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from sanctiongraph_server.pages.assets import Assets

from .conftest import Open, libraries
from .test_every_page import _SERIOUS

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
OFFICES = "/sparql?example=offices-on-date"
AGENCIES = "CONSTRUCT { ?a sg:agencyOf ?b } WHERE { ?a sg:agencyOf ?b }"
POSSESSED = "SELECT ?what WHERE { ?what a sg:OperationalStatus ; sg:status sg:NotInUse }"

editor = pytest.mark.skipif(
    not (libraries.INTO / "yasgui.min.js").is_file(),
    reason="the editor is not installed: the npm registry could not be reached",
)


def ask(address: str, **fields: str) -> list[list[str]]:
    answer = httpx.post(f"{address}/sparql", data=fields, headers={"Accept": "text/csv"})
    return list(csv.reader(io.StringIO(answer.text)))[1:]


def write(page: Page, text: str) -> None:
    """Puts a text into the editor, with the cursor at its end, as typing does."""
    page.evaluate(
        """text => {
          const { yasqe } = sanctiongraphEditor;
          yasqe.setValue(text);
          yasqe.focus();
          yasqe.getDoc().setCursor(yasqe.getDoc().posFromIndex(text.length));
        }""",
        text,
    )


def ran(page: Page) -> None:
    """Waits for the results of a run."""
    expect(page.locator("#results")).to_be_visible()
    expect(page.locator("#results")).not_to_have_attribute("aria-busy", "true")


def more_than(page: Page, expression: str, least: int) -> int:
    """Waits for a number of the page; the policy forbids waiting for a text of code there."""
    for _ in range(600):
        if (found := int(page.evaluate(expression))) > least:
            return found
        page.wait_for_timeout(50)
    raise AssertionError(f"{expression} stays at {found}")


def test_without_javascript(open_page: Open, address: str) -> None:
    page = open_page("/", java_script_enabled=False)
    page.get_by_role("link", name="SPARQL", exact=True).click()
    page.get_by_role("link", name="Offices on a day").click()
    expect(page.get_by_label("Query", exact=True)).to_have_value(re.compile(r"\$asOf"))
    expect(page.get_by_label("As of")).to_have_value("2025-12-06")
    page.get_by_label("As of").fill("2020-12-14")
    page.get_by_role("button", name="Run").click()
    query = page.get_by_label("Query", exact=True).input_value()
    given = ask(address, query=query, as_of="2020-12-14")
    rows = page.get_by_role("region", name="Rows").locator("tbody tr")
    expect(rows).to_have_count(len(given))
    assert given != ask(address, query=query, as_of="2025-12-06")
    # A thing leads to its page, and says on the way what it is called.
    person = page.locator("a[href='/id/IsmailDemir']")
    expect(person).to_have_attribute("title", "İsmail Demir")


def test_what_the_form_says_is_wrong(address: str) -> None:
    for path, status, said in (
        ("/sparql?query=SELECT+%3F", 400, "line 1"),
        ("/sparql?query=ASK%7B%7D&viewpoint=martian", 404, "martian"),
        ("/sparql?example=none", 404, "no query is named"),
        ("/sparql?query=INSERT+DATA+%7B%7D", 400, "update"),
    ):
        answer = httpx.get(address + path, headers=BROWSER, timeout=60)
        assert answer.status_code == status, path
        assert said in answer.text
        assert answer.headers["content-type"].startswith("text/html")
    yes = httpx.get(f"{address}/sparql?query=ASK%7B%7D&as_of=2025-12-06", headers=BROWSER)
    assert "<h2>Yes</h2>" in yes.text
    assert "The day was left out" in yes.text


def test_more_rows_than_a_page_shows(address: str) -> None:
    every = httpx.QueryParams(query="SELECT ?s WHERE { ?s ?p ?o } LIMIT 600")
    shown = httpx.get(f"{address}/sparql?{every}", headers=BROWSER, timeout=60).text
    assert "The first 500 rows" in shown
    assert shown.count("<tr><td>") == 500


def test_a_viewpoint_by_its_address(address: str) -> None:
    path = f"/viewpoints/united-states/sparql?{httpx.QueryParams(query=POSSESSED)}"
    assert "/id/S400UseByTurkey" in httpx.get(address + path, headers=BROWSER).text
    plain = path.replace("/viewpoints/united-states", "")
    assert "0 rows" in httpx.get(address + plain, headers=BROWSER).text


def test_the_policy_lets_pass_three_styles_of_the_libraries(address: str) -> None:
    policy = httpx.get(f"{address}/sparql", headers=BROWSER).headers["content-security-policy"]
    styles = policy.partition("style-src ")[2].partition(";")[0].split()
    assert styles[:2] == ["'self'", "'unsafe-hashes'"]
    assert len(styles) == 5
    assert "unsafe-inline" not in policy
    assert "script-src 'self';" in policy


def test_programs_are_given_no_page(address: str) -> None:
    path = f"{address}/sparql?query=ASK%7B%7D"
    for accept in (None, "*/*", "application/sparql-results+json", "text/html;q=0.5, text/csv"):
        answer = httpx.get(path, headers={"Accept": accept} if accept else {})
        assert "html" not in answer.headers["content-type"]


@pytest.mark.parametrize("query", [POSSESSED, AGENCIES, 'SELECT ("a\\"b\'`$" AS ?x) {}'])
def test_the_programs_do_what_the_page_does(address: str, query: str, tmp_path: Path) -> None:
    fields = {"query": query, "viewpoint": "united-states"}
    samples = httpx.get(f"{address}/sparql/samples", params=fields).json()
    assert samples.keys() == {"curl", "python", "r", "javascript"}
    accept = "text/turtle" if query == AGENCIES else "application/sparql-results+json"
    expected = httpx.post(f"{address}/sparql", data=fields, headers={"Accept": accept}).text
    shell = ["sh", "-c", samples["curl"].replace("curl ", "curl -sS ", 1)]
    done = subprocess.run(shell, capture_output=True, text=True, check=True)
    assert done.stdout == expected
    program = tmp_path / "ask.py"
    program.write_text(samples["python"], "utf-8")
    run = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True)
    if query == AGENCIES:
        assert run.stdout.strip() == expected.strip()
    else:
        assert len(run.stdout.splitlines()) == len(ask(address, **fields))


@editor
def test_the_editor_from_the_start_page(open_page: Open, address: str) -> None:
    page = open_page("/")
    page.get_by_role("link", name="SPARQL", exact=True).click()
    page.get_by_role("link", name="Offices on a day").click()
    ran(page)
    expect(page.locator("#query")).to_be_hidden()
    rows = page.locator("#results tbody tr")
    query = page.evaluate("sanctiongraphEditor.yasqe.getValue()")
    expect(rows).to_have_count(len(ask(address, query=query, as_of="2025-12-06")))
    barrack = page.locator("#results a[href='/id/TomBarrack']")
    expect(barrack).to_have_attribute("title", re.compile("^Tom Barrack <https"))

    page.get_by_label("As of").fill("2020-12-14")
    page.get_by_role("button", name="Run").click()
    ran(page)
    expect(rows).to_have_count(len(ask(address, query=query, as_of="2020-12-14")))
    assert "as_of=2020-12-14" in page.url  # the address is that of what one sees
    expect(page.locator("[data-sample=curl]")).to_contain_text("as_of=2020-12-14")
    again = open_page(page.url)
    ran(again)
    expect(again.locator("#results tbody tr")).to_have_count(rows.count())

    page.get_by_role("button", name="Shows Timeline view").click()
    drawn = page.locator("svg.chronicle")
    expect(drawn).to_contain_text("İsmail Demir")
    with page.expect_download() as saved:
        page.get_by_role("button", name="SVG", exact=True).click()
    assert ElementTree.parse(saved.value.path()).getroot().tag.endswith("svg")
    with page.expect_download() as saved:
        page.get_by_role("button", name="PNG", exact=True).click()
    assert Path(saved.value.path()).read_bytes().startswith(b"\x89PNG")


@editor
@pytest.mark.parametrize("path", ["/sparql", OFFICES])
def test_axe_finds_no_serious_fault(open_page: Open, axe: str, path: str) -> None:
    page = open_page(path, bypass_csp=True)
    page.locator("#editor .CodeMirror").wait_for()
    if path == OFFICES:
        ran(page)
        page.locator("#results tbody tr").first.wait_for()
    page.evaluate(axe)
    assert page.evaluate(_SERIOUS, {}) == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(_SERIOUS, {"runOnly": ["color-contrast"]}) == []


@editor
def test_completion_from_terms_and_names(open_page: Open) -> None:
    page = open_page("/sparql")
    page.locator("#editor .CodeMirror").wait_for()
    for typed, offered in (
        ("suppl", "sg:supplier"),
        ("ssb", "id:SSB"),
        ("sg:speaksf", "sg:speaksFor"),
    ):
        write(page, f"SELECT * WHERE {{ ?x {typed}")
        page.keyboard.press("Control+Space")
        hint = page.locator(".CodeMirror-hint").filter(has_text=offered).first
        expect(hint).to_be_visible()
        hint.click()
        text = page.evaluate("sanctiongraphEditor.yasqe.getValue()")
        assert text.endswith(offered)


@editor
def test_a_graph_and_its_picture(open_page: Open, address: str) -> None:
    page = open_page(f"/sparql?{httpx.QueryParams(query=AGENCIES)}")
    ran(page)
    assert page.evaluate("sanctiongraphEditor.yasqe.getValue()").startswith("PREFIX sg:")
    page.get_by_role("button", name="Shows Graph view").click()
    expect(page.locator(".network canvas").first).to_be_visible()
    turtle = page.get_by_role("link", name="turtle").get_attribute("href")
    assert turtle is not None
    triples = httpx.get(address + turtle).text.count("sg:agencyOf")
    with page.expect_download() as saved:
        page.get_by_role("button", name="SVG", exact=True).click()
    root = ElementTree.parse(saved.value.path()).getroot()
    assert len([one for one in root.iter() if one.tag.endswith("line")]) == triples > 10


@editor
@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ('SELECT ?s ("é</script>"@tr AS ?x) ?none WHERE { ?s a sg:ArmsDeal } LIMIT 3', 3),
        ("SELECT ?s WHERE { ?s ?p ?o } LIMIT 600", 500),
        ("ASK {}", 0),
        ("CONSTRUCT WHERE { ?s sg:agencyOf ?o } LIMIT 4", 4),
    ],
)
def test_a_permalink_is_asked_once(open_page: Open, query: str, rows: int) -> None:
    asked: list[str] = []
    page = open_page("/sparql")
    page.on("request", lambda one: asked.append(f"{one.url} {one.post_data}"))
    page.goto(f"/sparql?{httpx.QueryParams(query=query)}")
    ran(page)
    count = "(sanctiongraphEditor.yasr.results.getBindings() ?? []).length"
    assert page.evaluate(count) == rows
    expect(page.locator(".first-rows")).to_have_count(int(rows == 500))
    if "é" in query:
        expect(page.locator("#results tbody tr").first).to_contain_text("é</script>")
    if query.startswith("ASK"):
        assert page.evaluate("sanctiongraphEditor.yasr.results.getBoolean()") is True
    text = str(httpx.QueryParams(query=query)).removeprefix("query=")
    assert len([one for one in asked if text in one and "/samples" not in one]) == 1
    page.get_by_role("button", name="Run").click()
    ran(page)
    if rows == 500:
        more_than(page, count, 599)
    expect(page.locator(".first-rows")).to_have_count(0)


@editor
def test_a_mistake_is_told_with_its_place(open_page: Open, faults: list[str]) -> None:
    page = open_page("/sparql")
    page.locator("#editor .CodeMirror").wait_for()
    write(page, "SELECT * WHERE { ?s foo }")
    page.locator(".parseErrorIcon").hover()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#results [role=alert]")).to_contain_text("line 1, column 18")
    # The browser itself notes that the answer was 400; nothing else is wrong.
    (noted,) = faults
    assert "400 (Bad Request)" in noted
    faults.clear()


@editor
def test_the_keyboard_leaves_the_editor(open_page: Open) -> None:
    page = open_page("/sparql")
    page.locator("#editor .CodeMirror").wait_for()
    write(page, "ASK {}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "viewpoint"


def test_without_the_editor_the_page_says_so(tmp_path: Path) -> None:
    """As where the registry could not be reached: the frame finds no such file."""
    (tmp_path / "workbench.css").write_text("")
    (tmp_path / ".hidden").write_text("")
    assets = Assets(tmp_path)
    assert "workbench.css" in assets
    assert ".hidden" not in assets
    assert "vendor/yasgui.min.js" not in assets


@editor
def test_neighbours_unfold(open_page: Open) -> None:
    page = open_page("/id/AbuDhabi.html")
    page.get_by_role("button", name="Move and unfold").click()
    expect(page.locator("figure .network canvas").first).to_be_visible()
    count = "(document.querySelector('figure[data-graph]').graph?.nodes().length ?? 0)"
    before = more_than(page, count, 1)
    page.evaluate(
        "void document.querySelector('figure[data-graph]').graph.nodes()"
        ".filter(one => one.id().endsWith('/TomBarrack')).emit('tap')"
    )
    more_than(page, count, before)
    with page.expect_download() as saved:
        page.get_by_role("button", name="SVG", exact=True).click()
    assert ElementTree.parse(saved.value.path()).getroot().tag.endswith("svg")
