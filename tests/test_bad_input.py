"""Bad input gives one clear error that names table, row or file and the remedy; nothing is lost."""

from __future__ import annotations

import csv
import importlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import _descriptor
import _raw
import _run
from essay import tables
from tests import faults
from tests.book import PROJECT

REMEDY = "`git checkout data/"


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A copy of the data folder that the library reads instead of the real one."""
    copy = tmp_path / "data"
    shutil.copytree(PROJECT / "data", copy, ignore=shutil.ignore_patterns("raw", "recipes"))
    monkeypatch.setattr(tables, "DATA", copy)
    tables._package.cache_clear()
    yield copy
    tables._package.cache_clear()


def change(path: Path, row: int, column: str, value: str) -> None:
    """Set one cell; `row` counts as a spreadsheet does, the header being row 1."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[row - 1][rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def failure(name: str) -> str:
    with pytest.raises(tables.TableError) as caught:
        tables.load(name)
    return str(caught.value)


def test_whole_data_loads_with_as_many_rows_as_described(data):
    for name, described in tables._package().items():
        assert len(tables.load(name)) == described.get("rows", described.get("features")) > 0


def test_wrong_type(data):
    change(data / "radial_prisons.csv", 41, "lat", "north")
    message = failure("radial_prisons")
    assert message.startswith("radial_prisons: row 41: lat = 'north'") and REMEDY in message


def test_value_out_of_range(data):
    change(data / "radial_prisons.csv", 7, "lat", "-91")
    message = failure("radial_prisons")
    assert message.startswith("radial_prisons: row 7: lat = '-91'") and REMEDY in message


def test_value_outside_the_list(data):
    change(data / "claims.csv", 3, "verdict", "proven")
    message = failure("claims")
    assert message.startswith("claims: row 3: verdict = 'proven'") and REMEDY in message


def test_missing_required_value(data):
    change(data / "claims.csv", 5, "finding", "")
    assert failure("claims").startswith("claims: row 5: finding")


def test_missing_column(data):
    path = data / "esp_race_outcomes.csv"
    lines = [line.rsplit(",", 1)[0] for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    message = failure("esp_race_outcomes")
    assert message.startswith("esp_race_outcomes:") and "deaths" in message and REMEDY in message


def test_duplicate_key(data):
    path = data / "esp_prisoners.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[9] = lines[8]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    message = failure("esp_prisoners")
    assert message.startswith("esp_prisoners: row 10") and "twice" in message and REMEDY in message


@pytest.mark.parametrize("keep", [0.5, 0.93])
def test_file_truncated_inside_a_row(data, keep):
    path = data / "radial_prisons.csv"
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    message = failure("radial_prisons")
    assert message.startswith("radial_prisons") and REMEDY in message


def test_file_truncated_between_rows(data):
    path = data / "radial_prisons.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-3]), encoding="utf-8")
    message = failure("radial_prisons")
    assert message.startswith("radial_prisons") and "truncated" in message and REMEDY in message


def test_a_file_with_semicolons(data):
    path = data / "slv_arrests.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    message = failure("slv_arrests")
    assert message.startswith("slv_arrests:") and REMEDY in message


def test_a_file_with_the_mark_of_a_spreadsheet(data):
    path = data / "slv_arrests.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert failure("slv_arrests").startswith(
        "slv_arrests: begins with a byte order mark"
    ) and "`make data` takes it off" in failure("slv_arrests")


def test_a_blank_more_than_described(data):
    change(data / "slv_homicides.csv", 55, "homicides", "")
    message = failure("slv_homicides")
    assert message.startswith("slv_homicides: homicides has 30 blank cells, 29 expected") and REMEDY in message


def test_a_text_damaged_by_a_wrong_encoding(data):
    change(data / "radial_prisons.csv", 9, "architect", "PÃ©rez")
    message = failure("radial_prisons")
    assert message.startswith("radial_prisons: row 9: architect = 'PÃ©rez'") and "encoding" in message and REMEDY in message


def test_a_cumulative_count_that_falls(data):
    change(data / "slv_arrests.csv", 5, "arrests", "9000")
    message = failure("slv_arrests")
    assert message.startswith("slv_arrests: row 5: arrests falls") and REMEDY in message


def test_a_place_outside_its_country(data):
    change(data / "radial_prisons.csv", 2, "lon", "75.1727")
    message = failure("radial_prisons")
    assert message.startswith("radial_prisons: row 2: lat and lon lie outside the country") and REMEDY in message


def test_two_tables_that_no_longer_agree(data):
    """Whichever of the two was changed, loading it says so."""
    change(data / "fmtrpt_country_year.csv", 100, "cost_usd", "9999999")
    message = failure("fmtrpt_country_year")
    assert message.startswith("fmtrpt_country_year: does not agree with fmtrpt_reconciliation, row 2") and REMEDY in message
    assert failure("fmtrpt_reconciliation").startswith("fmtrpt_reconciliation: row 2: the countries of the year do not add up")


