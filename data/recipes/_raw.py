"""The files of other publishers that tables are derived from: data/raw/<source>/, as `raw.yml` lists them.

Whoever has the repository has the files; nothing is fetched. Files whose terms allow no copy are registered with their
checksum and lie nowhere: the tables made from them cannot be rebuilt, and `withheld_tables` says why.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from functools import cache
from pathlib import Path

import yaml

from essay import tables

HERE = Path(__file__).resolve().parent
REGISTRY = HERE / "raw.yml"
FOLDER = HERE.parent / "raw"

# The terms under which something may stand in data/.
LICENCES = ("CC-BY-4.0", "facts-compiled", "public-domain")
SOURCE_KEYS = ("title", "publisher", "url", "licence", "accessed", "credit", "citation")
FILE_KEYS = ("extract", "sha256")
WITHHELD_KEYS = ("tables", "why")


class RawError(Exception):
    """A raw file is missing, unknown or not the one the recipe was written for, or the registry is not what it must be."""


class Withheld(RawError):
    """The terms of a raw file do not let it stand in the repository."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: not in the repository: {why}")
        self.path, self.why = path, why


def registry() -> dict[str, dict]:
    """Return the raw registry: source slug -> description, `files` and `withheld` where it has them.

    Raises RawError where the file is not YAML or a source or file lacks a key.
    """
    return _checked(REGISTRY.read_text(encoding="utf-8"))


@cache
def _checked(text: str) -> dict[str, dict]:
    """Return what the text of the registry says; asked for again and again while tables are made, read once."""
    try:
        sources = from_yaml(text, yaml.SafeLoader)
    except ValueError as error:
        raise RawError(f"data/recipes/raw.yml: {error}") from None
    _demand("data/recipes/raw.yml", sources, ())
    for slug, source in sources.items():
        _demand(slug, source, SOURCE_KEYS)
        _demand(f"{slug}, licence", source["licence"], ("name", "title"))
        if source["licence"]["name"] not in LICENCES:
            raise RawError(
                f"{slug}: licence {source['licence']['name']} is unknown; known: {', '.join(LICENCES)}; correct "
                "data/recipes/raw.yml"
            )
        if "withheld" in source:
            _demand(f"{slug}, withheld", source["withheld"], WITHHELD_KEYS)
        _demand(f"{slug}, files", source.setdefault("files", {}), ())
        for name, entry in source["files"].items():
            _demand(f"{slug}/{name}", entry, FILE_KEYS)
    return sources


def from_yaml(text: str, loader: type[yaml.SafeLoader]) -> object:
    """Return what YAML says. Raises ValueError that names the line, what is wrong there and the remedy."""
    if conflict := tables.merge_mark(text.encode()):
        raise ValueError(f"{conflict}: keep one, delete git's marks")
    try:
        return yaml.load(text, loader)
    except yaml.YAMLError as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None) or error
        where = f"line {mark.line + 1}: " if mark else ""
        told = "a tab, where blanks must stand" if "'\\t'" in str(problem) else " ".join(str(problem).split())
        raise ValueError(f"{where}not valid YAML ({told}); look at indentation, colons and quotes there and just above") from None


def _demand(label: str, entry: object, keys: tuple[str, ...]) -> None:
    """Raise RawError unless `entry` is a mapping in which every one of `keys` has a value."""
    if not isinstance(entry, dict):
        raise RawError(f"{label}: not a list of keys with values; correct data/recipes/raw.yml")
    for key in keys:
        if not entry.get(key):
            raise RawError(f"{label}: {key} is missing in data/recipes/raw.yml; add it")


def digest(content: bytes) -> str:
    """Return the SHA-256 of `content` as hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read(path: str) -> bytes:
    """Return the content of the raw file `source/file`, unpacked where its name ends in .gz, checksum verified.

    Raises Withheld for a file whose terms allow no copy, and RawError for one that is not registered, not there,
    damaged, or another than the registered one.
    """
    slug, _, name = path.partition("/")
    source = registry().get(slug, {"files": {}})
    if name not in source["files"]:
        raise RawError(f"{path}: not in data/recipes/raw.yml; register it there with its checksum")
    if "withheld" in source:
        raise Withheld(path, source["withheld"]["why"])
    try:
        content = (FOLDER / slug / name).read_bytes()
        if name.endswith(".gz"):
            content = gzip.decompress(content)
    except FileNotFoundError:
        raise RawError(f"data/raw/{path}: not there; restore it with git checkout data/raw") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise RawError(f"data/raw/{path}: damaged, it cannot be unpacked; restore it with git checkout data/raw") from None
    found, registered = digest(content), source["files"][name]["sha256"]
    if found != registered:
        raise RawError(
            f"data/raw/{path}: its checksum {found} is not the registered {registered}; restore it with "
            "git checkout data/raw, or register a new edition in data/recipes/raw.yml"
        )
    return content


def withheld_tables() -> dict[str, str]:
    """Return the tables that nobody can rebuild from the repository, each with the reason."""
    return {
        table: source["withheld"]["why"]
        for source in registry().values()
        if "withheld" in source
        for table in source["withheld"]["tables"]
    }
