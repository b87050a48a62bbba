"""Pages of countries say what the tables have, by a second route: plain Python over the CSV files; and no row is lost."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from functools import cache
from html import unescape
from xml.etree import ElementTree

import pandas as pd
import pytest

from essay import channels, country, sparks, tables, text, told
from tests.book import MEDIA_TYPE, PROJECT, read

DATA = PROJECT / "data"
FIVE = ("SLV", "BRA", "COL", "HUN", "MEX")
# The columns by which a table may say of which country a row is.
COLUMNS = {"iso3", "country", "home_country"}


@cache
def rows(table: str) -> list[dict[str, str]]:
    """Return the rows of one table as text."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


NAMES = {row["name"]: row for row in rows("country_names")}
PAGES = {row["iso3"] for row in NAMES.values() if row["kind"] == "own page"}


def said(row: dict[str, str], table: str) -> str:
    """Return the name under which a row stands; a table without names has codes of pages."""
    return row[country.NAMED.get(table, "country" if "country" in row else "iso3")]


def page_of(row: dict[str, str], table: str) -> str:
    """Return the code of the page of a row, '' where it stands on none."""
    name = said(row, table)
    if name in PAGES:
        return name
    return NAMES[name]["iso3"] if NAMES[name]["kind"] != "no page" else ""


@cache
def by_page(table: str) -> dict[str, list[dict[str, str]]]:
    """Return the rows of a table by the code of their page."""
    found = defaultdict(list)
    for row in rows(table):
        found[page_of(row, table)].append(row)
    return found


def of(table: str, iso3: str) -> list[dict[str, str]]:
    """Return the rows of one country."""
    return by_page(table).get(iso3, [])


def numbers(iso3: str) -> dict[str, object]:
    """Return the numbers of a page by the id of their receipt."""
    return {fact.id: fact.value for part in channels.sections(iso3) for fact in part.facts}


def test_every_table_with_a_country_is_used():
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    with_country = {
        each["name"]
        for each in package
        if COLUMNS & {field["name"] for field in each["schema"]["fields"]} and each["name"] not in ("countries", "country_names")
    }
    assert set(country.used()) == with_country
    assert {name for channel in channels.CHANNELS for name in channel.tables} | set(channels.BESIDE) == with_country
    alone = [name for names in country.ALONE.values() for name in names]
    assert len(alone) == len(set(alone)) and not set(alone) & with_country


@pytest.mark.parametrize("table", sorted(country.used()))
def test_every_row_stands_on_one_page_or_is_a_named_exception(table):
    pages = {each.iso3 for each in country.countries()}
    assert pages == PAGES
    expected = Counter(page_of(row, table) for row in rows(table))
    assert {iso3: len(country.rows(table, iso3)) for iso3 in pages if len(country.rows(table, iso3))} == {
        iso3: count for iso3, count in expected.items() if iso3
    }
    elsewhere = country.without_page().query("table == @table")
    assert dict(zip(elsewhere["name"], elsewhere["rows"], strict=True)) == Counter(
        said(row, table) for row in rows(table) if not page_of(row, table)
    )
    assert elsewhere["why"].str.len().gt(5).all()


def test_a_name_that_leads_nowhere_is_refused():
    names = tables.load("country_names")
    frame = tables.load("narcotics_obligations").assign(country="Ruritania")
    frame.attrs["table"] = "narcotics_obligations"
    with pytest.raises(tables.TableError, match=r"narcotics_obligations: row 2: 'Ruritania' .* data/country_names.csv"):
        country.with_page(frame, names)


def test_a_count_that_leaves_a_row_out_is_refused():
    prisons = country.rows("supermax_abroad", "BRA")
    with pytest.raises(tables.TableError, match="supermax_abroad: us_link has a value"):
        channels.told.Said("supermax", country.of("BRA")).counts(prisons, "us_link", {"documented": "with a link"})


def test_a_code_that_is_not_of_the_name_is_refused():
    frame = tables.load("third_countries").assign(iso3="FRA")
    frame.attrs["table"] = "third_countries"
    with pytest.raises(tables.TableError, match=r"third_countries: row 2: 'Mexico' has the code FRA, and MEX in"):
        country.with_page(frame, tables.load("country_names"))


