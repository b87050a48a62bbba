"""Pack each chapter with all that it needs to run, beside its notebook: the library, its tables, its requirements."""

from __future__ import annotations

import copy
import hashlib
import json
import re
import zipfile
from pathlib import Path

from sphinx.application import Sphinx

from essay_site.cache.inputs import PACKAGE, REQUIREMENTS, digest, inputs
from essay_site.data import descriptors
from essay_site.notes import notes
from essay_site.paths import DATA, PROJECT
from essay_site.published.packing import pack

# The tables that a rule reads besides its own, and the one that it asks where a place is.
READ = re.compile(r"(?:FROM|JOIN) (\w+)")
PLACES = ("near_country(", "countries")
README = """\
{title}

A chapter as a notebook, the library it imports (essay/) and the tables it loads (data/). To run it, in this folder:

    python -m pip install -r requirements.txt
    jupyter execute --inplace {name}.ipynb

or open it in Jupyter or VS Code. Code: MIT (LICENSE). Text and figures: CC BY 4.0 (LICENSE-TEXT). Tables: as
data/datapackage.json states for each.
"""


def described(loaded: set[str], told: set[str]) -> dict:
    """Return the data package of the tables that a chapter loads, without rules that would ask another.

    Of those that it only tells of, the descriptor alone, without rules.
    """
    package = copy.deepcopy(descriptors.package())
    known = {resource["name"] for resource in package["resources"]}

    def answered(resource: dict, query: str) -> bool:
        call, table = PLACES
        read = {resource["name"]} | set(READ.findall(query)) & known | ({table} if call in query else set())
        return read <= loaded

    package["resources"] = [resource for resource in package["resources"] if resource["name"] in loaded | told]
    for resource in package["resources"]:
        schema = resource["schema"]
        if "rules" in resource:
            resource["rules"] = [rule for rule in resource["rules"] if answered(resource, rule["failing"])]
        if "foreignKeys" in schema:
            keys = schema["foreignKeys"]
            schema["foreignKeys"] = [key for key in keys if {resource["name"], key["reference"]["resource"]} <= loaded]
    return package


def requirements() -> str:
    """Return what computes a chapter, held to the pins of the book, without what makes pages."""
    paragraph = REQUIREMENTS.read_text(encoding="utf-8").partition("# Computation")[2].partition("\n\n")[0]
    return "-c pins.txt\n\n" + paragraph.partition("\n")[2] + "\n"


def library() -> dict[str, Path]:
    """Return what every archive has: name -> path."""
    files = {f"essay/{path.relative_to(PACKAGE).as_posix()}": path for path in PACKAGE.rglob("*") if path.is_file()}
    known = {name: path for name, path in files.items() if path.suffix != ".pyc"}
    return known | {"pins.txt": REQUIREMENTS} | {name: PROJECT / name for name in ("LICENSE", "LICENSE-TEXT")}


def contents(name: str, title: str, notebook: bytes) -> dict[str, Path | bytes]:
    """Return what a chapter needs to run: name in its archive -> path or content."""
    labels = [label.partition(" ") for label in inputs(json.loads(notebook))]
    loaded, told = ({table for kind, _, table in labels if kind == wanted} for wanted in ("table", "schema"))
    package = described(loaded, told)
    files = {
        **library(),
        f"{name}.ipynb": notebook,
        "README.txt": README.format(title=title, name=name).encode(),
        "requirements.txt": requirements().encode(),
        "data/datapackage.json": (json.dumps(package, indent=2, ensure_ascii=False) + "\n").encode(),
        **{
            f"data/{resource['path']}": DATA / resource["path"] for resource in package["resources"] if resource["name"] in loaded
        },
    }
    return {f"{name}/{place}": content for place, content in files.items()}


def same() -> str:
    """Return what can change every archive, by its digests: the library, the head of the data package, this file."""
    head = {name: value for name, value in descriptors.package().items() if name != "resources"}
    return json.dumps([head, {name: digest(path) for name, path in library().items()}, digest(Path(__file__))], sort_keys=True)


def packed(archive: Path) -> bytes:
    """Return the key with which an archive was packed; empty where there is none."""
    if not archive.exists():
        return b""
    with zipfile.ZipFile(archive) as opened:
        return opened.comment


def ship(app: Sphinx, error: Exception | None) -> None:
    """Write an archive beside each notebook that the site hands out, but where one of the same contents stands."""
    if error or app.builder.name != "html":
        return
    sources, common = Path(app.outdir) / "_sources", same()
    for page, used in sorted(notes(app.env, "inputs").items()):
        path, title = sources / f"{page}.ipynb", app.env.titles[page].astext()
        archive, notebook = path.with_suffix(".zip"), path.read_bytes()
        key = hashlib.sha256(f"{common} {used} {title}".encode() + notebook).hexdigest().encode()
        if packed(archive) != key:
            temporary = archive.with_suffix(".zip.part")
            pack(contents(path.stem, title, notebook), temporary, key)
            temporary.replace(archive)
