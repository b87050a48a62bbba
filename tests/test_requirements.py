"""The lists of requirements: exact pins of all that is installed, for every Python and system that the book is for."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
from importlib.metadata import metadata, packages_distributions, requires, version
from itertools import product
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.book import PROJECT, notebooks, read

READERS = PROJECT / "requirements.txt"
DEVELOPERS = PROJECT / "requirements-dev.txt"
LAB = PROJECT / "requirements-lab.txt"
LISTS = [READERS, DEVELOPERS, LAB, PROJECT / "assignments" / "requirements.txt"]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = [
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "aarch64"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "x86_64"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
    {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
]
MACHINES = [
    system | {"python_version": python, "python_full_version": f"{python}.0"} for system, python in product(SYSTEMS, PYTHONS)
]


def paragraphs(path: Path) -> list[list[str]]:
    """Return the lines of a list that are pins, by paragraph; what the others bring in is the last."""
    found = path.read_text(encoding="utf-8").split("\n\n")
    return list(filter(None, ([line for line in lines.splitlines() if line[:1] not in "#-"] for lines in found)))


def pinned(lines: list[str]) -> dict[str, Requirement]:
    """Return the pins in some lines by the names under which an index knows them."""
    found = (Requirement(line.split(" #")[0].strip()) for line in lines)
    return {canonicalize_name(requirement.name): requirement for requirement in found}


def pins(*paths: Path) -> dict[str, Requirement]:
    """Return all pins of some lists."""
    return pinned([line for path in paths for lines in paragraphs(path) for line in lines])


def direct(*paths: Path) -> set[str]:
    """Return the names of what the project uses itself."""
    return set(pinned([line for path in paths for lines in paragraphs(path)[:-1] for line in lines]))


def exact(requirement: Requirement) -> str:
    """Return the one version that a pin allows."""
    (clause,) = requirement.specifier
    assert clause.operator == "==" and "*" not in clause.version, requirement
    return clause.version


def counts(requirement: Requirement, machine: dict[str, str]) -> bool:
    """Return whether a requirement counts on a machine."""
    return requirement.marker is None or requirement.marker.evaluate(machine)


def installed(*paths: Path) -> dict[str, Requirement]:
    """Return the pins of some lists that count on this machine."""
    return {name: requirement for name, requirement in pins(*paths).items() if counts(requirement, {})}


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_pins_are_exact_sorted_single_and_explained(path):
    seen: set[str] = set()
    for lines in paragraphs(path):
        names = list(pinned(lines))
        assert names == sorted(names) and len(names) == len(lines)
        assert not seen & set(names)
        seen |= set(names)
    for requirement in pins(path).values():
        exact(requirement)
    for line in (line for lines in paragraphs(path)[:-1] for line in lines):
        assert re.search(r" # \w.*\w", line), f"{line}: what is it for?"


@pytest.mark.parametrize("path", [DEVELOPERS, LAB], ids=["developers", "lab"])
def test_a_longer_list_has_what_readers_have_and_more(path):
    first = next(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    assert first == "-r requirements.txt"
    assert not set(pins(READERS)) & set(pins(path))


def test_developers_may_have_jupyterlab_as_well():
    """All lists go into one environment."""
    both = pins(DEVELOPERS).keys() & pins(LAB).keys()
    assert {name: exact(pins(DEVELOPERS)[name]) for name in both} == {name: exact(pins(LAB)[name]) for name in both}


def test_what_is_installed_is_what_is_pinned():
    wanted = {name: exact(requirement) for name, requirement in installed(READERS, DEVELOPERS).items()}
    assert {name: version(name) for name in wanted} == wanted, "`make lint` brings the environment up to date"


@pytest.mark.parametrize("paths", [(READERS,), (READERS, DEVELOPERS)], ids=["readers", "developers"])
def test_all_that_is_brought_in_is_pinned_and_nothing_else(paths):
    """On every machine, to a version that those who ask for it accept; of what an extra asks for, what somebody wants."""
    known, needed = pins(*paths), direct(*paths)
    asked = {name: [Requirement(wish) for wish in requires(name) or []] for name in installed(*paths)}
    for machine in MACHINES:
        wanted = [(name, extra) for name in asked if counts(known[name], machine) for extra in {"", *known[name].extras}]
        for name, extra in wanted:
            for wish in asked[name]:
                if counts(wish, machine | {"extra": extra}):
                    brought = canonicalize_name(wish.name)
                    given = known.get(brought)
                    assert given and counts(given, machine), f"{name} brings in {wish}, which is not pinned on {machine}"
                    assert wish.specifier.contains(exact(given)), f"{name} asks for {wish}, not for {given}"
                    needed.add(brought)
                    more = [(brought, each) for each in wish.extras if brought in asked]
                    wanted += [each for each in more if each not in wanted]
    assert set(known) == needed


def test_the_oldest_python_named_is_the_oldest_that_all_pins_accept():
    accepted = {name: SpecifierSet(metadata(name).get("Requires-Python", "")) for name in installed(READERS, DEVELOPERS)}
    for python, name in product(PYTHONS, accepted):
        assert accepted[name].contains(f"{python}.0"), f"{name} is for Python {accepted[name]}"
    assert not all(versions.contains("3.10.99") for versions in accepted.values())
    for file, words in {
        "README.md": "Python 3.11 or newer",
        "Makefile": 'sys.version_info >= (3, 11) else "Python 3.11 or newer',
        "pyproject.toml": 'target-version = "py311"',
        "requirements.txt": f"Python {PYTHONS[0]} to {PYTHONS[-1]}",
    }.items():
        assert words in (PROJECT / file).read_text(encoding="utf-8"), file


def imports(code: str) -> set[str]:
    """Return the modules that some code imports."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module)
    return found