@pytest.mark.parametrize("iso3", FIVE)
def test_training_and_aid_add_up(iso3):
    training, aid, shown = of("fmtrpt_country_year", iso3), of("narcotics_obligations", iso3), numbers(iso3)
    assert shown.get("police-places", 0) == sum(int(row["places"]) for row in training)
    assert shown.get("police-cost", 0) == sum(int(row["cost_usd"]) for row in training)
    recent = [row for row in training if int(row["fiscal_year"]) >= 2007]
    assert shown.get("police-police", 0) == sum(int(row["police_places"]) for row in recent)
    assert shown.get("police-unknown", 0) == sum(int(row["unstated_places"]) for row in recent)
    assert shown.get("police-known", 0) == sum(int(row["places"]) - int(row["unstated_places"]) for row in recent)
    assert shown["police-aid"] == sum(int(row["obligations_usd2020"]) for row in aid)
    assert shown["police-aid-years"] == len(aid) > 0


@pytest.mark.parametrize("iso3", [*FIVE, "GBR", "USA"])
def test_lists_are_counted_whole(iso3):
    shown = numbers(iso3)
    prisons = of("radial_prisons", iso3)
    for id, expected in {
        "plan-on": sum(row["on_plan"] == "True" for row in prisons),
        "plan-off": sum(row["on_plan"] == "False" for row in prisons),
        "plan-visitors": len(of("penal_visitors", iso3)),
        "supermax-rows": len(of("supermax_abroad", iso3)),
        "companies-facilities": len(of("private_prisons_abroad", iso3)),
        "companies-decisions": len(of("private_prison_reversals", iso3)),
        "companies-aca": len(of("aca_abroad", iso3)),
        "removals-projects": len(of("cecot_models", iso3)),
        "removals-people": sum(int(row["people"]) for row in of("third_countries", iso3)),
        "removals-paid": sum(int(row["payment_usd"]) for row in of("third_country_costs", iso3)),
    }.items():
        assert shown.get(id, 0) == expected, id


@pytest.mark.parametrize("iso3", sorted(PAGES))
def test_every_number_has_its_receipt_and_every_list_its_rows(iso3):
    body = channels.page(iso3).body
    receipts = dict(re.findall(r'<tr id="fact-([\w-]+)" tabindex="-1"><th scope="row">(.*?)</th>', body))
    links = re.findall(r'<a class="fact" href="#fact-([\w-]+)"[^>]*>(.*?)</a>', body)
    assert {id: unescape(words) for id, words in links} == {id: unescape(words) for id, words in receipts.items()}
    assert len(links) == len(receipts) == body.count('id="fact-')
    listed = ("radial_prisons", "penal_visitors", "radial_national_counts", "supermax_abroad", "ilea_sites", "cecot_models")
    listed += ("private_prisons_abroad", "private_prison_reversals", "private_prison_shares", "aca_abroad")
    more = len(rows("aca_mexico_counts")) if iso3 == "MEX" else 0
    items = sum(part.count("<li>") for part in re.findall(r'<ul class="rows">.*?</ul>', body.partition('id="beside"')[0]))
    assert items == sum(len(of(table, iso3)) for table in listed) + more
    # Numbers outside tables, lists and links are years and dates.
    for paragraph in re.findall(r"<p>(.*?)</p>", body):
        loose = re.findall(r"\d[\d,.]*\d|\d", re.sub(r'<a class="fact".*?</a>', "", paragraph))
        assert all(re.fullmatch(r"(?:1[89]|20)\d\d\.?|[1-3]?\d", each) for each in loose), paragraph


def test_a_month_of_a_list_is_spelt_out():
    """In a cell of its own it is a month; within a line, 2017-01 would read as a range of years."""
    dated = {"supermax_abroad": "opened", "private_prisons_abroad": "opened", "aca_abroad": "earliest_event"}
    dated |= {"radial_prisons": "opened", "private_prison_reversals": "date", "cecot_models": "announced"}
    checked = set()
    for table, column in dated.items():
        for row in rows(table):
            if (month := re.fullmatch(r"(?:by )?(\d{4}-\d\d)", row[column])) and (iso3 := page_of(row, table)):
                body = channels.page(iso3).body
                assert text.when(month[1]) in body and month[1] not in re.sub("<[^>]+>", "", body), row
                checked.add(table)
    assert len(checked) >= 4