def test_a_key_that_the_other_table_does_not_have(data):
    change(data / "claim_citations.csv", 2, "source_key", "nobody2020")
    assert failure("claim_citations").startswith("claim_citations: row 2: source_key is not in table sources: nobody2020; ")


def test_the_other_table_is_gone(data):
    (data / "claims.csv").unlink()
    message = failure("claim_citations")
    assert message.startswith("claim_citations: cannot be compared with") and "claims.csv" in message and REMEDY in message


def test_a_value_within_the_rules_may_be_changed(data):
    change(data / "slv_arrests.csv", 5, "arrests", "28939")
    assert tables.load("slv_arrests")["arrests"][3] == 28939


def test_check_of_all_tables_names_the_broken_ones(data):
    change(data / "slv_arrests.csv", 5, "arrests", "9000")
    assert [line.split(":")[0] for line in tables.check()] == ["slv_arrests"]


def test_unknown_table_lists_the_known_ones(data):
    message = failure("radial_prison")
    assert message.startswith("radial_prison: no such table") and "radial_prisons" in message


def test_missing_file(data):
    (data / "claims.csv").unlink()
    message = failure("claims")
    assert message.startswith("claims: data/claims.csv is missing") and REMEDY in message


@pytest.mark.parametrize("content", ["", "{", "[]", '{"name": "x"}'])
def test_broken_package_description(data, content):
    (data / "datapackage.json").write_text(content, encoding="utf-8")
    tables._package.cache_clear()
    message = failure("claims")
    assert message.startswith("datapackage.json") and "`git checkout data`" in message


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (lambda text: text[: len(text) // 2], "cannot be read"),
        (lambda text: text.replace('"iso3":"ALB"', '"iso3":"AFG"', 1), "stands twice"),
        (lambda text: text.replace('"continent":', '"kontinent":'), "column continent is missing"),
        (lambda text: json.dumps({**json.loads(text), "features": json.loads(text)["features"][1:]}), "the file is truncated"),
    ],
)
def test_broken_map_layer(data, fault, says):
    path = data / "countries.geojson"
    path.write_text(fault(path.read_text(encoding="utf-8")), encoding="utf-8")
    message = failure("countries")
    assert message.startswith("countries:") and says in message and REMEDY in message


def test_no_description_of_the_tables(data):
    (data / "datapackage.json").unlink()
    assert failure("claims").startswith("datapackage.json: not found")


def test_space_around_a_key(data):
    change(data / "narcotics_obligations.csv", 4, "country", "Bolivia ")
    message = failure("narcotics_obligations")
    assert message.startswith("narcotics_obligations: row 4: country has a space before or after it") and REMEDY in message


def test_value_twice_where_it_must_be_unique(data):
    change(data / "claims.csv", 4, "position", "1")
    message = failure("claims")
    assert "position = '1' stands twice: the same as in row 2" in message and REMEDY in message


def test_file_in_another_encoding(data):
    path = data / "penal_visitors.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    message = failure("penal_visitors")
    assert message.startswith("penal_visitors: ") and "encoding" in message and REMEDY in message


def test_a_quotation_mark_that_is_never_closed(data):
    """All that follows it is one cell, longer than Python takes by itself."""
    path = data / "fmtrpt_el_salvador.csv"
    path.write_bytes(path.read_bytes().replace(b'"', b"").replace(b"\n1,", b'\n1,"', 1))
    message = failure("fmtrpt_el_salvador")
    assert message.startswith("fmtrpt_el_salvador: row 2: missing cell at programme") and REMEDY in message


def test_stray_comma(data):
    path = data / "esp_race_outcomes.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:2], lines[2] + ",", *lines[3:]]) + "\n", encoding="utf-8")
    assert "row 3" in failure("esp_race_outcomes") and "stray comma" in failure("esp_race_outcomes")


def test_outline_that_crosses_itself(data):
    path = data / "countries.geojson"
    layer = json.loads(path.read_text(encoding="utf-8"))
    layer["features"][0]["geometry"] = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    path.write_text(json.dumps(layer), encoding="utf-8")
    assert "outline is not valid" in failure("countries")


