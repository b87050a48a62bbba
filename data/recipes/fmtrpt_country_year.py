"""Foreign military training: one row a recipient country, fiscal year and programme."""

import pandas as pd

import _fmtrpt


def build() -> pd.DataFrame:
    """Return the sums, police columns empty where recipient units were not printed.

    The unstated columns sum the rows without a unit: nobody knows whether those recipients are police.
    """
    other = "other_law_enforcement_recipient"
    flags = ["police_recipient", "police_recipient_mixed", "unit_stated", other]
    rows = _fmtrpt.read(["fiscal_year", "iso3", "country_name", "program_family", "quantity", "total_cost_usd", *flags])
    rows["iso3"] = rows["iso3"].fillna("").replace("", "ZZZ")
    rows = rows.rename(columns={"country_name": "country", "quantity": "places", "total_cost_usd": "cost_usd"})
    mixed = rows["police_recipient_mixed"]
    for name, chosen in (("police", rows["police_recipient"] & ~mixed), ("mixed", mixed), ("unstated", ~rows["unit_stated"])):
        rows[f"{name}_places"] = rows["places"].where(chosen)
        rows[f"{name}_cost_usd"] = rows["cost_usd"].where(chosen)
    rows["other_law_places"] = rows["places"].where(rows[other])
    sums = rows.groupby(["fiscal_year", "iso3", "country", "programme"]).agg(
        courses=("police_recipient", "size"), **{c: (c, "sum") for c in rows.columns if c.endswith(("places", "cost_usd"))}
    )
    sums = sums.reset_index()
    amounts = [column for column in sums if column.endswith(("places", "cost_usd"))]
    sums[amounts] = sums[amounts].astype(float).round()
    known = sums["fiscal_year"] >= _fmtrpt.FIRST_UNITS
    for column in ["police_places", "police_cost_usd", "mixed_places", "mixed_cost_usd", "other_law_places"]:
        sums[column] = sums[column].where(known)
    return sums
