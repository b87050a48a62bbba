"""What several test files share: the rings, the site built once for all workers, and a browser to open it.

Rings are markers (pyproject.toml). A test that asks for the site, a browser or a copy of the project to build belongs
to the ring of the site by that alone; the others say it.
"""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from tests.book import ADDRESSES, PATIENCE, PROJECT, STRICT, build, copy_of_the_project, notebooks, ran
from tools.browser import chromium, opened, serve

# Tests make cells, rows and nodes by the million, few of them in circles: looked for as often as Python does by itself, the
# circles cost a quarter of the time of the faults in tables.
gc.set_threshold(50_000, 20, 50)

# The longest first, so that no worker is left with them at the end.
RINGS = ("kills", "faults", "site")
OF_THE_SITE = {"built", "browser"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need the site, and put the long rings first."""

    def place(item: pytest.Item) -> int:
        return next((number for number, ring in enumerate(RINGS) if item.get_closest_marker(ring)), len(RINGS))

    for item in items:
        if OF_THE_SITE & set(getattr(item, "fixturenames", ())) and place(item) == len(RINGS):
            item.add_marker("site")
    items.sort(key=place)


@pytest.fixture(scope="session")
def once(tmp_path_factory, worker_id) -> Callable[[str, Callable[[Path], object]], Path]:
    """once(name, make) returns a folder that one worker of the run fills with make(folder), and the others wait for."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent

    def filled(name: str, make: Callable[[Path], object]) -> Path:
        folder, done = shared / name, shared / f"{name}.done"
        with FileLock(shared / f"{name}.lock"):
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                done.touch()
        return folder

    return filled


@pytest.fixture(scope="session")
def built(once) -> Path:
    """A copy of the project with its site, built strictly once. Nobody changes it: who builds again does it in `workshop`."""

    def make(folder: Path) -> None:
        copied = copy_of_the_project(folder / "workshop")
        done = build(copied, *STRICT)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        assert ran(done) == {path.stem for path in notebooks()}
        done = build(copied, *STRICT, "--builder", "custom", "--custom-builder", "epub")
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        shutil.copy(copied / "_build" / "epub" / "book.epub", copied / "_build" / "html")
        shutil.copytree(copied, folder / "project")

    return once("built", make) / "project"


@pytest.fixture
def workshop(built) -> Path:
    """The project as it was built, where it was built: what Sphinx keeps is good in one place only.

    Tests of one file alone may ask for it, as those of another may run at the same time.
    """
    place = built.with_name("workshop")
    shutil.rmtree(place, ignore_errors=True)
    return Path(shutil.copytree(built, place))


@pytest.fixture(scope="session")
def site(built) -> Path:
    """The site as `make site` publishes it, but for the PDF."""
    return built / "_build" / "html"


@pytest.fixture(scope="session")
def printed(once, site) -> Path:
    """The book as a PDF."""
    if chromium() is None:
        no_browser()
    # In a process of its own, as this one may have a browser open.
    command = "import pathlib, sys; from tools import pdf; pdf.print_book(*map(pathlib.Path, sys.argv[1:]))"

    def make(folder: Path) -> None:
        environment = {**os.environ, **ADDRESSES}
        subprocess.run([sys.executable, "-c", command, site, folder / "book.pdf"], cwd=PROJECT, check=True, env=environment)

    return once("printed", make) / "book.pdf"


@pytest.fixture(scope="session")
def address(site) -> Iterator[str]:
    """The site's address on a file server of this machine."""
    with serve(site) as found:
        yield found


def no_browser() -> None:
    """Skip for want of a browser, but fail in continuous integration."""
    message = "no Chromium here: install one (Debian: apt-get install chromium) to run the browser tests"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium."""
    if chromium() is None:
        no_browser()
    with opened(timeout=PATIENCE) as running:
        yield running


@pytest.fixture
def new_page(browser) -> Iterator[Callable]:
    """new_page(**options) opens an empty page in a context of its own, which takes the options; the test closes none."""
    contexts = []

    def opened(**options):
        contexts.append(browser.new_context(**options))
        contexts[-1].set_default_timeout(PATIENCE)
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()
