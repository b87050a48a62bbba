"""A build tells which page it reads, also where several processes read beside each other."""

from __future__ import annotations

import multiprocessing
import os
from types import SimpleNamespace

import pytest

from essay_site import progress


@pytest.mark.skipif(os.name != "posix", reason="pages are read by one process where none can be forked, as on Windows")
def test_processes_that_read_side_by_side_say_so_at_once_and_count_together(tmp_path):
    fork = multiprocessing.get_context("fork")
    with (tmp_path / "said").open("a", encoding="utf-8") as status:
        app = SimpleNamespace(_status=status)
        progress.begin(app, None, ["one", "two"])
        for page in ("one", "two"):
            reading = fork.Process(target=progress.tell, args=(app, page, [""]))
            reading.start()
            reading.join()
        progress.tell(app, "three", [""])  # in the process that Sphinx itself reports of
    assert (tmp_path / "said").read_text(encoding="utf-8") == "reading one (1 of 2)\nreading two (2 of 2)\n"
