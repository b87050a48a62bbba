"""The built pages in a real browser: receipts open, figures suit the mode, nothing leaves the site."""

from __future__ import annotations

import gzip
import re
import shutil
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from sphinx.errors import ExtensionError

from essay_site.theme import scripts
from tests.book import PIECES, PROJECT, contrast, lettered, notebooks, settled, soup, still

PAGES = sorted(path.stem for path in [*(PROJECT / "book").glob("*.md"), *notebooks()])
CHAPTERS = ["eastern_state", "supermax", "police", "companies", "cecot"]
WIDTHS = [360, 820, 1440]


# With all pictures, those that a new width chooses among them: it does so in a frame.
PICTURES = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  for (const image of document.images) image.loading = "eager";
  do { await frame(); await frame(); } while (![...document.images].every((image) => image.complete));
}"""


@pytest.fixture
def open_page(new_page, address, site):
    """Open a page with its fonts: open_page(name, width, mode) returns it with all addresses it asked for, and foreign ones."""

    def opened(name: str, width: int = 1200, mode: str = "light", **options):
        page = lettered(new_page(viewport={"width": width, "height": 900}, color_scheme=mode, **options), site)
        page.asked, page.outside = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("request", lambda request: request.url.startswith((address, "data:")) or page.outside.append(request.url))
        page.route(lambda url: not url.startswith(address), lambda route: route.abort())
        page.goto(f"{address}book/{name}.html", wait_until="load")
        return settled(page)

    return opened


def weight(file: Path) -> int:
    """Return the bytes in which a server sends a file, compressed as servers do."""
    content = file.read_bytes() if file.is_file() else b""
    return len(content if file.suffix in (".woff2", ".png") else gzip.compress(content))


@pytest.mark.parametrize("name", PAGES)
def test_page_is_light_fits_asks_nobody_else_and_is_set_in_the_fonts_of_the_book(open_page, site, name):
    """What a phone loads first is light; pictures further down load when they are reached, and the page fits with them.

    The fonts hold only the letters that the book uses (tools/fonts.py): a rare one may come from elsewhere.
    """
    page = open_page(name, WIDTHS[0])
    page.wait_for_load_state("networkidle")
    loaded = {url: weight(site / urlsplit(url).path.lstrip("/")) for url in page.asked}
    assert sum(loaded.values()) <= 220_000, loaded
    assert len(loaded) <= 25, list(loaded)
    assert not any("fontawesome" in url for url in loaded)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(PICTURES)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.outside == []
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    found = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": "article :is(h1, h2, p):not(:has(code))"})
    own = {True: 0, False: 0}
    for node in found["nodeIds"][:150]:
        for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]:
            own[font["isCustomFont"]] += font["glyphCount"]
    assert own[True] > 500
    assert own[False] <= own[True] / 1000, own


def test_the_browser_has_off_what_playwright_switches_off(new_page):
    """Of several lists the last holds (tools/browser.py)."""
    page = new_page()
    page.goto("chrome://version")
    told = re.findall(r"--disable-features=(\S*)", page.locator("#command_line").inner_text())
    *others, last = (set(each.split(",")) for each in told)
    assert others and set().union(*others) < last


def test_the_theme_is_the_one_whose_template_was_replaced(site):
    """book/_templates/static/webpack-macros.html replaces a file of this version of the theme."""
    assert version("pydata-sphinx-theme") == "0.17.1"


def test_a_theme_whose_script_has_changed_is_refused(site, tmp_path):
    for name in scripts.SCRIPTS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(site / "_static" / name, tmp_path / name)
    assert scripts.combined(tmp_path) == (site / "_static" / scripts.SITE).read_text(encoding="utf-8")
    for name, old, new in ((scripts.THEME, "scrollWidth", "offsetWidth"), (scripts.MENU, "992px", "960px")):
        script = tmp_path / name
        was = script.read_text(encoding="utf-8")
        script.write_text(was.replace(old, new), encoding="utf-8")
        with pytest.raises(ExtensionError, match=f"{name} .*expects it"):
            scripts.combined(tmp_path)
        script.write_text(was, encoding="utf-8")


# Each fact link of a page is followed, and what lies on top in the middle of what it opens is looked at.
FOLLOWED = """async (scripts) => {
  const later = () => new Promise((done) => setTimeout(done));
  const hidden = [];
  for (const link of document.querySelectorAll(".bd-article a.fact")) {
    if (!scripts && !link.getAttribute("href").startsWith("#")) continue;
    link.scrollIntoView({ block: "center" });
    link.click();
    const id = new URL(link.href).hash.slice(1);
    // A receipt of the page itself opens before there is anything to paint; that of another page is fetched.
    for (let waited = 0; scripts && waited < 5000 && !document.querySelector(".receipt:popover-open"); waited++)
      await (waited > 9 && later());
    const opened = scripts ? document.querySelector(".receipt:popover-open > p") : document.getElementById(id).cells[0];
    const at = opened?.getBoundingClientRect();
    const top = at && document.elementFromPoint(at.left + Math.min(at.width, 40) / 2, at.top + Math.min(at.height, 24) / 2);
    const words = (opened?.querySelector("strong") ?? opened)?.textContent;
    if (!opened || !opened.contains(top) || words !== link.textContent) hidden.push(`${id}: ${words}`);
    if (scripts) document.querySelector(".receipt").hidePopover();
  }
  return hidden;
}"""


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("name", ["index", "introduction", *CHAPTERS, "conclusion"])
def test_every_receipt_that_a_number_opens_lies_in_sight(open_page, name, javascript):
    page = open_page(name, 360, java_script_enabled=javascript)
    assert page.locator("a.fact").count() > 5
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        if javascript:
            # The page is told of its new width in a frame, and closes what is open.
            still(page, 2)
        assert page.evaluate(FOLLOWED, javascript) == [], width


def test_a_receipt_opens_where_the_number_is_and_gives_the_focus_back(open_page):
    page = open_page("cecot", 360)
    link = page.locator(".bd-article a.fact").nth(3)
    link.focus()
    place = link.bounding_box()
    page.keyboard.press("Enter")
    box = page.locator(".receipt")
    box.wait_for(state="visible")
    assert link.bounding_box() == place
    assert box.evaluate("box => box === document.activeElement")
    said = box.inner_text()
    assert link.inner_text() in said and "Source:" in said and "All receipts" in said and "Code" in said
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    box.locator("summary").click()
    assert box.locator("details li").first.inner_text()
    page.keyboard.press("Escape")
    box.wait_for(state="hidden")
    assert link.evaluate("link => link === document.activeElement")


def test_a_receipt_of_another_page_opens_too_and_leads_there(open_page):
    page = open_page("index")
    link = page.locator(".bd-article a.fact[href*='.html#']").first
    address = link.get_attribute("href")
    link.click()
    page.locator(".receipt").wait_for(state="visible")
    assert link.inner_text() in page.locator(".receipt").inner_text()
    page.locator(".receipt a", has_text="All receipts").click()
    page.wait_for_url(f"**/{address}")


def test_a_claim_card_opens_with_the_keyboard(open_page):
    page = open_page("eastern_state")
    card = page.locator("article.claim:has(#claim-esp-05)")
    assert not card.locator("dl").is_visible()
    card.locator("summary").focus()
    page.keyboard.press("Enter")
    assert card.locator("dl").is_visible()
    assert "Steadman" in card.locator("dl").inner_text()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_one_picture_of_each_figure_is_shown_and_suits_the_mode(open_page, mode):
    page = open_page("eastern_state", 1200, mode)
    for figure in page.locator("figure.essay-figure").all():
        images = [image for image in figure.locator("img").all() if image.is_visible()]
        assert len(images) == 1
        images[0].scroll_into_view_if_needed()
        images[0].evaluate("image => image.decode()")
        source = images[0].evaluate("image => image.currentSrc")
        assert source.endswith(f"-wide-{mode}.svg")


def test_phones_get_the_narrow_picture(open_page):
    page = open_page("eastern_state", 360)
    image = page.locator("figure.essay-figure .figure-light img").first
    image.scroll_into_view_if_needed()
    image.evaluate("image => image.decode()")
    assert image.evaluate("image => image.currentSrc").endswith("-narrow-light.svg")
    assert image.evaluate("image => image.getBoundingClientRect().width") > 300


def test_figures_are_shown_without_javascript(open_page):
    page = open_page("eastern_state", java_script_enabled=False)
    for figure in page.locator("figure.essay-figure").all():
        assert sum(image.is_visible() for image in figure.locator("img").all()) == 1


def test_the_data_of_a_figure_downloads(open_page):
    page = open_page("eastern_state")
    with page.expect_download() as download:
        page.locator("#fig-esp-fates a.figure-csv").click()
    assert download.value.path().read_text(encoding="utf-8").startswith("source,group,received,outcome")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    ("name", "figure", "first", "second"),
    [
        ("supermax", "supermax-prisoners", r".*, 1925: \d+(\.\d)?", r".*, 1926: \d+(\.\d)?"),
        (
            "companies",
            "companies-private",
            r"in secure private prisons, 2000: [\d,]+",
            r"in secure private prisons, 2008: [\d,]+",
        ),
    ],
)
def test_a_figure_tells_its_values(open_page, name, figure, first, second, width):
    """Keys and pointer reach the same values, which stand inside the picture and are read out."""
    page = open_page(name, width)
    plot = page.locator(f"#fig-{figure} .figure-plot")
    says = plot.locator("output[aria-live=polite]")
    plot.scroll_into_view_if_needed()
    assert says.count() == 0  # nothing is made before it is asked for
    plot.locator(".figure-layer").focus()
    page.keyboard.press("Home")
    assert re.fullmatch(first, says.inner_text())
    start = says.inner_text()
    page.keyboard.press("ArrowRight")
    assert re.fullmatch(second, says.inner_text())
    page.keyboard.press("Escape")
    assert says.evaluate("node => getComputedStyle(node).opacity") == "0"
    # The pointer finds what the key found, where the key found it.
    page.keyboard.press("Home")
    ring = plot.locator(".figure-ring").bounding_box()
    page.keyboard.press("End")
    assert says.inner_text() != start
    page.mouse.move(ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2)
    assert says.inner_text() == start
    outer, inner = plot.bounding_box(), says.bounding_box()
    assert outer["x"] - 1 <= inner["x"] and inner["x"] + inner["width"] <= outer["x"] + outer["width"] + 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.outside == []


def test_a_finger_asks_for_a_value(open_page):
    page = open_page("supermax", 360, has_touch=True)
    plot = page.locator("#fig-supermax-prisoners .figure-plot")
    plot.scroll_into_view_if_needed()
    plot.locator(".figure-layer").focus()
    page.keyboard.press("Home")
    ring = plot.locator(".figure-ring").bounding_box()
    page.keyboard.press("End")
    page.touchscreen.tap(ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2)
    assert ", 1925: " in plot.locator("output").inner_text()


def test_up_and_down_go_from_series_to_series(open_page):
    page = open_page("companies")
    plot = page.locator("#fig-companies-private .figure-plot")
    plot.locator(".figure-layer").focus()
    for key, told in (("Home", "in secure private prisons, 2000"), ("ArrowDown", "in halfway houses, 2000")):
        page.keyboard.press(key)
        assert plot.locator("output").inner_text().startswith(told)


def test_a_figure_can_be_taken_away(open_page):
    page = open_page("eastern_state")
    tools = page.locator("#fig-esp-fates .figure-tools")
    for press, name, start in ((".figure-svg", "esp-fates.svg", b"<svg"), (".figure-png", "esp-fates.png", b"\x89PNG")):
        with page.expect_download() as download:
            tools.locator(press).click()
        assert download.value.suggested_filename == name and download.value.path().read_bytes().startswith(start)
    tools.get_by_role("link", name="Cite").click()
    assert page.locator("#cite").is_visible()
    assert tools.get_by_role("link", name="Link").get_attribute("href") == "#fig-esp-fates"


def test_without_a_script_a_figure_offers_no_more_than_it_can_do(open_page):
    page = open_page("eastern_state", java_script_enabled=False)
    tools = page.locator("#fig-esp-fates .figure-tools")
    assert tools.locator("a").count() >= 4 and not tools.locator(".figure-png").is_visible()
    assert page.locator(".figure-layer").count() == 0


def test_the_ledger_narrows(open_page):
    page = open_page("ledger")
    cards = page.locator(".ledger article.claim")
    assert cards.count() == 71
    page.locator("select[name=part]").select_option("esp")
    page.locator("select[name=verdict]").select_option("contradicted")
    shown = [card.get_attribute("id") for card in cards.all() if card.is_visible()]
    assert shown == ["ledger-esp-02", "ledger-esp-05"]
    page.locator("input[name=words]").fill("panopticon hub")
    assert page.locator("form.ledger-filter output").inner_text() == "1 of 71 claims"
    assert not page.get_by_role("heading", name="Supermax").is_visible()


def test_the_address_of_the_ledger_keeps_what_was_chosen(open_page, address):
    page = open_page("ledger")
    page.locator("select[name=verdict]").select_option("contradicted")
    page.locator("input[name=words]").fill("panopticon")
    page.wait_for_url("**/ledger.html?verdict=contradicted&words=panopticon")
    said = page.locator("form.ledger-filter output").inner_text()
    assert said == "1 of 71 claims"
    page.goto(f"{address}book/glossary.html")
    page.go_back()
    settled(page)
    assert page.locator("select[name=verdict]").input_value() == "contradicted"
    assert page.locator("form.ledger-filter output").inner_text() == said
    page.get_by_role("button", name="Reset").click()
    page.wait_for_url("**/ledger.html")
    assert page.locator("form.ledger-filter output").inner_text() == "71 of 71 claims"
    assert page.locator("select[name=verdict]").input_value() == ""


def test_the_ledger_says_when_nothing_fits_and_folds_accents(open_page):
    page = open_page("ledger")
    output = page.locator("form.ledger-filter output")
    page.locator("input[name=words]").fill("xyzzy")
    assert "none fits" in output.inner_text()
    found = []
    for words in ("Penitenciária", "penitenciaria"):
        page.locator("input[name=words]").fill(words)
        found.append(output.inner_text())
    assert found[0] == found[1] and not found[0].startswith("0 ")


def test_an_address_of_one_claim_shows_it_whatever_else_it_asks_for(new_page, address):
    page = new_page()
    page.goto(f"{address}book/ledger.html?verdict=opinion#ledger-esp-02", wait_until="load")
    still(settled(page))
    assert 0 <= page.locator("#ledger-esp-02").bounding_box()["y"] <= 140


def test_marks_keys_tables_and_lists_lead_to_the_ledger_narrowed(new_page, address, site):
    """Each verdict of the front page, and each count of the table of verdicts, opens just those claims."""
    page = new_page()
    links = []
    for name, selector in (("index", ".claim-strip .key a"), ("introduction", "#fig-intro-verdicts td a")):
        page.goto(f"{address}book/{name}.html", wait_until="load")
        found = page.locator(selector)
        links += found.evaluate_all("all => all.map(link => [link.href, link.textContent.match(/\\d+$/)[0]])")
    assert len(links) > 7
    for href, count in links[:9]:
        page.goto(href, wait_until="load")
        assert page.locator("form.ledger-filter output").inner_text() == f"{count} of 71 claims", href
    for mark in page_of(site, "index").select(".claim-strip a.claim-mark"):
        assert re.fullmatch(r"ledger\.html\?verdict=[a-z-]+#ledger-[a-z]+-\d\d", mark["href"])
    for chapter in ("eastern_state", "police", "cecot"):
        assert page_of(site, chapter).select(".claims-label a[href^='ledger.html?part=']")


def test_a_claim_has_one_address_everywhere(site):
    """What a card offers as its permanent address."""
    offered: dict[str, set[str]] = {}
    for file in sorted((site / "book").glob("*.html")):
        for link in page_of(site, file.stem).select("a.claim-id"):
            offered.setdefault(link.get_text(), set()).add(urljoin(f"{file.stem}.html", link["href"]))
    assert len(offered) == 71
    assert {id: {f"ledger.html#ledger-{id}"} for id in offered} == offered


@pytest.mark.parametrize("javascript", [True, False])
def test_a_card_that_an_address_names_is_open(new_page, address, javascript):
    page = new_page(viewport={"width": 360, "height": 800}, java_script_enabled=javascript)
    page.goto(f"{address}book/cecot.html#claim-cecot-03", wait_until="load")
    card = page.locator("article.claim:has(#claim-cecot-03)")
    card.locator("dl").wait_for(state="visible")
    if javascript:
        still(page)
    assert 0 <= card.bounding_box()["y"] <= 140
    assert page.locator("article.claim details[open]").count() == 1


def page_of(site, name: str) -> BeautifulSoup:
    """Return a page of the site."""
    return soup(site / "book" / f"{name}.html")


def column(table, number: int) -> list[str]:
    """Return the words of one column of a table, as far as its rows are shown."""
    cells = "(rows, number) => rows.filter(row => row.checkVisibility()).map(row => row.cells[number].innerText.trim())"
    return table.locator("tbody tr").evaluate_all(cells, number)


def test_a_long_table_sorts_by_a_button_in_its_heading(open_page):
    page = open_page("cecot")
    page.locator("#fig-cecot-homicide summary").click()
    figure = page.locator("#fig-cecot-homicide table").first
    head = figure.locator("thead th", has_text="Homicides")
    number = [words.split(" (")[0] for words in figure.locator("thead th").all_inner_texts()].index("Homicides")
    before = column(figure, number)
    missing = [words for words in before if words == "–"]
    in_order = sorted((words for words in before if words != "–"), key=lambda words: int(words.replace(",", "")))
    assert head.get_attribute("aria-sort") is None
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert column(figure, number) == in_order + missing != before
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert column(figure, number) == in_order[::-1] + missing
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") is None and column(figure, number) == before


def test_a_long_table_narrows_without_regard_to_accents(open_page):
    page = open_page("catalogue", 360)
    tools, table = page.locator(".table-tools").first, page.locator(".overview")
    everything = len(column(table, 0))
    field = tools.get_by_label("Only rows with")
    field.fill("radial")
    assert column(table, 0) and all("radial" in words.lower() for words in column(table, 0))
    field.fill("rädial")
    assert tools.locator("output").inner_text() == f"{len(column(table, 0))} of {everything} rows"
    field.fill("xyzzy")
    assert tools.locator("output").inner_text() == "No row fits"


def test_short_tables_and_receipts_have_nothing_to_press(open_page):
    page = open_page("cecot")
    boxes = page.locator(".table-scroll").evaluate_all(
        """all => all.map(box => [box.querySelectorAll("tbody tr").length > 15 && !box.closest(".receipts"),
                                  !!box.querySelector("thead button")])"""
    )
    assert {tuple(box) for box in boxes} == {(True, True), (False, False)}


def test_a_long_table_is_complete_without_javascript(open_page):
    page = open_page("catalogue", java_script_enabled=False)
    assert page.locator(".overview tbody tr").count() == len(list(page.locator("section[id] > h2").all()))
    assert page.locator(".table-tools, .table-scroll button").count() == 0


def test_numbers_stand_to_the_right_with_separators_and_years_without(site):
    money = page_of(site, "police").select_one("#fig-aid-el-salvador table")
    assert {"num2", "num3"} == set(money["class"])
    cells = [row.find_all(["th", "td"]) for row in money.tbody.find_all("tr")]
    assert all(re.fullmatch(r"\d{4}", row[1].get_text()) for row in cells)
    assert all(re.fullmatch(r"-?\d{1,3}(,\d{3})*", row[2].get_text()) for row in cells)
    assert "institutions" in page_of(site, "companies").select_one("#fig-aca-mexico thead").get_text()


@pytest.mark.parametrize("name", ["police", "catalogue", "ledger"])
def test_where_csvs_are_offered_spreadsheets_are_advised(site, name):
    assert page_of(site, name).get_text().count("65001") == 1


def test_a_table_has_one_short_address_that_figures_lead_to(new_page, address, site):
    catalogue = page_of(site, "catalogue")
    entries = [section["id"] for section in catalogue.select("section > section")]
    names = [link["href"].removeprefix("#") for link in catalogue.select(".overview a")]
    assert names == entries and "radial_prisons" in names
    for file in (site / "book").glob("*.html"):
        page = page_of(site, file.stem)
        for note in page.select(".figure-note"):
            led = [link["href"] for link in note.select("a[href^='catalogue.html#']")]
            assert led and {href.split("#")[1] for href in led} <= set(names), note.get_text()
            assert not note.select("a[href^='../data/']")
    entry = catalogue.find(id="radial_prisons").get_text()
    assert entry.index("Before you use it") < entry.index("Download")
    page = new_page()
    page.goto(f"{address}book/catalogue.html#radial_prisons", wait_until="load")
    still(page)
    assert 0 <= page.locator("#radial_prisons").bounding_box()["y"] <= 140


def test_the_bibliography_goes_by_author_and_year_and_leads_back(site):
    works = page_of(site, "bibliography").select(".citation")
    assert len(works) > 200
    for work in works:
        said = work.p.get_text()
        year = re.match(r".+? \((\d{4}|n\.d\.)[^)]*\)\.", said)[1]
        assert not re.match(r"\[", said) and not work.select(".label")
        assert not re.search(rf"{year}, {year}\.|\\\\", said), said
    back = [link["href"] for link in page_of(site, "bibliography").select(".cited a")]
    assert len(back) > len(works) / 2
    pages: dict[str, set[str]] = {}
    for href in back:
        name, place = href.split("#")
        if name not in pages:
            pages[name] = {tag["id"] for tag in page_of(site, name.removesuffix(".html")).find_all(id=True)}
        assert place in pages[name], href


def test_the_ledger_is_complete_without_javascript(open_page):
    page = open_page("ledger", java_script_enabled=False)
    assert all(card.is_visible() for card in page.locator(".ledger article.claim").all())
    assert page.locator(".ledger dl").first.is_visible()
    assert not page.locator("form.ledger-filter").is_visible()


SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("name", ["eastern_state", "ledger"])
def test_far_pieces_wait_until_the_reader_comes_near(new_page, address, name):
    """A page whose script never arrives stays as it is first laid out: all of it can still be reached and printed."""
    page = new_page(viewport={"width": 360, "height": 800})
    page.route("**/site.js", lambda route: route.abort())
    page.goto(f"{address}book/{name}.html", wait_until="load")
    last = page.locator(PIECES).last
    laid_out = "node => node.firstElementChild.checkVisibility({contentVisibilityAuto: true})"
    assert not last.evaluate(laid_out)
    last.scroll_into_view_if_needed()
    page.wait_for_function(laid_out, arg=last.element_handle())
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function(f"node => !({laid_out})(node)", arg=last.element_handle())
    page.emulate_media(media="print")
    assert last.evaluate(laid_out)


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("name", ["police", "ledger", "catalogue"])
def test_links_to_a_place_in_a_page_arrive(new_page, address, name, width):
    page = new_page(viewport={"width": width, "height": 800})
    page.goto(f"{address}book/{name}.html", wait_until="load")
    places = [place for place in page.locator(PIECES).evaluate_all("all => all.map(node => node.id)") if place]
    for place in (places[len(places) // 3], places[2 * len(places) // 3]):
        page.goto("about:blank")
        page.goto(f"{address}book/{name}.html#{place}", wait_until="load")
        still(page)
        assert 0 <= page.locator(f"#{place}").evaluate("node => node.getBoundingClientRect().top") <= 140, place


# A busy browser takes its time to bring a reader back to where they were.
THERE = """([pieces, there]) => [...document.querySelectorAll(pieces)]
    .every((node, at) => Math.abs(node.getBoundingClientRect().top - there[at]) < 40)"""


@pytest.mark.parametrize("name", ["police", "ledger"])
def test_who_reloads_or_comes_back_is_where_they_were(new_page, address, name):
    page = new_page(viewport={"width": 360, "height": 800})
    # Letters that come too late for one visit are there at the next (font-display: optional), and lines break elsewhere:
    # all visits are read in the letters of the machine.
    page.route("**/*.woff2", lambda route: route.abort())
    page.goto(f"{address}book/{name}.html", wait_until="load")
    settled(page).evaluate("scrollTo(0, document.documentElement.scrollHeight * 0.6)")
    still(page)
    there = page.locator(PIECES).evaluate_all("all => all.map(node => node.getBoundingClientRect().top)")
    for again in (page.reload, lambda: page.goto(f"{address}book/glossary.html") and page.go_back()):
        again()
        settled(page).wait_for_function(THERE, arg=[PIECES, there])
        still(page)
        now = page.locator(PIECES).evaluate_all("all => all.map(node => node.getBoundingClientRect().top)")
        assert max(abs(one - other) for one, other in zip(there, now, strict=True)) < 40


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("name", ["index", "eastern_state", "ledger"])
def test_nothing_jumps_while_a_page_loads_and_is_scrolled(new_page, address, name, width):
    page = new_page(viewport={"width": width, "height": 800})
    page.add_init_script(SHIFTS)
    page.goto(f"{address}book/{name}.html", wait_until="load")
    still(page)
    for top in range(0, 5000, 700):
        page.evaluate(f"scrollTo(0, {top})")
        still(page, 5)
    assert page.evaluate("window.shifted") < 0.02


READ = """
() => {
  const lines = new Map();
  // Citations are set smaller, so a line that has one holds more.
  const paragraphs = [...document.querySelectorAll("section > section > p:not(:has(a[href*='bibliography']))")];
  const text = paragraphs.sort((a, b) => b.textContent.length - a.textContent.length)[0];
  const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walk.nextNode()) {
    for (let i = 0; i < walk.currentNode.length; i++) {
      range.setStart(walk.currentNode, i);
      range.setEnd(walk.currentNode, i + 1);
      const box = range.getClientRects()[0];
      const line = box && Math.round(box.bottom / 14);
      if (box) lines.set(line, (lines.get(line) || 0) + 1);
    }
  }
  return [...lines.values()].slice(0, -1);
}
"""


@pytest.mark.parametrize("width", [820, 1200, 1600])
def test_a_line_of_text_has_60_to_78_characters(open_page, width):
    lines = open_page("eastern_state", width).evaluate(READ)
    assert len(lines) > 5
    assert 60 <= sum(lines) / len(lines) <= 75 and max(lines) <= 80, lines


def test_figures_are_wider_than_the_text_on_a_wide_screen(open_page):
    page = open_page("eastern_state", 1600)
    text = page.locator("#the-plan-that-travelled > p").first.bounding_box()
    figure = page.locator("#fig-esp-spread").bounding_box()
    assert figure["x"] == text["x"] and figure["width"] > 1.25 * text["width"]


def test_a_receipt_leads_back_to_its_sentence(open_page):
    page = open_page("eastern_state", 360)
    link = page.locator("a.fact").nth(9)
    link.click()
    page.locator(".receipt a", has_text="All receipts").click()
    row = page.locator(link.get_attribute("href"))
    row.wait_for(state="visible")
    assert row.locator("th").evaluate("cell => getComputedStyle(cell).backgroundColor") != "rgba(0, 0, 0, 0)"
    row.locator(f".back a[href$='#{link.get_attribute('id')}']").click()
    page.wait_for_url(f"**#{link.get_attribute('id')}")
    still(page)
    assert 0 < link.bounding_box()["y"] < 900


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("javascript", [True, False])
def test_the_reader_of_a_dark_system_gets_a_dark_page(open_page, mode, javascript):
    page = open_page("eastern_state", 1200, mode, java_script_enabled=javascript)
    for part in ("body", ".bd-sidebar-primary", ".bd-header-article"):
        colour = page.locator(part).evaluate("node => getComputedStyle(node).backgroundColor")
        shades = [int(shade) for shade in re.findall(r"\d+", colour)][:3]
        if shades != [0, 0, 0]:  # see-through parts show the body
            assert (sum(shades) / 3 < 60) == (mode == "dark"), f"{part}: {colour}"
    figure = page.locator("#fig-esp-spread .figure-plot")
    assert figure.locator(f".figure-{mode}").is_visible()
    assert not figure.locator(f".figure-{'light' if mode == 'dark' else 'dark'}").is_visible()


def colour(node, name: str = "color") -> str:
    """Return a computed colour of a node as #rrggbb."""
    shades = re.findall(r"\d+", node.evaluate("(node, name) => getComputedStyle(node).getPropertyValue(name)", name))
    return "#" + "".join(f"{int(shade):02x}" for shade in shades[:3])


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_stands_out_from_the_paper(open_page, mode):
    page = open_page("eastern_state", 1200, mode)
    paper = colour(page.locator("body"), "background-color")
    text = [
        "section > p:not([class])",
        "section > ul li",
        ".deck",
        ".found p:not([class])",
        "p a.fact",
        "p .bibtex-citation a",
        ".claim-text",
        ".figure-note",
    ]
    for part in text:
        assert contrast(colour(page.locator(f".bd-article {part}").first), paper) >= 7, part
    for part in (
        ".kicker",
        ".found-label",
        ".claim-contradicted .verdict",
        ".claim-partly .verdict",
        ".claim-supported .verdict",
    ):
        assert contrast(colour(page.locator(f".bd-article {part}").first), paper) >= 4.5, part


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_verdicts_differ_by_shape_and_word(open_page, mode):
    page = open_page("ledger", mode=mode)
    seen = {}
    shapes = "all => all.map(node => [node.innerText, getComputedStyle(node, '::before').maskImage])"
    for verdict, shape in page.locator("article.claim .verdict").evaluate_all(shapes):
        seen.setdefault(verdict, set()).add(shape)
    assert len(seen) == 7
    assert all(len(shapes) == 1 and shapes != {"none"} for shapes in seen.values())
    assert len({shape for shapes in seen.values() for shape in shapes}) == 7


