"""Files that are the same on every system, and whole or not there."""

from __future__ import annotations

import json
from pathlib import Path


def put(path: Path, text: str) -> None:
    """Write a file through a temporary one beside it, so that a build that is killed leaves no half of it.

    A file that says the same already is left alone.
    """
    if path.is_file() and path.read_bytes() == text.encode():
        return
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)


def put_json(path: Path, content: dict) -> None:
    """Write a file of JSON."""
    put(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