def test_tables_are_checked_from_the_command_line(tmp_path):
    """As `make` does before it builds: each wrong table in one line, and the number that make understands. Two will do."""
    copy = tmp_path / "data"
    copy.mkdir()
    package = json.loads((PROJECT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [each for each in package["resources"] if each["name"] in ("esp_population", "slv_arrests")]
    (copy / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    for each in package["resources"]:
        shutil.copy(PROJECT / "data" / each["path"], copy)
    shutil.copytree(PROJECT / "book" / "essay", tmp_path / "book" / "essay", ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "essay.tables"]
    whole = subprocess.run(command, cwd=tmp_path / "book", capture_output=True, text=True)
    assert (whole.returncode, whole.stdout) == (0, "All tables are what their descriptors say they must be.\n"), whole.stderr
    change(copy / "slv_arrests.csv", 5, "arrests", "9000")
    done = subprocess.run(command, cwd=tmp_path / "book", capture_output=True, text=True)
    assert done.returncode == 1 and done.stdout.startswith("slv_arrests: row 5: arrests falls"), done.stdout + done.stderr


# `make data`: one sentence for each thing that is wrong, and nothing is changed.


# A claim about which the register has no line yet.
CLAIM = next(
    row[0]
    for row in faults.parse((PROJECT / "data" / "claims.csv").read_bytes())[1:]
    if f"id = {row[0]}" not in (PROJECT / "data" / "changes.csv").read_text(encoding="utf-8")
)
LINE = ["a-change", "2026-11-30", "claims", f"id = {CLAIM}", "correction", "", "Say so.", "A better source was found.", ""]


@pytest.fixture
def make(tmp_path, monkeypatch, capsys):
    """A copy of data/ and a function that makes its tables, as `make data TABLES=...` does, and returns what it prints."""
    copy = Path(shutil.copytree(PROJECT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("__pycache__")))
    (tmp_path / "book").mkdir()
    shutil.copy(PROJECT / "book" / "references.bib", tmp_path / "book")
    for module, name, value in (
        *((_run, "HERE", copy / "recipes"), (_run, "DATA", copy), (_descriptor, "HERE", copy / "recipes")),
        *((_raw, "REGISTRY", copy / "recipes" / "raw.yml"), (_raw, "FOLDER", copy / "raw")),
    ):
        monkeypatch.setattr(module, name, value)

    def run(*wanted: str) -> str:
        before = tree(tmp_path)
        failed = _run.main([*wanted])
        printed = capsys.readouterr()
        if failed:
            assert tree(tmp_path) == before and printed.out == ""
            *problems, last = printed.err.splitlines()
            assert len(problems) == failed and last == "Nothing was changed in data/."
            return "\n".join(problems)
        assert printed.err == "" and not list(copy.glob(".building-*"))
        return printed.out

    run.data = copy
    return run


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def row_of(path: Path, key: str) -> int:
    """Return the number of the row whose first cell is `key`."""
    return [row[0] for row in faults.parse(path.read_bytes())].index(key) + 1


def append(path: Path, *cells: str) -> int:
    """Add a row to a table and return its number."""
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(cells)
    return len(faults.parse(path.read_bytes()))


def test_nothing_to_do(make):
    before = tree(make.data)
    assert make("claims").startswith(f"{len(_descriptor.names())} of {len(_descriptor.names())} tables are as they were.")
    assert tree(make.data) == before


def test_a_cell_that_was_edited_is_described_anew(make):
    change(make.data / "slv_arrests.csv", 5, "arrests", "28939")
    assert make("claims").startswith("described data/slv_arrests.csv")
    assert make("claims").startswith(f"{len(_descriptor.names())} of")


def test_a_table_that_does_not_fit_the_other_is_not_put_in_place(make):
    """Until both are edited: rules between tables see the new state of all of them."""
    change(make.data / "claim_evidence.csv", 2, "states", "some four years")
    message = make("claims")
    assert message.startswith("claim_evidence: row 2: the ledger does not say these words; correct data/claim_evidence.csv")
    words = "It took some four years."
    change(make.data / "claims.csv", row_of(make.data / "claims.csv", "esp-01"), "finding", words)
    append(make.data / "changes.csv", *LINE[:3], "id = esp-01", "finding", "", words, *LINE[7:])
    assert "described data/claims.csv" in make("claims")


def test_a_recipe_that_makes_what_its_descriptor_forbids(make, monkeypatch):
    good = importlib.import_module("us_prisoners").build()
    monkeypatch.setattr(sys.modules["us_prisoners"], "build", lambda: good.assign(prisoners=-1))
    assert make("us_prisoners").startswith("us_prisoners: row 2: prisoners = '-1' breaks the schema")


def test_a_recipe_that_stops(make, monkeypatch):
    recipe = importlib.import_module("ice_segregation_vulnerable")
    monkeypatch.setattr(recipe._tidy, "read_csv", lambda path: pd.DataFrame({"placement_reason": ["Grand Total"]}))
    message = make("ice_segregation_vulnerable")
    assert message.startswith("ice_segregation_vulnerable: data/recipes/ice_segregation_vulnerable.py, line ")
    assert "KeyError" in message and "\n" not in message


def test_unknown_table_to_make(make):
    message = make("nonsense")
    assert message.startswith("nonsense: no such table; known: ") and "radial_prisons" in message


RAW = "us-budget-incle/incle-budget-authority.csv"


def test_one_byte_of_a_raw_file_is_changed(make):
    path = make.data / "raw" / RAW
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)
    message = make("incle_budget")
    assert message.startswith(f"data/raw/{RAW}: its checksum") and "restore it with git checkout data/raw" in message


def test_a_raw_file_is_missing(make):
    (make.data / "raw" / RAW).unlink()
    assert make("incle_budget") == f"data/raw/{RAW}: not there; restore it with git checkout data/raw"


def test_a_registry_without_a_key_is_one_sentence_for_all_tables(make):
    edit(make.data / "recipes" / "raw.yml", "    title: Public domain", "    titel: Public domain")
    message = make()
    assert message.endswith(", licence: title is missing in data/recipes/raw.yml; add it") and "\n" not in message


def test_a_derived_table_that_was_edited(make):
    """The edit is neither lost nor taken for the source's."""
    change(make.data / "incle_budget.csv", 4, "incle_usd", "1")
    for wanted in ("incle_budget", "claims"):
        message = make(wanted)
        assert message.startswith("incle_budget: data/incle_budget.csv was edited, and data/recipes/incle_budget.py makes it")
        assert "data/changes.csv" in message and REMEDY in message


def test_a_table_without_its_raw_file_that_was_edited(make):
    change(make.data / "prison_ranks.csv", 4, "rank", "7")
    message = make("prison_ranks")
    assert message.startswith("prison_ranks: data/prison_ranks.csv is not the table that its descriptor") and REMEDY in message


def test_a_description_of_the_tables_with_the_marks_of_a_merge(make):
    """It is made again from descriptors and tables, which people edit."""
    path = make.data / "datapackage.json"
    good = path.read_bytes()
    path.write_bytes(good.replace(b'"bytes"', b'<<<<<<< HEAD\n"bytes"', 1))
    assert "tables are as they were" in make()
    assert path.read_bytes() == good


def test_two_edits_of_one_cell(make):
    line = row_of(make.data / "claims.csv", "esp-02")
    edit(make.data / "claims.csv", "esp-02,", "<<<<<<< HEAD\nesp-02,")
    assert make("claims") == (
        f"claims: line {line}: two people's edits meet here (`<<<<<<<`): keep one, delete git's marks; correct data/claims.csv"
    )


@pytest.mark.parametrize(
    "saved",
    [
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: b"\xef\xbb\xbf" + faults.written(faults.parse(content), quoting=csv.QUOTE_ALL).replace(b"\n", b"\r\n"),
    ],
    ids=["mark", "line ends", "all at once"],
)
def test_a_spreadsheet_saved_the_same_in_another_form(make, saved):
    path = make.data / "claims.csv"
    good = path.read_bytes()
    path.write_bytes(saved(good))
    rows = len(faults.parse(good)) - 1
    assert make("claims").startswith(f"written data/claims.csv ({rows} rows): form or order of its rows was put right")
    assert path.read_bytes() == good


@pytest.mark.parametrize(
    ("saved", "says"),
    [
        (lambda content: faults.written(faults.parse(content), delimiter=";"), "has semicolons between its cells"),
        (lambda content: faults.written(faults.parse(content), delimiter="\t"), "has tabs between its cells"),
        (lambda content: content.decode().encode("cp1252", errors="replace"), "the encoding is not UTF-8"),
        (lambda content: content.replace(b"source_title,", b"", 1), "no column source_title"),
    ],
)
def test_a_spreadsheet_saved_something_else(make, saved, says):
    path = make.data / "radial_prisons.csv"
    path.write_bytes(saved(path.read_bytes()))
    message = make("claims")
    assert message.startswith("radial_prisons: ") and says in message and message.endswith("; correct data/radial_prisons.csv")


def test_a_comma_that_is_not_in_quotes(make):
    path = make.data / "facts_cecot.csv"
    path.write_text(path.read_text(encoding="utf-8") + "a,prison,It had 1,000 guards.\n\nb,prison\n", encoding="utf-8")
    row = len(faults.parse(path.read_bytes()))
    assert make("claims") == (
        f"facts_cecot: rows {row - 2}, {row}: not 14 cells as in the header: a cell with a comma stands in quotes, and a blank "
        "one has its comma; correct data/facts_cecot.csv"
    )


def test_a_row_at_the_end_goes_where_it_belongs(make):
    path = make.data / "sources.csv"
    good = path.read_bytes()
    header, first, *rest = faults.parse(good)
    path.write_bytes(faults.written([header, *rest, first, [""] * len(header)]))
    assert make("claims").startswith("written data/sources.csv")
    assert path.read_bytes() == good


def test_a_number_that_is_none_in_a_key(make):
    change(make.data / "slv_homicides.csv", 9, "year", "soon")
    assert make("claims").startswith("slv_homicides: row 9: year = 'soon' is not of the type")


def test_a_table_put_in_place_whose_description_was_not(make):
    """As a kill between the two leaves it."""
    edit(make.data / "datapackage.json", tables._package()["incle_budget"]["hash"], "sha256:0")
    assert make("incle_budget").startswith("described data/incle_budget.csv")


def test_a_claim_id_that_exists(make):
    last = faults.parse((make.data / "claims.csv").read_bytes())[-1]
    row = append(make.data / "claims.csv", "esp-01", "72", *last[2:])
    assert make("claims").startswith(f"claims: row {row}: ") and "'esp-01'" in make("claims")


def corrected(data: Path) -> int:
    """Correct a claim, add the line about it to the register, and return its row there."""
    change(data / "claims.csv", row_of(data / "claims.csv", CLAIM), "correction", "Say so.")
    return append(data / "changes.csv", *LINE)


def test_a_change_with_its_line_in_the_register(make):
    corrected(make.data)
    assert "described data/claims.csv" in make("claims")


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("why", "", "why is blank, and every row has one"),
        ("date", "2999-01-01", "date lies in the future"),
        ("date", "30.11.2026", "date = '30.11.2026' is not of the type the schema asks for"),
        ("id", "esp-10-finding", "'esp-10-finding'"),
        ("table", "claim", "there is no table claim"),
        ("row", "id = esp-99", "claims has no row with id = esp-99"),
        ("row", "esp-01", "row = 'esp-01' breaks the schema"),
        ("column", "corection", "'corection' is no column of claims"),
        ("after", "Say no.", "correction is now 'Say so.', and the register's last line about it says 'Say no.'"),
    ],
)
def test_a_line_of_the_register_that_is_wrong(make, column, value, says):
    row = corrected(make.data)
    change(make.data / "changes.csv", row, column, value)
    message = make("claims")
    assert message.startswith(f"changes: row {row}") and says in message and "data/changes.csv" in message and "\n" not in message


