"""The raw files: each is registered, whole, allowed and free of names; what is wrong with one is said in one sentence."""

from __future__ import annotations

import gzip
import importlib
import re

import pandas as pd
import pytest
import yaml

import _raw
from tests import book

DATA = book.PROJECT / "data"
RAW = DATA / "raw"
REGISTRY = _raw.registry()
REGISTERED = [f"{slug}/{name}" for slug, source in REGISTRY.items() if "withheld" not in source for name in source["files"]]
MOST = 9_000_000


def test_every_file_is_registered_and_every_registered_file_is_there() -> None:
    """data/raw holds what raw.yml lists and nothing else."""
    assert sorted(REGISTERED) == sorted(path.relative_to(RAW).as_posix() for path in RAW.rglob("*") if path.is_file())


def test_raw_files_stay_small() -> None:
    """A clone stays quick: 9 MB for all raw files together, and only small ones are not packed."""
    sizes = {path: path.stat().st_size for path in RAW.rglob("*") if path.is_file()}
    assert 0 < sum(sizes.values()) < MOST
    assert not [path.name for path, size in sizes.items() if size > 100_000 and path.suffix not in (".gz", ".parquet")]


@pytest.mark.parametrize("path", REGISTERED)
def test_raw_file_is_the_registered_one(path: str) -> None:
    """Content and checksum agree, and a packed file carries neither a day nor a name that would change its bytes."""
    assert _raw.read(path)
    if path.endswith(".gz"):
        head = (RAW / path).read_bytes()[:8]
        assert head[:4] == b"\x1f\x8b\x08\x00" and head[4:8] == bytes(4), "pack it with gzip -9n"


@pytest.mark.parametrize("slug", [slug for slug, source in REGISTRY.items() if source["files"]])
def test_source_says_what_its_files_are(slug: str) -> None:
    """Every file has a public address, the day it was read, a full checksum and one sentence on what it is."""
    source = REGISTRY[slug]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(source["accessed"]))
    for name, entry in source["files"].items():
        assert set(entry) <= {"address", "read_at", "extract", "sha256"}, name
        for address in (entry.get("address", source["url"]), entry.get("read_at", source["url"])):
            assert re.fullmatch(r"https?://[^\s/]+\.[^\s]+", address), f"{name}: {address!r} is no address"
        assert re.fullmatch("[0-9a-f]{64}", entry["sha256"]), name
        assert entry["extract"].endswith(".") and len(entry["extract"]) > 30, name


@pytest.mark.parametrize("path", [path for path in REGISTERED if "csv" in path])
def test_no_raw_table_has_a_column_for_names_of_people(path: str) -> None:
    """No column holds names of people or free text about them."""
    content = (RAW / path).read_bytes()
    head = (gzip.decompress(content) if path.endswith(".gz") else content).split(b"\n", 1)[0].decode("utf-8-sig").lower()
    assert not re.search(r"alias|surname|first_name|last_name|prisoner_name|detainee|inmate_name|discharge_note|\bnotes?\b", head)


def test_the_admission_books_carry_neither_names_nor_free_text() -> None:
    """Every text column of the admission books is a short list of words that were sorted for this book."""
    rows = pd.read_csv(RAW / "esp-admission-books" / "esp_prisoners_1830_1850_no_names.csv.gz", dtype=str)
    words = {column: set(rows[column].dropna()) for column in rows if not rows[column].str.fullmatch(r"[\d.-]+").any()}
    assert {column: len(values) < 15 for column, values in words.items()} == {
        "book": True, "sex": True, "race_as_recorded": True, "offense_group": True, "reads": True, "outcome": True,
    }  # fmt: skip


def test_training_reports_keep_free_text_for_el_salvador_only() -> None:
    """Courses, units and places name people elsewhere; the book prints those of El Salvador."""
    rows = pd.read_parquet(RAW / "sfm-fmtrpt" / "fmtrpt-rows-1999-2020.parquet")
    elsewhere = rows[rows["iso3"] != "SLV"]
    assert len(elsewhere) > 200_000 and elsewhere[["course_title", "student_unit", "location"]].isna().all(axis=None)
    assert set(rows.select_dtypes("str")) == {
        *("report_edition", "status", "region", "country_name", "iso3", "program_family"),
        *("course_title", "student_unit", "location"),
    }


def test_segregation_records_tell_of_nobody() -> None:
    """Records of people in segregation are here as month, length and illness only."""
    rows = pd.read_csv(RAW / "ice-segregation-srms" / "placements_2017_2023.csv.gz", dtype=str)
    assert list(rows) == ["placement_month", "days", "mental_illness"]
    assert rows["placement_month"].str.fullmatch(r"\d{4}-\d\d").all()


@pytest.mark.parametrize("name", sorted(_raw.withheld_tables()))
def test_table_that_cannot_be_rebuilt_says_why(name: str) -> None:
    """Its recipe stops at a file that may not be copied, which is named with the reason; its result stands in data/."""
    with pytest.raises(_raw.Withheld) as caught:
        importlib.import_module(name).build()
    assert caught.value.why == _raw.withheld_tables()[name] and caught.value.path in str(caught.value)
    assert (DATA / f"{name}.csv").is_file()