def test_readers_have_all_that_the_book_imports_and_nothing_else():
    paths = [path for folder in ("book", "data/recipes") for path in (PROJECT / folder).rglob("*.py")]
    code = [path.read_text(encoding="utf-8") for path in [*paths, PROJECT / "tools" / "notebooks.py"]]
    code += ["".join(cell["source"]) for path in notebooks() for cell in read(path)["cells"] if cell["cell_type"] == "code"]
    extensions = yaml.safe_load((PROJECT / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]["extensions"]
    known, used = packages_distributions(), set()
    for module in set(extensions).union(*map(imports, code)):
        names = {canonicalize_name(name) for name in known.get(module.split(".")[0], [])}
        # Several share the name `sphinxcontrib`.
        used |= names if len(names) == 1 else names & {canonicalize_name(module)}
    # Jupyter starts the one, pandas takes up the other by itself.
    assert used | {"ipykernel", "pyarrow"} == direct(READERS)


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
def test_an_environment_is_filled_again_when_what_is_asked_of_it_changes_and_not_before(tmp_path):
    """Dates do not matter: in a fresh clone every file is newer than an environment that it shares."""
    (tmp_path / "assignments").mkdir()
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt", "requirements-lab.txt", "assignments/requirements.txt"):
        shutil.copy(PROJECT / name, tmp_path / name)
    (tmp_path / "shared").mkdir()

    def steps() -> str:
        command = ["make", "--dry-run", "VENV=shared", "lint"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    first = steps()
    assert first.count("pip install") == 2
    for mark in re.findall(r"^touch (shared/\S+)", first, re.MULTILINE):
        (tmp_path / mark).touch()
        os.utime(tmp_path / mark, (0, 0))
    assert "pip install" not in steps()
    list_of_tests = tmp_path / "requirements-dev.txt"
    list_of_tests.write_text(list_of_tests.read_text(encoding="utf-8") + "more==1.0\n", encoding="utf-8")
    assert steps().count("pip install") == 1
