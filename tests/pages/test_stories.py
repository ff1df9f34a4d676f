"""What researchers do, from the start page to the paragraph of a source or the clause of a law."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .conftest import Open

ARTICLE = "source/turkey-us-caatsa-talks"


#: What a person hears of what has the focus; a region that scrolls is named by its label.
_NAMED = """() => {
  const one = document.activeElement;
  return ['A', 'BUTTON', 'SUMMARY'].includes(one.tagName) ? one.innerText : '';
}"""


def tab_to(page: Page, text: str) -> None:
    """Presses Tab until what has the focus is named so."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if text in page.evaluate(_NAMED):
            return
    raise AssertionError(f"Tab does not lead to {text!r}")


def test_from_a_question_to_the_paragraph(open_page: Open) -> None:
    page = open_page("/")
    page.get_by_role("link", name="Which sanctions fall on Turkey's procurement agency").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("CAATSA section 231(a)")
    page.locator("main a[href^='/claim/']:visible, main details a[href^='/claim/']").first.evaluate(
        "link => { for (let e = link; e; e = e.parentElement) if (e.tagName === 'DETAILS') e.open = true; }"
    )
    page.locator("main a[href^='/claim/']:visible").first.click()
    expect(page.get_by_role("heading", name="Who says so")).to_be_visible()
    page.locator("main a[href^='/source/']").first.click()
    expect(page.get_by_role("heading", name="What it says")).to_be_visible()


def test_with_the_keyboard_alone(open_page: Open) -> None:
    page = open_page("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # past the frame, into the box of the page itself
    page.keyboard.type("savunma sanayii b")
    option = page.get_by_role("option", name="Presidency of Defence Industries")
    expect(option.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Presidency of Defence Industries")
    duty = "Duty to impose sanctions for a significant transaction with"
    tab_to(page, duty)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(duty)
    tab_to(page, "CAATSA section 231(a)")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("CAATSA section 231(a)")
    expect(page.locator("main")).to_contain_text("The text itself")


def test_without_javascript(open_page: Open) -> None:
    page = open_page("/", java_script_enabled=False)
    page.get_by_label("Find a person").fill("f-35")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Removal of Turkey from the F-35 programme").click()
    # The years differ, and each side says who takes it.
    sides = page.locator(".sides > div")
    expect(sides).to_have_count(3)
    expect(sides.filter(has=page.get_by_text("2020", exact=True))).to_contain_text("Reuters, in")
    earlier = sides.filter(has=page.get_by_text("2019", exact=True))
    wording = "Turkey was removed from the F-35 programme in 2019."
    expect(earlier).to_contain_text(wording)
    earlier.get_by_role("link", name="paragraph").click()
    address, _, number = page.url.partition("#p")
    assert address.endswith(f"{ARTICLE}.html")
    expect(page.locator(f"#p{number}")).to_contain_text(wording)


def test_on_a_telephone(open_page: Open) -> None:
    page = open_page("/", viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)

    def fits(title: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_contain_text(title)
        width = page.evaluate("document.scrollingElement.scrollWidth")
        assert width <= 390, f"{page.url} is {width} wide"

    fits("on whose word")
    page.get_by_role("link", name="Law", exact=True).tap()
    fits("Law")
    page.get_by_role("link", name="Countering America's Adversaries Through Sanctions Act").tap()
    fits("Countering")
    rule = page.locator("#rule-caatsa-231-a")
    rule.locator("summary").first.tap()
    condition = "Russia's defence or intelligence sector"
    rule.get_by_role("link", name=condition).last.tap()
    fits("the counterparty is part of, or operates for")
    expect(page.locator("main")).to_contain_text("Established by this pattern")


def test_in_turkish(open_page: Open) -> None:
    page = open_page("/id/SSB")
    page.get_by_role("link", name="Türkçe").click()
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text("Savunma Sanayii Başkanlığı")
    expect(title).to_have_attribute("lang", "tr")
    page.locator("main").get_by_role("link", name="Türkiye", exact=True).first.click()
    expect(title).to_have_text("Türkiye")
    page.get_by_role("link", name="English").click()
    expect(title).to_have_text("Turkey")
    assert "lang" not in page.url


def test_whether_an_outcome_rests_on_a_claim(open_page: Open) -> None:
    page = open_page("/claim/defenceturkey-caatsa-statement/006.html")
    page.get_by_role("link", name="Find the outcomes").click()
    expect(page.locator("main table")).to_contain_text("sanctioned")
    page.get_by_role("link", name="Why: Presidency of Defence Industries").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Presidency of Defence Industries")
