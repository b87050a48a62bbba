"""What the tests read of the book: its notebooks, prose, and what cells recorded."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml
from bs4 import BeautifulSoup
from lxml import html

from essay_site.records import MEDIA_TYPE
from essay_site.words.plain import myst

PROJECT = Path(__file__).resolve().parents[1]
# Where the book would be published if it were: addresses reserved for examples.
ADDRESSES = {"BOOK_URL": "https://example.org/punishment", "BOOK_REPOSITORY": "https://github.com/example/punishment"}
# How `make book` builds, here with the Python that runs the tests.
BUILD = (sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build")
STRICT = ("-W", "-n", "--keep-going")
# How nbval re-runs notebooks; a kernel may take its time to start on a busy machine.
NBVAL = ("--nbval", "--nbval-current-env", "--nbval-kernel-startup-timeout=600")
# Milliseconds. A busy machine is no fault of a page; what never comes fails all the same.
PATIENCE = 180_000
# The pieces in which a page is laid out (book/_static/settle.js).
PIECES = ".bd-article > section > section, .ledger article.claim, .citation-list > .citation"
# Frames take as long as the machine needs for them: a busy one is given more time.
STILL = """frames => new Promise(done => {
    let quiet = 0, before = "";
    const look = () => {
        const loaded = [...document.images].filter(image => image.complete).length;
        const now = `${scrollY} ${document.documentElement.scrollHeight} ${loaded}`;
        quiet = now === before ? quiet + 1 : 0;
        before = now;
        quiet < frames ? requestAnimationFrame(look) : done();
    };
    requestAnimationFrame(look);
})"""


@dataclass(frozen=True)
class Prose:
    """One Markdown cell or file: where it stands, and its text."""

    where: str
    text: str


def notebooks(project: Path = PROJECT) -> list[Path]:
    """Return the paths of all notebooks of the book."""
    return sorted((project / "book").glob("*.ipynb"))


def settled(page):
    """Wait until all of a loaded page is laid out, with the fonts that it waits for, and return the page."""
    page.wait_for_selector("html:not(.unsettled)")
    page.evaluate("document.fonts.ready")
    return page


def lettered(page, site: Path):
    """Let an empty page wait for the fonts of the book, and return the page.

    Readers do without fonts that come late, as they may on a busy machine; lines then break elsewhere.
    """
    styles = (site / "_static" / "styles" / "site.css").read_text(encoding="utf-8")
    assert "font-display: optional" in styles
    patient = styles.replace("font-display: optional", "font-display: block")
    page.route("**/styles/site.css*", lambda route: route.fulfill(body=patient, content_type="text/css"))
    return page


def still(page, frames: int = 20):
    """Wait until nothing on a page has moved and no picture has come for some frames, and return the page."""
    page.evaluate(STILL, frames)
    return page


def pages_of(site: Path) -> list[Path]:
    """Return all pages; the theme leaves templates of its own among the static files."""
    return [path for path in sorted(site.rglob("*.html")) if "_static" not in path.relative_to(site).parts]


@functools.cache
def parsed(page: Path) -> html.HtmlElement:
    """Return a page of the site for what goes over all of them, read once in a worker; nobody changes it.

    lxml reads in a thirtieth of the time of BeautifulSoup and sees the same elements, attributes and text. What follows a
    `source` it puts inside that, and what is no good HTML it mends, but this the Nu checker tells (test_accessibility).
    """
    return html.parse(page, html.HTMLParser(encoding="utf-8")).getroot()


@functools.cache
def soup(page: Path) -> BeautifulSoup:
    """Return a page of the site for what asks by selectors, read once in a worker; nobody changes it."""
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def read(path: Path) -> dict:
    """Return a notebook as parsed JSON."""
    return json.loads(path.read_text(encoding="utf-8"))


def prose(project: Path = PROJECT) -> list[Prose]:
    """Return all prose of the book, Markdown cells and Markdown pages, spelt as MyST."""
    found = [
        Prose(f"{path.name}, cell {number}", myst("".join(cell["source"])))
        for path in notebooks(project)
        for number, cell in enumerate(read(path)["cells"])
        if cell["cell_type"] == "markdown"
    ]
    return found + [Prose(path.name, path.read_text(encoding="utf-8")) for path in sorted((project / "book").glob("*.md"))]


@functools.cache
def recorded(kind: str, project: Path = PROJECT) -> list[tuple[str, dict]]:
    """Return what cells recorded, as (notebook name, record) pairs; kind is 'facts', 'claims' or 'figure'. Nobody changes it."""
    found = []
    for path in notebooks(project):
        for cell in read(path)["cells"]:
            for output in cell.get("outputs", []):
                record = output.get("data", {}).get(MEDIA_TYPE, {})
                if kind in record:
                    entries = record[kind] if isinstance(record[kind], list) else [record[kind]]
                    found += [(path.name, entry) for entry in entries]
    return found


def facts(project: Path = PROJECT) -> dict[str, dict]:
    """Return the recorded facts by id."""
    return {fact["id"]: fact for _, fact in recorded("facts", project)}


def allowed() -> list[dict]:
    """Return the numbers that may stand without a receipt, each with its reason."""
    return yaml.safe_load((PROJECT / "tests" / "allowed_numbers.yml").read_text(encoding="utf-8"))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by the formula of WCAG 2."""

    def light(colour: str) -> float:
        parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def copy_of_the_project(target: Path, *also: str) -> Path:
    """Copy the project as somebody gets it who fetches it, without what is built or installed in it, nor what `also` names."""
    kept_here = ("_build", ".venv*", ".git", "node_modules", "__pycache__", ".*_cache", ".ipynb_checkpoints")
    return Path(shutil.copytree(PROJECT, target, ignore=shutil.ignore_patterns(*kept_here, *also)))


def build(project: Path, *options: str, addresses: dict[str, str] = ADDRESSES) -> subprocess.CompletedProcess:
    """Build the book at `project` as a publisher would, or as a reader does with no addresses."""
    command = [*BUILD, str(project), *options]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1", **addresses})


def ran(done: subprocess.CompletedProcess) -> set[str]:
    """Return the notebooks that a build executed, as its log tells."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
    return {Path(name).stem for name in re.findall(r"(\S+\.ipynb): Executed notebook in", plain)}