def test_paper_has_text_and_figures_and_nothing_to_press(open_page):
    page = open_page("eastern_state", 1200, "dark")
    page.emulate_media(media="print")
    for hidden in (".bd-sidebar-primary", ".bd-header-article", ".receipts .back", "details.code", ".prev-next-footer"):
        assert not page.locator(hidden).first.is_visible(), hidden
    for shown in (
        "h1:visible",
        ".deck",
        ".claim:has(#claim-esp-01) .claim-text",
        ".claim:has(#claim-esp-01) dd",
        ".receipts td",
        "#fig-esp-spread .figure-plot .figure-light img",
        ".figure-note",
    ):
        assert page.locator(shown).first.is_visible(), shown
    assert page.locator("h1:visible").count() == 1
    assert not page.locator("#fig-esp-spread .figure-plot .figure-dark").is_visible()
    assert page.locator("body").evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(255, 255, 255)"


def test_the_front_page_says_what_was_found_before_anybody_scrolls(new_page, address):
    page = new_page(viewport={"width": 1200, "height": 900})
    page.goto(f"{address}book/index.html", wait_until="load")
    found, picture, top = (page.locator(which).first.bounding_box() for which in (".standfirst > p", "#fig-hub", ".page-top"))
    assert found["y"] + found["height"] < top["y"] < 900, "what was found, then who made the page"
    assert found["x"] + found["width"] <= picture["x"], "beside the map"
    page.set_viewport_size({"width": 360, "height": 780})
    assert page.locator(".standfirst > p").first.bounding_box()["y"] < 500


def test_the_front_page_leads_into_the_book(open_page):
    page = open_page("index", 360)
    for link in page.locator(".doors li > p:first-child > a:first-child").all():
        assert link.get_attribute("href").endswith(".html")
    page.locator(".standfirst a", has_text="Start").click()
    page.wait_for_url("**/introduction.html")


def test_a_phone_without_javascript_has_the_contents_after_the_text(open_page):
    page = open_page("glossary", 360, java_script_enabled=False)
    contents = page.locator(".bd-sidebar-primary a[href='cecot.html']")
    assert contents.is_visible()
    box = contents.bounding_box()
    assert box["x"] >= 0 and box["y"] > page.locator("article.bd-article").bounding_box()["height"]
    assert not any(button.is_visible() for button in page.locator("button.sidebar-toggle").all())
