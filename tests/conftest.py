"""What several test files share: a copy of the project built once, its pages, and a browser to open them."""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.book import ADDRESSES, PROJECT, build, notebooks, ran
from tools import pdf


@pytest.fixture(scope="session")
def project(tmp_path_factory) -> Path:
    """A copy of the project, built strictly once."""
    ignored = shutil.ignore_patterns("_build", ".venv", ".git", "__pycache__", ".*_cache", ".ipynb_checkpoints")
    copied = Path(shutil.copytree(PROJECT, tmp_path_factory.mktemp("book") / "copy", ignore=ignored))
    done = build(copied, "-W", "-n", "--keep-going")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert ran(done) == {path.stem for path in notebooks()}
    return copied


@pytest.fixture(scope="session")
def site(project, tmp_path_factory) -> Path:
    """The site as `make site` publishes it, kept apart from tests that build the project again."""
    done = build(project, "-W", "-n", "--keep-going", "--builder", "custom", "--custom-builder", "epub")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    copied = Path(shutil.copytree(project / "_build" / "html", tmp_path_factory.mktemp("site") / "html"))
    shutil.copy(project / "_build" / "epub" / "book.epub", copied)
    if pdf.chromium():
        subprocess.run([sys.executable, "-m", "tools.pdf"], cwd=project, check=True, env={**os.environ, **ADDRESSES})
        shutil.copy(project / "_build" / "book.pdf", copied)
    return copied


@pytest.fixture(scope="session")
def address(site) -> Iterator[str]:
    """The site's address on a file server of this machine."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

        def handle(self):
            # The browser may leave a page before it has everything.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                super().handle()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium; skips where there is none, except in continuous integration."""
    executable = pdf.chromium()
    if executable is None:
        message = "no Chromium here: install one (Debian: apt-get install chromium) to run the browser tests"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=list(pdf.CHROMIUM))
        yield running
        running.close()
