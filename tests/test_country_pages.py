"""The pages of countries on the built site: one address each, described, told what to know, light, and found from a table."""

from __future__ import annotations

import gzip
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup

from essay import channels, country, tables, text
from tests.book import ADDRESSES, settled, soup
from tests.test_country import page_of, rows

SITE = ADDRESSES["BOOK_URL"]


@pytest.fixture(scope="module")
def pages(site) -> dict[str, BeautifulSoup]:
    """All pages of countries: code -> parsed HTML."""
    return {path.stem.upper(): soup(path) for path in sorted((site / "book" / "country").glob("*.html"))}


def test_every_country_has_one_page_with_title_address_and_description(pages):
    known = {each.iso3: each for each in country.countries()}
    assert set(pages) == set(known)
    descriptions = set()
    for iso3, page in pages.items():
        name, address = text.typeset(known[iso3].name), f"{SITE}/book/{known[iso3].address}"
        assert page.h1.get_text() == name and text.typeset(page.title.get_text()).startswith(f"{name} — ")
        described = page.find("meta", attrs={"name": "description"})["content"]
        assert 40 <= len(described) <= 200 and known[iso3].in_prose in described
        descriptions.add(described)
        # The card that is shown is that of the table of all countries.
        assert page.find("meta", property="og:image:alt")["content"].startswith("Your country. Of ")
        assert page.find("link", rel="canonical")["href"] == page.find("meta", property="og:url")["content"] == address
        (up,) = page.select("nav[aria-label=Breadcrumb] a")
        assert urljoin(address, up["href"]) == f"{SITE}/book/countries.html"
    assert len(descriptions) == len(pages)


def test_every_page_begins_with_what_was_found_and_has_the_channels_in_order(pages):
    titles = [channel.title for channel in channels.CHANNELS]
    for iso3, page in pages.items():
        section = page.select_one("article.bd-article > section")
        assert [node.name for node in section.find_all(recursive=False)][:3] == ["nav", "h1", "div"], iso3
        heads = [head.find(string=True) for head in section.select("h2")]
        assert [head for head in heads if head in titles] == (
            titles if iso3 != country.ORIGIN else [t for t in titles if t in heads]
        )
        contents = [link.get_text(strip=True) for link in page.select(".bd-sidebar-secondary nav a")]
        assert contents == heads, iso3
        ids = [node["id"] for node in page.find_all(id=True)]
        assert len(ids) == len(set(ids)), iso3


def test_every_page_tells_what_to_know_of_the_tables(pages):
    used = {name for channel in channels.CHANNELS for name in channel.tables}
    for iso3, page in pages.items():
        told = {item.a["href"].partition("#")[2]: item.get_text(" ", strip=True) for item in page.select(".record > ul > li")}
        # The counts of Mexico have no column for a country.
        assert set(told) == (used | {"aca_mexico_counts"} if iso3 == "MEX" else used), iso3
    for name in used:
        for caveat in tables.resource(name)["caveats"]:
            assert text.typeset(caveat) in told[name], f"{name}: {caveat}"


def test_the_top_says_how_far_the_record_of_the_country_goes(pages):
    """From the first to the last day on which a table ends that has rows of it; nothing where there is no such table."""
    ends: dict[str, set[str]] = {iso3: set() for iso3 in pages}
    for name in {name for channel in channels.CHANNELS for name in channel.tables}:
        if day := tables.resource(name).get("record_ends"):
            for iso3 in {page_of(row, name) for row in rows(name)} - {""}:
                ends[iso3].add(day)
    ends["MEX"].add(tables.resource("aca_mexico_counts")["record_ends"])
    kinds = set()
    for iso3, page in pages.items():
        first, last = (text.when(each(ends[iso3])) if ends[iso3] else "" for each in (min, max))
        expected = f"between {first} and {last}, by table." if first != last else first and f"{first}."
        said = page.select_one(".page-top > p").get_text(" ", strip=True)
        assert said.partition("Record ends")[2].strip() == expected, iso3
        kinds.add(min(len(ends[iso3]), 2))
    assert kinds == {0, 1, 2}


def test_pages_are_light(site, pages):
    shared = site / "_static"
    frame = sum(len(gzip.compress((shared / name).read_bytes())) for name in ("scripts/site.js", "styles/site.css"))
    fonts = sum(path.stat().st_size for path in (shared / "fonts").glob("*.woff2"))
    for iso3 in pages:
        weight = len(gzip.compress((site / "book" / "country" / f"{iso3.lower()}.html").read_bytes()))
        assert weight <= 25_000 and weight + frame + fonts <= 220_000, iso3


def test_the_table_of_countries_leads_to_every_page(site, pages):
    page = soup(site / "book" / "countries.html")
    linked = {urlsplit(link["href"]).path for link in page.select("a[href^='country/']")}
    assert linked == {f"country/{iso3.lower()}.html" for iso3 in pages}
    for front in ("index", "police", "ledger", "catalogue"):
        other = soup(site / "book" / f"{front}.html")
        assert other.select("article a[href='countries.html']"), front


@pytest.mark.parametrize("javascript", [True, False])
def test_a_reader_finds_a_country(new_page, address, javascript):
    """By typing without accents and pressing Enter, or, without scripts, in the list."""
    page = new_page(viewport={"width": 360, "height": 800}, java_script_enabled=javascript)
    page.goto(f"{address}book/countries.html", wait_until="load")
    if javascript:
        settled(page)
        field = page.get_by_label("Your country", exact=True)
        field.fill("burma")
        assert page.locator(".all-countries tbody tr:visible").count() == 1
        field.fill("cote d")
        field.press("Enter")
    else:
        page.get_by_role("link", name="Côte d’Ivoire").click()
    page.wait_for_url("**/book/country/civ.html")
    assert page.locator("h1").inner_text() == "Côte d’Ivoire"


def test_a_number_opens_its_receipt_with_what_to_know_of_the_table(new_page, address):
    page = new_page(viewport={"width": 1200, "height": 900})
    settled_page = page.goto(f"{address}book/country/col.html", wait_until="load") and settled(page)
    number = settled_page.locator("a.fact[href='#fact-police-places']")
    number.click()
    receipt = settled_page.get_by_role("dialog", name=f"Receipt of {number.inner_text()}")
    receipt.wait_for(state="visible")
    assert "table fmtrpt_country_year" in receipt.inner_text()
    receipt.get_by_text("What to know of this table").click()
    assert "someone who attended two courses counts twice" in receipt.inner_text()
    source = receipt.get_by_role("link", name="table fmtrpt_country_year").get_attribute("href")
    assert urljoin("book/country/col.html", source) == "data/fmtrpt_country_year.csv"


@pytest.mark.parametrize("width", [360, 820, 1440])
@pytest.mark.parametrize("iso3", ["slv", "bra", "mex", "smr"])
def test_a_page_fits_and_asks_nobody_else(new_page, address, iso3, width):
    page = new_page(viewport={"width": width, "height": 900})
    outside: list[str] = []
    page.on("request", lambda request: request.url.startswith((address, "data:")) or outside.append(request.url))
    page.goto(f"{address}book/country/{iso3}.html", wait_until="load")
    assert settled(page).evaluate("document.documentElement.scrollWidth") <= width
    assert outside == []
