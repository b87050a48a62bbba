"""A release holds what was built, byte for byte the same each time, or says what is missing."""

from __future__ import annotations

import hashlib
import os
import re
import zipfile

import pytest
import yaml

from tools import release


@pytest.fixture
def built(tmp_path):
    for name in release.NEEDED:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    return tmp_path


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_files_give_the_same_bytes_at_any_time(built):
    first = contents(release.release(built))
    os.utime(built / "html" / "book" / "index.html", (1, 1))
    (built / "html" / "book" / "index.html").chmod(0o600)
    assert contents(release.release(built)) == first
    assert set(first) == {"site.zip", "data.zip", "book.pdf", "book.epub", "SHA256SUMS"}


def test_the_sums_are_those_of_the_files(built):
    folder = release.release(built)
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    for line in lines:
        total, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == total
    assert len(lines) == len(list(folder.iterdir())) - 1


def test_the_data_package_is_whole(built):
    with zipfile.ZipFile(release.release(built) / "data.zip") as archive:
        package = (release.PROJECT / "data" / "datapackage.json").read_text(encoding="utf-8")
        assert archive.read("datapackage.json").decode() == package
        tables = {path.name for path in (release.PROJECT / "data").iterdir() if path.suffix in (".csv", ".geojson")}
        assert tables | {"datapackage.json", "croissant.json", "README.md"} == set(archive.namelist())


def test_it_says_what_is_missing_and_how_to_make_it(built):
    (built / "book.pdf").unlink()
    (built / "book.epub").unlink()
    with pytest.raises(SystemExit, match=r"book\.pdf is missing: run `make pdf` first\n.*book\.epub .*`make epub`"):
        release.release(built)


def test_an_archive_learns_from_the_citation_file_all_that_it_asks():
    """Zenodo takes title, creators, description, keywords and licence from it unless another file says otherwise."""
    told = yaml.safe_load((release.PROJECT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"title", "authors", "abstract", "keywords", "license", "message", "version", "date-released"} <= set(told)
    assert all(author.get("name") or {"given-names", "family-names"} <= set(author) for author in told["authors"])
    assert isinstance(told["license"], str) and re.fullmatch(r"\d+\.\d+\.\d+", told["version"])
    assert f"## {told['version']}" in (release.PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert not (release.PROJECT / ".zenodo.json").exists(), "it would be taken in place of CITATION.cff"
