"""People in prison in El Salvador and the United States per 100,000 residents, 2000-2024: one row a count."""

import pandas as pd

import _tidy
from _table import Table, covers, field, holds

UNODC = "UNODC"
WPB = "World Prison Brief"
ESTIMATE = "civil-society and press estimates"
DIRECTORATE = "prison directorate, via the press"
COUNTRIES = {"SLV": "El Salvador", "USA": "United States"}

TABLE = Table(
    title="People in prison in El Salvador and the United States, several series, 2000-2024",
    description="Counts of people held, with a rate computed from World Bank population for every count. Local jails are "
    "included for the United States.",
    row="one count of one series",
    sources=["el-salvador-prisons", "unodc-prisons", "world-prison-brief", "world-population"],
    primary_key=["iso3", "series", "reference_date", "rate"],
    rules=[
        covers("year", 2000, 2024),
        holds(
            "held and rate make no population of the country",
            "100000.0 * held / rate BETWEEN CASE iso3 WHEN 'SLV' THEN 5000000 ELSE 270000000 END "
            "AND CASE iso3 WHEN 'SLV' THEN 7500000 ELSE 350000000 END",
        ),
        holds("year is not that of reference_date", "INSTR(reference_date, year) > 0"),
    ],
    caveats=[
        "Salvadoran prison figures have been confidential since March 2022: every later count is an estimate built from arrests.",
        "Series disagree by up to about 9 percent in the same year before 2022, and the sources do not say why.",
        "The rate depends on the denominator: the World Prison Brief publishes 1,659 for March 2024, this table computes more "
        "with the World Bank's population. Where only a rate is published, it stands as published.",
        "The UNODC row of El Salvador for 2022 is a count from before the state of exception of 27 March 2022.",
    ],
    fields=[
        field("iso3", "string", "Country code, ISO 3166-1 alpha-3", required=True, enum=list(COUNTRIES)),
        field("year", "integer", "Year", "year", required=True, minimum=2000, maximum=2024),
        field("reference_date", "string", "Date as precisely as given", required=True, minLength=4, maxLength=50),
        field("series", "string", "Who counted", required=True, enum=[UNODC, WPB, DIRECTORATE, ESTIMATE]),
        field("counted_by", "string", "Who counted, in full", required=True, minLength=10, maxLength=80),
        field("held", "integer", "People held; missing where only a rate is published", "people", minimum=0, maximum=3_000_000),
        field(
            "rate",
            "number",
            "People held per 100,000 residents",
            "per 100,000 residents",
            required=True,
            minimum=0,
            maximum=2_500,
        ),
        field("rate_is", "string", "Computed here, or as published", required=True, enum=["computed", "published"]),
        field("source_url", "string", "Public address", required=True, pattern="https?://.+"),
        field("note", "string", "Note", minLength=15, maxLength=250),
    ],
)


def build() -> pd.DataFrame:
    """Return the Salvadoran series side by side, and the United States from UNODC and the World Prison Brief."""
    home = _tidy.read_csv("el-salvador-prisons/prison_population_by_year.csv").dropna(subset=["held"])
    home = home.rename(columns={"series": "counted_by"}).assign(iso3="SLV", series=home["series"].map(_series))
    home.loc[home["basis"].str.contains("estimate", case=False), "series"] = ESTIMATE

    abroad = _tidy.read_csv("unodc-prisons/unodc_prison_panel.csv")
    abroad = abroad[(abroad["iso3"] == "USA") & abroad["held_total"].notna()].rename(columns={"held_total": "held"})
    abroad = abroad[["iso3", "year", "held"]].assign(
        reference_date=abroad["year"],
        series=UNODC,
        counted_by="UNODC UN-CTS",
        source_url="https://data.unodc.org/datareport/prison-held",
    )
    counts = pd.concat([home, abroad], ignore_index=True)
    counts["held"] = _tidy.whole(counts["held"])
    counts["rate"] = (1e5 * counts["held"] / _population(counts)).astype(float).round(1)
    counts["rate_is"] = "computed"

    listed = _tidy.read_csv("world-prison-brief/wpb_rates_2024-02.csv")
    name, rate = listed.columns[0], listed.columns[-1]
    listed = listed.set_index("iso3" if "iso3" in listed else name)[rate]
    last = pd.DataFrame(
        {
            "iso3": list(COUNTRIES),
            "year": [2022, 2024],
            "reference_date": ["2022-05 (listed in February 2024)", "2024-02 (as listed)"],
            "series": WPB,
            "counted_by": "World Prison Brief, list read in February 2024",
            "held": pd.array([pd.NA, pd.NA], dtype="Int64"),
            "rate": [float(listed[code]) for code in COUNTRIES],
            "rate_is": "published",
            "source_url": "https://www.prisonstudies.org/highest-to-lowest/prison_population_rate?field_region_taxonomy_tid=All",
            "note": [
                "stands in the list of February 2024; describes May 2022, two months into the state of exception",
                "the counts behind the list are older than the list",
            ],
        }
    )
    counts = pd.concat([counts, last], ignore_index=True)
    counts["year"] = _tidy.whole(counts["year"])
    counts = counts.sort_values(["iso3", "series", "year", "reference_date", "rate"], ignore_index=True)
    return counts[[f["name"] for f in TABLE.fields]]


def _series(counted_by: str) -> str:
    """Return the series that a count belongs to."""
    if counted_by.startswith("UNODC"):
        return UNODC
    if counted_by.startswith("World Prison Brief"):
        return WPB
    return DIRECTORATE


def _population(counts: pd.DataFrame) -> pd.Series:
    """Return the World Bank's population of the country and year of each count."""
    population = _tidy.read_csv("world-population/population_world_bank_1960_2024.csv")
    population = population[population["Country Code"].isin(COUNTRIES)]
    keys = zip(population["Country Code"], population["Year"], strict=True)
    known = dict(zip(keys, population["Value"].astype(float), strict=True))
    return pd.Series([known[key] for key in zip(counts["iso3"], counts["year"], strict=True)], index=counts.index)
