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

import _run
from book import PROJECT
from essay import tables

REMEDY = "git checkout data"


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


def test_whole_data_loads(data):
    for name in tables._package():
        assert len(tables.load(name)) > 0


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


def test_a_blank_more_than_the_recipe_left(data):
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
    change(data / "fmtrpt_country_year.csv", 100, "cost_usd", "77777")
    message = failure("fmtrpt_country_year")
    assert message.startswith("fmtrpt_country_year: does not agree with fmtrpt_reconciliation, row 2") and REMEDY in message
    assert failure("fmtrpt_reconciliation").startswith("fmtrpt_reconciliation: row 2: the countries of the year do not add up")


def test_a_key_that_the_other_table_does_not_have(data):
    change(data / "claim_citations.csv", 2, "source_key", "nobody2020")
    assert failure("claim_citations").startswith("claim_citations: row 2: source_key is not in table sources")


def test_the_other_table_is_gone(data):
    (data / "claims.csv").unlink()
    message = failure("claim_citations")
    assert message.startswith("claim_citations: cannot be compared with") and "claims.csv" in message and REMEDY in message


def test_a_value_within_the_rules_may_be_changed(data):
    change(data / "slv_arrests.csv", 5, "arrests", "28939")
    assert tables.load("slv_arrests")["arrests"][3] == 28939


def test_check_of_all_tables_names_the_broken_ones(data):
    assert tables.check() == []
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
    assert message.startswith("datapackage.json") and REMEDY in message


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (lambda text: text[: len(text) // 2], "cannot be read"),
        (lambda text: text.replace('"iso3":"ALB"', '"iso3":"AFG"', 1), "stands twice"),
        (lambda text: text.replace('"continent":', '"kontinent":'), "column continent is missing"),
    ],
)
def test_broken_map_layer(data, fault, says):
    path = data / "countries.geojson"
    path.write_text(fault(path.read_text(encoding="utf-8")), encoding="utf-8")
    message = failure("countries")
    assert message.startswith("countries:") and says in message and REMEDY in message


# Recipes


@pytest.fixture
def build(tmp_path, monkeypatch):
    """The recipe runner, writing to a copy of the data folder."""
    copy = tmp_path / "data"
    shutil.copytree(PROJECT / "data", copy, ignore=shutil.ignore_patterns("raw", "recipes"))
    (tmp_path / "book").mkdir()
    runner = importlib.import_module("_run")
    monkeypatch.setattr(runner, "DATA", copy)
    monkeypatch.setattr(runner, "PACKAGE", copy / "datapackage.json")
    return runner, copy


def test_a_failing_recipe_leaves_the_old_table_whole(build, monkeypatch, capsys):
    runner, copy = build
    before = {path.name: path.read_bytes() for path in copy.iterdir()}
    recipe = importlib.import_module("us_prisoners")
    good = recipe.build()
    monkeypatch.setattr(recipe, "build", lambda: good.assign(prisoners=-1))
    assert runner.main(["us_prisoners"]) == 1
    assert "us_prisoners: row 2: prisoners" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in copy.iterdir()} == before


def test_unknown_recipe_lists_the_known_ones(build, capsys):
    assert build[0].main(["nonsense"]) == 1
    assert "radial_prisons" in capsys.readouterr().err


def test_a_correction_whose_source_moved_is_refused(build, monkeypatch, capsys):
    runner, copy = build
    moved = [{"table": "us_prisoners", "row": {"year": 1925}, "column": "prisoners", "expect": 1, "value": 2}]
    monkeypatch.setattr(runner, "corrections", lambda: moved)
    before = (copy / "us_prisoners.csv").read_bytes()
    assert runner.main(["us_prisoners"]) == 1
    assert "no longer has the value" in capsys.readouterr().err
    assert (copy / "us_prisoners.csv").read_bytes() == before


def test_descriptor_counts_rows(data):
    package = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        assert len(tables.load(resource["name"])) == resource.get("rows", resource.get("features"))


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
    assert "position = '1' stands twice" in message and REMEDY in message


def test_file_in_another_encoding(data):
    path = data / "penal_visitors.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    message = failure("penal_visitors")
    assert message.startswith("penal_visitors: ") and "encoding" in message and REMEDY in message


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


def test_all_tables_are_checked_from_the_command_line(tmp_path):
    """As `make` does before it builds: each table that is wrong in one line, and the number that make understands."""
    copy = Path(shutil.copytree(PROJECT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("raw", "recipes")))
    shutil.copytree(PROJECT / "book" / "essay", tmp_path / "book" / "essay", ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "essay.tables"]
    whole = subprocess.run(command, cwd=tmp_path / "book", capture_output=True, text=True)
    assert (whole.returncode, whole.stdout) == (0, "All tables are what their recipes say they must be.\n"), whole.stderr
    change(copy / "radial_prisons.csv", 41, "lat", "north")
    done = subprocess.run(command, cwd=tmp_path / "book", capture_output=True, text=True)
    assert done.returncode == 1 and done.stdout.startswith("radial_prisons: row 41: lat = 'north'")


def test_a_correction_of_a_row_that_is_gone(monkeypatch):
    entry = {"table": "claims", "row": {"id": "esp-99"}, "column": "finding", "expect": "old", "value": "new"}
    monkeypatch.setattr(_run, "corrections", lambda: [entry])
    with pytest.raises(_run.RecipeError, match="0 rows match, 1 expected"):
        _run.correct("claims", pd.DataFrame({"id": ["esp-01"], "finding": ["old"]}))
