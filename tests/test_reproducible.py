"""The book is the same whoever builds it, where and when; and it takes nothing along from the machine that did."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.book import PROJECT, STRICT, build, copy_of_the_project, notebooks, parsed

# Another time zone, locale and order of sets than any machine is likely to have; a home that cannot be written, no git and no
# other program, and no way to another server.
ELSEWHERE = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "4711", "HOME": os.devnull, "PATH": ""}
ELSEWHERE |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
# What somebody may have set for figures of their own.
SETTINGS = (
    "figure.facecolor: black\nfont.family: serif\naxes.grid: True\nsavefig.bbox: tight\nsvg.fonttype: none\ntext.usetex: True\n"
)
# Each begins with its letters: a search for borders of words would take ten times as long.
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22}"
    r"|AKIA[0-9A-Z]{16}\b|sk-(?<=\bsk-)[A-Za-z0-9]{20}|xox[baprs]-"
)
TRACKERS = re.compile(r"google-analytics|googletagmanager|plausible\.io|matomo|hotjar|segment\.com|sentry\.io|mixpanel|posthog")


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


@pytest.fixture(scope="module")
def turkish(tmp_path_factory) -> dict[str, str]:
    """The environment of a Turkish machine, where the capital of i is none of ASCII; empty where no such locale can be made."""
    folder = tmp_path_factory.mktemp("locales")
    if shutil.which("localedef"):
        command = ["localedef", "-i", "tr_TR", "-f", "UTF-8", folder / "tr_TR.UTF-8"]
        if subprocess.run(command, capture_output=True).returncode == 0:
            return {"LOCPATH": str(folder), "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"}
    return {}


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory, turkish) -> Path:
    """A second clean build in which everything around the book is different, and the book itself cannot be written."""
    folder = tmp_path_factory.mktemp("buch")
    (folder / "matplotlibrc").write_text(SETTINGS, encoding="utf-8")
    copied = copy_of_the_project(folder / "das Büchlein 2 – копия & Co's 100%")
    everything = [copied, *copied.rglob("*")]
    for path in everything:
        path.chmod(path.stat().st_mode & ~0o222)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**ELSEWHERE, **turkish, "MATPLOTLIBRC": str(folder)}.items():
            patch.setenv(name, value)
        done = build(copied, *STRICT, "--path-output", str(folder / "out"))
    for path in everything:
        path.chmod(path.stat().st_mode | 0o200)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return copied


def test_two_clean_builds_are_the_same_byte_for_byte(site, elsewhere):
    first = {name: content for name, content in tree(site).items() if name != "book.epub"}
    assert len(first) > 200
    assert differences(first, tree(elsewhere.parent / "out" / "_build" / "html")) == []


def test_a_machine_can_be_turkish(turkish):
    if not turkish:
        pytest.skip("no localedef with tr_TR here: the book was built elsewhere in the locale C only")
    command = [sys.executable, "-c", "import locale; print(locale.setlocale(locale.LC_ALL, ''))"]
    done = subprocess.run(command, env={**os.environ, **turkish}, capture_output=True, text=True)
    assert done.stdout.strip() == "tr_TR.UTF-8", done.stderr


@pytest.mark.site
def test_notebooks_run_again_elsewhere_store_what_is_committed(elsewhere, turkish):
    """Run twice, in the other environment, the second time as on a Turkish machine: the same files both times."""
    runs = []
    for locale in ({}, turkish):
        command = [sys.executable, "-m", "tools.notebooks", *(f"book/{name}.ipynb" for name in ("introduction", "conclusion"))]
        done = subprocess.run(command, cwd=elsewhere, env={**os.environ, **ELSEWHERE, **locale}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        runs.append({path.name: path.read_bytes() for path in notebooks(elsewhere)})
    assert runs[0] == runs[1] == {path.name: path.read_bytes() for path in notebooks()}


def test_the_site_holds_no_path_name_or_secret_of_the_machine(site, built):
    paths = [str(built.parent), str(PROJECT), str(Path.home()), str(Path(sys.prefix)), "/home/", "/Users/", "/tmp/"]
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
        assert not TRACKERS.search(path.read_text(encoding="utf-8")), path.name
        page = parsed(path)
        addresses = page.xpath("//script/@src | //img/@src | //iframe/@src | //source/@srcset")
        addresses += [
            link.get("href")
            for link in page.xpath("//link[@href]")
            if {"stylesheet", "preload", "icon", "preconnect"} & {*link.get("rel").split()}
        ]
        for address in addresses:
            assert not urlsplit(address).netloc, f"{path.name}: {address}"


@pytest.mark.parametrize("planted", [b"ghp_" + b"a" * 36, b"-----BEGIN RSA PRIVATE KEY"])
def test_the_search_for_secrets_bites(planted):
    assert SECRETS.search(planted.decode())


def test_the_comparison_bites():
    assert differences({"a": b"1", "b": b"2"}, {"a": b"1", "b": b"3", "c": b""}) == ["b", "c"]
