"""The browser that prints what is built, and a file server for it."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Each window loads two pages of suggestions for an address bar that nobody sees, which costs more than a page of the book.
SUGGESTIONS = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
# A list of ours replaces that of Playwright, so it repeats it.
PLAYWRIGHT = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay", "MediaRouter"),
    *("HttpsFirstBalancedModeAutoEnable", "PaintHolding", "ThirdPartyStoragePartitioning", "TcpPortRandomizationWin"),
    *("AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled"),
    *("PreconnectToSearch", "msForceBrowserSignIn", "msEdgeUpdateLaunchServicesPreferredVersion"),
)
CHROMIUM = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    f"--disable-features={','.join((*PLAYWRIGHT, *SUGGESTIONS))}",
)


def chromium() -> str | None:
    """Return the path of an installed Chromium, None where there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def opened(**options) -> Iterator:
    """Open Chromium, with further options of Playwright's `launch`, and close it at the end.

    Raises SystemExit when there is no Chromium.
    """
    executable = chromium()
    if executable is None:
        raise SystemExit("no Chromium here to print with: install one (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM), **options)
        yield browser
        browser.close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A file server that does not tell what it serves."""

    def log_message(self, *args) -> None:
        """Say nothing."""

    def handle(self) -> None:
        """Answer; the browser may leave a page before it has everything."""
        with suppress(BrokenPipeError, ConnectionResetError):
            super().handle()


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; gives its address, with a slash at the end."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
