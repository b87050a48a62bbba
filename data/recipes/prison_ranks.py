"""Where Brazil, El Salvador and the United States stand among the world's prison systems, by list and by rule."""

import pandas as pd

import _tidy
from _table import Table, field, holds, rule

SLUG = "world-prison-brief"
COUNTRIES = ["BRA", "SLV", "USA"]
# Copies of the list in the order of their dates: the label of each, and its file.
LISTS = {
    "2017-07": "wpb_crosssection_2017.csv",
    "2018-09": "wpb_rates_2018-09.csv",
    "2021": "wpb_crosssection_2021-13th-edition_via_wpr.csv",
    "2024-02": "wpb_rates_2024-02.csv",
}
SUMMARY = "2024-05"
# Listed jurisdictions that are territories, dependencies or parts of another state.
TERRITORIES = [
    *("ABW", "AIA", "ASM", "BMU", "COK", "CUW", "CYM", "FRO", "GGY", "GIB", "GLP", "GRL", "GUF", "GUM"),
    *("HKG", "IMN", "JEY", "MAC", "MNP", "MTQ", "MYT", "NCL", "PRI", "PYF", "REU", "SXM", "VGB", "VIR"),
]
ALL = "all jurisdictions"
WITHOUT = "without dependent territories"

TABLE = Table(
    title="Ranks of three prison systems by total and by rate, in five copies of the world list, 2017-2024",
    description="Ranks computed for this book from copies of the World Prison Brief, for three countries.",
    row="one country, list, measure and rule",
    sources=[SLUG],
    primary_key=["iso3", "list", "measure", "scope"],
    rules=[
        holds("rank is beyond the end of the list", "rank <= ranked"),
        rule(
            "a country has two values in one list",
            "SELECT MIN(row_nr) FROM this GROUP BY iso3, list, measure HAVING COUNT(DISTINCT value) > 1",
        ),
        rule(
            "a country ranks lower where fewer are ranked",
            "SELECT a.row_nr FROM this AS a JOIN this AS b ON a.iso3 = b.iso3 AND a.list = b.list "
            "AND a.measure = b.measure WHERE a.scope LIKE 'without%' AND b.scope LIKE 'all%' "
            "AND (a.rank > b.rank OR a.ranked > b.ranked)",
        ),
        rule(
            "of two countries the one with the higher value does not rank higher",
            "SELECT a.row_nr FROM this AS a JOIN this AS b ON a.list = b.list AND a.measure = b.measure "
            "AND a.scope = b.scope WHERE a.value > b.value AND a.rank >= b.rank",
        ),
        holds("value is no rate or no number of prisoners", "(measure = 'rate') = (value < 5000)"),
    ],
    caveats=[
        "A list holds the latest figure known for each jurisdiction when it was copied: the dates differ by country.",
        "The list of May 2024 is the published summary of the 14th edition: the first 15 by rate and the first 11 by total, "
        "totals rounded there. It says nothing of ranks below those.",
        "The lists of 2018-09 and 2024-02 have rates only.",
        "El Salvador's 1,086 of 2024 describes May 2022.",
        "Rates of different lists use different denominators: do not subtract them.",
        "England and Wales, Scotland and Northern Ireland, and the parts of Bosnia, are ranked apart, as the lists have them.",
        "Equal values share the better rank.",
    ],
    fields=[
        field("iso3", "string", "Country code, ISO 3166-1 alpha-3", required=True, enum=COUNTRIES),
        field("list", "string", "Month or year of the copy", required=True, enum=[*LISTS, SUMMARY]),
        field("measure", "string", "What is ranked", required=True, enum=["rate", "total"]),
        field("scope", "string", "Whether dependent territories are ranked", required=True, enum=[ALL, WITHOUT]),
        field(
            "value",
            "integer",
            "Prisoners per 100,000 residents (rate), or prisoners (total)",
            required=True,
            minimum=0,
            maximum=3_000_000,
        ),
        field("rank", "integer", "Rank, highest first", required=True, minimum=1, maximum=60),
        field(
            "ranked", "integer", "Jurisdictions ranked; blank where only the head of the list was read", minimum=1, maximum=300
        ),
    ],
)


def build() -> pd.DataFrame:
    """Return the ranks of the three countries in every list that has them."""
    rows = []
    for label, file in LISTS.items():
        listed = _tidy.read_csv(f"{SLUG}/{file}")
        for measure in ("rate", "total"):
            if f"prison_population_{measure}" in listed:
                values = pd.to_numeric(listed.set_index("iso3")[f"prison_population_{measure}"]).dropna()
                rows += _ranks(label, measure, values, len(values))
    summary = _tidy.read_csv(f"{SLUG}/wppl14_headline_2024-05.csv")
    for name, measure in (("rate_per_100k", "rate"), ("total", "total")):
        head = summary[summary["list"] == name].set_index("iso3")["value"]
        rows += _ranks(SUMMARY, measure, pd.to_numeric(head), None)
    ranks = pd.DataFrame(rows).astype({"value": "Int64", "rank": "Int64", "ranked": "Int64"})
    return ranks.sort_values(["iso3", "measure", "list", "scope"])[[f["name"] for f in TABLE.fields]]


def _ranks(label: str, measure: str, values: pd.Series, ranked: int | None) -> list[dict]:
    """Return the ranks of the three countries in one list, with and without territories."""
    rows = []
    for scope, kept in ((ALL, values), (WITHOUT, values[~values.index.isin(TERRITORIES)])):
        order = kept.rank(ascending=False, method="min").astype(int)
        rows += [
            {
                "iso3": iso3,
                "list": label,
                "measure": measure,
                "scope": scope,
                "value": int(kept[iso3]),
                "rank": int(order[iso3]),
                "ranked": None if ranked is None else len(kept),
            }
            for iso3 in COUNTRIES
            if iso3 in order.index
        ]
    return rows