@pytest.mark.parametrize(
    ("saved", "says"),
    [
        (lambda content: faults.written(faults.parse(content), delimiter=";"), "has semicolons between its cells"),
        (lambda content: content.replace(b"why,", b"", 1), "no column why"),
        (lambda content: content + b"cut,2026-11-30,us_prisoners\n", ": not 9 cells as in the header"),
    ],
)
def test_a_register_that_is_damaged(make, saved, says):
    path = make.data / "changes.csv"
    path.write_bytes(saved(path.read_bytes()))
    message = make("us_prisoners")
    assert message.startswith("changes: ") and says in message and "data/changes.csv" in message and "\n" not in message


def test_a_work_read_in_the_future(make):
    change(make.data / "sources.csv", 9, "accessed", "2999-01-01")
    assert make("claims").startswith("sources: row 9: accessed lies in the future; correct data/sources.csv")


def test_a_change_that_nobody_registered_and_the_register_denies(make):
    row = corrected(make.data)
    change(make.data / "claims.csv", row_of(make.data / "claims.csv", CLAIM), "correction", "Say no.")
    message = make("claims")
    assert message.startswith(f"changes: row {row} (a-change): claims, id = {CLAIM}: correction is now 'Say no.'")
    assert "add a line to data/changes.csv that says why, or undo the edit in data/claims.csv" in message


