"""The built pages in a real browser: receipts open, figures suit the mode, nothing leaves the site."""

from __future__ import annotations

import gzip
from importlib.metadata import version
from urllib.parse import urlsplit

import pytest

from book import PROJECT, notebooks

PAGES = sorted(path.stem for path in [*(PROJECT / "book").glob("*.md"), *notebooks()])
WIDTHS = [360, 820, 1440]


@pytest.fixture
def open_page(browser, address):
    """Open a page: open_page(name, width, mode) returns it with the outside addresses it asked for."""
    contexts = []

    def opened(name: str, width: int = 1200, mode: str = "light", on_request=None, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=mode, **options)
        contexts.append(context)
        page = context.new_page()
        page.outside = []
        if on_request:
            page.on("request", on_request)
        page.on("request", lambda request: request.url.startswith((address, "data:")) or page.outside.append(request.url))
        page.route(lambda url: not url.startswith(address), lambda route: route.abort())
        page.goto(f"{address}book/{name}.html", wait_until="load")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_page_fits_and_asks_nobody_else(open_page, name, width):
    page = open_page(name, width)
    page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach(image => image.loading = 'eager')")
    page.wait_for_timeout(150)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.outside == []


@pytest.mark.parametrize("name", PAGES)
def test_page_is_light(open_page, site, address, name):
    """What a phone loads first, compressed as servers do; pictures further down load when they are reached."""
    loaded: dict[str, int] = {}

    def weigh(request):
        file = site / urlsplit(request.url).path.lstrip("/")
        content = file.read_bytes() if file.is_file() else b""
        packed = file.suffix in (".woff2", ".png")
        loaded[request.url] = len(content) if packed else len(gzip.compress(content))

    open_page(name, 360, on_request=weigh).wait_for_timeout(200)
    assert sum(loaded.values()) <= 500_000, loaded
    assert len(loaded) <= 25, list(loaded)
    assert not any("fontawesome" in url for url in loaded)


def test_the_theme_is_the_one_whose_template_was_replaced(site):
    """book/_templates/static/webpack-macros.html replaces a file of this version of the theme."""
    assert version("pydata-sphinx-theme") == "0.17.1"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_receipt_opens_when_its_number_is_followed(open_page, javascript):
    page = open_page("eastern_state", 360, java_script_enabled=javascript)
    link = page.locator("a.fact").nth(3)
    row = page.locator(link.get_attribute("href"))
    assert not row.is_visible()
    link.click()
    assert row.is_visible()
    assert row.locator("th").inner_text() == link.inner_text()


def test_a_claim_card_opens_with_the_keyboard(open_page):
    page = open_page("eastern_state")
    card = page.locator("#claim-esp-05")
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


def test_the_ledger_is_complete_without_javascript(open_page):
    page = open_page("ledger", java_script_enabled=False)
    assert all(card.is_visible() for card in page.locator(".ledger article.claim").all())
    assert page.locator(".ledger dl").first.is_visible()
    assert not page.locator("form.ledger-filter").is_visible()
