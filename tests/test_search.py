"""The search of the site: what readers see is found where it stands, through the page they use, by keys and by ear."""

from __future__ import annotations

import gzip
import json
import os
import re
import unicodedata
from collections import defaultdict
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace

import pytest
from lxml.html import HtmlElement

from essay_site.published import search
from tests.book import parsed
from tests.test_accessibility import AT_REST, tool

# What is on a page and no part of its text: code, tools, what repeats for those who do not see what is beside it.
NO_TEXT = {"headerlink", "figure-tools", "back", "visually-hidden", "kicker", "byline"}
NO_TEXT_TAGS = {"pre", "form", "button", "nav", "script"}
# A mark inside a word does not part it.
MARKS = ("span", "a", "em", "strong", "b", "i", "code", "sup", "sub", "abbr", "time")
ADDRESS = re.compile(r"https?://\S+")
# The answer is one text: of half a million pieces Playwright would look at each by itself.
ASK = """async ([words, without]) => {
    const kept = page => ({...page, places: page.places.filter(([fragment]) => fragment !== without)});
    const search = await made({...bookPlaces, pages: bookPlaces.pages.map(kept)});
    const answers = words.map(word => found(search, word)).map(({pages, all}) => all ? pages.map(({page}) => page.page) : []);
    return JSON.stringify(answers);
}"""


def words(text: str) -> set[str]:
    """Return the words and numbers of a text as a reader would copy them, without the marks around them."""
    edges = "".join({sign for sign in text if not sign.isalnum()} - {" "})
    return {word for each in text.split() if (word := each.strip(edges))}


def typed(word: str) -> set[str]:
    """Return the ways to type a word: as it stands, without accents, in small letters, a number without its commas."""
    letters = "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", word) if re.fullmatch(r"[\d,.]+", word) else letters
    return {word, letters, letters.lower(), plain}


def text_of(page: HtmlElement) -> HtmlElement:
    """Return a page without what is no text, and without marks."""
    page = deepcopy(page)
    for piece in [*page.iter("*")]:
        if piece.tag in NO_TEXT_TAGS or {*piece.classes} & NO_TEXT or (piece.tag == "details" and "code" in piece.classes):
            piece.drop_tree()
    for mark in [*page.iter(*MARKS)]:
        mark.drop_tag()
    return page


def shown(page: HtmlElement) -> dict[str, set[str]]:
    """Return the words of a page by what holds them: tables, claims, descriptions of figures, the rest of its text."""
    page = text_of(page)
    (body,) = (each for each in page.iter("article") if "bd-article" in each.classes)
    parts: dict[str, list[HtmlElement | str]] = {
        "tables": [*body.iter("table")],
        "claims": [each for each in body.iter("article") if "claim" in each.classes],
        "descriptions": body.xpath(".//img/@alt"),
        "text": [body, *(each for each in page.iter("details") if "record" in each.classes)],
    }
    held = defaultdict(set)
    for kind, pieces in parts.items():
        for piece in pieces:
            held[kind] |= words(piece if isinstance(piece, str) else ADDRESS.sub(" ", " ".join(piece.itertext())))
    return held


@pytest.fixture(scope="module")
def pages(site) -> dict[str, dict[str, set[str]]]:
    """The words of the pages of the book: address -> what holds them -> words."""
    return {path.relative_to(site).as_posix(): shown(parsed(path)) for path in sorted(site.glob("book/**/*.html"))}


@pytest.fixture(scope="module")
def asked(browser, site):
    """asked(words, without) returns for each word the pages that the search of the site finds; it may lack one place."""
    context = browser.new_context()
    page = context.new_page()
    # As a reader opens it from a folder.
    page.goto((site / "search.html").as_uri())
    for name in ("minisearch.js", "places.js"):
        page.add_script_tag(url=f"_static/search/{name}")

    def ask(queries: list[str], without: str = "") -> list[list[str]]:
        return json.loads(page.evaluate(ASK, [queries, without]))

    yield ask
    context.close()


def lost(pages: dict[str, dict[str, set[str]]], asked, without: str = "") -> list[str]:
    """Return the words of the pages that do not lead to their page, each with what holds it."""
    where = defaultdict(set)
    for address, page in pages.items():
        for kind, held in page.items():
            for word in held:
                for query in typed(word):
                    where[query].add((address, kind))
    queries = sorted(where)
    return [
        f"{query}: {kind} of {address}"
        for query, found in zip(queries, asked(queries, without), strict=True)
        for address, kind in sorted(where[query])
        if address not in found
    ]