def test_a_row_that_went(make):
    """With its line, the lines about its cells stay as history; without, the register denies it."""
    path = make.data / "radial_prisons.csv"
    rows = faults.parse(path.read_bytes())
    path.write_bytes(faults.written([row for row in rows if row[0] != "taipei"]))
    assert "radial_prisons has no row with id = taipei" in make("claims")
    line = "taipei-gone,2026-11-30,radial_prisons,id = taipei,,,,Its page turned out to be about another prison.,"
    append(make.data / "changes.csv", *line.split(","))
    assert f"data/radial_prisons.csv ({len(rows) - 2} rows)" in make("claims")


def test_a_source_that_no_longer_says_what_was_corrected(make):
    path = make.data / "changes.csv"
    row = row_of(path, "esp-prisoner-1485")
    change(path, row, "before", "1457")
    message = make("esp_prisoners")
    assert message.startswith(f"changes: row {row} (esp-prisoner-1485): the source of esp_prisoners says '1458', where")
    assert "correct or remove the line in data/changes.csv" in message
    change(path, row, "row", "book = B, admission_date = 1842-01-11, prisoner_number = 9")
    assert "the source of esp_prisoners has no such row" in make("esp_prisoners")


def corrects(data: Path, id: str, column: str, before: str, after: str) -> int:
    """Declare a correction of the table of prisoners for 1925 in the register, and return its row there."""
    why = "The page of the report has another number."
    return append(
        data / "changes.csv", id, "2026-11-30", "us_prisoners", "year = 1925", column, before, after, why, "not reported"
    )