def test_where_nothing_stands_the_page_says_what_that_does_not_mean():
    checked = 0
    for each in country.countries():
        page = channels.page(each.iso3)
        lacking = [part for part in page.sections if not part.found]
        if each.iso3 == country.ORIGIN:
            assert channels.NO_EVIDENCE not in page.body
            continue
        # Other tables of the book may name the country: the sentence is about those that are named with it.
        assert page.body.count(f"The tables named below have no row of {each.in_prose}, {channels.NO_EVIDENCE}") == len(lacking)
        assert (channels.NO_EVIDENCE in page.found) == bool(lacking)
        assert page.tables <= page.read
        assert all((part.short == "") != part.found for part in page.sections)
        checked += len(lacking) == len(channels.CHANNELS)
    assert checked > 0, "some country has nothing at all"


def test_a_channel_is_empty_if_and_only_if_its_tables_are():
    table = channels.found()
    assert set(table.index) == PAGES - {country.ORIGIN}
    for channel in channels.CHANNELS:
        there = {page_of(row, name) for name in channel.tables for row in rows(name)}
        assert set(table.index[table[channel.id]]) == there - {"", country.ORIGIN}


def test_the_table_of_all_countries_says_no_more_than_the_rows():
    """A visit that nobody claims is none, a share that is not given is none, and a study visit is no prison."""
    checked = 0
    for each in country.countries():
        short = {part.channel.id: part.short for part in channels.sections(each.iso3)}
        came = sum(row["visit"] in ("documented", "claimed") for row in of("penal_visitors", each.iso3))
        assert re.findall(r"(\d+) visitors?", short["plan"]) == ([str(came)] if came else []), each.name
        given = any(row["share_pct"] for row in of("private_prison_shares", each.iso3))
        assert given or "a share" not in short["companies"], each.name
        assert "announced" not in short["removals"], each.name
        checked += bool(of("penal_visitors", each.iso3) and not came) + ("a mention" in short["companies"])
    assert checked > 2


def test_a_country_of_which_only_a_count_is_known_has_that_in_the_table_of_all(monkeypatch):
    """None is so now."""
    alone, rows_of = next(each for each in country.countries() if told.tell("plan", each).tables == []), country.rows
    monkeypatch.setattr(country, "rows", lambda table, iso3: rows_of(table, "JPN" if table.endswith("_counts") else iso3))
    assert told.tell("plan", alone).short == ["a count"]


def test_what_stands_at_some_time_or_for_somebody_else_is_said_so():
    bodies = {iso3: channels.page(iso3).body for iso3 in ("MEX", "DEU", "KOR", "JPN", "GTM", "SLV")}
    assert "all accredited at some time. A certificate runs for three years unless renewed." in bodies["MEX"]
    assert all("for soldiers of the U.S. Army, which is no export" in bodies[iso3] for iso3 in ("DEU", "KOR"))
    assert "Rows need not be independent cases" in bodies["JPN"]
    assert "A table about Mexico alone stands" in bodies["MEX"] and "Tables about El Salvador alone stand" in bodies["SLV"]
    assert "Nigeria refused to take people" in channels.page("NGA").body
    # La Petite Roquette was planned before Eastern State opened, and opened after it.
    assert "on a plan from before Eastern State opened" in channels.page("FRA").body
    assert "The list begins in 2025" in bodies["GTM"] and "by its count" in bodies["SLV"]
    # An ISO month between words would be typeset as a range of numbers.
    for iso3, body in bodies.items():
        assert not re.search(r"\b20\d\d[-–]\d\d\b", re.sub(r"<[^>]+>", "", body)), iso3


def test_the_reports_leave_out_what_the_pages_say_they_do():
    """Not all: the first reports have rows of countries that the later ones leave out."""
    years = {iso3: {int(row["fiscal_year"]) for row in of("fmtrpt_country_year", iso3)} for iso3 in ("AUS", "JPN", "NZL")}
    every = {int(row["fiscal_year"]) for row in rows("fmtrpt_country_year")}
    assert all(0 < len(found) < len(every) / 2 for found in years.values())
    assert "most members of NATO and, in most years, Australia, Japan and New Zealand" in channels.LEFT_OUT
    prose = "".join("".join(cell["source"]) for cell in read(PROJECT / "book" / "countries.ipynb")["cells"])
    assert channels.LEFT_OUT.removeprefix("The ") in prose
    for iso3 in PAGES - {country.ORIGIN}:
        found = {int(row["fiscal_year"]) for row in of("fmtrpt_country_year", iso3)}
        body = channels.page(iso3).body
        assert (channels.LEFT_OUT in body) == (max(every) not in found), iso3
        assert (f"The reports go on to fiscal {max(every)}." in body) == (bool(found) and max(every) not in found), iso3


