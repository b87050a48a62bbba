"""What the tests of the kit share: the assignments, made once in a folder of their own."""

from __future__ import annotations

import fcntl
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import build

NAMES = build.names()


def set_code(notebook, question: str, code: str) -> None:
    """Put code into the answer cell of a question of a student's notebook: the one before its check."""
    cells = notebook.cells
    check = next(i for i, cell in enumerate(cells) if cell.source == f'grader.check("{question}")')
    cells[check - 1].source = code


def points(row: dict[str, str]) -> list[float]:
    """Return the points of the questions in a row of scores.csv, blank ones left out."""
    return [float(value) for name, value in row.items() if name[:1] == "q" and value]


@pytest.fixture(scope="session")
def built(tmp_path_factory, worker_id, request) -> Path:
    """Return a folder with what `make assignments` makes, of the assignments that the chosen tests are about.

    Each is made once for all workers, which begin at different ends. Nobody changes what is there.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "assignments"
    folder.mkdir(exist_ok=True)
    params = [getattr(item, "callspec", None) for item in request.session.items if "built" in item.fixturenames]
    about = {call.params.get("name") if call else None for call in params}
    # Who finds one in the making leaves it, and waits for it at the end.
    todo = [*(NAMES if None in about else sorted(about))]
    todo = todo[::-1] if worker_id.endswith(("1", "3")) else todo
    for wait in (fcntl.LOCK_NB, 0):
        for name in todo:
            with (folder / f"{name}.lock").open("w") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | wait)
                except BlockingIOError:
                    continue
                done = folder / f"{name}.done"
                if not done.exists():
                    build.build(name, folder)
                    done.touch()
    return folder
