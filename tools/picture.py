"""Take the picture of the book that the README shows: `python -m tools.picture` after `make book`.

It is of a chapter's opening with one receipt open, as a reader with scripts sees it.
"""

from __future__ import annotations

import functools
import http.server
import threading
from pathlib import Path

from tools.browser import opened
from tools.pdf import BUILT, PROJECT

PAGE, NUMBER = "book/eastern_state.html", "esp-death-ratio"
PICTURE = PROJECT / ".github" / "page.png"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A file server that does not tell what it serves."""

    def log_message(self, *args) -> None:
        """Say nothing."""


def take(site: Path, output: Path) -> None:
    """Write the picture of the built site to `output`.

    Raises SystemExit when the site has not been built, or there is no Chromium.
    """
    if not (site / PAGE).is_file():
        raise SystemExit(f"{site / PAGE} is missing: run `make book` first")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with opened() as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 760})
        page.goto(f"http://127.0.0.1:{server.server_port}/{PAGE}")
        link = page.locator(f".bd-article a.fact[href$='#fact-{NUMBER}']").first
        link.scroll_into_view_if_needed()
        link.click()
        page.locator(".receipt").first.wait_for()
        page.screenshot(path=output)
    server.shutdown()


if __name__ == "__main__":
    take(BUILT / "html", PICTURE)
    print(f"took {PICTURE.relative_to(PROJECT)}")
