"""Kernels get a locale and folders of their own, whoever starts them, so that they say nothing of the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from essay_site import kernels
from tests.book import NBVAL, copy_of_the_project

OWN = ("MPLCONFIGDIR", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR")


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    """Put the environment back after each test."""
    for name in (*OWN, "LC_ALL"):
        monkeypatch.setenv(name, "before")


def told() -> dict[str, Path]:
    return {name: Path(os.environ[name]) for name in OWN}


def test_folders_stand_in_what_is_built(tmp_path, monkeypatch):
    monkeypatch.setattr(kernels, "PROJECT", tmp_path)
    for _ in range(2):
        kernels.prepare()
        assert os.environ["LC_ALL"] == "C.UTF-8"
        assert all(path.is_relative_to(tmp_path / "_build") for path in told().values())
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["ipython_kernel_config.py"]


def test_a_project_that_cannot_be_written_has_them_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(kernels, "PROJECT", tmp_path / "file")
    monkeypatch.setattr(kernels.tempfile, "tempdir", str(tmp_path))
    (tmp_path / "file").touch()
    kernels.prepare()
    (folder,) = tmp_path.glob("kernels-*")
    assert all(path.is_relative_to(folder) for path in told().values())


@pytest.mark.parametrize("command", [["-m", "tools.notebooks"], ["-m", "pytest", "-q", *NBVAL]], ids=["notebooks", "nbval"])
def test_whoever_starts_a_kernel_gives_it_these(tmp_path, command):
    project = copy_of_the_project(tmp_path / "project", "raw", "tests", "*.ipynb")
    cell = nbformat.v4.new_code_cell("import os; print(os.environ['LC_ALL'], os.environ['MPLCONFIGDIR'], file=open('told', 'w'))")
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": {"name": "python3", "display_name": "x"}})
    nbformat.write(notebook, project / "book" / "one.ipynb")
    environment = {**os.environ, "HOME": os.devnull, "LC_ALL": "C"}
    command = [sys.executable, *command, "book/one.ipynb"]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    said = (project / "book" / "told").read_text(encoding="utf-8").split()
    assert said == ["C.UTF-8", str(project / "_build" / ".kernels" / "matplotlib")]
