"""Cells run in readers' pages: the same numbers as published, and what readers do with them works.

Without Node, which makes what the pages fetch, these tests are skipped, and fail in continuous integration.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from essay import tables
from tests.book import MEDIA_TYPE, PATIENCE, PROJECT, notebooks, read, recorded
from tests.test_accessibility import tool
from tools import live
from tools.browser import serve

# What cannot run there, and why: figure -> reason.
EXCEPTIONS = {"hub": "a map", "esp-spread": "a map"}
# Bytes that the first run may fetch.
MOST = 27_000_000


# --- what is fetched


def test_the_lock_is_that_of_the_npm_package():
    package = tool("pyodide/package.json", "node").parent
    theirs = json.loads((package / "pyodide-lock.json").read_text(encoding="utf-8"))
    assert live.LOCK["info"] == theirs["info"]
    for file in live.LOCK["core"]:
        assert live.digest((package / file["name"]).read_bytes()) == file["sha256"], file["name"]
    known = {each["file_name"]: each for each in theirs["packages"].values()}
    for wheel in live.LOCK["packages"]:
        assert (known[wheel["name"]]["sha256"], known[wheel["name"]]["version"]) == (wheel["sha256"], wheel["version"])


def test_a_file_that_is_not_the_locked_one_is_refused(tmp_path, monkeypatch):
    for file in live.files():
        (tmp_path / file["name"]).write_bytes(b"something else")
    for other in ("_kept", "_release", "_mirror"):
        monkeypatch.setattr(live, other, lambda: (_ for _ in ()).throw(live.LiveError("not here")))
    with pytest.raises(live.LiveError, match=r"pyodide\.mjs is not the file that book/live/lock\.json names; not here"):
        live.fetched(str(tmp_path))
    (tmp_path / live.LOCK["core"][0]["name"]).unlink()
    with pytest.raises(live.LiveError, match=r"pyodide\.mjs is not there"):
        live.fetched(str(tmp_path))


def test_what_is_wrong_with_each_source_is_said_and_the_next_is_asked(monkeypatch):
    asked = []

    def source(name, found):
        def ask():
            asked.append(name)
            if found is None:
                raise live.LiveError(f"{name} has nothing")
            return found

        return ask

    whole = {file["name"]: b"as locked" for file in live.files()}
    monkeypatch.setattr(live, "digest", lambda content: None)
    monkeypatch.setattr(live, "files", lambda: [{"name": name, "sha256": None} for name in whole])
    monkeypatch.setattr(live, "_kept", source("kept", None))
    monkeypatch.setattr(live, "_release", source("release", whole))
    monkeypatch.setattr(live, "_mirror", source("mirror", whole))
    assert live.fetched() == whole
    assert asked == ["kept", "release"]


# --- the same numbers


def needs_node() -> None:
    tool("pyodide/package.json", "node")


@pytest.fixture(scope="session")
def lively(once, site) -> Path:
    """The built site with cells that run."""
    needs_node()

    def make(folder: Path) -> None:
        # Kept from one run to the next, as it depends on the lock and the recipe alone.
        with FileLock(PROJECT / "_build" / "live.lock"):
            live.make(PROJECT / "_build" / "live", os.environ.get("LIVE_FROM", ""))
        shutil.copytree(site, folder / "html")
        live.place(PROJECT / "_build" / "live", folder / "html")

    return once("lively", make) / "html"


def placed(site: Path) -> Path:
    """Return the folder of what runs cells in a site."""
    (folder,) = (site / "live").iterdir()
    return folder


@pytest.fixture(scope="session")
def computed(once, lively) -> dict[str, list[dict]]:
    """What each code cell of each notebook shows in the Python of the pages, by notebook."""

    def make(folder: Path) -> None:
        # Node takes scripts with imports by this name alone.
        shutil.copytree(placed(lively), folder / "live")
        (folder / "live" / "unpack.js").rename(folder / "live" / "unpack.mjs")
        chapters = [str(folder / "live" / f"{path.stem}.json") for path in notebooks()]
        command = ["node", str(PROJECT / "tests" / "web" / "live.mjs"), str(PROJECT / "_build" / "live"), str(folder / "live")]
        done = subprocess.run([*command, *chapters], capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0, done.stderr[-3000:]
        (folder / "computed.jsonl").write_text(done.stdout, encoding="utf-8")

    lines = (once("computed", make) / "computed.jsonl").read_text(encoding="utf-8").splitlines()
    return {path.stem: json.loads(line) for path, line in zip(notebooks(), lines, strict=True)}


def shows(output: dict) -> tuple[dict, str]:
    """Return the record of what a cell shows and, of a figure, its data."""
    page = "".join(output["html"])
    return output["record"], live.data_of(page) if "figure" in output["record"] else ""


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_every_cell_computes_in_the_page_what_is_published(path, computed):
    cells = [cell for cell in read(path)["cells"] if cell["cell_type"] == "code"]
    ran = computed[path.stem]
    assert len(ran) == len(cells)
    for number, (cell, did) in enumerate(zip(cells, ran, strict=True), start=1):
        stored = [output["data"] for output in cell["outputs"] if MEDIA_TYPE in output.get("data", {})]
        published = [shows({"html": data["text/html"], "record": data[MEDIA_TYPE]}) for data in stored]
        excepted = {record.get("figure", {}).get("id") for record, _ in published} & EXCEPTIONS.keys()
        if excepted:
            said = did.get("error", "") + json.dumps(did.get("shows", ""))
            assert "needs the full environment" in said, f"{excepted} runs: it is no exception"
            continue
        assert "error" not in did, f"cell {number}, line {did['line']}: {did['error']}"
        assert [shows(show) for show in did["shows"]] == published, f"cell {number}"


def test_all_facts_and_figures_were_compared(computed):
    found = [show["record"] for cells in computed.values() for cell in cells for show in cell.get("shows", ())]
    assert sum(len(record.get("facts", ())) for record in found) == len(recorded("facts")) > 400
    assert sum("figure" in record for record in found) == len(recorded("figure")) - len(EXCEPTIONS) > 30


def test_a_table_is_read_in_the_page_as_the_validated_one(monkeypatch):
    checked = {name: tables.load(name) for name in ("cecot_chronology", "facts_esp", "private_prisons_abroad")}
    monkeypatch.setattr(tables, "IN_PAGE", True)
    for name, frame in checked.items():
        assert tables.load(name).equals(frame)
        assert tables.load(name).attrs == frame.attrs
    assert len(tables.load("countries")) == tables.resource("countries")["features"]


# --- what is put into the site


def test_a_plain_build_has_no_button(site):
    assert "Change and run" not in (site / "_static" / "scripts" / "site.js").read_text(encoding="utf-8")
    assert not (site / "live").exists()


def test_the_first_run_fetches_no_more_than_it_may(lively):
    sizes = json.loads((placed(lively) / "sizes.json").read_text(encoding="utf-8"))
    assert all((placed(lively) / name).stat().st_size == size for name, size in sizes.items())
    assert sum(sizes.values()) <= MOST


def test_what_is_shipped_is_named_with_its_licence(lively):
    named = (placed(lively) / "LICENCES.txt").read_text(encoding="utf-8")
    for each in live.LOCK["packages"]:
        assert f"{each['package']} {each['version']}: {each['licence']}; {each['home']}" in named
    assert "Mozilla Public License 2.0" in named


def test_a_site_is_made_live_twice_as_once(lively, tmp_path):
    again = Path(shutil.copytree(lively, tmp_path / "html"))
    live.place(PROJECT / "_build" / "live", again)
    assert placed(again).name == placed(lively).name
    script = Path("_static", "scripts", "site.js")
    assert (again / script).read_bytes() == (lively / script).read_bytes()
    shutil.rmtree(again / "_static")
    with pytest.raises(live.LiveError, match="is missing: run `make book` first"):
        live.place(PROJECT / "_build" / "live", again)


def test_the_buttons_never_ask_for_what_is_not_there(lively, tmp_path, monkeypatch):
    """Whenever it is killed, `make live` leaves buttons that find what they ask for: the version of before, or the new one."""
    again = Path(shutil.copytree(lively, tmp_path / "html"))
    asked = []

    def watched(change):
        def changing(*given, **options):
            done = change(*given, **options)
            script = (again / "_static" / "scripts" / "site.js").read_text(encoding="utf-8")
            asked.append(re.search(r"live/(\w+)/`", script)[1])
            assert (again / "live" / asked[-1] / "page.js").is_file()
            return done

        return changing

    monkeypatch.setattr(live, "library", lambda: b"other tables")
    monkeypatch.setattr(shutil, "rmtree", watched(shutil.rmtree))
    monkeypatch.setattr(Path, "replace", watched(Path.replace))
    live.place(PROJECT / "_build" / "live", again)
    assert asked[0] == placed(lively).name != asked[-1] == placed(again).name


# --- in the browser


@pytest.fixture(scope="session")
def lively_address(lively) -> Iterator[str]:
    """The address of the site whose cells run."""
    with serve(lively) as address:
        yield address


class Cell:
    """The code of a page in which some words stand, as a reader handles it."""

    def __init__(self, page, words: str) -> None:
        self.page = page
        self.box = page.locator("details.code", has_text=words).first

    def open(self) -> Cell:
        """Unfold the code and press the button."""
        self.box.locator("summary").first.click()
        self.box.locator(".run-bar button").first.click()
        self.box.locator("textarea").first.wait_for()
        return self

    def area(self, words: str):
        """Return the editor in which some words stand."""
        for area in self.box.locator("textarea").all():
            if words in area.input_value():
                return area
        raise AssertionError(f"no editor has {words!r}")

    def change(self, old: str, new: str) -> Cell:
        """Put some words in the place of others."""
        area = self.area(old)
        area.fill(area.input_value().replace(old, new))
        return self

    def press(self, name: str) -> None:
        """Press a button."""
        self.box.get_by_role("button", name=re.compile(f"^{name}")).click()

    def run(self) -> str:
        """Run, wait until all is said, and return what the status says."""
        self.press("Run")
        return self.ended()

    def ended(self) -> str:
        """Wait until a run has ended; return what the status says."""
        self.box.locator(".run-bar button", has_text="Stop").wait_for(state="hidden")
        self.box.locator(".run-bar button:enabled", has_text="Run").wait_for()
        return self.says()

    def says(self) -> str:
        """Return what the status says."""
        return self.box.locator(".run-says").inner_text()

    def yours(self, fact: str) -> list[str]:
        """Return what was published of a fact and what it is now, as the cell's results show them."""
        return self.box.locator(f"tr[data-fact='{fact}'] td").all_inner_texts()[:2]


