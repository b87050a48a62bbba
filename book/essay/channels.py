"""What the tables of this book say of one country, channel by channel, and of all of them in one table.

A page is made of sections, one for each channel of the book: sentences whose numbers lead to receipts on the same page, the
rows with their sources, small pictures of series. Where nothing stands, the page says so and what that does not mean.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import cache

import pandas as pd

from essay import claims, country, facts, shown, tables, text, told
from essay.country import ORIGIN, Country

NO_EVIDENCE = "which is not evidence that nothing happened"
REPORTS = "fmtrpt_country_year"
# The first reports still count people of Australia, Japan and New Zealand, and later ones some of states that had just joined.
LEFT_OUT = "The training reports leave out most members of NATO and, in most years, Australia, Japan and New Zealand"


@dataclass(frozen=True)
class Channel:
    """One of the five channels: its anchor, its heading, its name within a sentence, its chapter and its tables."""

    id: str
    title: str
    in_prose: str
    chapter: tuple[str, str]
    tables: tuple[str, ...]


CHANNELS = (
    Channel(
        "plan",
        "The radial plan",
        "the radial plan",
        ("eastern_state.html", "Eastern State"),
        ("radial_prisons", "radial_national_counts", "penal_visitors"),
    ),
    Channel("supermax", "Supermax", "the supermax", ("supermax.html", "Supermax"), ("supermax_abroad",)),
    Channel(
        "police",
        "Security training and aid",
        "security aid",
        ("police.html", "Police diplomacy"),
        (REPORTS, "narcotics_obligations", "ilea_sites"),
    ),
    Channel(
        "companies",
        "Companies and certificates",
        "companies",
        ("companies.html", "Companies and certificates"),
        ("private_prisons_abroad", "private_prison_reversals", "private_prison_shares", "aca_abroad"),
    ),
    Channel(
        "removals",
        "Removals and prisons for hire",
        "removals",
        ("cecot.html", "CECOT"),
        ("third_countries", "third_country_costs", "cecot_models"),
    ),
)
# Of no channel, and with rows of a country all the same.
BESIDE = ("prison_ranks", "slv_prison_rates")


@dataclass(frozen=True)
class Section:
    """What the tables say of one country in one channel.

    said: paragraphs and lists of HTML, empty where nothing stands. facts: the receipts of their numbers. short: the same for a
    cell of the table of all countries, empty where nothing stands. tables: those whose rows are told.
    """

    channel: Channel
    said: tuple[str, ...]
    facts: tuple[facts.Fact, ...]
    short: str
    tables: tuple[str, ...]

    @property
    def found(self) -> bool:
        """Whether a table has a row."""
        return bool(self.said)

    @property
    def read(self) -> tuple[str, ...]:
        """The tables in which rows were looked for, or found."""
        return tuple(dict.fromkeys((*self.channel.tables, *self.tables)))


@dataclass(frozen=True)
class Page:
    """The page of a country: what was found in a sentence of plain text, all sections, and the HTML below its title."""

    country: Country
    found: str
    sections: tuple[Section, ...]
    body: str

    @property
    def read(self) -> set[str]:
        """The tables in which rows were looked for, or found."""
        return {name for part in self.sections for name in part.read}

    @property
    def tables(self) -> set[str]:
        """Those of them whose rows are told."""
        return {name for part in self.sections for name in part.tables}


@cache
def sections(iso3: str) -> tuple[Section, ...]:
    """Return what the tables say of a country, one section for each channel. Raises KeyError for a code without a page."""
    about = country.of(iso3)
    found = [(channel, told.tell(channel.id, about)) for channel in CHANNELS]
    return tuple(
        Section(channel, tuple(said.parts), tuple(said.facts), ", ".join(said.short), tuple(said.tables))
        for channel, said in found
    )


def page(iso3: str) -> Page:
    """Return the page of a country. Addresses in it are as seen from the pages of the book, one level above its own."""
    about = country.of(iso3)
    parts = sections(iso3)
    yes, no = ([part.channel.in_prose for part in parts if part.found == there] for there in (True, False))
    receipts = [fact for part in parts for fact in part.facts]
    if iso3 == ORIGIN:
        first = (
            "The channels of this book begin in the United States. The rows below are at home and stand in no count of what went "
            "abroad."
        )
    elif yes:
        read = sorted({name for part in parts for name in part.channel.tables})
        made = facts.fact("channels", len(yes), text.words, "channels of which a table has a row of the country", read)
        receipts.insert(0, made)
        first = f"Of the five channels of this book the tables read here have rows of {about.in_prose} in {facts.link(made)}: "
        first += f"{text.listed(yes)}."
        first += f" On {text.listed(no)} they have none, {NO_EVIDENCE}." if no else ""
    else:
        first = f"In none of the five channels of this book have the tables read here a row of {about.in_prose}, {NO_EVIDENCE}."
    if iso3 in country.ALONE:
        some = text.one_or_more(len(country.ALONE[iso3]), "A table about {} alone stands", "Tables about {} alone stand")
        first += f" {some.format(about.in_prose)} at the end of this page."
    body = [
        f'<div class="found"><p class="found-label">What was found</p><p>{first}</p></div>',
        *(_section(about, part) for part in parts if part.found or iso3 != ORIGIN),
        _claims(about),
        _beside(about),
        f'<section id="receipts"><h2>Receipts</h2>{facts.folded(receipts)}</section>' if receipts else "",
    ]
    return Page(about, re.sub("<[^>]+>", "", first), parts, "".join(body))


def _section(about: Country, part: Section) -> str:
    """Return one channel as HTML."""
    address, chapter = part.channel.chapter
    said = "".join(part.said) or f"<p>The tables named below have no row of {about.in_prose}, {NO_EVIDENCE}.</p>"
    if part.channel.id == "police" and about.iso3 != ORIGIN:
        said += _left_out(about)
    read = text.listed(f'<a href="catalogue.html#{name}">{html.escape(name)}</a>{_followed(name)}' for name in part.read)
    return (
        f'<section id="{part.channel.id}"><h2>{part.channel.title}</h2>{said}<p class="read-from">Read from {read}. '
        f'In the chapter: <a href="{address}">{chapter}</a>.</p></section>'
    )


def _left_out(about: Country) -> str:
    """Return whom the training reports leave out, where they have no row of a country or none to their end."""
    last, its = country.used()[REPORTS]["fiscal_year"].max(), set(country.rows(REPORTS, about.iso3)["fiscal_year"])
    until = f"The reports go on to fiscal {last}. " if its else ""
    return "" if last in its else f"<p>{until}{LEFT_OUT}.</p>"


def _followed(name: str) -> str:
    """Return how far the evidence of a table goes."""
    described = tables.resource(name)
    for part, words in (("record_ends", "record ends on"), ("sources_read", "sources read to")):
        if part in described:
            return f" ({words} {text.when(described[part])})"
    return ""


# Longer names that are not of the country whose name is in them, and which have no page.
OTHERS = ("New Mexico", "American Samoa", "New England", "New South Wales")


@cache
def naming() -> dict[str, tuple[dict, ...]]:
    """Return the claims of the ledger that name a country, in the claim or in what was found: code -> rows in their order.

    A name within a longer one (Guinea in Equatorial Guinea) is not meant; nobody guesses at `Salvadoran`.
    """
    found: dict[str, tuple[dict, ...]] = {}
    for claim in tables.load("claims").sort_values("position").fillna({"correction": ""}).to_dict("records"):
        for iso3 in named(f"{claim['claim']} {claim['finding']} {claim['correction']}"):
            found[iso3] = (*found.get(iso3, ()), claim)
    return found


@cache
def _names() -> tuple[re.Pattern, dict[str, str]]:
    """Return a pattern that finds names of countries, the longest first, and the code of each."""
    names = tables.load("country_names")
    names = names[names["kind"] != "no page"]
    code = dict(zip(names["name"], names["iso3"], strict=True)) | dict.fromkeys(OTHERS, "")
    longest = sorted(code, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)"), code


def named(words: str) -> set[str]:
    """Return the codes of the countries that a text names."""
    pattern, code = _names()
    return {code[found] for found in pattern.findall(words)} - {""}


def _claims(about: Country) -> str:
    """Return the claims that name a country, as links to the ledger."""
    found = naming().get(about.iso3, ()) if about.iso3 != ORIGIN else ()
    if not found:
        return ""
    items = "".join(
        f'<li class="claim-{claim["verdict"]}"><span class="verdict">{claims.VERDICTS[claim["verdict"]][0]}</span> '
        f'<a href="ledger.html#ledger-{claim["id"]}">{html.escape(claim["claim"])}</a></li>'
        for claim in found
    )
    return (
        f'<section id="claims"><h2>Claims of the article</h2><p>These name {about.in_prose} or a part of it, in the claim or '
        f'in what was found.</p><ul class="claims-naming">{items}</ul></section>'
    )


def _beside(about: Country) -> str:
    """Return the other tables that have rows of a country, or are about it as a whole."""
    counted = [(name, len(country.rows(name, about.iso3))) for name in BESIDE]
    counted += [(name, tables.resource(name)["rows"]) for name in country.ALONE.get(about.iso3, ())]
    items = "".join(
        f'<li><a href="catalogue.html#{name}">{html.escape(tables.resource(name)["title"])}</a>: {count:,} '
        f"{text.one_or_more(count, 'row', 'rows')}{_followed(name)}</li>"
        for name, count in counted
        if count
    )
    if not items:
        return ""
    return (
        f'<section id="beside"><h2>Other tables</h2><p>These have rows of {about.in_prose} as well, or are about '
        f'it alone.</p><ul class="rows">{items}</ul></section>'
    )


def abroad() -> tuple[Country, ...]:
    """Return all countries with a page but the one where the channels begin."""
    return tuple(each for each in country.countries() if each.iso3 != ORIGIN)


def found() -> pd.DataFrame:
    """Return of which countries abroad a table has a row: True or False, one column for each channel, by code of the country."""
    there = {each.iso3: {part.channel.id: part.found for part in sections(each.iso3)} for each in abroad()}
    return pd.DataFrame.from_dict(there, orient="index")


def overview() -> None:
    """Show all countries abroad as one table that narrows and sorts: the five channels, and what each has of a country."""
    heads = "".join(f'<th scope="col">{channel.title}</th>' for channel in CHANNELS)
    lines = []
    for each in abroad():
        also = f' <span class="also">{html.escape(", ".join(each.also))}</span>' if each.also else ""
        cells = "".join(f'<td class="has">{part.short}</td>' if part.found else "<td>–</td>" for part in sections(each.iso3))
        lines.append(f'<tr><th scope="row"><a href="{each.address}">{html.escape(each.name)}</a>{also}</th>{cells}</tr>')
    caption = "All countries by the five channels: what our tables have of each"
    shown.show(
        f'<div class="table-scroll all-countries" role="region" aria-label="{caption}" tabindex="0" data-narrow="Your country">'
        f'<table aria-label="{caption}"><thead><tr><th scope="col">Country</th>{heads}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>",
        "\n".join(
            f"{each.name}: " + "; ".join(f"{part.channel.id} {part.short}" for part in sections(each.iso3) if part.found)
            for each in abroad()
        ),
        {"countries": [each.iso3 for each in abroad()]},
    )
