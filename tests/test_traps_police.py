"""Traps in the aid and training data: each test fails when a chapter or recipe walks into one."""

from __future__ import annotations

import ast
import base64
import io
import re

import pandas as pd
import pytest

from essay import dollars, meaning, tables
from tests import book

NOTEBOOK = book.PROJECT / "book" / "police.ipynb"
FACTS = book.facts()


def figure_data(id: str) -> pd.DataFrame:
    """Return the CSV that a figure of the chapter offers."""
    for cell in book.read(NOTEBOOK)["cells"]:
        for output in cell.get("outputs", []):
            page = "".join(output.get("data", {}).get("text/html", ""))
            if f'id="fig-{id}"' in page:
                packed = re.search(r"data:text/csv;base64,([A-Za-z0-9+/=]+)", page)[1]
                return pd.read_csv(io.BytesIO(base64.b64decode(packed)))
    raise AssertionError(f"no figure {id} in {NOTEBOOK.name}")


FIGURES = [record["id"] for name, record in book.recorded("figure") if name == NOTEBOOK.name]


# Military training reports: planned rows, printed totals, recipient units.


@pytest.mark.parametrize("table", ["fmtrpt_country_year", "fmtrpt_reconciliation"])
def test_training_has_no_planned_rows(table):
    """The number of rows is that of the training that took place (244,475), not of all rows (253,953)."""
    assert tables.load(table)["courses"].sum() == 244_475


def test_training_sums_meet_the_reconciliation():
    """Rows, places and cost of each fiscal year are those that were held against the printed totals."""
    sums = tables.load("fmtrpt_country_year").groupby("fiscal_year")[["courses", "places", "cost_usd"]].sum()
    checked = tables.load("fmtrpt_reconciliation").set_index("fiscal_year")
    assert (sums["courses"] == checked["courses"]).all()
    assert (sums["places"] == checked["places"]).all()
    # Each sum is rounded to whole dollars; some rows print cents.
    assert ((sums["cost_usd"] - checked["cost_usd"]).abs() <= 5).all()


@pytest.mark.parametrize(
    ("summed", "printed", "gap"),
    [("places", "printed_places", "places_gap_pct"), ("cost_usd", "printed_cost_usd", "cost_gap_pct")],
)
def test_gap_to_the_printed_totals(summed, printed, gap):
    """The gap of every fiscal year is recomputed, and none is larger than two per cent."""
    checked = tables.load("fmtrpt_reconciliation")
    recomputed = 100 * (checked[summed] - checked[printed]) / checked[printed]
    assert (recomputed - checked[gap]).abs().max() < 0.001
    assert recomputed.abs().max() < 2


def test_no_printed_totals_among_the_courses():
    """The reports print sums of programmes between the courses; counted as courses they would double everything."""
    titles = tables.load("fmtrpt_el_salvador")["course"].fillna("").str.lower()
    assert not titles.str.contains(r"\btotals?\b").any()


def test_el_salvador_is_the_same_in_both_tables():
    """The course list and the country table agree on El Salvador, year by year."""
    listed = tables.load("fmtrpt_el_salvador").groupby("fiscal_year")[["places", "cost_usd"]].sum()
    summed = tables.load("fmtrpt_country_year").query("iso3 == 'SLV'").groupby("fiscal_year")[["places", "cost_usd"]].sum()
    assert (listed["places"] == summed["places"]).all()
    # Whole dollars in both; some rows print cents.
    assert ((listed["cost_usd"] - summed["cost_usd"]).abs() <= 5).all()


@pytest.mark.parametrize(
    ("table", "columns"),
    [("fmtrpt_country_year", ["police_places", "mixed_places"]), ("fmtrpt_el_salvador", ["police", "mixed"])],
)
def test_recipients_without_a_unit_are_unknown(table, columns):
    """No recipient unit was printed for 1999 and 2000, nor for some rows since: police is unknown there, never zero."""
    frame = tables.load(table)
    early = frame["fiscal_year"] < 2001
    unstated = frame["unit"].isna() | frame["unit"].isin(["N/A", "Not Reported", "Unknown"]) if "unit" in frame else early
    assert early.any() and unstated[early].all()
    assert frame.loc[unstated, columns].isna().all(axis=None)
    assert frame.loc[~unstated, columns].notna().all(axis=None)


def test_shares_of_police_leave_unstated_units_out():
    """Places without a unit are in no share as if they were soldiers', and are told beside it."""
    training = tables.load("fmtrpt_country_year")
    assert (training["unstated_places"] <= training["places"]).all()
    early = training["fiscal_year"] < 2001
    assert (training.loc[early, "unstated_places"] == training.loc[early, "places"]).all()
    listed = tables.load("fmtrpt_el_salvador")
    salvadoran = training[training["iso3"] == "SLV"].groupby("fiscal_year")["unstated_places"].sum()
    by_row = listed[listed["police"].isna()].groupby("fiscal_year")["places"].sum()
    assert (by_row.reindex(salvadoran.index, fill_value=0) == salvadoran).all()
    for id in ("police-share-early", "police-share-late", "police-share-early-all", "police-slv-police-share"):
        assert "stated" in FACTS[id]["how"], id


