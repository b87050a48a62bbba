"""Gather what a release attaches into `_build/release`: `python -m tools.release` after `make site`.

The archives have fixed times, modes and order, so that the same book gives the same bytes and checksums.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from essay_site.data.croissant import FILE
from essay_site.paths import BUILT, DATA, PROJECT
from essay_site.published.packing import below, pack

# Made of the data package with the pages.
CROISSANT = f"html/data/{FILE}"
# What must have been built -> the target that builds it.
NEEDED = {"html/book/index.html": "make book", CROISSANT: "make book", "book.pdf": "make pdf", "book.epub": "make epub"}


def data_package(built: Path) -> dict[str, Path]:
    """Return the files of the data package: tables, their descriptions and how to use them."""
    files = [*DATA.glob("*.csv"), *DATA.glob("*.geojson"), DATA / "datapackage.json", DATA / "README.md", built / CROISSANT]
    return {path.name: path for path in files}


def release(built: Path = BUILT) -> Path:
    """Make the folder of a release anew and return it. Raises SystemExit that names all that has not been built."""
    missing = [
        f"{built / name} is missing: run `{target}` first" for name, target in NEEDED.items() if not (built / name).is_file()
    ]
    if missing:
        raise SystemExit("\n".join(missing))
    folder = built / "release"
    making = built / "release.part"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    pack(below(built / "html"), making / "site.zip")
    pack(data_package(built), making / "data.zip")
    for name in ("book.pdf", "book.epub"):
        shutil.copyfile(built / name, making / name)
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(making.iterdir())]
    (making / "SHA256SUMS").write_text("".join(sums), encoding="utf-8", newline="\n")
    shutil.rmtree(folder, ignore_errors=True)
    making.replace(folder)
    return folder


if __name__ == "__main__":
    for path in sorted(release().iterdir()):
        print(path.relative_to(PROJECT).as_posix())
