"""What a notebook's outputs depend on besides its code: the tables and modules that the code reads."""

from __future__ import annotations

import ast
import hashlib
import json
from functools import cache
from pathlib import Path

from essay_site.data.descriptors import resources, rows
from essay_site.paths import BOOK, DATA, PROJECT

PACKAGE = BOOK / "essay"
REQUIREMENTS = PROJECT / "requirements.txt"


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
def _module_uses(module: Path, changed: int) -> tuple[set[str], set[str]]:
    """Return what a module uses; `changed` is the file's time, so that a new file is read again."""
    return uses(module.read_text(encoding="utf-8"))


def inputs(notebook: dict) -> dict[str, str]:
    """Return everything that can change a notebook's outputs, besides its code: label -> digest."""
    schemas = {resource["name"]: resource for resource in resources()}
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
    found = {path.relative_to(PROJECT).as_posix(): digest(path) for path in files if path.is_file()}
    for name in named & schemas.keys():
        found[f"table {name}"] = digest(DATA / schemas[name]["path"])
    for name in (named | _told(named)) & schemas.keys():
        found[f"schema {name}"] = hashlib.sha256(json.dumps(schemas[name], sort_keys=True).encode()).hexdigest()
    return found


def _told(named: set[str]) -> set[str]:
    """Return the tables that the register of changes, where it is among those named, shows by their titles."""
    known = "changes" in named and (DATA / "changes.csv").is_file()
    return {row["table"] for row in rows("changes")} if known else set()


def loaded(found: dict[str, str]) -> set[str]:
    """Return the tables among the inputs of a notebook."""
    return {label.removeprefix("table ") for label in found if label.startswith("table ")}


def key(found: dict[str, str]) -> str:
    """Return one digest of the inputs of a notebook."""
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()


def digest(path: Path) -> str:
    """Return the digest of a file; of nothing when it is missing, so that the chapter runs and says so."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
