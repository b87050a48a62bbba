"""Prisoners of U.S. state and federal prisons at the end of each year since 1925: one row a year."""

import pandas as pd

import _tidy
from _table import Table, covers, every_year, field, holds, never_falls, never_repeats

CUSTODY = "sentenced prisoners in custody"
BREAK = "year of the change"
JURISDICTION = "prisoners under jurisdiction"
BEFORE_1960 = "Our World in Data, after Gapminder and the UN"
SINCE_1960 = "World Bank"

TABLE = Table(
    title="Prisoners in U.S. state and federal prisons and per 100,000 residents, yearend 1925-2023",
    description="Yearend counts of the Bureau of Justice Statistics, with a rate computed from one denominator before 1960 "
    "and another since.",
    row="one year",
    sources=["prison-history-bjs-1925-2019", "prison-history-bjs-1999-2024", "world-population"],
    primary_key=["year"],
    rules=[
        covers("year", 1925, 2023),
        every_year("year"),
        holds("rate is not prisoners per 100,000 of population", "ABS(rate - 100000.0 * prisoners / population) <= 0.06"),
        never_falls("population", "year", "population_source"),
        never_repeats("prisoners", "year"),
        holds("the published rate is far from the computed one", "ABS(bjs_sentenced_rate - rate) < 0.15 * rate"),
    ],
    caveats=[
        "Break: up to 1976 the count is of sentenced prisoners in custody, from 1978 of prisoners under jurisdiction, whatever "
        "the sentence; the year 1977 is the change itself. Do not join a line across it.",
        "The denominator changes in 1960: the earlier estimates run 2 to 4 percent above those of the Bureau, so early rates "
        "are low by as much. Quote the Bureau's own rate where there is one.",
        "Local jails are not counted.",
        "bjs_sentenced_rate counts sentenced prisoners only and is a little lower than the computed rate.",
        "Up to 2019 the count is that of the first source, from 2020 that of the second; where both have a year they differ "
        "by less than 3,000 people. Counts are later revised.",
    ],
    fields=[
        field("year", "integer", "Yearend, 31 December", "year", required=True, unique=True, minimum=1925, maximum=2030),
        field("prisoners", "integer", "Prisoners, state and federal", "people", required=True, minimum=0, maximum=2_500_000),
        field(
            "rate",
            "number",
            "Prisoners per 100,000 residents, computed",
            "per 100,000 residents",
            required=True,
            minimum=0,
            maximum=800,
        ),
        field("series", "string", "What is counted", required=True, enum=[CUSTODY, BREAK, JURISDICTION]),
        field(
            "population", "integer", "Residents, the denominator of rate", "people", required=True, minimum=0, maximum=500_000_000
        ),
        field("population_source", "string", "Where the denominator is from", required=True, enum=[BEFORE_1960, SINCE_1960]),
        field(
            "bjs_sentenced_rate", "number", "Published rate, sentenced prisoners", "per 100,000 residents", minimum=0, maximum=800
        ),
        field("counted_in", "string", "Table of the Bureau the count is from", required=True, minLength=55, maxLength=100),
    ],
)


def build() -> pd.DataFrame:
    """Return the yearly counts, the earlier series up to 2019 and the annual reports after."""
    early = _tidy.read_csv("prison-history-bjs-1925-2019/us_prisoners_1925_2019.csv")
    early = early.rename(columns={"total": "prisoners", "source": "counted_in"})[["year", "prisoners", "counted_in"]]
    reports = _tidy.read_csv("prison-history-bjs-1999-2024/us_corrections_1999_2024.csv")
    reports = reports.rename(columns={"bjs_report": "counted_in"})
    late = reports[reports["indicator"] == "bjs_prison_population"].rename(columns={"value": "prisoners"})
    late = late[~late["year"].isin(early["year"])][["year", "prisoners", "counted_in"]]
    rates = reports[reports["indicator"] == "bjs_imprisonment_rate_p100k"].set_index("year")["value"]

    counts = pd.concat([early, late])
    counts["bjs_sentenced_rate"] = pd.to_numeric(counts["year"].map(rates)).astype("Int64")
    counts["year"] = _tidy.whole(counts["year"])
    counts["prisoners"] = _tidy.whole(counts["prisoners"])
    counts["series"] = [CUSTODY if year < 1977 else BREAK if year == 1977 else JURISDICTION for year in counts["year"]]
    counts["population"] = counts["year"].map(_population()).astype("Int64")
    counts["population_source"] = counts["year"].map(lambda year: BEFORE_1960 if year < 1960 else SINCE_1960)
    counts["rate"] = (100_000 * counts["prisoners"] / counts["population"]).astype(float).round(1)
    return counts.sort_values("year")[[f["name"] for f in TABLE.fields]]


def _population() -> dict[int, int]:
    """Return residents of the United States by year, World Bank where it has them."""
    before = _tidy.read_csv("world-population/population_owid_1850_1960.csv.gz")
    before = before[before["iso3"] == "USA"].set_index("year")["population"]
    since = _tidy.read_csv("world-population/population_world_bank_1960_2024.csv.gz")
    since = since[since["Country Code"] == "USA"].set_index("Year")["Value"]
    return {int(year): int(float(n)) for year, n in {**before.to_dict(), **since.to_dict()}.items()}