# Bad input: one sentence each, which names the file and the remedy.


PATH = "esp-history/counts.csv"
PACKED = "esp-history/counts.csv.gz"
CONTENT = b"year,people\n1830,31\n"


@pytest.fixture
def raw(tmp_path, monkeypatch):
    """A registry of one source with a plain and a packed file, and the folder that holds them."""
    folder = tmp_path / "raw"
    (folder / "esp-history").mkdir(parents=True)
    (folder / PATH).write_bytes(CONTENT)
    (folder / PACKED).write_bytes(gzip.compress(CONTENT, mtime=0))
    entry = {"extract": "A table typed from print.", "sha256": _raw.digest(CONTENT)}
    source = {**REGISTRY["esp-history"], "files": {"counts.csv": entry, "counts.csv.gz": entry}}
    monkeypatch.setattr(_raw, "REGISTRY", tmp_path / "raw.yml")
    monkeypatch.setattr(_raw, "FOLDER", folder)

    def register(**changed: object) -> None:
        """Write the registry with parts of the source changed; None takes a part away."""
        parts = {key: value for key, value in {**source, **changed}.items() if value is not None}
        (tmp_path / "raw.yml").write_text(yaml.safe_dump({"esp-history": parts}), encoding="utf-8")

    register()
    return folder, entry, register


def refused(path: str = PATH) -> str:
    with pytest.raises(_raw.RawError) as caught:
        _raw.read(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("path", [PATH, PACKED])
def test_raw_file_that_is_registered_is_read(raw, path):
    assert _raw.read(path) == CONTENT


@pytest.mark.parametrize("path", [PATH, PACKED])
def test_missing_raw_file(raw, path):
    (raw[0] / path).unlink()
    assert refused(path) == f"data/raw/{path}: not there; restore it with git checkout data/raw"


@pytest.mark.parametrize("path", [PATH, PACKED])
@pytest.mark.parametrize("place", [0, -1, -10])
def test_one_byte_of_a_raw_file_is_changed(raw, path, place):
    content = bytearray((raw[0] / path).read_bytes())
    content[place] ^= 1
    (raw[0] / path).write_bytes(content)
    message = refused(path)
    assert message.startswith(f"data/raw/{path}: ") and "git checkout data/raw" in message


def test_another_file_under_the_name_of_a_raw_file(raw):
    (raw[0] / PACKED).write_bytes(gzip.compress(b"year,people\n1830,13\n", mtime=0))
    message = refused(PACKED)
    assert message.startswith(f"data/raw/{PACKED}: its checksum") and "data/recipes/raw.yml" in message


def test_half_a_raw_file(raw):
    (raw[0] / PACKED).write_bytes((raw[0] / PACKED).read_bytes()[:20])
    assert refused(PACKED).startswith(f"data/raw/{PACKED}: damaged")


@pytest.mark.parametrize("path", ["esp-history/other.csv", "nowhere/counts.csv", "counts.csv"])
def test_unregistered_raw_file(raw, path):
    assert refused(path) == f"{path}: not in data/recipes/raw.yml; register it there with its checksum"


def test_withheld_raw_file(raw):
    raw[2](withheld={"tables": ["esp_counts"], "why": "its publisher forbids copies"})
    assert refused() == f"{PATH}: not in the repository: its publisher forbids copies"
    assert _raw.withheld_tables() == {"esp_counts": "its publisher forbids copies"}


@pytest.mark.parametrize("key", _raw.SOURCE_KEYS)
def test_source_without_a_key(raw, key):
    raw[2](**{key: None})
    assert refused() == f"esp-history: {key} is missing in data/recipes/raw.yml; add it"


def test_licence_that_nobody_knows(raw):
    raw[2](licence={"name": "my-licence", "title": "Mine"})
    known = ", ".join(_raw.LICENCES)
    assert refused() == f"esp-history: licence my-licence is unknown; known: {known}; correct data/recipes/raw.yml"


def test_licence_that_is_only_a_word(raw):
    raw[2](licence="public domain")
    assert refused() == "esp-history, licence: not a list of keys with values; correct data/recipes/raw.yml"


@pytest.mark.parametrize("key", _raw.FILE_KEYS)
def test_file_without_a_key(raw, key):
    raw[2](files={"counts.csv": {other: value for other, value in raw[1].items() if other != key}})
    assert refused() == f"{PATH}: {key} is missing in data/recipes/raw.yml; add it"


@pytest.mark.parametrize(
    "text, says",
    [("a: [1", "raw.yml: line 1: not valid YAML"), ("a: b", "a: not a list of keys"), ("", "raw.yml: not a list of keys")],
)
def test_registry_that_is_none(tmp_path, monkeypatch, text, says):
    (tmp_path / "raw.yml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(_raw, "REGISTRY", tmp_path / "raw.yml")
    with pytest.raises(_raw.RawError, match=says):
        _raw.registry()
