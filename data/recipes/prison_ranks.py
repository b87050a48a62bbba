"""Where Brazil, El Salvador and the United States stand among the world's prison systems, by list and by rule."""

import pandas as pd

import _tidy

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
    return pd.DataFrame(rows).sort_values(["iso3", "measure", "list", "scope"])


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
