"""The code is in the house's style."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.book import PROJECT


@pytest.mark.parametrize("command", [("check",), ("format", "--check")])
def test_ruff(command):
    done = subprocess.run([sys.executable, "-m", "ruff", *command, "."], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
