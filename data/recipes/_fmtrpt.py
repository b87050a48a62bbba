"""The row-level Foreign Military Training Reports as the recipes of several tables read them."""

from __future__ import annotations

import io

import pandas as pd

import _raw

# The long family names of the source, and what the book calls them.
PROGRAMMES = {
    "IMET": "IMET",
    "FMF": "FMF",
    "DoD regional centers": "DoD regional centers",
    "Counterterrorism Fellowship (CTFP/CTIWFP)": "Counterterrorism fellowship",
    "DoD counter-drug (Sec. 1004 etc.)": "DoD counter-drug",
    "Peacekeeping (PKO/GPOI/ACRI/EIPC/ACOTA)": "Peacekeeping",
    "INL/INCLE": "INL",
    "Train & equip (Sec. 1206/2282/333/1203/1207, CTPF, MSI, ASFF, PCCF, CTEF, USAI, ERI, GSCF, SCSI, CRSP, CAMRI)": (
        "Train and equip"
    ),
    "DHS/USCG (earlier DoT/USCG)": "Coast Guard",
    "Service academies, ALP, exchanges, PME": "Academies and exchanges",
    "Other DoD/DoS non-security assistance": "Other Defense and State",
    "Humanitarian (HMA/FHA)": "Humanitarian",
    "Sec. 506 drawdown": "Drawdown",
    "NADR": "NADR",
}

# Recipient units were not printed before this fiscal year.
FIRST_UNITS = 2001


def read(columns: list[str], where: list[tuple] | None = None) -> pd.DataFrame:
    """Return the named columns of all rows on training that took place, `where` as in pyarrow's filters.

    Planned rows (proposed for the year then current, in the first two editions) are dropped: counting them
    would count training twice or count what never happened.
    """
    content = io.BytesIO(_raw.read("sfm-fmtrpt/fmtrpt-rows-1999-2020.parquet"))
    rows = pd.read_parquet(content, columns=columns, filters=[("status", "==", "actual"), *(where or [])])
    if "program_family" in rows:
        rows["programme"] = rows.pop("program_family").map(PROGRAMMES)
    return rows