def test_every_word_and_number_that_is_shown_leads_to_its_page(pages, asked):
    assert len(pages) >= 16
    counts = {kind: sum(len(page[kind]) for page in pages.values()) for kind in ("tables", "claims", "descriptions", "text")}
    assert counts["tables"] > 5000 and counts["claims"] > 3000 and counts["descriptions"] > 1000, counts
    assert lost(pages, asked) == []


def test_the_check_of_words_bites(pages, asked):
    """Without the words of one figure, its table and its description are lost."""
    address = "book/eastern_state.html"
    missing = lost({address: pages[address]}, asked, "fig-esp-spread")
    assert any(line.startswith("Hungary: tables") for line in missing), missing[:5]
    assert any("descriptions" in line for line in missing)


# What readers ask for, and the place that answers it best.
FIRST = {
    "6,934": "book/supermax.html#fact-supermax-ice-over15-count",
    "6934": "book/supermax.html#fact-supermax-ice-over15-count",
    "2.09": "book/police.html#fact-police-narcotics-late",
    "2.09 billion": "book/police.html#fact-police-narcotics-late",
    "4.0": "book/eastern_state.html#fact-esp-death-ratio",
    "350": "book/eastern_state.html#fact-esp-claim-article-350",
    "20,000": "book/cecot.html#fact-cecot-per-head",
    "15867": "book/cecot.html#fig-cecot-cost",
    "esp-08": "book/ledger.html#ledger-esp-08",
    "ESP-08": "book/ledger.html#ledger-esp-08",
    "cecot-04": "book/ledger.html#ledger-cecot-04",
    "CECOT": "book/cecot.html#cecot-a-prison-for-hire",
    "supermax": "book/supermax.html#supermax-the-lockdown-that-became-a-building",
    "Eastern State": "book/eastern_state.html#eastern-state-the-plan-that-travelled",
    "ACA": "book/glossary.html#term-ACA",
    "Alien Enemies Act": "book/glossary.html#term-Alien-Enemies-Act",
    "mandela rules": "book/glossary.html#term-Mandela-Rules",
    "solitary confinement": "book/glossary.html#term-Solitary-confinement",
    "Ducpetiaux": "book/eastern_state.html#claim-esp-10",
    "Garcia Moreno": "book/eastern_state.html#fig-esp-lag",
    "García Moreno": "book/eastern_state.html#fig-esp-lag",
    "Plzen": "book/index.html#fig-hub",
    "Bogota": "book/index.html#fig-hub",
    "Penitenciaria": "book/supermax.html#fig-supermax-spread",
    "Guantánamo": "book/introduction.html#the-opening-claims",
    "Hungary": "book/country/hun.html#hun",
    "Brazil": "book/country/bra.html#bra",
    "Ecuador Peru": "book/cecot.html#claim-cecot-02",
    "Eswatini": "book/country/swz.html#swz",
    "Pentonville": "book/eastern_state.html#the-plan-that-travelled",
    "pentonvile": "book/eastern_state.html#the-plan-that-travelled",
    "Florence ADX": "book/supermax.html#fig-supermax-abroad",
    "homicide rate El Salvador": "book/cecot.html#homicide-fell-first",
    "cecot_chronology": "book/catalogue.html#cecot_chronology",
    "report an error": "book/changes.html#report-an-error",
}
# Pages that a name must lead to, wherever else it stands.
ALSO = {
    "Argentina": {"cecot", "eastern_state", "index"},
    "Ecuador": {"cecot", "eastern_state", "index", "ledger", "changes"},
    "Bogotá": {"companies", "eastern_state", "index", "ledger"},
    "Penitenciária": {"supermax", "eastern_state", "index", "ledger", "bibliography"},
}


@pytest.fixture
def opened(new_page, address):
    """Open the search page for some words, once their results are there; `requested` has what the page asked for."""

    def open_page(query: str = "", **options):
        page = new_page(**options)
        page.requested = []
        page.on("request", lambda request: page.requested.append(request.url.removeprefix(address)))
        page.goto(f"{address}search.html" + (f"?q={query}" if query else ""), wait_until="load")
        if query:
            page.wait_for_selector("#found li")
        return page

    return open_page


def search_for(page, query: str) -> None:
    """Type words into the field of the search page and wait for their results."""
    page.locator("#main-content input").fill(query)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "query => document.title.startsWith(`${query} – `) && !document.querySelector('#found[aria-busy]')", arg=query
    )


def places(page) -> list[str]:
    """Return the places that the results lead to, without what points at words there."""
    return page.locator("#found li a").evaluate_all("links => links.map(link => link.getAttribute('href').split(':~:')[0])")


