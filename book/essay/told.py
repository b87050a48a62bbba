"""What the tables say of one country in each of the five channels: sentences with their receipts, and the rows with sources."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from functools import cache
from urllib.parse import urlsplit

import pandas as pd

from essay import country, facts, meaning, shown, sparks, tables, text
from essay.country import Country

# What a value of a table is called where the rows that have it are counted, or in a row itself.
PLANS = {
    "origin": "that is Eastern State itself",
    "documented_esp_influence": "with Philadelphia, its plan or a study of it named as the model",
    "documented_indirect": "with an indirect link to Philadelphia",
    "radial_plan_only": "on the plan with no link shown",
    "contested": "with a link that is contested",
    "antecedent_predates_esp": "on a plan from before Eastern State opened",
}
EVIDENCE = {
    "origin": "Eastern State itself",
    "documented_esp_influence": "Philadelphia, its plan or a study of it named as the model",
    "documented_indirect": "an indirect link to Philadelphia",
    "radial_plan_only": "the plan, and no link shown",
    "contested": "a link that is contested",
    "antecedent_predates_esp": "a plan from before Eastern State opened",
    "panopticon_not_esp": "a panopticon, which is another plan",
}
VISITS = {
    "documented": "visit documented",
    "claimed": "visit claimed",
    "no visit": "no visit on record",
    "no evidence found": "no evidence of a visit found",
}
# What is said of a visit where somebody says that it took place.
CAME = ("documented", "claimed")
UNITS = {
    "documented": "with a U.S. link that a source documents",
    "claimed": "with a U.S. link that a source only claims",
    "none": "with no U.S. link found in the text read",
}
OWNERS = {
    "yes": "in which a U.S. company was the operator or part-owned it at some time",
    "no": "where the pages read name no U.S. owner",
    "not-verified": "whose operator or owners they do not name",
}
TOOK_PLACE = {"yes": "", "planned": "Planned.", "not checked": "Whether it took place was not found."}
CERTIFIED = {
    "accredited": "accredited at some time",
    "candidate": "a candidate",
    "unclear": "of unclear standing",
    "U.S. military": "for soldiers of the U.S. Army, which is no export",
}
STATUS = {
    "received": "received people of other countries whom the United States removed",
    "agreed": "agreed to take people of other countries whom the United States removes; no arrival stands in the table",
    "blocked": "was to receive people of other countries whom the United States removes, and that was blocked",
    "refused": "refused to take people of other countries whom the United States removes",
}
WAYS = {"flight": "by flight", "land": "by land, without an agreement", "transit": "in transit to their own country"}


class Said:
    """What is said of one country in one channel.

    parts: paragraphs, pictures and lists of HTML. facts: the receipts of their numbers. short: the same for a cell of the table
    of all countries. tables: those whose rows are told.
    """

    def __init__(self, of: str, about: Country):
        self.of = of
        self.about = about
        self.parts: list[str] = []
        self.facts: list[facts.Fact] = []
        self.short: list[str] = []
        self.tables: list[str] = []

    def take(self, table: str) -> pd.DataFrame:
        """Return the rows of the country in a table, which they are then told from."""
        found = country.rows(table, self.about.iso3)
        if len(found):
            self.tables.append(table)
        return found

    def number(self, key: str, value, how: str, table: str, show=None) -> str:
        """Return a number as a link to its receipt; without `show` small ones are in words."""
        made = facts.fact(f"{self.of}-{key}", value, show or _count, how, table)
        self.facts.append(made)
        return facts.link(made)

    def count(self, key: str, frame: pd.DataFrame, which: str = "") -> str:
        """Return the number of rows of the country, or of `which` of them, as a link to its receipt."""
        return self.number(key, len(frame), f"rows of {self.about.name}{which}", frame.attrs["table"])

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
        """Add a paragraph; empty sentences are left out."""
        self.parts.append(f"<p>{_joined(*sentences)}</p>")

    def rows(self, items: Iterable[str]) -> None:
        """Add a list of rows."""
        self.parts.append(f'<ul class="rows">{"".join(f"<li>{item}</li>" for item in items)}</ul>')

    def series(
        self, frame: pd.DataFrame, lines: dict[str, str], listed: pd.DataFrame, *, name: str, under: str, alt: str
    ) -> None:
        """Add a yearly series: the picture that `sparks.spark` makes of it, words under that, and the table `listed`, folded."""
        svg = sparks.spark(frame, "fiscal_year", lines, alt)
        label = html.escape(f"{name} ({_many(len(frame), 'year', 'years')})")
        self.parts.append(f'<p class="spark-line">{svg}<span>{under}</span></p>')
        self.parts.append(f'<details class="by-year"><summary>{label}</summary>{shown.html_table(listed, name)}</details>')

    def brief(self, count: int, one: str, more: str) -> None:
        """Add a count to what the table of all countries says."""
        self.short.append(_many(count, one, more))


def tell(channel: str, about: Country) -> Said:
    """Return what the tables of a channel say of a country."""
    said = Said(channel, about)
    _TELL[channel](said)
    return said


def _joined(*sentences: str) -> str:
    """Return sentences in a row, empty ones left out."""
    return " ".join(filter(None, sentences))


def _in_order(frame: pd.DataFrame, column: str = "") -> Iterator[pd.Series]:
    """Yield the rows of a table in the order of a column, those without a value last; without a column as they stand."""
    ordered = frame.sort_values(column, kind="stable") if column else frame
    return (row for _, row in ordered.iterrows())


def _key(value: str) -> str:
    """Return a value as part of an id."""
    return re.sub(r"[^a-z0-9]+", "-", str(value).lower()).strip("-")


def _source(row: pd.Series) -> str:
    """Return the source of a row as a link, or its addresses as links that say whose pages they are."""
    if "source_title" in row:
        label, address = facts.row_source(row)
        return f"Source: {shown.link(address, label)}."
    addresses = re.split(r";\s*", row["source_urls"] if "source_urls" in row else row["source_url"])
    links = [shown.link(each, urlsplit(each).netloc.removeprefix("www.").strip(".")) for each in addresses]
    return f"Source: {', '.join(links)}."


def _name(words: str) -> str:
    """Return the name that a row begins with."""
    return f"<strong>{html.escape(words)}</strong>"


def _stop(words: str) -> str:
    """Return escaped words with a full stop."""
    return html.escape(words).rstrip(".") + "."


def _note(words: str) -> str:
    """Return a note as a sentence, empty where there is none."""
    return "" if pd.isna(words) else _stop(_capital(words))


def _capital(words: str) -> str:
    """Return words with a capital at the start."""
    return words[:1].upper() + words[1:]


def _and(*cells) -> str:
    """Return what is not missing of some cells, with commas between, escaped; what is a date as prose writes it."""
    return html.escape(", ".join(text.typeset(str(cell)) for cell in cells if pd.notna(cell) and cell != ""))


def _many(count: int, one: str, more: str) -> str:
    """Return a count in figures with the form of a word that goes with it."""
    return f"{count:,} {text.one_or_more(count, one, more)}"


def _count(count: int) -> str:
    """Return a count as prose has it, in words up to ten."""
    return text.words(count) if count < 11 else f"{count:,}"


def _or_none(count: int) -> str:
    """Return a count as prose has it, 'none' for zero."""
    return "none" if count == 0 else _count(count)


def _span(first: int, last: int) -> str:
    """Return years in words: '2001' or '1999 to 2020'."""
    return str(first) if first == last else f"{first} to {last}"


def _dollars(value: float) -> str:
    """Return a sum of dollars: '12.4 million dollars', '1.27 billion dollars', '35,000 dollars'."""
    if abs(value) >= 1e9:
        return f"{text.billions(2)(value)} dollars"
    if abs(value) >= 1e6:
        return f"{text.millions(1)(value)} dollars"
    return f"{value:,.0f} dollars"


def _paid(value: int) -> str:
    """Return a sum of dollars with all its digits: '4.76 million dollars'."""
    return f"{text.millions()(value)} dollars"


def _cases(frame: pd.DataFrame) -> str:
    """Return what to know of several rows."""
    return "" if len(frame) < 2 else "Rows need not be independent cases: prisons of one programme or one page have a row each."


def _plan(said: Said) -> None:
    """Say what the gazetteer, the visitors and the national counts have."""
    of = said.about.in_prose
    prisons = said.take("radial_prisons")
    on, off = (prisons[prisons["on_plan"] == there] for there in (True, False))
    if len(on):
        count = said.count("on", on, " with on_plan")
        said.say(
            f"Our list has {count} {text.one_or_more(len(on), 'prison', 'prisons')} of {of} whose plan is radial or cruciform, "
            f"in whole or in part: {said.counts(on, 'evidence', PLANS)}. A plan alone shows no debt to Philadelphia.",
            _cases(on),
        )
        said.brief(len(on), "prison", "prisons")
    if len(off):
        count = said.count("off", off, " without on_plan")
        said.say(
            f"Our list has {count} {'more ' if len(on) else ''}{text.one_or_more(len(off), 'prison', 'prisons')} of {of} with "
            "another plan, or one that is not established, for what they took of the regime or for comparison."
        )
        if on.empty:
            said.short.append("another plan")
    if len(prisons):
        said.rows(
            f"{_name(row['name'])}, {_and(row['city'], row['opened'])}: plan {html.escape(row['plan'])}; "
            f"{EVIDENCE[row['evidence']]}. {html.escape(row['evidence_note'])} {_source(row)}"
            for row in _in_order(prisons, "opened_year")
        )
    visitors = said.take("penal_visitors")
    if len(visitors):
        count = said.count("visitors", visitors)
        seen = int((visitors["visit"] == "documented").sum())
        known = said.number("visits", seen, "of them with visit = documented", "penal_visitors", _or_none)
        said.say(
            "Our list of visitors to Eastern State and other U.S. prisons, and of some who shaped prisons at home with no visit "
            f"on record, has {count} {text.one_or_more(len(visitors), 'person or delegation', 'people or delegations')} from "
            f"{of}; a visit to Eastern State is documented for {known}."
        )
        said.rows(
            f"{_name(row['visitor'])}, {_and(row['home_country'], _years(row))}: {VISITS[row['visit']]}. "
            f"At home: {_stop(row['consequence_at_home'])} {_source(row)}"
            for row in _in_order(visitors, "year_from")
        )
        came = int(visitors["visit"].isin(CAME).sum())
        said.short.append(_many(came, "visitor", "visitors") if came else "no visit on record")
    counts = said.take("radial_national_counts")
    if len(counts):
        said.say("Somebody counted such prisons; the counts mix plan and regime and must not be added up.")
        said.rows(
            f"{_and(row['country'], row['period'])}: {_range(row)}{html.escape(row['what_is_counted'])}, "
            f"by {_stop(row['basis'])} {_source(row)}"
            for row in _in_order(counts)
        )
        if not said.short:
            said.short.append("a count")


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


def _supermax(said: Said) -> None:
    """Say what the list of isolation prisons has."""
    units = said.take("supermax_abroad")
    if units.empty:
        return
    said.say(
        f"Our list of isolation prisons and units abroad has {said.count('rows', units)} of {said.about.in_prose}: "
        f"{said.counts(units, 'us_link', UNITS)}.",
        _cases(units),
    )
    said.rows(
        f"{_name(row['name'])}, {_and(row['place'], row['opened'])}: {_link(row)}. {_stop(row['evidence'])} {_source(row)}"
        for row in _in_order(units, "opened_year")
    )
    said.brief(len(units), "unit", "units")


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
    return {iso3: years.drop(columns="page").reset_index(drop=True) for iso3, years in summed.groupby("page")}


def _police(said: Said) -> None:
    """Say what the training reports, the aid accounts and the list of academies have."""
    if len(said.take("fmtrpt_country_year")):
        _training(said)
    money = said.take("narcotics_obligations")
    if len(money):
        _obligations(said, money)
    sites = said.take("ilea_sites")
    if len(sites):
        said.say("Sites of the International Law Enforcement Academies:")
        said.rows(
            f"{_name(row['site'])}, {row['kind']}, {'opening year not found' if pd.isna(row['opened']) else row['opened']}: "
            f"{_stop(row['status'])} The State Department’s page is undated."
            for row in _in_order(sites)
        )
        said.brief(len(sites), "academy", "academies")


def _training(said: Said) -> None:
    """Say what the training reports count."""
    table, about = "fmtrpt_country_year", said.about
    years = training(about.iso3)
    total, span = int(years["places"].sum()), _span(years["fiscal_year"].min(), years["fiscal_year"].max())
    places = said.number("places", total, f"places of {about.name}, all programmes", table, "{:,}")
    cost = said.number("cost", int(years["cost_usd"].sum()), f"cost of {about.name} as printed", table, _dollars)
    said.say(
        f"Reports on U.S. military training count {places} places for {about.in_prose} in fiscal {span}, at {cost} as printed, "
        "in dollars of each year. A place is a student on a course, peacekeeping courses included.",
        _trained_police(said, years),
        "Most training of police is outside these reports, which are of what Defense and State arranged for militaries.",
    )
    said.series(
        years,
        {"places": "spark-all", "police_places": "spark-police"},
        years.rename(columns={"cost_usd": "Cost, dollars of the year"}),
        name=f"Training places of {about.name} by fiscal year",
        under='Places a year; <b class="spark-police">police and no army</b> below. That line stops at each break of the table.',
        alt=f"Training places by fiscal year, {span}: {_ends(years, 'places')}. "
        "A second line has those of police and no army, in pieces that do not compare with each other.",
    )
    said.brief(total, "place", "places")


def _trained_police(said: Said, years: pd.DataFrame) -> str:
    """Return the sentence on the places of police since the last break of the table; empty where no unit is stated."""
    recent = years[years["fiscal_year"] >= max(each.value for each in meaning.breaks(years, "police_places"))]
    unknown = int(recent["unstated_places"].sum())
    share = meaning.Share(int(recent["police_places"].sum()), int(recent["places"].sum()) - unknown, unknown)
    if not (recent["police_places"].notna().any() and share.known):
        return ""
    since, to = recent["fiscal_year"].min(), recent["fiscal_year"].max()
    table, fiscal = "fmtrpt_country_year", f"fiscal {since} to {to}"
    how = f"places of groups that name police and no army, {fiscal}; {share.told}"
    police = said.number("police", share.part, how, table, _or_none)
    known = said.number("known", share.known, f"places whose recipient unit is stated, {fiscal}; {share.told}", table, "{:,}")
    more = ""
    if unknown:
        number = said.number("unknown", unknown, f"places whose recipient unit is not stated, {fiscal}", table, "{:,}")
        more = f"; for {number} more it is not stated"
    return (
        f"In fiscal {_span(since, to)}, of {known} places whose unit is stated {police} went to units that name police and no "
        f"army{more}."
    )


def _obligations(said: Said, money: pd.DataFrame) -> None:
    """Say what the narcotics account obligated."""
    table, about = "narcotics_obligations", said.about
    first, last, total = money["fiscal_year"].min(), money["fiscal_year"].max(), int(money["obligations_usd2020"].sum())
    how = f"obligations of {about.name}, constant dollars of 2020, less what was taken back"
    amount = said.number("aid", total, how, table, _dollars)
    count = said.number("aid-years", len(money), f"fiscal years with a line of {about.name}", table)
    said.say(
        f"The U.S. account for narcotics control and law enforcement obligated {amount} of 2020 for {about.in_prose}, net of "
        f"what was taken back, in {count} {text.one_or_more(len(money), 'fiscal year,', 'fiscal years')} "
        f"{first if first == last else f'between {first} and {last}'}. It pays for narcotics control, police, courts and prisons "
        "together, and regional lines reach countries besides."
    )
    heads = {"fiscal_year": "Fiscal year", "obligations_usd2020": "Dollars of 2020", "obligations_usd": "Dollars of the year"}
    said.series(
        money,
        {"obligations_usd2020": "spark-all"},
        money[[*heads]].rename(columns=heads),
        name=f"Obligations for {about.name} by fiscal year",
        under="Obligations a year, dollars of 2020.",
        alt=f"Obligations by fiscal year in constant dollars of 2020, {_span(first, last)}: "
        f"{_ends(money, 'obligations_usd2020')}.",
    )
    said.short.append(f"${_dollars(total).removesuffix(' dollars')}")


def _ends(frame: pd.DataFrame, column: str) -> str:
    """Return the first, the highest and the last value of a yearly series."""
    values = list(zip(frame["fiscal_year"].tolist(), frame[column].tolist(), strict=True))
    first, peak, last = (
        f"{value:,} in {year}" for year, value in (values[0], max(values, key=lambda value: value[1]), values[-1])
    )
    return f"{first}, at its highest {peak}, {last}" if len(values) > 1 else first


def _companies(said: Said) -> None:
    """Say what the lists of private prisons, of decisions against them, of shares and of certificates have."""
    of = said.about.in_prose
    prisons = said.take("private_prisons_abroad")
    if len(prisons):
        said.say(
            f"Our list of prisons that companies ran, built or were to run has {said.count('facilities', prisons)} of {of}: "
            f"{said.counts(prisons, 'us_link', OWNERS)}.",
            _cases(prisons),
        )
        said.rows(
            _joined(
                f"{_name(row['facility'])}, {_and(row['opened'], row['kind'])}: {_company(row)}.",
                _note(row["status_note"]),
                _source(row),
            )
            for row in _in_order(prisons, "opened_year")
        )
        said.brief(len(prisons), "facility", "facilities")
    decisions = said.take("private_prison_reversals")
    if len(decisions):
        said.say(
            f"Our list of decisions by which private prisons were refused or given up has {said.count('decisions', decisions)} "
            f"of {of}. Most of the list are contracts that failed or ran out, which need not be a refusal."
        )
        said.rows(
            _joined(
                f"{_name(row['place'])}, {text.when(row['date'])}, {row['what']}: {html.escape(row['event'])}",
                TOOK_PLACE[row["took_place"]],
                _source(row),
            )
            for row in _in_order(decisions, "date")
        )
        if prisons.empty:
            said.brief(len(decisions), "decision", "decisions")
    shares = said.take("private_prison_shares")
    if len(shares):
        said.say("Shares of prisoners in private hands, each as its source states it; they are no series.")
        said.rows(
            f"{html.escape(row['place'])}, {'about ' if row['year_approximate'] else ''}{row['year']}: "
            f"{_per_cent(row['share_pct'])}, {_stop(row['what_it_measures'])} {_source(row)}"
            for row in _in_order(shares)
        )
        if not said.short:
            said.short.append("a mention" if shares["share_pct"].isna().all() else "a share")
    certified = said.take("aca_abroad")
    if len(certified):
        _certificates(said, certified)
    if said.about.iso3 == "MEX":
        counted = tables.load("aca_mexico_counts")
        said.tables.append("aca_mexico_counts")
        said.say("How many institutions were counted, each time in another way:")
        said.rows(
            f"{text.when(row['date'])}: {'no number' if pd.isna(row['institutions']) else row['institutions']}, "
            f"{html.escape(row['what_is_counted'])}, by {_stop(row['publisher'])} {_source(row)}"
            for row in _in_order(counted)
        )


def _company(row: pd.Series) -> str:
    """Return what part a U.S. company has in a facility."""
    if row["us_link"] != "yes":
        return {"no": "no U.S. owner named", "not-verified": "operator or owners not named"}[row["us_link"]]
    since, to = row["us_from"], row["us_to"]
    years = "" if pd.isna(since) else f", from {since} on" if pd.isna(to) else f", {_span(since, to)}"
    return f"{html.escape(row['us_company'])}{years}"


def _per_cent(share: float) -> str:
    """Return a share of prisoners."""
    return "no share given" if pd.isna(share) else f"{share:g} per cent"


def _certificates(said: Said, certified: pd.DataFrame) -> None:
    """Say what the list of certificates has."""
    count = said.count("aca", certified)
    paid = meaning.share(certified, "us_money", ["yes"])
    money = said.number("aca-money", int(paid.part), f"of them with us_money = yes; {paid.told}", "aca_abroad", _or_none)
    more = ""
    if paid.unknown:
        unknown = said.number("aca-unstated", int(paid.unknown), "of them with us_money = not stated", "aca_abroad")
        more = f" and do not say for {unknown}"
    said.say(
        f"Our list of certificates of the American Correctional Association, which is not its register, has {count} "
        f"{text.one_or_more(len(certified), 'institution', 'institutions')} in {said.about.in_prose}: "
        f"{said.counts(certified, 'status', CERTIFIED)}. A certificate runs for three years unless renewed. The pages speak of "
        f"U.S. money for {money}{more}.",
        _cases(certified),
    )
    said.rows(
        f"{_name(row['facility'])}, {_and(row['place'], row['kind'])}: {_and(*_standing(row))}. "
        f"U.S. money: {_stop(row['us_funding'])} {_source(row)}"
        for row in _in_order(certified)
    )
    said.short.append(f"{len(certified)} on the ACA list")


def _standing(row: pd.Series) -> tuple[str, ...]:
    """Return the standing of an institution, what happened and when: what one of them says already is not said again."""
    event, first = _dated(row["event"]), "" if pd.isna(row["earliest_event"]) else _dated(row["earliest_event"])
    said = (event,) if event.startswith(row["status"]) else (row["status"], event)
    return said if re.sub("^(?:by|before) ", "", first) in event else (*said, first)


def _dated(words: str) -> str:
    """Return words with months and days in them as prose writes them: 'renewed 2019-08' becomes 'renewed August 2019'."""
    return re.sub(r"\b\d{4}-\d\d(-\d\d)?\b", lambda date: text.when(date[0]), words)


def _removals(said: Said) -> None:
    """Say what the lists of third countries, of their payments and of prisons like CECOT have."""
    about = said.about
    for row in _in_order(said.take("third_countries")):
        people = ""
        if row["status"] == "received":
            how, day = f"people of the row of {about.name}", text.when(row["people_as_of"])
            people = (
                f"The table has no head count as of {day}."
                if pd.isna(row["people"])
                else f"The table has {said.number('people', int(row['people']), how, 'third_countries', '{:,}')} by {day}."
            )
        way = "" if pd.isna(row["way"]) else f", {WAYS[row['way']]}"
        said.say(
            f"{_capital(html.escape(about.in_prose))} {STATUS[row['status']]}{way}.",
            people,
            "The list begins in 2025 and is not complete. Its head counts stop at different dates, and may take in others where "
            "a note says so.",
        )
        terms = {
            "Agreement": _and(row["agreement_date"]),
            "First arrival": _and(row["first_arrival"]),
            "Maximum": _and(row["cap"]),
            "Payment": _and(_terms(row["payment"])),
            "Where people were put": _and(row["held"]),
            "Confidence": _and(row["confidence"]),
            "Note": _and(row["note"]),
            "Source": shown.link(row["source_url"], row["source_title"]),
        }
        listed = "".join(f"<dt>{term}</dt><dd>{told}</dd>" for term, told in terms.items() if told)
        said.parts.append(f'<dl class="row">{listed}</dl>')
        said.short.append(row["status"])
    for row in _in_order(said.take("third_country_costs")):
        sum_ = said.number("paid", int(row["payment_usd"]), f"payment of the row of {about.name}", "third_country_costs", _paid)
        how = f"people of the row of {about.name}"
        people = said.number("paid-for", int(row["people"]), how, "third_country_costs", _or_none)
        said.say(
            f"By a report of one party’s staff in Congress, {sum_} were paid as a lump sum, and by its count {people} had come "
            f"by {text.when(row['as_of'])}. Flights and operations come on top."
        )
    projects = said.take("cecot_models")
    if len(projects):
        said.say(
            "Our list of projects beside CECOT, built, announced or only looked at, has "
            f"{said.count('projects', projects)} of {about.in_prose}. What links each to CECOT is said with it; capacities are "
            "governments’ claims."
        )
        said.rows(
            _joined(
                f"{_name(row['name'])}, announced {_and(row['announced'])}: {_stop(row['relation'])}",
                "" if pd.isna(row["capacity"]) else f"For {row['capacity']:,} people.",
                _note(row["status"]),
                _source(row),
            )
            for row in _in_order(projects)
        )
        said.brief(len(projects), "project", "projects")


def _terms(words: object) -> object:
    """Return a payment: a sum with its unit, or the terms in words."""
    return _paid(int(words)) if pd.notna(words) and str(words).isdigit() else words


# Channel -> what says what its tables have of a country.
_TELL = {"plan": _plan, "supermax": _supermax, "police": _police, "companies": _companies, "removals": _removals}
