"""Homicides in El Salvador, official and recounted, 1994-2024: one row a year and series."""

import pandas as pd

import _tidy
from _table import Table, covers, field, holds, never_repeats

UNODC = "UNODC, via Our World in Data"

TABLE = Table(
    title="Homicides in El Salvador, 1994-2024, by who counted",
    description="The international series of rates, and counts of police, forensic institute and university.",
    row="one year of one series, as one outlet reports it",
    sources=["homicide-unodc-owid", "homicide-el-salvador-official", "world-population"],
    primary_key=["year", "series", "source"],
    rules=[
        covers("year", 1994, 2024),
        holds("homicides and rate make no population of El Salvador", "100000.0 * homicides / rate BETWEEN 5000000 AND 7500000"),
        never_repeats("rate", "year", "series"),
    ],
    caveats=[
        "From July 2019 the police count leaves out people killed in clashes with security forces and bodies found in graves.",
        "1994 to 1998: by the later head of the forensic institute the count mixed in deaths that were not homicides.",
        "The official rate of 83.0 for 2017, as circulated in 2025, fits no count and is left out with the rest of that list.",
        "2023 and 2024 exist as government figures only; for 2023 two are in circulation.",
        "The UNODC series ends in 2022. Do not draw one line through it and the government figures.",
    ],
    fields=[
        field("year", "integer", "Year", "year", required=True, minimum=1990, maximum=2024),
        field("series", "string", "Who counted", required=True, minLength=10, maxLength=80),
        field("homicides", "integer", "Homicides", "people", minimum=0, maximum=10_000),
        field(
            "rate", "number", "Homicides per 100,000 residents", "per 100,000 residents", required=True, minimum=0, maximum=200
        ),
        field("source", "string", "Outlet or publisher", required=True, minLength=4, maxLength=50),
        field("source_url", "string", "Page that was read", required=True, pattern="https?://.+"),
        field("note", "string", "Note", minLength=40, maxLength=200),
    ],
)


def build() -> pd.DataFrame:
    """Return the rates of the international series and the national counts with computed rates."""
    world = _tidy.read_csv("homicide-unodc-owid/homicide_rate_unodc.csv")
    world = world[world["code"] == "SLV"].assign(
        series=UNODC, source="Our World in Data", source_url="https://ourworldindata.org/grapher/homicide-rate-unodc"
    )
    world["rate"] = pd.to_numeric(world["homicide_rate_100k"]).round(1)

    national = _tidy.read_csv("homicide-el-salvador-official/homicides_official_and_alternative.csv")
    national = national.dropna(subset=["homicides"]).rename(columns={"source_publisher": "source"})
    national["rate"] = pd.to_numeric(national["rate_computed_wb_population"])

    rows = pd.concat([world, national], ignore_index=True)
    rows["year"] = _tidy.whole(rows["year"])
    rows["homicides"] = _tidy.whole(rows["homicides"])
    rows = rows.sort_values(["year", "series"], ignore_index=True)
    return rows[[f["name"] for f in TABLE.fields]]
