"""Every page for every reader: axe with all its rules, keys alone, large text, and HTML that holds to the standard."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.book import PROJECT, notebooks, settled

WEB = PROJECT / "tests" / "web" / "node_modules"
WIDTHS = (360, 820, 1440)
NAMES = [
    *sorted(f"book/{path.stem}" for path in [*(PROJECT / "book").glob("*.md"), *notebooks()]),
    "search",
    "genindex",
    "404",
]
# Pages that are alike are looked at by example: with all channels but one, with lists as long as any, with nothing.
COUNTRIES = ["book/country/bra", "book/country/mex", "book/country/smr"]


def tool(path: str, needs: str) -> Path:
    """Return a file of the npm packages; skip where they are not installed, fail in continuous integration."""
    found = WEB / path
    if not found.is_file() or shutil.which(needs) is None:
        message = f"{path.split('/')[0]} is not here: `npm ci` in tests/web installs it (needs {needs})"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found


def local(url: str) -> str:
    """Return the path of a file below the site's public path."""
    return urlsplit(url).path.partition("/punishment/")[2]


@pytest.fixture
def opened(new_page, address, site):
    """Open a page in a context of its own; the page for lost readers asks for files below the site's public path."""

    def open_page(name: str, width: int = 1200, mode: str = "light", **options):
        page = new_page(viewport={"width": width, "height": 900}, color_scheme=mode, bypass_csp=True, **options)
        page.route("**/punishment/**", lambda route: route.fulfill(path=site / local(route.request.url)))
        page.goto(f"{address}{name}.html", wait_until="load")
        return settled(page)

    return open_page


# The page has taken up its width and the mode of the system, and nothing is on its way: of what still moves or changes its
# colour, axe leaves much undecided. The theme decides a moment later which tables scroll, and so can be reached by key.
AT_REST = """([mode, width]) => innerWidth === width && document.documentElement.dataset.theme === mode
    && !document.getAnimations().some(change => change.playState === 'running')
    && [...document.querySelectorAll('pre, .cell_output > .output, .pst-scrollable-table-container')]
    .filter(node => node.checkVisibility())
    .every(node => node.tabIndex === (node.scrollWidth > node.clientWidth || node.scrollHeight > node.clientHeight ? 0 : -1))"""


SPACED = """
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-bottom: 2em !important; }
"""
CUT = """() => [...document.querySelectorAll('article.bd-article *')].filter(node => {
    const style = getComputedStyle(node);
    const clips = ['hidden', 'clip'].includes(style.overflowY) || ['hidden', 'clip'].includes(style.overflowX);
    const hidden = node.closest('.visually-hidden') || !node.checkVisibility();
    return clips && !hidden && (node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1);
}).map(node => node.outerHTML.slice(0, 120))"""
# Both rules on contrast are needed: that of level AAA passes what is so weak that it fails that of level AA. What is folded
# is looked at once: nobody sees its colours or its size, and while its markup stays as it was found good, it stands aside.
AXE = """async (colours) => {
    const wanted = axe.getRules(colours ? ['cat.color'] : undefined).map(rule => rule.ruleId);
    const enabled = rule => ({enabled: wanted.includes(rule.ruleId)});
    const rules = Object.fromEntries(axe.getRules().map(rule => [rule.ruleId, enabled(rule)]));
    const folded = [...document.querySelectorAll('details:not([open]) > :not(summary)')];
    const markup = folded.map(node => node.outerHTML).join();
    const places = markup === window.lookedAt ? folded.map(() => new Comment()) : [];
    places.forEach((place, number) => folded[number].replaceWith(place));
    axe.configure({noHtml: true});
    const result = await axe.run(document, {rules, resultTypes: ['violations'], selectors: false, elementRef: true});
    places.forEach((place, number) => place.replaceWith(folded[number]));
    if (!colours) window.lookedAt = markup;
    const tell = rule => `${rule.id}: ${rule.nodes[0].element.outerHTML.slice(0, 300)}`;
    return [result.passes.length, result.violations.map(tell)];
}"""


@pytest.mark.parametrize("name", [*NAMES, *COUNTRIES])
def test_axe_finds_nothing_and_nothing_is_lost_when_text_is_enlarged_or_spaced(opened, name):
    """All rules, those of best practice, of level AAA and experimental ones among them; in dark mode those on colour.

    Then twice the size on a small laptop, and the spacing of WCAG 1.4.12: no page scrolls sideways, no text is cut.
    """
    axe = tool("axe-core/axe.min.js", "node").read_text(encoding="utf-8")
    page = opened(name, WIDTHS[0])
    page.evaluate(axe)
    for mode, rules, widths in (("light", 20, WIDTHS), ("dark", 2, WIDTHS[::-1])):
        page.emulate_media(color_scheme=mode)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_function(AT_REST, arg=[mode, width])
            passed, found = page.evaluate(AXE, mode == "dark")
            assert passed >= rules
            assert found == [], (width, mode)
    page.set_viewport_size({"width": 640, "height": 900})
    page.add_style_tag(content=SPACED)
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    assert page.evaluate(CUT) == []


def test_the_nu_checker_finds_no_error(site):
    jar = tool("vnu-jar/build/dist/vnu.jar", "java")
    countries = sorted(site.glob("book/country/*.html"))
    pages = [*countries, *site.glob("book/*.html"), *(site / f"{name}.html" for name in ("search", "404", "genindex"))]
    # For so few pages the second compiler of Java costs more than it saves; less compiled code needs more of the stack.
    java = ["java", "-XX:TieredStopAtLevel=1", "-Xss4m", "-jar", str(jar)]
    done = subprocess.run([*java, "--errors-only", "--format", "gnu", *map(str, pages)], capture_output=True, text=True)
    assert len(pages) == len(NAMES) + len(countries)
    assert done.returncode == 0, done.stderr[:3000]


