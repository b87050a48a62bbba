"""Prisoners of U.S. state and federal prisons at the end of each year since 1925: one row a year."""

import pandas as pd

import _tidy

CUSTODY = "sentenced prisoners in custody"
BREAK = "year of the change"
JURISDICTION = "prisoners under jurisdiction"
BEFORE_1960 = "Our World in Data, after Gapminder and the UN"
SINCE_1960 = "World Bank"


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
    return counts


def _population() -> dict[int, int]:
    """Return residents of the United States by year, World Bank where it has them."""
    before = _tidy.read_csv("world-population/population_owid_1850_1960.csv.gz")
    before = before[before["iso3"] == "USA"].set_index("year")["population"]
    since = _tidy.read_csv("world-population/population_world_bank_1960_2024.csv.gz")
    since = since[since["Country Code"] == "USA"].set_index("Year")["Value"]
    return {int(year): int(float(n)) for year, n in {**before.to_dict(), **since.to_dict()}.items()}
