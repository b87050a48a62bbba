"""What the tests of the kit share: the assignments, made once in a folder of their own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import build

NAMES = build.names()


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """Return a folder with what `make assignments` makes."""
    folder = tmp_path_factory.mktemp("assignments")
    for name in NAMES:
        build.build(name, folder)
    return folder
