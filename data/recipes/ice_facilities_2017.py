"""ICE's facility list of November 2017: one row a facility used since fiscal 2009."""

import pandas as pd

import _tidy

YEARS = range(2009, 2019)


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
    return raw
