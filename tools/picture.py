"""Take the picture of the book that the README shows: `python -m tools.picture` after `make book`.

It is of a chapter's opening with one receipt open, as a reader with scripts sees it.
"""

from __future__ import annotations

from pathlib import Path

from essay_site.paths import BUILT, PROJECT
from tools.browser import opened, serve

PAGE, NUMBER = "book/eastern_state.html", "esp-death-ratio"
PICTURE = PROJECT / ".github" / "page.png"


def take(site: Path, output: Path) -> None:
    """Write the picture of the built site to `output`.

    Raises SystemExit when the site has not been built, or there is no Chromium.
    """
    if not (site / PAGE).is_file():
        raise SystemExit(f"{site / PAGE} is missing: run `make book` first")
    with serve(site) as address, opened() as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 760})
        page.goto(f"{address}{PAGE}")
        link = page.locator(f".bd-article a.fact[href$='#fact-{NUMBER}']").first
        link.scroll_into_view_if_needed()
        link.click()
        page.locator(".receipt").first.wait_for()
        page.screenshot(path=output)


if __name__ == "__main__":
    take(BUILT / "html", PICTURE)
    print(f"took {PICTURE.relative_to(PROJECT)}")
