"""Run a chapter again when a table or module it uses has changed, and only then.

MyST-NB's cache knows a notebook by its code alone, so a changed table would leave the old result
published. This extension adds a digest of everything else a chapter's code reads (the tables it loads,
the `essay` modules it imports and the tables those load, the pinned requirements) to the notebook's kernel metadata,
which is part of the cache's key, and tells Sphinx to read the page again when the digest changes.
"""

from __future__ import annotations

import ast
import hashlib
import json
from functools import cache
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

BOOK = Path(__file__).resolve().parents[1]
PACKAGE = BOOK / "essay"
DATA = BOOK.parent / "data"
REQUIREMENTS = BOOK.parent / "requirements.txt"


def code_of(notebook: dict) -> str:
    """Return the code of a notebook, magics dropped."""
    cells = (cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    lines = (line for cell in cells for line in "".join(cell["source"]).splitlines())
    return "\n".join(line for line in lines if not line.startswith(("%", "!")))


def uses(code: str) -> tuple[set[str], set[str]]:
    """Return the `essay` modules that code imports, and the tables it names.

    A table is named by the literal argument of `load(...)` or `resource(...)`, or in a literal list
    given as `sources=`.
    """
    modules: set[str] = set()
    named: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module == "essay":
            modules.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("essay."):
            modules.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            modules.update(alias.name.split(".")[1] for alias in node.names if alias.name.startswith("essay."))
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("load", "resource") and node.args and isinstance(node.args[0], ast.Constant):
                named.add(node.args[0].value)
            for keyword in node.keywords:
                if keyword.arg == "sources" and isinstance(keyword.value, ast.List):
                    named.update(item.value for item in keyword.value.elts if isinstance(item, ast.Constant))
    return modules, named


@cache
def _schemas(changed: int) -> dict[str, dict]:
    """Return the descriptors of all tables by name; `changed` is the time of their file."""
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    return {resource["name"]: resource for resource in package["resources"]}


@cache
def _module_uses(module: Path, changed: int) -> tuple[set[str], set[str]]:
    """Return what a module uses; `changed` is the file's time, so that a new file is read again."""
    return uses(module.read_text(encoding="utf-8"))


def inputs(notebook: dict) -> dict[str, str]:
    """Return everything that can change a notebook's outputs, besides its code: label -> digest."""
    resources = _schemas((DATA / "datapackage.json").stat().st_mtime_ns)
    modules, named = uses(code_of(notebook))
    waiting = set(modules)
    while waiting:
        module = PACKAGE / f"{waiting.pop()}.py"
        if module.is_file():
            more, tables = _module_uses(module, module.stat().st_mtime_ns)
            waiting |= more - modules
            modules |= more
            named |= tables
    files = [PACKAGE / f"{module}.py" for module in modules] + [REQUIREMENTS]
    if modules:
        files += [path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")]
    found = {path.relative_to(BOOK.parent).as_posix(): _digest(path) for path in files if path.is_file()}
    for name in named & resources.keys():
        found[f"table {name}"] = _digest(DATA / resources[name]["path"])
        found[f"schema {name}"] = hashlib.sha256(json.dumps(resources[name], sort_keys=True).encode()).hexdigest()
    return found


def key(notebook: dict) -> str:
    """Return one digest of all inputs of a notebook."""
    return hashlib.sha256(json.dumps(inputs(notebook), sort_keys=True).encode()).hexdigest()


def _digest(path: Path) -> str:
    """Return the digest of a file; of nothing when it is missing, so that the chapter runs and says so."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _times() -> list[tuple[str, int, int]]:
    """Return path, time and size of every file that can change a notebook's outputs, the notebooks among them."""
    files = [REQUIREMENTS, *BOOK.glob("*.ipynb"), *DATA.glob("*.*"), *PACKAGE.rglob("*.*")]
    stats = [(path.as_posix(), path.stat()) for path in sorted(files) if path.suffix != ".pyc"]
    return [(path, stat.st_mtime_ns, stat.st_size) for path, stat in stats]


def _known(env: BuildEnvironment) -> dict[str, str]:
    """Return the digests that pages were last read with."""
    if not hasattr(env, "essay_inputs"):
        env.essay_inputs = {}
    return env.essay_inputs


def mark(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the digest into the notebook's kernel metadata as it is read."""
    if app.env.doc2path(docname).endswith(".ipynb"):
        notebook = json.loads(source[0])
        digest = key(notebook)
        notebook["metadata"].setdefault("kernelspec", {})["essay_inputs"] = digest
        _known(app.env)[docname] = digest
        source[0] = json.dumps(notebook)


def outdated(app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set) -> list[str]:
    """Name the pages whose inputs have changed since they were last read."""
    # Where no file has another time or size there is nothing to read; where one has, its content decides.
    before, env.essay_files = getattr(env, "essay_files", None), _times()
    if env.essay_files == before:
        return []
    stale = []
    for docname, digest in _known(env).items():
        path = Path(env.doc2path(docname))
        known = docname in env.found_docs and path.is_file()
        if known and key(json.loads(path.read_text(encoding="utf-8"))) != digest:
            stale.append(docname)
    return stale


def page_code() -> str:
    """Return one digest of the extensions, templates, styles and scripts that make pages of what notebooks say."""
    kinds = {".py", ".html", ".css", ".js"}
    paths = (path for folder in ("_ext", "_templates", "_static") for path in (BOOK / folder).rglob("*"))
    files = sorted(path for path in paths if path.suffix in kinds)
    return hashlib.sha256("".join(_digest(path) for path in files).encode()).hexdigest()


def setup(app: Sphinx) -> dict:
    """Register with Sphinx."""
    # Sphinx reads all pages again when this changes; their notebooks need not run again for it.
    app.add_config_value("essay_page_code", page_code(), "env")
    app.connect("source-read", mark)
    app.connect("env-get-outdated", outdated)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