@pytest.fixture(scope="module")
def started(lively_address, browser) -> Iterator[Cell]:
    """A cell of a page in which Python has been started, once for all tests that start nothing of their own."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(f"{lively_address}book/cecot.html")
    yield Cell(page, 'stated("grant-476")').open()
    context.close()


@pytest.fixture
def cell(started) -> Iterator[Cell]:
    """That cell, as published before each test and after it."""
    yield started
    started.press("Reset")
    assert started.page.locator(".run-fact, .run-claim, .run-yours > *").count() == 0


CHANGES = {
    "cecot": (
        'stated("grant-476")',
        'grant = stated("grant-476")',
        'costs["payment_usd"] *= 2\ncosts["usd_per_person"] *= 2\ngrant = 2 * stated("grant-476")',
        ("cecot-per-head", "20,000", "40,000"),
        "cecot-cost",
        ("cecot-03", "published 20,000, yours 40,000. Its number no longer holds."),
    ),
    "companies": (
        "by_2002 = ",
        'proper = abroad[abroad["kind"] == "prison"]',
        'abroad = abroad[abroad["country"] != "New Zealand"]\nproper = abroad[abroad["kind"] == "prison"]',
        ("companies-abroad-linked", "sixteen", None),
        "companies-abroad",
        ("privatization-01", "Its number no longer holds."),
    ),
    "eastern_state": (
        'panopticons = prisons[prisons["plan"]',
        'panopticons = prisons[prisons["plan"]',
        'prisons = prisons[~prisons["country"].isin(["Cuba", "Belgium"])]\npanopticons = prisons[prisons["plan"]',
        ("esp-true-panopticons", "five", "four"),
        "esp-lag",
        ("esp-05", "published five, yours four. Its number no longer holds."),
    ),
}


@pytest.mark.parametrize("chapter", CHANGES)
def test_a_changed_number_changes_receipt_figure_and_claim(chapter, lively_address, new_page, request):
    words, old, new, (fact, published, mine), figure, (claim, says) = CHANGES[chapter]
    if chapter == "cecot":
        cell = request.getfixturevalue("cell")
        page, asked = cell.page, cell.page.asked
    else:
        page, asked = new_page(), []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{lively_address}book/{chapter}.html")
        cell = Cell(page, words).open()
    cell.change(old, new)
    assert "differ" in cell.run()
    assert cell.yours(fact)[0] == published
    assert cell.yours(fact)[1] == mine if mine else cell.yours(fact)[1] != published
    # A ledger's entry may state several numbers.
    assert cell.box.locator(f"li[data-claim='{claim}']", has_text=says).count() > 0
    on_card = page.locator("article.claim", has=page.locator(f"#claim-{claim}")).locator(".run-claim", has_text=says).first
    on_card.scroll_into_view_if_needed()
    assert on_card.is_visible()
    assert page.locator(f"a.fact[href$='#fact-{fact}'] + ins.run-fact").count() > 0
    yours = page.locator(f"#fig-{figure} + .run-yours figure")
    assert yours.locator("img").count() == 2
    assert yours.locator("img").first.get_attribute("src") != page.locator(f"#fig-{figure} img").first.get_attribute("src")
    assert page.locator(f"#fig-{figure}").count() == 1
    cell.press("Reset")
    assert page.locator(".run-fact, .run-claim, .run-yours > *").count() == 0
    assert old in cell.area(old).input_value() and new not in cell.area(old).input_value()
    assert [url for url in asked if not url.startswith((lively_address, "data:", "blob:"))] == []


def test_nothing_is_fetched_before_the_click_and_then_it_is_said_how_much(lively_address, new_page):
    page = new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{lively_address}book/cecot.html", wait_until="load")
    assert [url for url in asked if "/live/" in url] == []
    cell = Cell(page, 'stated("grant-476")').open()
    assert re.search(r"fetches Python, \d\d MB, once", cell.says())
    assert [url for url in asked if url.endswith((".bin", ".zip", "worker.js"))] == []


def test_a_cell_as_published_says_so_and_a_number_that_still_holds_too(cell):
    assert cell.run().startswith("Every receipt is as published")
    cell.change('stated("grant-476")', 'stated("grant-476") + 5000')
    cell.run()
    assert "Its number still holds." in cell.box.locator("li[data-claim='cecot-03']").first.inner_text()


def test_an_error_is_told_and_the_page_goes_on(cell):
    cell.change('grant = stated("grant-476")', 'grant = stated("nothing-like-it")')
    assert "facts_cecot: 0 rows with id = 'nothing-like-it'" in cell.run()
    assert re.search(r"cell \d+, line \d+", cell.says())
    cell.change("nothing-like-it", "grant-476")
    assert cell.run().startswith("Every receipt is as published")
    cell.change("grant = stated", "grant == = stated")
    assert "SyntaxError" in cell.run()
    assert cell.page.evaluate("document.querySelector('h1').textContent").startswith("CECOT")


def test_an_endless_loop_can_be_stopped(cell):
    cell.change("grant = stated", "while True:\n    pass\ngrant = stated")
    cell.press("Run")
    cell.box.locator(".run-says", has_text="Runs").wait_for()
    cell.press("Stop")
    assert cell.ended().startswith("Stopped")
    cell.press("Reset")
    assert cell.run().startswith("Every receipt is as published")


def test_fetching_can_be_cancelled_and_begun_again(lively_address, new_page):
    page = new_page()
    held = []
    page.context.route("**/pandas.bin", lambda route: held.append(route))
    page.goto(f"{lively_address}book/cecot.html")
    cell = Cell(page, 'stated("grant-476")').open()
    cell.press("Run")
    cell.box.locator(".run-says", has_text="Fetching").wait_for()
    cell.press("Cancel")
    assert cell.ended().startswith("Stopped")
    page.context.unroute("**/pandas.bin")
    with contextlib.suppress(Exception):  # the request went with the worker that made it
        held[0].abort()
    assert cell.run().startswith("Every receipt is as published")


def test_who_is_offline_is_told_and_keeps_the_change(lively_address, new_page):
    page = new_page()
    page.context.route("**/pandas.bin", lambda route: route.abort())
    page.goto(f"{lively_address}book/cecot.html")
    cell = Cell(page, 'stated("grant-476")').open().change("grant = stated", "grant = 3 * stated")
    assert "are you offline?" in cell.run()
    page.reload()
    again = Cell(page, 'stated("grant-476")')
    again.box.locator("summary").first.click()
    again.box.get_by_role("button", name="Go on with your change").click()
    again.box.locator("textarea").first.wait_for()
    assert "3 * stated" in again.area("grant = ").input_value()


def test_a_browser_without_what_it_takes_is_told(lively_address, new_page):
    page = new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto(f"{lively_address}book/cecot.html")
    assert "DecompressionStream is missing" in Cell(page, 'stated("grant-476")').open().run()


@pytest.mark.parametrize(
    ("failure", "says"),
    [
        ("RangeError: WebAssembly.Memory(): could not allocate memory", "not enough memory here"),
        ("CompileError: wasm validation error", "does not run in this browser (CompileError: wasm validation error)"),
    ],
)
def test_where_python_does_not_start_it_is_said_why(failure, says, lively_address, new_page):
    page = new_page(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    worker = f"addEventListener('message', () => postMessage({{ failed: {failure!r} }}));"
    page.context.route("**/worker.js", lambda route: route.fulfill(body=worker, content_type="text/javascript"))
    page.goto(f"{lively_address}book/cecot.html")
    cell = Cell(page, 'stated("grant-476")').open()
    assert "On a phone that is data you may pay for" in cell.says()
    assert says in cell.run()


def test_a_page_from_a_folder_says_why_it_cannot(lively, new_page):
    page = new_page()
    page.goto((lively / "book" / "cecot.html").as_uri())
    box = page.locator("details.code").first
    box.locator("summary").first.click()
    box.get_by_role("button", name="Change and run").click()
    box.locator(".run-bar", has_text="python -m http.server").wait_for()


def test_a_change_is_shared_by_its_address_and_in_a_notebook(lively, lively_address, new_page, tmp_path):
    page = new_page()
    page.goto(f"{lively_address}book/cecot.html")
    cell = Cell(page, 'stated("grant-476")').open()
    cell.press("Share")
    assert cell.says() == "Nothing is changed yet."
    cell.change("grant = stated", "grant = 3 * stated")
    cell.press("Share")
    cell.box.locator(".run-says", has_text="address").wait_for()
    address = page.url
    assert urllib.parse.urlsplit(address).fragment.startswith("run=")
    with page.expect_download() as downloading:
        cell.press("Download notebook")
    downloading.value.save_as(tmp_path / "changed.ipynb")
    changed = read(tmp_path / "changed.ipynb")["cells"]
    published = read(lively / "_sources" / "book" / "cecot.ipynb")["cells"]
    different = [one for one, other in zip(changed, published, strict=True) if "".join(one["source"]) != "".join(other["source"])]
    assert len(different) == 1 and "grant = 3 * stated" in "".join(different[0]["source"]) and different[0]["outputs"] == []
    other = new_page()
    other.goto(address)
    box = other.locator("details.code[open]")
    box.locator("textarea").first.wait_for()
    got = Cell(other, 'stated("grant-476")')
    assert "3 * stated" in got.area("grant = ").input_value()
    assert got.says().startswith("This change came with the address")
    assert "differ" in got.run()
    assert got.yours("cecot-per-head") == ["20,000", "60,000"]


def test_what_a_cell_shows_cannot_act(cell):
    shown = (
        'shown.show(\'<p onclick="window.hit=1">seen<script>window.hit=2</script><iframe src="/"></iframe>'
        '<a href="javascript:window.hit=3">link</a><img src="https://example.org/x.png" onerror="window.hit=4"></p>\', "", {})\n'
    )
    cell.change(
        "grant = stated", f"from js import self as scope\nassert scope.fetch is None or not scope.fetch\n{shown}grant = stated"
    )
    cell.run()
    seen = cell.box.locator(".run-yours p", has_text="seen")
    seen.click()
    assert seen.locator("script, iframe").count() == 0
    assert [seen.locator("a").get_attribute("href"), seen.locator("img").get_attribute("src")] == [None, None]
    assert cell.page.evaluate("window.hit") is None


def test_forty_runs_do_not_grow_without_bound(lively_address, new_page):
    page = new_page()
    # A chapter that reads tables and draws as others do, and is quick.
    page.goto(f"{lively_address}book/conclusion.html")
    cell = Cell(page, "figures.show(").open()
    memory = []
    page.expose_function("remember", lambda bytes: memory.append(bytes))
    page.evaluate("""() => {
        const post = Worker.prototype.postMessage;
        Worker.prototype.postMessage = function (...given) {
            if (!this.heard) this.addEventListener("message", ({ data }) => data.done && remember(data.memory));
            this.heard = true;
            return post.apply(this, given);
        };
    }""")
    for _ in range(40):
        assert cell.run().startswith("Every receipt is as published")
    assert len(memory) == 40
    # What Python has taken from the browser never shrinks, so what is freed must be what is used again.
    assert memory[-1] <= memory[9] * 1.05


def test_the_keys_of_the_editor(lively_address, new_page):
    page = new_page()
    page.goto(f"{lively_address}book/cecot.html")
    cell = Cell(page, 'stated("grant-476")').open()
    area = cell.area("grant = stated")
    area.fill("if True:")
    area.press("End")
    area.press("Enter")
    page.keyboard.type("x = 1")
    assert area.input_value() == "if True:\n    x = 1"
    area.press("Shift+Tab")
    assert area.input_value() == "if True:\nx = 1"
    area.press("Tab")
    assert area.input_value().startswith("if True:\nx = 1 ")
    area.press("Escape")
    area.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert not area.evaluate("area => area === document.activeElement")


@pytest.mark.parametrize("chapter", [path.stem for path in notebooks()])
def test_every_cell_on_a_page_is_known(chapter, lively_address, new_page):
    page = new_page()
    page.goto(f"{lively_address}book/{chapter}.html")
    buttons = page.locator(".run-bar button")
    if buttons.count():
        buttons.first.evaluate("button => button.click()")
        page.locator("textarea.run-code").first.wait_for(state="attached")


def test_the_editor_fits_a_phone_and_can_be_heard(lively_address, new_page):
    axe = tool("axe-core/axe.min.js", "node").read_text(encoding="utf-8")
    page = new_page(viewport={"width": 360, "height": 800}, bypass_csp=True)
    page.goto(f"{lively_address}book/cecot.html")
    cell = Cell(page, 'stated("grant-476")').open()
    cell.change("grant = stated", "grant = 3 * stated")
    cell.run()
    page.evaluate(axe)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.locator(f"html[data-theme={scheme}]").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        found = page.evaluate(
            "axe.run('details.code[open]').then(done => done.violations.map(each => [each.id, each.nodes[0].html]))"
        )
        assert found == [], scheme