def test_the_first_hit_is_the_place_that_answers(opened):
    page = opened()
    first = {}
    for query in FIRST:
        search_for(page, query)
        first[query] = places(page)[0]
    assert first == FIRST
    for query, expected in ALSO.items():
        search_for(page, query)
        found = page.locator("#found h2 a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        assert {Path(address).stem for address in found} >= expected, query


def test_a_hit_leads_to_its_place_and_shows_a_sentence(opened, site):
    page = opened("deported")
    links = places(page)
    texts = page.locator("#found li p").all_inner_texts()
    assert len(links) > 5
    for link in links:
        name, _, fragment = link.partition("#")
        assert fragment and f'id="{fragment}"' in (site / name).read_text(encoding="utf-8"), link
    assert not any(re.search(r"\bimport \w+|\w+\(\"|\t", text) for text in texts)
    assert all(len(text) < 300 for text in texts)
    search_for(page, "6,934")
    page.locator("#found li a").first.click()
    page.wait_for_url("**/supermax.html#fact-supermax-ice-over15-count")
    assert page.locator("#fact-supermax-ice-over15-count").is_visible()


def test_a_hit_in_a_folded_table_leads_to_its_row(opened):
    page = opened("Hungary")
    page.locator("#found li a[href*='#fig-esp-spread']").click()
    page.wait_for_url("**/eastern_state.html#fig-esp-spread*")
    row = page.locator("#fig-esp-spread tr", has_text="Hungary")
    page.wait_for_function(
        "row => row.checkVisibility() && row.getBoundingClientRect().top > 0 && row.getBoundingClientRect().bottom < innerHeight",
        arg=row.element_handle(),
    )


def test_counts_are_said_in_plain_words(opened):
    page = opened("6,934")
    says = page.get_by_role("status")
    assert says.inner_text() == "3 places on 1 page."
    search_for(page, "esp-08 nowhereatall")
    assert says.inner_text().startswith("No page has all of these words. Some of them: ")
    search_for(page, "zzzzzz")
    assert says.inner_text() == "Nothing here has “zzzzzz”. The menu leads to every page."
    assert page.locator("#found li").count() == 0


def test_words_in_quotes_stand_together(opened):
    page = opened()
    search_for(page, '"Alien Enemies Act"')
    assert page.locator("#found li").count() > 3
    search_for(page, '"Act Enemies Alien"')
    assert page.locator("#found li").count() == 0


def test_nothing_is_loaded_before_somebody_searches(opened):
    page = opened()
    page.wait_for_load_state("networkidle")
    searching = ["_static/search/minisearch.js", "_static/search/places.js"]
    assert "_static/search/search.js" in page.requested
    assert not set(searching) & set(page.requested)
    page.locator("#main-content input").fill("Lima")
    page.wait_for_selector("#found li")
    assert [name for name in page.requested if name in searching] == searching


def test_what_searches_is_light(site):
    """Kilobytes as servers send them: the words of the book, the library, and the page's own script."""
    sizes = {
        name: len(gzip.compress((site / search.FOLDER / name).read_bytes()))
        for name in ("places.js", "minisearch.js", "search.js")
    }
    assert sum(sizes.values()) < 450_000, sizes


def test_there_is_one_search(site):
    assert [name for name in search.SPHINX if (site / name).exists()] == []
    for path in [site / "search.html", *site.glob("book/*.html")]:
        actions = re.findall('<form class="bd-search"[^>]* action="([^"]*)"', path.read_text(encoding="utf-8"))
        assert actions, path.name
        targets = {os.path.normpath(path.parent / action) if action != "#" else str(path) for action in actions}
        assert targets == {str(site / "search.html")}


def test_a_site_opened_from_a_folder_is_searched(new_page, site):
    page = new_page()
    page.goto((site / "book" / "police.html").as_uri(), wait_until="load")
    page.keyboard.press("Control+k")
    page.keyboard.type("Plzen")
    page.keyboard.press("Enter")
    page.locator("#found li a").first.click()
    page.wait_for_url("**/index.html#fig-hub*")


def test_without_scripts_the_page_says_what_to_do_instead(opened, site):
    page = opened(java_script_enabled=False)
    assert not page.locator("form.bd-search").first.is_visible()
    assert "Searching needs JavaScript" in page.locator("article").inner_text()
    links = [link.get_attribute("href") for link in page.locator("article noscript a").all()]
    assert len(links) >= 4 and all((site / link).is_file() for link in links)


def test_where_the_words_do_not_come_the_page_says_so_and_tries_again(opened):
    page = opened()
    page.route("**/places.js", lambda route: route.abort())
    page.locator("#main-content input").fill("Lima")
    page.wait_for_function(
        "() => document.querySelector('[role=status]').textContent.startsWith('The search could not be loaded')"
    )
    page.unroute("**/places.js")
    page.keyboard.press("Enter")
    page.wait_for_selector("#found li")


@pytest.mark.parametrize("width", [360, 1440])
def test_keys_alone_search_and_follow(new_page, address, width):
    page = new_page(viewport={"width": width, "height": 900})
    page.goto(f"{address}book/method.html", wait_until="load")
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog", name="Search")
    field = dialog.get_by_role("searchbox", name="Search this book")
    assert field.evaluate("node => node === document.activeElement")
    ring = field.evaluate(
        """node => [node, node.form, node.closest("dialog")].map(each => {
            const style = getComputedStyle(each);
            return style.boxShadow !== "none" || style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
        })"""
    )
    assert ring == [True, False, False], "one ring, around the field"
    clear = field.evaluate(
        """node => node.getBoundingClientRect().left + parseFloat(getComputedStyle(node).paddingLeft)
            - node.form.querySelector("i").getBoundingClientRect().right"""
    )
    assert clear > 0, "the magnifier stands beside the words"
    page.keyboard.press("Escape")
    assert dialog.count() == 0
    page.keyboard.press("Control+k")
    page.keyboard.type("esp-08")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=esp-08")
    page.wait_for_selector("#found li")
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.closest('.bd-search-container') !== null"), "the page's own field"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ledger.html#ledger-esp-08")
    page.go_back(wait_until="load")
    page.wait_for_selector("#found li")
    assert page.locator("#main-content input").input_value() == "esp-08"


def test_a_screen_reader_hears_what_was_found(opened):
    page = opened("Hungary")
    tree = page.locator("article").aria_snapshot()
    assert re.search(r"status: \d+ places on \d+ pages\.", tree)
    assert 'heading "Eastern State: the plan that travelled" [level=2]' in tree
    assert re.search(r'link "Figure Sixty later radial prisons', tree)
    assert page.get_by_role("search").count() == 1


def test_what_is_folded_opens(opened):
    page = opened("Brazil")
    details = page.locator("#found details").first
    details.locator("summary").focus()
    page.keyboard.press("Enter")
    more = int(details.locator("summary").inner_text().split()[0])
    details.locator("li").nth(more - 1).wait_for()
    assert details.locator("li").count() == more


def test_axe_finds_nothing_in_the_results(opened):
    page = opened("Brazil", bypass_csp=True)
    page.evaluate(tool("axe-core/axe.min.js", "node").read_text(encoding="utf-8"))
    for mode in ("light", "dark"):
        page.emulate_media(color_scheme=mode)
        for width in (360, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_function(AT_REST, arg=[mode, width])
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            found = page.evaluate(
                """async () => (await axe.run(document, {resultTypes: ["violations"], selectors: false}))
                    .violations.map(rule => `${rule.id}: ${rule.nodes[0].html}`)"""
            )
            assert found == [], (width, mode)


def test_whatever_pages_a_build_writes_are_known_and_no_others(tmp_path):
    """A page that an extension writes is searched, one that an earlier build left behind is not."""
    page = '<section id="{0}"><h1>{0}</h1><p>Of {0}.</p><pre>code</pre><table><tr><td>Lima</td><td>1</td></tr></table></section>'
    for name in ("chapter", "country/peru", "gone"):
        path = tmp_path / "book" / f"{name}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page.format(Path(name).stem), encoding="utf-8")
    (tmp_path / search.FOLDER).mkdir(parents=True)
    (tmp_path / search.SPHINX[0]).touch()
    builder = SimpleNamespace(
        name="html", get_outfilename=lambda page: tmp_path / f"{page}.html", get_target_uri=lambda page: f"{page}.html"
    )
    part = SimpleNamespace(caption="The essay", items=["book/chapter"])
    site_map = SimpleNamespace(root=SimpleNamespace(subtrees=[part]))
    app = SimpleNamespace(
        outdir=tmp_path,
        builder=builder,
        env=SimpleNamespace(all_docs={"book/chapter": 0}),
        config=SimpleNamespace(external_site_map=site_map, essay_page_code=""),
        doctreedir=tmp_path,
    )
    search.outdate(app, "book/country/peru", "page.html", {}, None)
    search.write(app, None)
    assert not (tmp_path / search.SPHINX[0]).exists()
    known = (tmp_path / search.FOLDER / search.FILE).read_text(encoding="utf-8")
    pages = json.loads(known.removeprefix("var bookPlaces = ").removesuffix(";\n"))["pages"]
    assert [page["page"] for page in pages] == ["book/chapter.html", "book/country/peru.html"]
    assert pages[1]["places"] == [["peru", "", "peru", ["peru", "Of peru.", "Lima\t1"]]]
