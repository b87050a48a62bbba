"""What the tables say of one country in each of the five channels: sentences with their receipts, and the rows with sources."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from functools import cache
from urllib.parse import urlsplit

import pandas as pd

from essay import country, facts, meaning, shown, sparks, tables, text
from essay.country import Country

LINKS = {
    "origin": "Eastern State itself",
    "documented_esp_influence": "Philadelphia, its plan or a study of it named as the model",
    "documented_indirect": "an indirect link to Philadelphia",
    "radial_plan_only": "the plan, and no link shown",
    "contested": "a link that is contested",
    "antecedent_predates_esp": "older than Eastern State",
    "panopticon_not_esp": "a panopticon, which is another plan",
}


class Said:
    """The sentences of one section, and the receipts of the numbers in them."""

    def __init__(self, of: str):
        self.of = of
        self.facts: list[facts.Fact] = []
        self.parts: list[str] = []
        self.short: list[str] = []

    def number(self, key: str, value, how: str, table: str | tuple[str, ...], show=None) -> str:
        """Return a number as a link to its receipt; without `show` small ones are in words."""
        show = show or (text.words if value < 11 else "{:,}")
        made = facts.fact(f"{self.of}-{key}", value, show, how, table)
        self.facts.append(made)
        return f'<a class="fact" href="#fact-{made.id}" title="Receipt: where this comes from">{html.escape(made.shown)}</a>'

    def counts(self, frame: pd.DataFrame, column: str, words: dict[str, str]) -> str:
        """Return how often each value of a column occurs, as 'two with this and one with that'; what never does is left out.

        Raises tables.TableError for a value that `words` does not tell.
        """
        table = frame.attrs["table"]
        found = {value: int((frame[column] == value).sum()) for value in words}
        if sum(found.values()) != len(frame):
            raise tables.TableError(f"{table}: {column} has a value that the pages of countries do not tell; see essay/told.py")
        if (alike := next((value for value, count in found.items() if count == len(frame)), None)) is not None:
            return {1: "", 2: "both "}.get(len(frame), "all ") + words[alike]
        return text.listed(
            f"{self.number(f'{column}-{_key(value)}', count, f'rows with {column} = {value}', table)} {words[value]}"
            for value, count in found.items()
            if count
        )

    def say(self, *sentences: str) -> None:
        """Add a paragraph."""
        whole = " ".join(sentence for sentence in sentences if sentence)
        self.parts.append(f"<p>{whole}</p>")

    def rows(self, items: Iterable[str]) -> None:
        """Add a list of rows."""
        self.parts.append(f'<ul class="rows">{"".join(f"<li>{item}</li>" for item in items)}</ul>')


def _key(value: str) -> str:
    """Return a value as part of an id."""
    return re.sub(r"[^a-z0-9]+", "-", str(value).lower()).strip("-")


def _source(row: pd.Series) -> str:
    """Return the source of a row as a link."""
    label, address = facts.row_source(row)
    return f"Source: {shown.link(address, label)}."


def _sources(addresses: str) -> str:
    """Return the addresses of a cell as links that say whose pages they are."""
    links = [shown.link(each, urlsplit(each).netloc.removeprefix("www.").strip(".")) for each in re.split(r";\s*", addresses)]
    return f"Source: {', '.join(links)}."


def _date(words: object) -> object:
    """Return a day or month of a cell as prose writes it, and anything else as it is."""
    return text.when(words) if pd.notna(words) and re.fullmatch(r"\d{4}-\d\d(-\d\d)?", words) else words


def _stop(words: str) -> str:
    """Return escaped words with a full stop."""
    return html.escape(words).rstrip(".") + "."


def _and(*parts) -> str:
    """Return what is not missing of some cells, with commas between, escaped."""
    return html.escape(", ".join(str(part) for part in parts if pd.notna(part) and part != ""))


def one_or_more(count: int, one: str, more: str) -> str:
    """Return the form of a word that goes with a count."""
    return one if count == 1 else more


def _or_none(count: int) -> str:
    """Return a count in words or figures, 'none' for zero."""
    return "none" if count == 0 else text.words(count) if count < 11 else f"{count:,}"


def _cases(count: int) -> str:
    """Return what to know of several rows."""
    return "" if count < 2 else "Rows are not independent cases: prisons of one programme have a row each."


def _plan(about: Country) -> Said:
    """Return what the gazetteer, the visitors and the national counts say."""
    said = Said("plan")
    prisons = country.rows("radial_prisons", about.iso3)
    on, off = (prisons[prisons["on_plan"] == there].copy() for there in (True, False))
    for part in (on, off):
        part.attrs["table"] = "radial_prisons"
    if len(on):
        count = said.number("on", len(on), f"rows of {about.name} with on_plan", "radial_prisons")
        words = {
            "origin": "that is Eastern State itself",
            "documented_esp_influence": "with Philadelphia, its plan or a study of it named as the model",
            "documented_indirect": "with an indirect link to Philadelphia",
            "radial_plan_only": "on the plan with no link shown",
            "contested": "with a link that is contested",
            "antecedent_predates_esp": "older than Eastern State",
        }
        said.say(
            f"Our list has {count} {one_or_more(len(on), 'prison', 'prisons')} of {about.in_prose} whose plan is radial or "
            f"cruciform, in whole or in part: {said.counts(on, 'evidence', words)}. A plan alone shows no debt to Philadelphia."
        )
        said.short.append(f"{len(on)} {one_or_more(len(on), 'prison', 'prisons')}")
    if len(off):
        count = said.number("off", len(off), f"rows of {about.name} without on_plan", "radial_prisons")
        more = "more " if len(on) else ""
        said.say(
            f"Our list has {count} {more}{one_or_more(len(off), 'prison', 'prisons')} of {about.in_prose} with another plan, or "
            "one that is not established, for what they took of the regime or for comparison."
        )
        if not len(on):
            said.short.append("another plan")
    if len(prisons):
        said.rows(
            f"<strong>{html.escape(row['name'])}</strong>, {_and(row['city'], row['opened'])}: plan {html.escape(row['plan'])}; "
            f"{LINKS[row['evidence']]}. {html.escape(row['evidence_note'])} {_source(row)}"
            for _, row in prisons.sort_values("opened_year", kind="stable").iterrows()
        )
    visitors = country.rows("penal_visitors", about.iso3)
    if len(visitors):
        count = said.number("visitors", len(visitors), f"rows of {about.name}", "penal_visitors")
        seen = int((visitors["visit"] == "documented").sum())
        known = said.number("visits", seen, "of them with visit = documented", "penal_visitors", _or_none)
        said.say(
            f"Our list of visitors to Eastern State and other U.S. prisons has {count} "
            f"{one_or_more(len(visitors), 'person or delegation', 'people or delegations')} from {about.in_prose}; a visit to "
            f"Eastern State is documented for {known}."
        )
        said.rows(
            f"<strong>{html.escape(row['visitor'])}</strong>, {_and(row['home_country'], _years(row))}: {VISITS[row['visit']]}. "
            f"At home: {_stop(row['consequence_at_home'])} {_source(row)}"
            for _, row in visitors.sort_values("year_from", kind="stable").iterrows()
        )
        said.short.append(f"{len(visitors)} {one_or_more(len(visitors), 'visitor', 'visitors')}")
    counts = country.rows("radial_national_counts", about.iso3)
    if len(counts):
        said.say("Somebody counted such prisons; the counts mix plan and regime and must not be added up.")
        said.rows(
            f"{_and(row['country'], row['period'])}: {_range(row)}{html.escape(row['what_is_counted'])}, "
            f"by {_stop(row['basis'])} {_source(row)}"
            for _, row in counts.iterrows()
        )
        if not said.short:
            said.short.append("a count")
    return said


def _years(row: pd.Series) -> str:
    """Return the years of a visit."""
    if pd.isna(row["year_from"]):
        return "year not known"
    last = "" if pd.isna(row["year_to"]) or row["year_to"] == row["year_from"] else f"-{row['year_to']}"
    return f"{row['year_from']}{last}"


def _range(row: pd.Series) -> str:
    """Return the figures of a national count, empty where it has none."""
    low, high = row["count_low"], row["count_high"]
    if pd.isna(low) and pd.isna(high):
        return ""
    return f"{low} " if low == high or pd.isna(high) else f"{low}-{high} " if pd.notna(low) else f"up to {high} "


def _supermax(about: Country) -> Said:
    """Return what the list of isolation prisons says."""
    said = Said("supermax")
    units = country.rows("supermax_abroad", about.iso3)
    if units.empty:
        return said
    count = said.number("rows", len(units), f"rows of {about.name}", "supermax_abroad")
    words = {
        "documented": "with a U.S. link that a source documents",
        "claimed": "with a U.S. link that a source only claims",
        "none": "with no U.S. link found in the text read",
    }
    said.say(
        f"Our list of isolation prisons and units abroad has {count} of {about.in_prose}: "
        f"{said.counts(units, 'us_link', words)}.",
        _cases(len(units)),
    )
    said.rows(
        f"<strong>{html.escape(row['name'])}</strong>, {_and(row['place'], _date(row['opened']))}: "
        f"{_link(row)}. {_stop(row['evidence'])} {_source(row)}"
        for _, row in units.sort_values("opened_year", kind="stable").iterrows()
    )
    said.short.append(f"{len(units)} {one_or_more(len(units), 'unit', 'units')}")
    return said


def _link(row: pd.Series) -> str:
    """Return what a source shows of a link of an isolation prison to the United States."""
    return "no U.S. link found" if row["us_link"] == "none" else f"U.S. link {row['us_link']}, {row['us_link_kind']}"


def training(iso3: str) -> pd.DataFrame:
    """Return the training of one country by fiscal year: courses, places and dollars summed over programmes.

    Places of police and mixed groups are missing where the reports do not print units. The frame names its table.
    """
    summed = _trained().get(iso3, pd.DataFrame())
    summed.attrs["table"] = "fmtrpt_country_year"
    return summed


@cache
def _trained() -> dict[str, pd.DataFrame]:
    """Return the training by fiscal year of each country of which the reports have some: code -> frame."""
    amounts = ["places", "police_places", "mixed_places", "unstated_places", "cost_usd"]
    summed = country.used()["fmtrpt_country_year"].groupby(["page", "fiscal_year"])[amounts].sum(min_count=1).reset_index()
    return {iso3: years.reset_index(drop=True) for iso3, years in summed.groupby("page")}


def _police(about: Country) -> Said:
    """Return what the training reports, the aid accounts and the list of academies say."""
    said = Said("police")
    years = training(about.iso3)
    if len(years):
        _training(said, about, years)
    money = country.rows("narcotics_obligations", about.iso3)
    if len(money):
        _obligations(said, about, money)
    sites = country.rows("ilea_sites", about.iso3)
    if len(sites):
        said.say("Sites of the International Law Enforcement Academies:")
        said.rows(
            f"<strong>{html.escape(row['site'])}</strong>, {row['kind']}, "
            f"{'opening year not found' if pd.isna(row['opened']) else row['opened']}: {_stop(row['status'])} "
            "The State Department’s page is undated."
            for _, row in sites.iterrows()
        )
        said.short.append(f"{len(sites)} {one_or_more(len(sites), 'academy', 'academies')}")
    return said


def _training(said: Said, about: Country, years: pd.DataFrame) -> None:
    """Say what the training reports count."""
    table = "fmtrpt_country_year"
    first, last = years["fiscal_year"].min(), years["fiscal_year"].max()
    places = said.number("places", int(years["places"].sum()), f"places of {about.name}, all programmes", table, "{:,}")
    cost = said.number("cost", int(years["cost_usd"].sum()), f"cost of {about.name} as printed", table, _dollars)
    recent = years[years["fiscal_year"] >= max(each.value for each in meaning.breaks(years, "police_places"))]
    share = meaning.Share(
        int(recent["police_places"].sum()),
        int((recent["places"] - recent["unstated_places"]).sum()),
        int(recent["unstated_places"].sum()),
    )
    units = ""
    if recent["police_places"].notna().any() and share.known:
        since, to = recent["fiscal_year"].min(), recent["fiscal_year"].max()
        police = said.number(
            "police",
            share.part,
            f"places of groups that name police and no army, fiscal {since} to {to}; {share.told}",
            table,
            _or_none,
        )
        known = said.number(
            "known", share.known, f"places whose recipient unit is stated, fiscal {since} to {to}; {share.told}", table, "{:,}"
        )
        unknown = ""
        if share.unknown:
            how = f"places whose recipient unit is not stated, fiscal {since} to {to}"
            unknown = f"; for {said.number('unknown', share.unknown, how, table, '{:,}')} more it is not stated"
        units = (
            f"In fiscal {_span(since, to)}, of {known} places whose unit is stated {police} went to units that name police and "
            f"no army{unknown}."
        )
    said.say(
        f"Reports on U.S. military training count {places} places for {about.in_prose} in fiscal {_span(first, last)}, "
        f"at {cost} as printed, in dollars of each year. A place is a student on a course, peacekeeping courses included.",
        units,
        "Most training of police is outside these reports, which are of what Defense and State arranged for militaries.",
    )
    alt = (
        f"Training places by fiscal year, {_span(first, last)}: {_ends(years, 'places')}. "
        "A second line has those of police and no army, in pieces that do not compare with each other."
    )
    said.parts.append(
        _picture(
            sparks.spark(years, "fiscal_year", {"places": "spark-all", "police_places": "spark-police"}, alt),
            'Places a year; <b class="spark-police">police and no army</b> below. That line stops at each break of the table.',
        )
    )
    listed = years[["fiscal_year", "places", "police_places", "mixed_places", "unstated_places", "cost_usd"]].rename(
        columns={"cost_usd": "Cost, dollars of the year"}
    )
    listed.attrs["table"] = table
    said.parts.append(_folded(listed, f"Training places of {about.name} by fiscal year"))
    total = years["places"].sum()
    said.short.append(f"{total:,} {one_or_more(total, 'place', 'places')}")


def _obligations(said: Said, about: Country, money: pd.DataFrame) -> None:
    """Say what the narcotics account obligated."""
    table = "narcotics_obligations"
    first, last = money["fiscal_year"].min(), money["fiscal_year"].max()
    total = int(money["obligations_usd2020"].sum())
    amount = said.number(
        "aid", total, f"obligations of {about.name}, constant dollars of 2020, less what was taken back", table, _dollars
    )
    count = said.number("aid-years", len(money), f"fiscal years with a line of {about.name}", table)
    said.say(
        f"The U.S. account for narcotics control and law enforcement obligated {amount} of 2020 for {about.in_prose}, net of "
        f"what was taken back, in {count} {one_or_more(len(money), 'fiscal year', 'fiscal years')} "
        f"{'of' if first == last else 'between'} {first if first == last else f'{first} and {last}'}. It pays for narcotics "
        "control, police, courts and prisons together, and regional lines reach countries besides."
    )
    alt = f"Obligations by fiscal year in constant dollars of 2020, {_span(first, last)}: {_ends(money, 'obligations_usd2020')}."
    said.parts.append(
        _picture(
            sparks.spark(money, "fiscal_year", {"obligations_usd2020": "spark-all"}, alt),
            "Obligations a year, dollars of 2020.",
        )
    )
    listed = money[["fiscal_year", "obligations_usd2020", "obligations_usd"]].rename(
        columns={
            "fiscal_year": "Fiscal year",
            "obligations_usd2020": "Dollars of 2020",
            "obligations_usd": "Dollars of the year",
        }
    )
    listed.attrs["table"] = table
    said.parts.append(_folded(listed, f"Obligations for {about.name} by fiscal year"))
    said.short.append(f"${_dollars(total).removesuffix(' dollars')}")


def _dollars(value: float) -> str:
    """Return a sum of dollars: '12.4 million dollars', '1.27 billion dollars', '35,000 dollars'."""
    if abs(value) >= 1e9:
        return f"{text.billions(2)(value)} dollars"
    if abs(value) >= 1e6:
        return f"{text.millions(1)(value)} dollars"
    return f"{value:,.0f} dollars"


def _span(first: int, last: int) -> str:
    """Return years in words: '2001' or '1999 to 2020'."""
    return str(first) if first == last else f"{first} to {last}"


def _ends(frame: pd.DataFrame, column: str) -> str:
    """Return the first, the highest and the last value of a yearly series."""
    values = list(zip(frame["fiscal_year"].tolist(), frame[column].tolist(), strict=True))
    first, peak, last = (
        f"{value:,} in {year}" for year, value in (values[0], max(values, key=lambda value: value[1]), values[-1])
    )
    return f"{first}, at its highest {peak}, {last}" if len(values) > 1 else first


def _picture(svg: str, caption: str) -> str:
    """Return a small picture with its caption."""
    return f'<p class="spark-line">{svg}<span>{caption}</span></p>'


def _folded(frame: pd.DataFrame, caption: str) -> str:
    """Return the rows of a series as a folded table."""
    count = len(frame)
    label = f"{caption} ({count} {one_or_more(count, 'year', 'years')})"
    return f'<details class="by-year"><summary>{html.escape(label)}</summary>{shown.html_table(frame, caption)}</details>'


def _companies(about: Country) -> Said:
    """Return what the lists of private prisons, of decisions against them, of shares and of certificates say."""
    said = Said("companies")
    prisons = country.rows("private_prisons_abroad", about.iso3)
    if len(prisons):
        count = said.number("facilities", len(prisons), f"rows of {about.name}", "private_prisons_abroad")
        words = {
            "yes": "in which a U.S. company was the operator or part-owned it at some time",
            "no": "where the pages read name no U.S. owner",
            "not-verified": "whose operator or owners they do not name",
        }
        said.say(
            f"Our list of prisons that companies ran, built or were to run has {count} of {about.in_prose}: "
            f"{said.counts(prisons, 'us_link', words)}.",
            _cases(len(prisons)),
        )
        said.rows(
            f"<strong>{html.escape(row['facility'])}</strong>, {_and(_date(row['opened']), row['kind'])}: {_company(row)}. "
            f"{'' if pd.isna(row['status_note']) else _stop(_capital(row['status_note'])) + ' '}{_sources(row['source_urls'])}"
            for _, row in prisons.sort_values("opened_year", kind="stable").iterrows()
        )
        said.short.append(f"{len(prisons)} {one_or_more(len(prisons), 'facility', 'facilities')}")
    decisions = country.rows("private_prison_reversals", about.iso3)
    if len(decisions):
        count = said.number("decisions", len(decisions), f"rows of {about.name}", "private_prison_reversals")
        said.say(
            f"Our list of decisions by which private prisons were refused or given up has {count} of {about.in_prose}. Most of "
            "the list are contracts that failed or ran out, which need not be a refusal."
        )
        said.rows(
            f"<strong>{html.escape(row['place'])}</strong>, {text.when(row['date'])}, {row['what']}: {html.escape(row['event'])} "
            f"{_took_place(row)}{_source(row)}"
            for _, row in decisions.sort_values("date", kind="stable").iterrows()
        )
        if not len(prisons):
            said.short.append(f"{len(decisions)} {one_or_more(len(decisions), 'decision', 'decisions')}")
    shares = country.rows("private_prison_shares", about.iso3)
    if len(shares):
        said.say("Shares of prisoners in private hands, each as its source states it; they are no series.")
        said.rows(
            f"{html.escape(row['place'])}, {'about ' if row['year_approximate'] else ''}{row['year']}: "
            f"{_per_cent(row['share_pct'])}, "
            f"{_stop(row['what_it_measures'])} {_sources(row['source_url'])}"
            for _, row in shares.iterrows()
        )
        if not said.short:
            said.short.append("a share")
    _certificates(said, about)
    return said


def _company(row: pd.Series) -> str:
    """Return what part a U.S. company has in a facility."""
    if row["us_link"] != "yes":
        return {"no": "no U.S. owner named", "not-verified": "operator or owners not named"}[row["us_link"]]
    since = "" if pd.isna(row["us_from"]) else f", from {row['us_from']} on" if pd.isna(row["us_to"]) else f", {_period(row)}"
    return f"{html.escape(row['us_company'])}{since}"


def _period(row: pd.Series) -> str:
    """Return the years in which a U.S. company had a part in a facility."""
    return _span(row["us_from"], row["us_to"])


def _per_cent(share: float) -> str:
    """Return a share of prisoners."""
    return "no share given" if pd.isna(share) else f"{share:g} per cent"


def _for_people(capacity: int) -> str:
    """Return the capacity of a prison, empty where none is given."""
    return "" if pd.isna(capacity) else f"For {capacity:,} people. "


def _took_place(row: pd.Series) -> str:
    """Return whether a decision has taken effect, where that is not known."""
    return {"yes": "", "planned": "Planned. ", "not checked": "Whether it took place was not found. "}[row["took_place"]]


def _capital(words: str) -> str:
    """Return words with a capital at the start."""
    return words[:1].upper() + words[1:]


def _certificates(said: Said, about: Country) -> None:
    """Say what the list of certificates has, and for Mexico what was counted."""
    certified = country.rows("aca_abroad", about.iso3)
    if len(certified):
        count = said.number("aca", len(certified), f"rows of {about.name}", "aca_abroad")
        words = {
            "accredited": "accredited",
            "candidate": "a candidate",
            "unclear": "of unclear standing",
            "U.S. military": "for soldiers of the U.S. Army",
        }
        paid = meaning.share(certified, "us_money", ["yes"])
        money = said.number("aca-money", int(paid.part), f"of them with us_money = yes; {paid.told}", "aca_abroad", _or_none)
        unstated = ""
        if paid.unknown:
            count_unknown = said.number("aca-unstated", int(paid.unknown), "of them with us_money = not stated", "aca_abroad")
            unstated = f" and do not say for {count_unknown}"
        said.say(
            f"Our list of certificates of the American Correctional Association, which is not its register, has {count} "
            f"{one_or_more(len(certified), 'institution', 'institutions')} in {about.in_prose}: "
            f"{said.counts(certified, 'status', words)}. The pages speak of U.S. money for {money}{unstated}.",
            _cases(len(certified)),
        )
        said.rows(
            f"<strong>{html.escape(row['facility'])}</strong>, {_and(row['place'], row['kind'])}: "
            f"{_and(*_standing(row), row['earliest_event'])}. U.S. money: {_stop(row['us_funding'])} "
            f"{_sources(row['source_url'])}"
            for _, row in certified.iterrows()
        )
        said.short.append(f"{len(certified)} on the ACA list")
    if about.iso3 == "MEX":
        counted = tables.load("aca_mexico_counts")
        said.say("How many institutions were counted, each time in another way:")
        said.rows(
            f"{text.when(row['date'])}: {'no number' if pd.isna(row['institutions']) else row['institutions']}, "
            f"{html.escape(row['what_is_counted'])}, by {_stop(row['publisher'])} {_sources(row['source_url'])}"
            for _, row in counted.iterrows()
        )


STATUS = {
    "received": "received people of other countries whom the United States removed",
    "agreed": "agreed to take people of other countries whom the United States removes; no arrival stands in the table",
    "blocked": "was to receive people of other countries whom the United States removes, and that was blocked",
    "refused": "was to receive people of other countries whom the United States removes, and refused",
}
VISITS = {
    "documented": "visit documented",
    "claimed": "visit claimed",
    "no visit": "no visit",
    "no evidence found": "no evidence of a visit found",
}
WAYS = {"flight": "by flight", "land": "by land, without an agreement", "transit": "in transit to their own country"}


def _removals(about: Country) -> Said:
    """Return what the lists of third countries, of their payments and of prisons like CECOT say."""
    said = Said("removals")
    for _, row in country.rows("third_countries", about.iso3).iterrows():
        people = ""
        if row["status"] == "received":
            how, day = f"people of the row of {about.name}", text.when(row["people_as_of"])
            people = (
                f"How many is not stated, as of {day}."
                if pd.isna(row["people"])
                else f"The table has {said.number('people', int(row['people']), how, 'third_countries', '{:,}')} by {day}."
            )
        way = "" if pd.isna(row["way"]) else f", {WAYS[row['way']]}"
        said.say(
            f"{_capital(html.escape(about.in_prose))} {STATUS[row['status']]}{way}.",
            people,
            "The list is not complete, and its head counts stop at different dates.",
        )
        told = {
            "Agreement": _when(row["agreement_date"]),
            "First arrival": _when(row["first_arrival"]),
            "Maximum": row["cap"],
            "Payment": _terms(row["payment"]),
            "Where people were put": row["held"],
            "Confidence": row["confidence"],
            "Note": row["note"],
        }
        listed = "".join(f"<dt>{term}</dt><dd>{html.escape(str(is_))}</dd>" for term, is_ in told.items() if pd.notna(is_))
        said.parts.append(
            f'<dl class="row">{listed}<dt>Source</dt><dd>{shown.link(row["source_url"], row["source_title"])}</dd></dl>'
        )
        said.short.append(row["status"])
    for _, row in country.rows("third_country_costs", about.iso3).iterrows():
        sum_ = said.number("paid", int(row["payment_usd"]), f"payment of the row of {about.name}", "third_country_costs", _paid)
        people = said.number("paid-for", int(row["people"]), f"people of the row of {about.name}", "third_country_costs", "{:,}")
        said.say(
            f"By a report of one party’s staff in Congress, {sum_} were paid as a lump sum, and {people} people had come by "
            f"{text.when(row['as_of'])}. Flights and operations come on top."
        )
    projects = country.rows("cecot_models", about.iso3)
    if len(projects):
        count = said.number("projects", len(projects), f"rows of {about.name}", "cecot_models")
        said.say(
            f"Our list of prisons announced beside CECOT has {count} of {about.in_prose}. What links each to CECOT is said with "
            "it; capacities are governments’ claims."
        )
        said.rows(
            f"<strong>{html.escape(row['name'])}</strong>, announced {html.escape(text.typeset(row['announced']))}: "
            f"{_stop(row['relation'])} {_for_people(row['capacity'])}{_stop(_capital(row['status']))} {_source(row)}"
            for _, row in projects.iterrows()
        )
        said.short.append(f"{len(projects)} {one_or_more(len(projects), 'prison', 'prisons')} announced")
    return said


def _when(words: object) -> object:
    """Return a date or what stands in its place, typeset."""
    return words if pd.isna(words) else text.typeset(str(words))


def _terms(words: object) -> object:
    """Return a payment: a sum with its unit, or the terms in words."""
    return _paid(int(words)) if pd.notna(words) and str(words).isdigit() else words


def _paid(value: int) -> str:
    """Return a sum of dollars with all its digits: '4.76 million dollars'."""
    return f"{text.millions()(value)} dollars"


def _standing(row: pd.Series) -> tuple[str, ...]:
    """Return the standing of an institution and what happened, once where both say the same."""
    return (row["event"],) if row["event"].startswith(row["status"]) else (row["status"], row["event"])


# Channel -> what tells of a country in it.
TELL = {"plan": _plan, "supermax": _supermax, "police": _police, "companies": _companies, "removals": _removals}
