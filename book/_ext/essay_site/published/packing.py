"""Zip files that depend on nothing but what is in them."""

from __future__ import annotations

import zipfile
from pathlib import Path

# The earliest time that a zip file can hold.
EPOCH = (1980, 1, 1, 0, 0, 0)


def below(folder: Path) -> dict[str, Path]:
    """Return all files below a folder by their paths from there, in order."""
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


def pack(files: dict[str, Path | bytes], target: Path, comment: bytes = b"") -> None:
    """Write a zip file of `files` (name in the archive -> path or content): times, modes and order are fixed."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        for name, content in sorted(files.items(), key=lambda pair: pair[0]):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content if isinstance(content, bytes) else content.read_bytes())
