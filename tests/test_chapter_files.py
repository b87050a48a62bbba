"""A chapter that somebody downloads runs in an empty folder, with what lies in its archive and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from docutils import nodes
from nbclient import NotebookClient

from essay_site.cache.inputs import inputs
from essay_site.published import chapter_files
from essay_site.published.packing import pack
from tests.book import MEDIA_TYPE, PROJECT, notebooks, read

# All archives together are this light, so that they weigh little on whoever publishes the book.
HEAVIEST = 1_000_000
# Run by the command that its README tells; the others as that command would, without starting it anew.
COMMANDED = "ledger"


def members(name: str) -> dict[str, Path | bytes]:
    """What the archive of a chapter holds."""
    return chapter_files.contents(name, "Title", (PROJECT / "book" / f"{name}.ipynb").read_bytes())


def recorded(notebook: dict) -> list:
    """Return what the cells of a notebook recorded."""
    return [output["data"].get(MEDIA_TYPE) for cell in notebook["cells"] for output in cell.get("outputs", [])]


@pytest.mark.parametrize("name", [path.stem for path in notebooks()])
def test_an_archive_holds_just_the_tables_of_its_chapter_and_no_rule_about_another(name):
    files = members(name)
    package = json.loads(files[f"{name}/data/datapackage.json"])
    tables = {resource["name"] for resource in package["resources"] if f"{name}/data/{resource['path']}" in files}
    known = inputs(read(PROJECT / "book" / f"{name}.ipynb"))
    assert tables == {label.removeprefix("table ") for label in known if label.startswith("table ")}
    everything = {each["name"] for each in json.loads((PROJECT / "data" / "datapackage.json").read_text("utf-8"))["resources"]}
    for resource in package["resources"]:
        for rule in resource.get("rules", []):
            assert {resource["name"]} | set(chapter_files.READ.findall(rule["failing"])) & everything <= tables
    assert sum(place.startswith(f"{name}/data/") for place in files) == len(tables) + 1


def test_rules_that_can_be_asked_are_kept_and_tables_that_are_only_told_of_have_none():
    package = chapter_files.described({"us_prisoners", "claims"}, {"esp_prisoners"})
    kept = {resource["name"]: resource.get("rules", []) for resource in package["resources"]}
    assert set(kept) == {"us_prisoners", "claims", "esp_prisoners"}
    assert kept["us_prisoners"] and not kept["esp_prisoners"]


def test_the_page_of_changes_depends_on_what_the_tables_are_called():
    known = inputs(read(PROJECT / "book" / "changes.ipynb"))
    assert "schema private_prisons_abroad" in known and "table private_prisons_abroad" not in known


def test_archives_are_the_same_bytes_each_time_and_light(tmp_path):
    for name in ("conclusion", "eastern_state"):
        made = []
        for place in ("one.zip", "other.zip"):
            pack(members(name), tmp_path / place, b"key")
            made.append((tmp_path / place).read_bytes())
        assert made[0] == made[1] and len(made[0]) < HEAVIEST
        assert chapter_files.packed(tmp_path / "one.zip") == b"key"


def test_its_requirements_are_what_computes_held_to_the_pins_of_the_book(tmp_path):
    """From this environment, which has all of them: nothing is left to install."""
    (tmp_path / "requirements.txt").write_text(chapter_files.requirements(), encoding="utf-8")
    (tmp_path / "pins.txt").write_bytes((PROJECT / "requirements.txt").read_bytes())
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-index", "-r", "requirements.txt"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and "Would install" not in done.stdout, done.stdout[-1000:] + done.stderr[-1000:]
    asked = chapter_files.requirements()
    assert "pandas==" in asked and "ipykernel==" in asked and "phinx" not in asked


@pytest.mark.site
@pytest.mark.parametrize("name", [path.stem for path in notebooks()])
def test_a_downloaded_chapter_runs_in_an_empty_folder(site, tmp_path, name):
    with zipfile.ZipFile(site / "_sources" / "book" / f"{name}.zip") as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / name
    assert [path.name for path in tmp_path.iterdir()] == [name]
    # The library is that of the archive.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    if name == COMMANDED:
        assert f"jupyter execute --inplace {name}.ipynb" in (folder / "README.txt").read_text(encoding="utf-8")
        command = [sys.executable, "-m", "jupyter", "execute", "--inplace", f"{name}.ipynb"]
        command += ["--startup_timeout=600", "--timeout=600"]
        ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr[-3000:]
        done = read(folder / f"{name}.ipynb")
    else:
        notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
        resources = {"metadata": {"path": str(folder)}}
        done = NotebookClient(notebook, timeout=600, startup_timeout=600, resources=resources).execute(env=environment)
    assert recorded(done) == recorded(read(PROJECT / "book" / f"{name}.ipynb"))


def test_a_warm_build_packs_what_changed_and_nothing_else(tmp_path, monkeypatch):
    sources = tmp_path / "_sources" / "book"
    sources.mkdir(parents=True)
    for name in ("conclusion", "ledger"):
        shutil.copy(PROJECT / "book" / f"{name}.ipynb", sources)
    pages = {f"book/{name}": nodes.title("", name) for name in ("conclusion", "ledger")}
    env = SimpleNamespace(titles=pages, essay_notes={"inputs": dict.fromkeys(pages, "key")})
    app = SimpleNamespace(builder=SimpleNamespace(name="html"), outdir=str(tmp_path), env=env)
    packing = []
    monkeypatch.setattr(chapter_files, "pack", lambda files, target, key: packing.append(target.name) or pack(files, target, key))
    for change, expected in (({}, ["conclusion", "ledger"]), ({}, []), ({"book/ledger": "other"}, ["ledger"])):
        env.essay_notes["inputs"] |= change
        packing.clear()
        chapter_files.ship(app, None)
        assert packing == [f"{name}.zip.part" for name in expected]
    assert sorted(path.name for path in sources.glob("*.zip*")) == ["conclusion.zip", "ledger.zip"]