def test_a_correction_of_a_source_that_breaks_a_rule(make):
    """The line that declares it is named, and the rule; what has to follow has a line of its own."""
    before = faults.parse((make.data / "us_prisoners.csv").read_bytes())
    first = dict(zip(before[0], before[1], strict=True))
    rate = round(100_000 * (int(first["prisoners"]) + 9000) / int(first["population"]), 1)
    row = corrects(make.data, "one-more", "prisoners", first["prisoners"], str(int(first["prisoners"]) + 9000))
    assert make("us_prisoners") == (
        f"changes: row {row} (one-more): the correction breaks us_prisoners: row 2: rate is not prisoners per 100,000 of "
        f"population: write {rate}; correct it in data/changes.csv, or add a line for each cell that has to follow (the rule "
        "stands in data/recipes/us_prisoners.yml)"
    )
    corrects(make.data, "follows", "rate", first["rate"], str(rate))
    assert "written data/us_prisoners.csv" in make("us_prisoners")


def test_two_corrections_that_each_break_a_rule(make):
    rows = [corrects(make.data, id, column, "", "999") for id, column in (("one", "rate"), ("two", "bjs_sentenced_rate"))]
    path = make.data / "changes.csv"
    first = faults.parse((make.data / "us_prisoners.csv").read_bytes())[1]
    change(path, rows[0], "before", first[2])
    found = make("us_prisoners").splitlines()
    assert len(found) > 1
    for line in found:
        assert line.startswith(
            f"changes: row {rows[0]} (one) and row {rows[1]} (two): the correction breaks us_prisoners: row 2: "
        )


def test_a_correction_of_a_correction_that_breaks_a_rule(make):
    """The first is needed by the second, and not to blame."""
    first = faults.parse((make.data / "us_prisoners.csv").read_bytes())[1][1]
    corrects(make.data, "one", "prisoners", first, str(int(first) + 1))
    row = corrects(make.data, "two", "prisoners", str(int(first) + 1), "1")
    found = make("us_prisoners").splitlines()
    assert found and all(line.startswith(f"changes: row {row} (two): the correction breaks us_prisoners: row") for line in found)


def test_a_correction_that_its_column_cannot_hold(make):
    first = faults.parse((make.data / "us_prisoners.csv").read_bytes())[1]
    row = corrects(make.data, "words", "prisoners", first[1], "many")
    message = make("us_prisoners")
    assert message.startswith(f"changes: row {row} (words): prisoners of us_prisoners cannot be 'many' (Int64); correct")


@pytest.mark.parametrize("name", ["incle_budget", "prison_ranks"])
def test_a_derived_table_with_the_marks_of_a_merge(make, name):
    """Not taken for an edit: nobody has to look at what is made again."""
    path = make.data / f"{name}.csv"
    path.write_text(path.read_text(encoding="utf-8") + "<<<<<<< HEAD\n", encoding="utf-8")
    message = make("claims")
    assert message.startswith(f"{name}: data/{name}.csv, line ") and "two people's edits meet here (`<<<<<<<`)" in message
    assert message.endswith(f"makes the table: `git checkout HEAD -- data/{name}.csv`, then `make data`")


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("not_in_future: begun", "'begun lies in the future' cannot be asked (no such column: begun)"),
        ("{says: x, failing: SELECT row_nr FROM nowhere}", "'x' cannot be asked (no such table: nowhere)"),
        ("numbered: place", "'place does not count the rows' cannot be asked (no such column: place)"),
    ],
)
def test_a_rule_that_reads_what_is_not_there(make, rule, says):
    """The descriptor is named, which has the rule, and not the table, in which nothing is wrong."""
    edit(make.data / "recipes" / "ilea_sites.yml", "- not_in_future: opened", f"- {rule}")
    assert make("claims") == f"ilea_sites: data/recipes/ilea_sites.yml: the rule {says}; correct it there"


EVENT = {
    "order": "99",
    "id": "another-ruling",
    "date": "2025-05",
    "date_precision": "day",
    "date_is": "event",
    "first_day": "2025-05-16",
    "last_day": "2025-05-16",
    "category": "court",
    "event": "The Fourth Circuit hears argument in a case of its own.",
    "source_title": "A page",
    "source_publisher": "A court",
    "source_url": "example.org",
    "source_type": "court",
    "read_at": "https://example.org",
    "confidence": "high",
}


