"""Ship the tables of `data/` with the site, where receipts and captions link to them."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

from sphinx.application import Sphinx

from essay_site.paths import DATA

CSV_ADVICE = (
    "The data files (CSV) are in UTF-8. Where a spreadsheet garbles accents and dashes, have it import the file as UTF-8; "
    "in Excel that is Data, From Text/CSV, file origin 65001."
)


def ship(app: Sphinx, error: Exception | None) -> None:
    """Copy the data package next to the pages, and the ledger as JSON besides."""
    if error or app.builder.name != "html":
        return
    target = Path(app.outdir) / "data"
    target.mkdir(exist_ok=True)
    package = DATA / "datapackage.json"
    for resource in json.loads(package.read_text(encoding="utf-8"))["resources"]:
        shutil.copy2(DATA / resource["path"], target)
    shutil.copy2(package, target)
    with (DATA / "claims.csv").open(encoding="utf-8", newline="") as file:
        claims = list(csv.DictReader(file))
    (target / "claims.json").write_text(json.dumps(claims, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
