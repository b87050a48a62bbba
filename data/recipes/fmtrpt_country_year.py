"""Foreign military training: one row a recipient country, fiscal year and programme."""

import pandas as pd

import _fmtrpt
from _table import Table, country_of_code, covers, field, holds

TABLE = Table(
    title="U.S. military training of foreigners by country, fiscal year and programme, FY1999 to FY2020",
    description="Sums over the row-level Foreign Military Training Reports; training that took place only.",
    row="one recipient country, fiscal year and programme",
    sources=["sfm-fmtrpt"],
    primary_key=["fiscal_year", "iso3", "programme"],
    rules=[
        covers("fiscal_year", 1999, 2020),
        country_of_code(
            ATG="Antigua and Barbuda",
            BIH="Bosnia and Herzegovina",
            CYM="Cayman Islands",
            CAF="Central African Republic",
            COK="Cook Islands",
            CIV="Cote d'Ivoire",
            COD="DR Congo",
            DOM="Dominican Republic",
            GNQ="Equatorial Guinea",
            SWZ="Eswatini",
            PYF="French Polynesia",
            MHL="Marshall Islands",
            ANT="Netherlands Antilles",
            PSE="Palestinian Authority",
            KNA="Saint Kitts and Nevis",
            VCT="Saint Vincent and the Grenadines",
            STP="Sao Tome and Principe",
            SCG="Serbia and Montenegro",
            SXM="Sint Maarten (Dutch part)",
            SLB="Solomon Islands",
            SSD="South Sudan",
            TKL="Tokelau",
            TCA="Turks and Caicos Islands",
            YUG="Yugoslavia",
            ZZZ="(unmapped)",
        ),
        holds(
            "police and mixed are more than the whole",
            "police_places + mixed_places <= places AND police_cost_usd + mixed_cost_usd <= cost_usd",
        ),
        holds("units were printed from 2001 on, and only then", "(fiscal_year >= 2001) = (police_places NOT NULL)"),
    ],
    caveats=[
        "Planned rows are dropped: the first two editions also list training proposed for the year then current.",
        "Recipient units were not printed for FY1999 and FY2000, so the police columns are empty there, not zero.",
        "A place is a student on a course: someone who attended two courses counts twice.",
        "Scope is military training arranged by Defense and State. Academies of the ILEA network, ICITAP and most INL "
        "police training are outside it, so the police columns are no measure of police training.",
        "Police groups are found by key words in the recipient unit. Mixed groups name the army or the like as well and "
        "are kept apart; they are not all police.",
        "NATO members, Australia, Japan and New Zealand are left out of the reports, as is training that recipients pay for.",
        "Checked against the printed totals: see fmtrpt_reconciliation. FY2020 is low because of the pandemic.",
    ],
    fields=[
        field("fiscal_year", "integer", "U.S. fiscal year of the training", "year", required=True, minimum=1999, maximum=2020),
        field("iso3", "string", "Recipient, ISO 3166-1 alpha-3; XKX Kosovo, ZZZ Indochina", required=True, pattern="[A-Z]{3}"),
        field("country", "string", "Recipient", required=True, minLength=4, maxLength=40),
        field("programme", "string", "Programme", required=True, enum=list(_fmtrpt.PROGRAMMES.values())),
        field("courses", "integer", "Rows of the report", "rows", required=True, minimum=1, maximum=1_500),
        field("places", "integer", "Training places", "student-course places", required=True, minimum=0, maximum=15_000),
        field("cost_usd", "integer", "Cost as printed", "nominal USD", required=True, minimum=0, maximum=100_000_000),
        field(
            "police_places",
            "integer",
            "Places of groups that name police alone",
            "student-course places",
            minimum=0,
            maximum=2_500,
        ),
        field("police_cost_usd", "integer", "Cost of those groups", "nominal USD", minimum=0, maximum=10_000_000),
        field(
            "mixed_places",
            "integer",
            "Places of groups that name police and army together",
            "student-course places",
            minimum=0,
            maximum=8_000,
        ),
        field("mixed_cost_usd", "integer", "Cost of those groups", "nominal USD", minimum=0, maximum=6_000_000),
    ],
)


def build() -> pd.DataFrame:
    """Return the sums, police columns empty where recipient units were not printed."""
    flags = ["police_recipient", "police_recipient_mixed"]
    rows = _fmtrpt.read(["fiscal_year", "iso3", "country_name", "program_family", "quantity", "total_cost_usd", *flags])
    rows["iso3"] = rows["iso3"].fillna("").replace("", "ZZZ")
    rows = rows.rename(columns={"country_name": "country", "quantity": "places", "total_cost_usd": "cost_usd"})
    mixed = rows["police_recipient_mixed"]
    for name, chosen in (("police", rows["police_recipient"] & ~mixed), ("mixed", mixed)):
        rows[f"{name}_places"] = rows["places"].where(chosen)
        rows[f"{name}_cost_usd"] = rows["cost_usd"].where(chosen)
    sums = rows.groupby(["fiscal_year", "iso3", "country", "programme"]).agg(
        courses=("police_recipient", "size"), **{c: (c, "sum") for c in rows.columns if c.endswith(("places", "cost_usd"))}
    )
    sums = sums.reset_index()
    for column in [f["name"] for f in TABLE.fields if f["type"] == "integer"]:
        sums[column] = sums[column].astype(float).round().astype("Int64")
    known = sums["fiscal_year"] >= _fmtrpt.FIRST_UNITS
    for column in ["police_places", "police_cost_usd", "mixed_places", "mixed_cost_usd"]:
        sums[column] = sums[column].where(known)
    return sums[[f["name"] for f in TABLE.fields]]