def test_those_with_a_page_are_who_the_table_says():
    """Members and observers of the United Nations, three more, and territories of which a table has a row."""
    others = {"XKX", "TWN", "ESH", "COK", "NIU", "ABW", "CYM", "PYF", "HKG", "NCL", "SXM", "TCA", "TKL"}
    members, observers = 193, {"VAT", "PSE"}
    assert others | observers <= PAGES and len(PAGES - others - observers) == members
    there = channels.found().any(axis=1)
    assert all(there[iso3] for iso3 in others - {"ESH"})


def test_the_lines_of_police_stop_at_each_declared_break():
    training = channels.told.training("COL")
    pieces = sparks.runs(training, "fiscal_year", "police_places")
    assert [(run[0][0], run[-1][0]) for run in pieces] == [(2001, 2005), (2006, 2006), (2007, 2020)]
    svg = ElementTree.fromstring(sparks.spark(training, "fiscal_year", {"police_places": "spark-police"}, "alt"))
    assert [node.tag for node in svg if node.get("class") == "spark-police"] == ["path", "circle", "path"]


def test_a_line_stops_at_a_missing_year_and_value_and_begins_at_zero():
    frame = pd.DataFrame({"year": [2001, 2002, 2004, 2005, 2006], "usd": pd.array([5, 10, -5, None, 0], dtype="Int64")})
    frame.attrs["table"] = "narcotics_obligations"
    assert sparks.runs(frame, "year", "usd") == [[(2001, 5.0), (2002, 10.0)], [(2004, -5.0)], [(2006, 0.0)]]
    svg = ElementTree.fromstring(sparks.spark(frame, "year", {"usd": "spark-all"}, "alt"))
    heights = [float(svg.find("path[@class='spark-zero']").get("d").split()[1].split("H")[0])]
    heights += [float(node.get("cy")) for node in svg.iter("circle")]
    zero, below, nought = heights
    assert zero == nought < below <= sparks.HEIGHT


def test_a_picture_of_no_value_is_refused():
    frame = pd.DataFrame({"year": [2001], "usd": pd.array([None], dtype="Int64")})
    frame.attrs["table"] = "narcotics_obligations"
    with pytest.raises(ValueError, match="usd: no value to draw"):
        sparks.spark(frame, "year", {"usd": "spark-all"}, "alt")


def test_a_claim_stands_with_the_countries_that_it_names_and_no_others():
    named = channels.named
    assert named("Prisons in Equatorial Guinea, Papua New Guinea and New Mexico; American Samoa") == {"GNQ", "PNG"}
    assert named("Salvadoran police, Nigerian police, a Panamanian camp") == set()
    assert named("In Zaire and the UAE; Niger, Nigeria.") == {"COD", "ARE", "NER", "NGA"}
    assert named("Scotland, Northern Ireland and Dubai; New England, New South Wales") == {"GBR", "ARE"}
    ledger = {row["id"]: row for row in rows("claims")}
    for iso3, claims in channels.naming().items():
        known = [name for name, row in NAMES.items() if row["iso3"] == iso3]
        for claim in claims:
            words = " ".join(ledger[claim["id"]][column] for column in ("claim", "finding", "correction"))
            assert any(name in words for name in known), f"{claim['id']}: {known}"
    assert {claim["id"] for claim in channels.naming()["BRA"]} >= {"supermax-08", "supermax-10"}


def test_the_table_of_all_countries_is_in_the_order_that_readers_expect():
    (output,) = [
        output["data"]
        for cell in read(PROJECT / "book" / "countries.ipynb")["cells"]
        for output in cell.get("outputs", [])
        if "countries" in output["data"].get(MEDIA_TYPE, {})
    ]
    page = "".join(output["text/html"])
    names = [unescape(name) for name in re.findall(r'<th scope="row"><a href="country/\w+\.html">(.*?)</a>', page)]
    assert names == sorted(names, key=country.plain) and len(names) == len(PAGES) - 1
    assert names.index("Côte d’Ivoire") < names.index("Croatia")
    assert page.count('<td class="has">') == int(channels.found().to_numpy().sum())
    assert "Burma" in page and "Swaziland" in page