def test_an_event_that_is_all_wrong_is_told_all_at_once(make):
    """What to write is said column by column, so that the second attempt can succeed; the numbers follow the dates."""
    path = make.data / "cecot_chronology.csv"
    header = faults.parse(path.read_bytes())[0]
    row = append(path, *(EVENT.get(column, "") for column in header))
    told = make("claims").splitlines()
    wrong = [line.partition("; correct ")[0].removeprefix(f"cecot_chronology: row {row}: ") for line in told]
    assert wrong == [
        "source_url = 'example.org' breaks the schema: an address with https:// or http:// before it",
        "source_type = 'court' breaks the schema: one of primary, journalism, scholarship, reference, advocacy, data",
        "date_precision does not fit the form of date: write month",
        "first_day and last_day are not the bounds of date: write 2025-05-01 and 2025-05-31",
        "case_line is for court events, and for all of them: write Alien Enemies Act, third countries, removal by error or "
        "another case",
        "case and read_as are for court events, and for all of them; court is for rulings: write the case, and order, docket, "
        "report, or title or summary",
    ]
    right = {
        **{"date_precision": "month", "first_day": "2025-05-01", "last_day": "2025-05-31"},
        **{"case_line": "another case", "source_url": "https://example.org", "source_type": "primary"},
        **{"case": "A case of its own", "read_as": "docket"},
    }
    for column, value in right.items():
        change(path, row, column, value)
    assert "written data/cecot_chronology.csv" in make("claims")
    _, *events = faults.parse(path.read_bytes())
    assert [event[0] for event in events] == [str(number) for number in range(1, len(events) + 1)]
    days = [event[header.index("first_day")] for event in events]
    assert days == sorted(days) and EVENT["id"] in [event[1] for event in events[:-1]]


def test_a_number_that_is_left_out_or_stands_twice(make):
    path = make.data / "claims.csv"
    last = row_of(path, CLAIM)
    number = faults.parse(path.read_bytes())[last - 1][1]
    change(path, last, "position", "99")
    assert f"position does not count the rows: {number} is left out; correct data/claims.csv" in make("us_prisoners")
    change(path, last, "position", "1")
    assert make("us_prisoners").startswith(f"claims: row {last}: position = '1' stands twice: the same as in row 2; ")


def test_a_size_that_is_not_that_of_its_fact(make):
    change(make.data / "cecot_layout.csv", 2, "value", "7")
    message = make("us_prisoners")
    assert message.startswith("cecot_layout: row 2: value is not that of the fact it is based on: ") and " says: " in message


def test_a_reason_that_is_too_short_is_told_so_in_words(make):
    row = corrected(make.data)
    change(make.data / "changes.csv", row, "why", "wrong")
    assert "why = 'wrong' breaks the schema: a reason of at least 20 characters; correct" in make("us_prisoners")


def test_more_rows_than_one_are_named(data):
    for row in (3, 5, 7, 9, 11, 13, 15):
        change(data / "radial_prisons.csv", row, "iso3", "BRA")
    lines = failure("radial_prisons").splitlines()
    assert any(line.startswith("radial_prisons: rows 3, 5, 7, 9, 11 and 2 more: ") for line in lines), lines


def test_a_column_that_is_wrong_all_over_is_told_in_short(data):
    path = data / "radial_prisons.csv"
    header, *rows = faults.parse(path.read_bytes())
    at = header.index("lat")
    path.write_bytes(faults.written([header, *([*row[:at], "north", *row[at + 1 :]] for row in rows)]))
    lines = failure("radial_prisons").splitlines()
    assert len(lines) == 11 and lines[-1].startswith(f"radial_prisons: {len(rows) - 10} more; ")