def test_mixed_groups_are_apart_from_police():
    """Police places leave mixed groups and other law enforcement out; together they are no more than all places."""
    training = tables.load("fmtrpt_country_year").dropna(subset=["police_places"])
    groups = training["police_places"] + training["mixed_places"] + training["other_law_places"]
    assert (groups + training["unstated_places"] <= training["places"]).all()
    spanned = training[training["fiscal_year"].between(2001, 2006)]
    stated = spanned["places"].sum() - spanned["unstated_places"].sum()
    assert FACTS["police-share-early-all"]["value"] == pytest.approx(spanned["police_places"].sum() / stated)
    assert (spanned["police_places"].sum() + spanned["mixed_places"].sum()) / stated > 0.12


def test_shares_across_2006_are_told_without_peacekeeping():
    """Peacekeeping courses enter the reports in 2006, a declared break: figure and prose show the share without them."""
    training = tables.load("fmtrpt_country_year")
    assert 2006 in [each.value for each in meaning.breaks(training, "police_places")]
    peace = training[training["programme"] == "Peacekeeping"].groupby("fiscal_year")["places"].sum()
    assert peace[2006] > 50 * peace.loc[2002:2005].max()
    assert "Without peacekeeping" in set(figure_data("police-training-shares")["Courses"])
    assert FACTS["police-share-late"]["value"] > 1.5 * FACTS["police-share-late-all"]["value"]


# Regional money.


def test_regional_line_stands_beside_el_salvador():
    """The figure on law-enforcement money shows the regional line with the country's own, over the same years."""
    shown = figure_data("aid-regional")
    years = {line: set(rows["fiscal_year"]) for line, rows in shown.groupby("line")}
    own = next(line for line in years if line.startswith("El Salvador’s own"))
    region = next(line for line in years if "Central America (not specified)" in line)
    assert min(years[own]) == min(years[region]) == 2008
    assert max(years[own]) == max(years[region]) == 2020
    assert (
        shown.loc[shown["line"] == region, "obligations_usd2020"].sum()
        > 50 * shown.loc[shown["line"] == own, "obligations_usd2020"].sum()
    )


def test_regional_lines_are_no_countries():
    """'Countries reached' counts no regional line, and sums of all money leave none out."""
    narcotics = tables.load("narcotics_obligations")
    assert (narcotics["regional"] == narcotics["country"].str.contains("(not specified)", regex=False)).all()
    late = narcotics[narcotics["fiscal_year"].between(2001, 2010) & (narcotics["obligations_usd2020"] > 0)]
    assert late.groupby("fiscal_year")["country"].nunique().mean() > FACTS["police-narcotics-named-late"]["value"]
    assert FACTS["police-narcotics-late"]["value"] * 10 == pytest.approx(
        narcotics.loc[narcotics["fiscal_year"].between(2001, 2010), "obligations_usd2020"].sum()
    )


# Look-alike totals and changes of definition.


def test_counts_of_police_are_never_joined():
    """The counts have different scopes: the chapter draws no line through them."""
    source = next(
        "".join(cell["source"]) for cell in book.read(NOTEBOOK)["cells"] if "def draw_counts" in "".join(cell["source"])
    )
    calls = [node.func.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and hasattr(node.func, "attr")]
    assert "bars" in calls and not {"plot", "line", "step", "slopes"} & set(calls)
    assert tables.load("police_assistance_counts")["scope"].is_unique


@pytest.mark.parametrize("id", ["aid-el-salvador", "aid-regional", "police-narcotics"])
def test_aid_series_are_bars_and_points(id):
    """Aid lines change definition, so no figure of them joins years by a line."""
    source = next("".join(c["source"]) for c in book.read(NOTEBOOK)["cells"] if f'"{id}",' in "".join(c["source"]))
    for call in re.findall(r"\.plot\([^\n]*(?:\n[^\n]*){0,10}?\)\n", source):
        assert 'linestyle="none"' in call or "* 2" in call, f"{id}: a line joins points: {call[:80]}"


@pytest.mark.parametrize(
    ("id", "words"),
    [("aid-el-salvador", "definition changes"), ("police-counts", "definition changes")],
)
def test_captions_say_where_the_break_is(id, words):
    """A figure that crosses a change of definition says so."""
    caption = next(record["caption"] for _, record in book.recorded("figure") if record["id"] == id)
    assert words in caption