WALK = """() => {
    const at = document.activeElement;
    const box = at.getBoundingClientRect();
    const style = getComputedStyle(at);
    const all = [...document.querySelectorAll('*')];
    return {
        name: at.tagName.toLowerCase(),
        place: all.indexOf(at),
        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1 || style.boxShadow !== 'none',
        seen: box.width > 0 && box.height > 0,
        inside: !!at.closest('#main-content'),
    };
}"""


@pytest.mark.parametrize("width", [360, 1440])
def test_keys_alone_reach_everything_in_order(opened, width):
    page = opened("book/method", width)
    stops = []
    for _ in range(400):
        page.keyboard.press("Tab")
        stop = page.evaluate(WALK)
        if stop["name"] == "body":
            break
        stops.append(stop)
    assert all(stop["seen"] and stop["ring"] for stop in stops), [stop for stop in stops if not (stop["seen"] and stop["ring"])][
        :3
    ]
    places = [stop["place"] for stop in stops]
    assert places == sorted(places), "the order of the keys is the order of the page"
    reachable = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
            .filter(node => node.checkVisibility({visibilityProperty: true}) && !node.disabled && node.tabIndex >= 0).length"""
    )
    assert len(places) == len(set(places)) == reachable


def test_the_first_key_leads_past_the_menu(opened):
    page = opened("book/eastern_state")
    page.keyboard.press("Tab")
    skip = page.evaluate("document.activeElement.textContent.trim()")
    assert skip == "Skip to main content"
    page.keyboard.press("Enter")
    page.wait_for_url("**#*")
    page.keyboard.press("Tab")
    assert page.evaluate(WALK)["inside"]


def test_folded_parts_open_and_close_by_key(opened):
    page = opened("book/eastern_state", 360)
    for selector in ("details.receipts", "details.code", "details.figure-data", "article.claim details", ".page-end details"):
        details = page.locator(selector).first
        details.locator("summary").first.focus()
        for key in ("Enter", "Space"):
            page.keyboard.press(key)
            assert details.evaluate("node => node.open") == (key == "Enter"), selector


def test_keys_reach_folded_code_that_scrolls_once_it_is_open(opened):
    page = opened("book/eastern_state", 360)
    assert page.locator("details:not([open]) pre").count() > page.locator("details:not([open]) pre[tabindex]").count() == 0
    details = page.locator("details.code:has(pre)").first
    details.locator("summary").focus()
    page.keyboard.press("Enter")
    code = details.locator("pre")
    assert code.evaluate("node => node.scrollWidth > node.clientWidth"), "the example no longer scrolls"
    page.wait_for_function("node => node.tabIndex === 0", arg=code.element_handle())
    for _ in range(2):
        page.keyboard.press("Tab")
        if code.evaluate("node => node === document.activeElement"):
            return
    pytest.fail("two keys after its summary, the code is not reached")


def test_the_menu_of_a_phone_opens_and_gives_the_focus_back(opened):
    page = opened("book/eastern_state", 360)
    button = page.locator("button.primary-toggle:visible")
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("#pst-primary-sidebar-modal")
    assert dialog.evaluate("node => node.open")
    assert page.get_by_role("link", name="Data catalogue").is_visible()
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('#pst-primary-sidebar-modal').open")
    page.wait_for_function("node => node === document.activeElement", arg=button.element_handle())


def test_mode_and_search_answer_keys(opened):
    page = opened("book/eastern_state", 1440)
    seen = set()
    page.locator("button.theme-switch-button:visible").focus()
    for _ in range(3):
        page.keyboard.press("Enter")
        seen.add(page.evaluate("document.documentElement.dataset.mode"))
    assert seen == {"light", "dark", "auto"}
    page.keyboard.press("Control+k")
    assert page.locator("#pst-search-dialog").evaluate("node => node.open")
    page.keyboard.type("Pentonville")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=Pentonville*")


def test_reduced_motion_is_respected(opened):
    page = opened("book/ledger", reduced_motion="reduce")
    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter(node => {
            const style = getComputedStyle(node);
            const longest = Math.max(...`${style.transitionDuration},${style.animationDuration}`.split(',').map(parseFloat));
            return longest > 0.02 || style.scrollBehavior === 'smooth';
        }).map(node => node.outerHTML.slice(0, 100))"""
    )
    assert moving == []


def test_a_screen_reader_is_told_what_things_are(opened):
    """Names and roles in the browser's accessibility tree."""
    page = opened("book/eastern_state")
    fact = page.locator("a.fact").first
    fact.click()
    receipt = page.get_by_role("dialog", name=f"Receipt of {fact.inner_text()}")
    receipt.wait_for(state="visible")
    tree = receipt.aria_snapshot()
    assert "Source:" in tree and 'button "Close"' in tree
    receipt.get_by_role("link", name="All receipts").click()
    row = page.locator(fact.get_attribute("href"))
    row.wait_for(state="visible")
    tree = row.aria_snapshot()
    assert f'rowheader "{fact.inner_text()}"' in tree and "back" in tree.lower()
    claim = page.locator("article.claim:has(#claim-esp-02)")
    tree = claim.aria_snapshot()
    assert "Contradicted" in tree and "country’s first penitentiary" in tree
    figure = page.locator("#fig-esp-fates")
    tree = figure.aria_snapshot()
    title = figure.locator(".figure-title").inner_text()
    assert tree.startswith(f'- figure "{title}"') and 'img "' in tree
    assert page.get_by_role("navigation").count() >= 3 and page.get_by_role("main").count() == 1
