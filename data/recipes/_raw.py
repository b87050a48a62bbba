"""Where raw files come from: a folder of them, or their public address.

`raw.yml` lists every source with its files. `ESSAY_SOURCES` names a folder that holds one
sub-folder per source; where it is unset, a folder `shared/sources` beside the project serves
if there is one, and else `pooch` fetches the files that have a public address.
"""

from __future__ import annotations

import gzip
import hashlib
import os
from pathlib import Path

import pooch
import yaml

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
REGISTRY = HERE / "raw.yml"


class RawError(Exception):
    """A raw file is missing, unknown or not the one the recipe was written for."""


def registry() -> dict:
    """Return the raw registry: source slug -> description, with its files. Raises RawError where it is not YAML."""
    try:
        return yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise RawError(f"data/recipes/raw.yml: not valid YAML ({error}); correct it or restore it with git") from None


def folder() -> Path | None:
    """Return the folder of raw files, or None when they have to be fetched."""
    named = os.environ.get("ESSAY_SOURCES")
    if named:
        path = Path(named)
        if not path.is_dir():
            raise RawError(f"ESSAY_SOURCES={named}: no such folder; name one or unset the variable")
        return path
    sibling = PROJECT.parent / "shared" / "sources"
    return sibling if sibling.is_dir() else None


def digest(content: bytes) -> str:
    """Return the SHA-256 of `content` as hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read(path: str) -> bytes:
    """Return the content of the raw file `slug/file`, unpacked if it is gzipped, checksum verified.

    Raises RawError when the file is not registered, cannot be had or has another checksum.
    The checksum is that of the unpacked content, so a packed copy and the original agree.
    """
    slug, _, name = path.partition("/")
    source = registry().get(slug)
    if source is None or name not in source["files"]:
        raise RawError(f"{path}: not in data/recipes/raw.yml; add it there with its checksum")
    entry = source["files"][name]
    where = folder()
    if where is not None:
        local = where / slug / name
        if not local.is_file():
            raise RawError(f"{path}: not found in {where}; restore it or correct ESSAY_SOURCES")
        content = local.read_bytes()
        if name.endswith(".gz"):
            content = gzip.decompress(content)
        if digest(content) != entry["sha256"]:
            raise RawError(
                f"{path}: checksum {digest(content)[:12]}… is not the registered "
                f"{entry['sha256'][:12]}…; the file changed: review it, then update data/recipes/raw.yml"
            )
        return content
    return _fetch(path, entry)


def _fetch(path: str, entry: dict) -> bytes:
    """Return a raw file from its public address, through pooch's cache."""
    if not entry.get("url"):
        raise RawError(f"{path}: compiled for this book, has no public address; set ESSAY_SOURCES to a folder that holds it")
    try:
        local = pooch.retrieve(
            entry["url"],
            known_hash=f"sha256:{entry['sha256']}",
            path=pooch.os_cache("propagates-punishment"),
            fname=path.replace("/", "--").removesuffix(".gz"),
        )
    except ValueError as error:
        raise RawError(
            f"{path}: what {entry['url']} serves has another checksum than registered; "
            "the publisher changed it: review it, then update data/recipes/raw.yml"
        ) from error
    except OSError as error:
        raise RawError(
            f"{path}: {entry['url']} did not answer ({error.__class__.__name__}); try again or set ESSAY_SOURCES"
        ) from error
    return Path(local).read_bytes()