def test_definitions_of_salvadoran_aid_do_not_share_a_figure():
    """Aid by account and aid by purpose overlap: the figure has the account alone."""
    record = next(record for _, record in book.recorded("figure") if record["id"] == "aid-regional")
    assert record["sources"] == ["us_aid_el_salvador"]


def test_look_alike_totals_of_2022_differ():
    """The sums of fiscal year 2022 are different numbers, each with what it covers, and all nominal."""
    shown = next(
        output["data"]
        for cell in book.read(NOTEBOOK)["cells"]
        for output in cell.get("outputs", [])
        if "Five sums of fiscal year 2022" in str(output.get("data", {}).get("text/html", ""))
    )
    cells = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', "".join(shown["text/html"]))
    assert len({what for what, _ in cells}) == len({amount for _, amount in cells}) == 5
    assert "Million dollars of 2022" in "".join(shown["text/html"])


def test_authority_is_not_obligations():
    """Budget authority and obligations of one year differ: 2016 shows how far."""
    assert FACTS["police-authority-2016"]["value"] > 5 * FACTS["police-narcotics-2016"]["value"]


# Constant dollars.


@pytest.mark.parametrize("id", FIGURES)
def test_no_chart_mixes_bases(id):
    """Every dollar column that a figure plots is in the base of the book; nominal ones go with no constant ones."""
    columns = [column for column in figure_data(id).columns if re.search(r"_usd(\d{4})?$", column)]
    bases = {dollars.base(column) for column in columns}
    assert len(bases) < 2
    if bases and id not in ("police-training-map", "police-courses", "police-counts"):
        assert bases == {dollars.BASE}


def test_mixing_bases_is_refused():
    """Tables in two bases, or nominal beside constant, are refused by name and with the remedy."""
    own = tables.load("us_aid_el_salvador")[["obligations_usd2020"]]
    purpose = tables.load("us_aid_sectors_el_salvador")[["amount_usd2023"]]
    with pytest.raises(dollars.DollarsError, match=r"amount_usd2023 \(2023\), obligations_usd2020 \(2020\).*dollars\.rebase"):
        dollars.one_base(own, purpose)
    with pytest.raises(dollars.DollarsError, match="nominal"):
        dollars.one_base(tables.load("us_aid_el_salvador"))
    assert dollars.one_base(own, purpose.assign(amount_usd2020=1.0)[["amount_usd2020"]]) == 2020


def test_rebase_refuses_what_it_cannot_know():
    """A column that hides its base, a year without a price and nominal dollars without years are refused."""
    frame = pd.DataFrame({"fiscal_year": [1900], "cost_usd": [1.0], "cost": [1.0]})
    with pytest.raises(dollars.DollarsError, match="must end in _usd"):
        dollars.rebase(frame, "cost")
    with pytest.raises(dollars.DollarsError, match="no price level for fiscal year 1900; known: 1946 to 2025"):
        dollars.rebase(frame, "cost_usd")
    with pytest.raises(dollars.DollarsError, match="need the column 'fiscal_year'"):
        dollars.rebase(frame[["cost_usd"]], "cost_usd")
    with pytest.raises(dollars.DollarsError, match="no column of dollars"):
        dollars.one_base(frame[["cost"]])


@pytest.mark.parametrize("to", [2020, 2023, 2024])
def test_rebase_agrees_with_the_published_bases(to):
    """From nominal or constant dollars of one file, rebase lands within one per cent of what each file publishes."""
    rates = tables.load("us_dollar_deflator").assign(amount_usd=1.0).dropna(subset=[f"usd{to}_per_usd"])
    made = dollars.rebase(rates, "amount_usd", to=to)
    assert made.name == f"amount_usd{to}"
    assert (made / rates[f"usd{to}_per_usd"] - 1).abs().max() < 0.01


def test_rebase_goes_there_and_back():
    """Rebasing to another year and back changes nothing, and the own base is left as it is."""
    sectors = tables.load("us_aid_sectors_el_salvador")
    there = dollars.rebase(sectors, "amount_usd2023", to=2024)
    back = dollars.rebase(there.to_frame(), "amount_usd2024", to=2023)
    assert (back - sectors["amount_usd2023"]).abs().max() < 1e-3
    own = tables.load("us_aid_el_salvador")
    assert dollars.rebase(own, "obligations_usd2020").equals(own["obligations_usd2020"])


# Recipes.


def test_planned_rows_are_dropped_where_the_parts_are_read():
    """The one reader of the raw parts filters on status, so that no recipe can forget it."""
    recipes = book.PROJECT / "data" / "recipes"
    assert '("status", "==", "actual")' in (recipes / "_fmtrpt.py").read_text(encoding="utf-8")
    readers = [path.name for path in recipes.glob("*.py") if "read_parquet" in path.read_text(encoding="utf-8")]
    assert readers == ["_fmtrpt.py"]
