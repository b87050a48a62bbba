"""ICE's facility list of November 2017: one row a facility used since fiscal 2009."""

import pandas as pd

import _tidy
from _table import Table, covers, field, rule

YEARS = range(2009, 2019)
CLASSES = ["private-operator", "private-guard-contract-at-federal-site", "local-government", "federal", "other", "not stated"]

TABLE = Table(
    title="Facilities used by ICE: operator, accreditation flag, last rating and population, list of 6 November 2017",
    description="Facilities with any immigration detainee in fiscal 2009 to 2018, as U.S. Immigration and Customs Enforcement "
    "listed them on 6 November 2017.",
    row="one facility",
    sources=["ice-facility-list-2017"],
    primary_key=["line"],
    rules=[
        rule("a number is left out in line", "SELECT 2 FROM this GROUP BY NULL HAVING MAX(line) <> COUNT(*)"),
        covers("rating_date", "2006-05-08", "2017-11-02"),
        rule(
            "the average population of a year is not that of a system of 20,000 to 45,000 people",
            "SELECT 2 FROM this GROUP BY NULL HAVING "
            + " OR ".join(f"SUM(adp_{year}) NOT BETWEEN 20000 AND 45000" for year in YEARS),
        ),
    ],
    caveats=[
        "Operator and accreditation flag are those of November 2017. Applied to earlier years they misplace a facility that "
        "changed hands.",
        "adp_2018 covers 1 October to 6 November 2017 only.",
        "Type ORR marks shelters of the refugee office; leave them out of shares of ICE detention.",
        "not stated means that the list leaves the cell blank; it does not mean no.",
        "Names and places of shelters and of some juvenile facilities are redacted by ICE; those rows cannot be told apart.",
        "The accreditation flag is ICE's, not ACA's own register.",
        "operator_class was made for this book from the operator column.",
    ],
    fields=[
        field("line", "integer", "Position in the list", required=True, unique=True, minimum=1, maximum=892),
        field("detloc", "string", "ICE's code of the facility, or Redacted", required=True, minLength=3, maxLength=10),
        field("name", "string", "Facility, or Redacted", required=True, minLength=4, maxLength=60),
        field("state", "string", "State, or Redacted", required=True, minLength=2, maxLength=10),
        field(
            "type",
            "string",
            "Kind of agreement",
            required=True,
            enum=["BOP", "CDF", "IGSA", "MIRP", "ORR", "Other", "SPC", "USMS IGA"],
        ),
        field("type_detailed", "string", "Kind of facility", required=True, minLength=3, maxLength=10),
        field("operator_class", "string", "Who operates it", required=True, enum=CLASSES),
        field("operator", "string", "Operator as the list spells it out", minLength=3, maxLength=40),
        field("aca", "string", "ICE's flag: accredited by ACA", required=True, enum=["YES", "NO", "not stated"]),
        field("contract_standard", "string", "Standard named in the contract", minLength=3, maxLength=80),
        field(
            "rating",
            "string",
            "Rating of the last inspection",
            enum=[
                "Acceptable",
                "At-Risk",
                "Deficient",
                "Good",
                "Meets Standard",
                "Overcome by Events",
                "Pending",
                "Special Review - Pre-Occupancy",
                "Superior",
            ],
        ),
        field("rating_date", "date", "Date of the last inspection"),
        *(
            field(
                f"adp_{year}",
                "number",
                f"Average daily population, fiscal {year}",
                "people",
                required=True,
                minimum=0,
                maximum=3_000,
            )
            for year in YEARS
        ),
    ],
)


def build() -> pd.DataFrame:
    """Return the list without addresses and coordinates."""
    raw = _tidy.read_csv("ice-facility-list-2017/ice_facilities_2017_operator_aca.csv.gz")
    raw = raw.rename(
        columns={
            "operator_name": "operator",
            "aca_accredited": "aca",
            "last_inspection_rating": "rating",
            "last_inspection_date": "rating_date",
            **{f"fy{year - 2000:02d}_adp": f"adp_{year}" for year in YEARS},
        }
    )
    for column in ["operator_class", "aca"]:
        raw[column] = raw[column].fillna("not stated")
    for year in YEARS:
        raw[f"adp_{year}"] = pd.to_numeric(raw[f"adp_{year}"]).round(2)
    raw["line"] = range(1, len(raw) + 1)
    return raw[[f["name"] for f in TABLE.fields]]