def test_a_table_without_a_descriptor(make):
    (make.data / "mine.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert make("claims").startswith("mine: data/mine.csv has no descriptor; write data/recipes/mine.yml")


def test_a_descriptor_without_a_table(make):
    (make.data / "ilea_sites.csv").unlink()
    assert make("claims").startswith("ilea_sites: data/ilea_sites.csv is missing; restore it with `git checkout")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("title: ", "titel: ", "title is missing"),
        ("row: one site", "row: one site\nrows: 7", "rows is no part of a descriptor"),
        ("[ilea]", "ilea", "sources is a list"),
        ("fields:", "fields: []\nfelder:", "fields is missing"),
        ("title: ", "- title: ", "line 2: not valid YAML (expected <block end>, but found '?'); look at indentation"),
        ("row: ", "\trow: ", "line 3: not valid YAML (a tab, where blanks must stand)"),
        ("  country: ", "   country: ", "line 14: not valid YAML (expected <block end>, but found '<block mapping start>')"),
        ("  status: ", "status: ", "status is no part of a descriptor; known: "),
        ("row: ", "<<<<<<< HEAD\nrow: ", "line 3: two people's edits meet here (`<<<<<<<`): keep one, delete git's marks"),
        (
            "{description: City,",
            "{description: City, pattern: '.+ .+',",
            "site: a pattern needs a form beside it, which says it in words",
        ),
        ("rules:", "numbered_by: town\nrules:", "numbered_by names town, which is no field"),
        ("sources_read:", "record_ends: 2026-01-01\nsources_read:", "sources_read for a list without a last date: keep one"),
        ("[ilea]", "[ilia]", "source ilia is not in data/recipes/raw.yml; add it there"),
        ("key: [site]", "key: [town]", "key names town, which is no field"),
        ("{description: City,", "{descripton: City,", "site: descripton is no part of a field"),
        ("site: {description: City, unique: true}", "site: City", "site: a field has parts such as {description: City}"),
        ("- not_in_future: opened", "- [not_in_future, opened]", "no rule ['not_in_future', 'opened']"),
        ("type: integer", "type: whole number", "opened: type whole number is unknown"),
        ("description: Country}", "unit: '1'}", "country: description is missing"),
        ("enum: [not on the current list, open]", "enum: [1, 2]", "status: a value of enum is a number; put it in quotes"),
        ("{description: City,", "{title: 1, description: City,", "site: title is a number; put it in quotes"),
        ("- not_in_future", "- not_in_futur", "no rule not_in_futur; data/recipes/_rules.py has them"),
        ("- not_in_future: opened", "- grows: opened", "rule grows() missing 1 required positional argument: 'since'"),
        ("fields:", "fields: [", "not valid YAML"),
        ("sources_read: ", "sources_read: soon # ", "sources_read is a date up to today, such as 2026-11-30, not soon"),
        ("sources_read: ", "record_ends: 2999-01-01 # ", "record_ends is a date up to today"),
        ("rules:", "unknowns: {kind: [who knows]}\nrules:", "unknowns: no row has 'who knows' in kind"),
        ("rules:", "unknowns: {sort: ['']}\nrules:", "unknowns names sort, which is no field"),
        ("rules:", "breaks: [{column: kind, why: x}]\nrules:", "a break has column, where (field: first value after it) and why"),
        ("rules:", "breaks: [{column: kind, where: {opened: 1900}, why: x}]\nrules:", "has no rows on one of its sides"),
    ],
)
def test_a_descriptor_that_is_wrong(tmp_path, monkeypatch, old, new, says):
    for name in ("ilea_sites.yml", "_fields.yml"):
        shutil.copy(PROJECT / "data" / "recipes" / name, tmp_path)
    monkeypatch.setattr(_descriptor, "HERE", tmp_path)
    edit(tmp_path / "ilea_sites.yml", old, new)
    with pytest.raises(_descriptor.RecipeError) as caught:
        _descriptor.describe("ilea_sites", PROJECT / "data" / "ilea_sites.csv")
    message = str(caught.value)
    assert message.startswith("ilea_sites: data/recipes/ilea_sites.yml: ") and says in message and "\n" not in message


def test_a_descriptor_that_is_no_list_of_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(_descriptor, "HERE", tmp_path)
    for content, says in ((b"a table", "is not a list of parts"), (b"title: caf\xe9", "cannot be read")):
        (tmp_path / "mine.yml").write_bytes(content)
        with pytest.raises(_descriptor.RecipeError, match=rf"data/recipes/mine\.yml: {says}"):
            _descriptor.read("mine")


def test_a_description_that_breaks_the_standard(make):
    edit(make.data / "recipes" / "raw.yml", "    path: https://creativecommons.org/licenses/by/4.0/", "    path: [by]")
    message = make("claims")
    assert message.startswith("datapackage.json: ") and "data/recipes" in message and "\n" not in message


def test_a_descriptor_that_is_wrong_changes_nothing(make):
    edit(make.data / "recipes" / "ilea_sites.yml", "title: ", "titel: ")
    assert make("claims").startswith("ilea_sites: data/recipes/ilea_sites.yml: title is missing")


def test_what_a_descriptor_declares_of_meaning_is_passed_on(make):
    declared = ["breaks: [{column: kind, where: {opened: 2000}, why: x}]", "unknowns: {opened: ['']}"]
    edit(make.data / "recipes" / "ilea_sites.yml", "rules:", "\n".join([*declared, "rules:"]))
    assert "described data/ilea_sites.csv" in make("claims")
    package = json.loads((make.data / "datapackage.json").read_text(encoding="utf-8"))
    found = next(resource for resource in package["resources"] if resource["name"] == "ilea_sites")
    assert found["breaks"] == [{"column": "kind", "where": {"opened": 2000}, "why": "x"}]
    assert found["unknowns"] == {"opened": [""]} and found["sources_read"] == "2026-11-23"
