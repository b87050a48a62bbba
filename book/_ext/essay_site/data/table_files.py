"""Ship the tables of `data/` with the site, where receipts and captions link to them."""

from __future__ import annotations

import filecmp
import shutil
from pathlib import Path

from sphinx.application import Sphinx

from essay_site.data import croissant
from essay_site.data.descriptors import package
from essay_site.files import put_json
from essay_site.paths import DATA

CSV_ADVICE = (
    "The data files (CSV) are in UTF-8. Where a spreadsheet garbles accents and dashes, have it import the file as UTF-8; "
    "in Excel that is Data, From Text/CSV, file origin 65001."
)


def ship(app: Sphinx, error: Exception | None) -> None:
    """Copy the data package next to the pages, with its description as Croissant besides."""
    if error or app.builder.name != "html":
        return
    target = Path(app.outdir) / "data"
    target.mkdir(exist_ok=True)
    described = package()
    for name in ("datapackage.json", *(resource["path"] for resource in described["resources"])):
        if not ((target / name).is_file() and filecmp.cmp(DATA / name, target / name)):
            shutil.copy2(DATA / name, target)
    site = app.config.html_baseurl
    put_json(target / croissant.FILE, croissant.described(described, f"{site}data/" if site else ""))
