"""The book is the same whoever builds it, where and when; and it takes nothing along from the machine that did."""

from __future__ import annotations

import getpass
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from tests.book import PROJECT, STRICT, build, copy_of_the_project, notebooks

# Another time zone, locale and order of sets than any machine is likely to have.
ELSEWHERE = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "4711"}
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_\w{22}"
    r"|\bAKIA[0-9A-Z]{16}\b|\bsk-[A-Za-z0-9]{20}|\bxox[baprs]-"
)
TRACKERS = re.compile(r"google-analytics|googletagmanager|plausible\.io|matomo|hotjar|segment\.com|sentry\.io|mixpanel|posthog")


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory) -> Path:
    """A second clean build in which everything around the book is different."""
    copied = copy_of_the_project(tmp_path_factory.mktemp("buch") / "das Büchlein 2 – копия")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ELSEWHERE.items():
            patch.setenv(name, value)
        done = build(copied, *STRICT)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return copied


def test_two_clean_builds_are_the_same_byte_for_byte(site, elsewhere):
    first = {name: content for name, content in tree(site).items() if name != "book.epub"}
    assert len(first) > 200
    assert differences(first, tree(elsewhere / "_build" / "html")) == []


@pytest.mark.site
def test_notebooks_run_again_elsewhere_store_what_is_committed(elsewhere):
    """Run twice, in the other environment: the same files both times."""
    runs = []
    for _ in range(2):
        command = [sys.executable, "-m", "tools.notebooks", *(f"book/{name}.ipynb" for name in ("introduction", "conclusion"))]
        done = subprocess.run(command, cwd=elsewhere, env={**os.environ, **ELSEWHERE}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        runs.append({path.name: path.read_bytes() for path in notebooks(elsewhere)})
    assert runs[0] == runs[1] == {path.name: path.read_bytes() for path in notebooks()}


def test_the_site_holds_no_path_name_or_secret_of_the_machine(site, built):
    paths = [str(built), str(PROJECT), str(Path.home()), str(Path(sys.prefix)), "/home/", "/Users/", "/tmp/"]
    user = getpass.getuser()
    # A word of the language, as "root" is, tells nothing.
    private = [part.encode() for part in paths if len(part) > 3] + ([f"{user}@".encode()] if user else [])
    searched = 0
    for name, content in tree(site).items():
        if Path(name).suffix in (".woff2", ".ttf", ".pdf", ".epub", ".png"):
            continue
        for part in private:
            assert part not in content, f"{name}: {part.decode()}"
        assert not (found := SECRETS.search(content.decode("utf-8", errors="replace"))), f"{name}: {found}"
        searched += 1
    assert searched > 100


def test_pages_fetch_and_report_to_nobody(site):
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not TRACKERS.search(text), path.name
        page = BeautifulSoup(text, "html.parser")
        loaded = [
            *page.select("script[src]"),
            *page.select("img[src]"),
            *page.select("iframe[src]"),
            *page.select("source[srcset]"),
        ]
        addresses = [node.get("src") or node["srcset"] for node in loaded]
        addresses += [
            link["href"]
            for link in page.select("link[href]")
            if {"stylesheet", "preload", "icon", "preconnect"} & set(link["rel"])
        ]
        for address in addresses:
            assert not urlsplit(address).netloc, f"{path.name}: {address}"


@pytest.mark.parametrize("planted", [b"ghp_" + b"a" * 36, b"-----BEGIN RSA PRIVATE KEY"])
def test_the_search_for_secrets_bites(planted):
    assert SECRETS.search(planted.decode())


def test_the_comparison_bites():
    assert differences({"a": b"1", "b": b"2"}, {"a": b"1", "b": b"3", "c": b""}) == ["b", "c"]
