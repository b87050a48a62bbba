"""How a page fits its window: large letters, fingers, small screens, and the list that tells where the reader is."""

from __future__ import annotations

import pytest

from tests.book import settled
from tools import pdf
from tools.browser import CHROMIUM, chromium

CHAPTERS = ["police", "cecot"]
# The section that is read, by the page itself, and the one that the list of contents tells and shows.
READING = """() => {
  const links = [...document.querySelectorAll("#page-contents a")];
  const above = (link) => document.querySelector(link.hash).querySelector("h2").getBoundingClientRect().top <= innerHeight / 3;
  const told = links.filter((link) => link.getAttribute("aria-current") === "true").map((link) => link.hash);
  const shown = links.filter((link) => link.classList.contains("active")).map((link) => link.hash);
  return [[links.findLast(above)?.hash].filter(Boolean), told, shown];
}"""
# One frame in which the window scrolls, and two in which the list is told.
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))"
# Whether there is anything left to turn to.
FURTHER = "turn => turn < 0 ? scrollY > 0 : scrollY + innerHeight < document.documentElement.scrollHeight - 1"
LINKS = """() => [...document.querySelectorAll(".bd-article a.fact")].map((link) => {
  const range = document.createRange();
  range.selectNodeContents(link);
  const [box] = link.getClientRects(), [words] = range.getClientRects();
  return { said: link.textContent, width: box.width, height: box.height, left: words.left, top: words.top };
})"""
BOXES = """() => [...document.querySelectorAll(".prev-next-area, .prev-next-area *")]
  .map((part) => part.getBoundingClientRect()).map(({ left, right }) => [left, right])"""


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_contents_tell_the_section_that_is_read(new_page, address, name):
    """At every turn of the wheel, down and up again."""
    page = new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{address}book/{name}.html", wait_until="load")
    # Beside the text, where no table takes the wheel for itself.
    settled(page).mouse.move(266, 400)
    told, turns = set(), 0
    for turn in (450, -1100):
        while page.evaluate(FURTHER, turn):
            before = page.evaluate("scrollY")
            page.mouse.wheel(0, turn)
            page.wait_for_function("before => scrollY !== before", arg=before)
            page.evaluate(FRAMES)
            read, *tells = page.evaluate(READING)
            assert tells == [read, read], f"{page.evaluate('scrollY')} pixels down, after a turn of {turn}"
            told.update(read)
            turns += 1
    assert turns > 40
    assert len(told) > 8


def test_large_letters_leave_the_text_its_width(browser, address):
    """A reader whose browser writes twice as large, in a window of 1280 pixels: the menus make room, as on a phone."""
    options = {"executable_path": chromium(), "args": [*CHROMIUM, "--blink-settings=defaultFontSize=32"]}
    large = browser.browser_type.launch(**options)
    try:
        page = large.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{address}book/cecot.html", wait_until="load")
        settled(page)
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        for menu in (".bd-sidebar-primary", ".bd-sidebar-secondary"):
            assert not page.locator(menu).first.is_visible(), menu
        widths = page.evaluate("[...document.querySelectorAll('section > section > p')].map((text) => text.clientWidth / 32)")
        assert len(widths) > 20 and min(widths) > 28, "in sizes of a letter"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.locator("button.primary-toggle").first.click()
        page.locator("#pst-primary-sidebar-modal a[href='police.html'], .bd-sidebar-primary a[href='police.html']").first.click()
        page.wait_for_url("**/police.html")
    finally:
        large.close()


@pytest.mark.parametrize("name", ["index", "cecot", "companies"])
def test_a_finger_hits_each_number(new_page, address, name):
    """Each is 24 pixels wide and high to touch, and its words stand where they would stand without."""
    page = new_page(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page.goto(f"{address}book/{name}.html", wait_until="load")
    settled(page)
    links = page.evaluate(LINKS)
    assert len(links) > 5
    assert [link for link in links if link["width"] < 24 or link["height"] < 24] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.add_style_tag(content="a.fact:not(.pull p > :first-child) { margin: 0 !important; padding: 0 !important; }")
    bare = page.evaluate(LINKS)
    assert any(link["width"] < 24 for link in bare)
    for link, before in zip(links, bare, strict=True):
        assert (link["left"], link["top"]) == pytest.approx((before["left"], before["top"]), abs=0.3), link["said"]


def test_the_way_on_fits_a_phone(new_page, address):
    page = new_page(viewport={"width": 360, "height": 800})
    for name in pdf.page_names():
        page.goto(f"{address}book/{name}.html", wait_until="load")
        boxes = page.evaluate(BOXES)
        assert len(boxes) > 3, name
        assert all(left >= 0 and right <= 360 for left, right in boxes), f"{name}: {boxes}"
