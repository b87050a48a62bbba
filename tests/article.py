"""Keep the article's words out of ours: digests of every run of eight words, not the words themselves."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

RUN = 8
# Titles are names: naming a book is not copying a sentence.
NAMES = [
    "bureau of international narcotics and law enforcement affairs",
    "badges without borders how global counterinsurgency transformed american policing",
]
STORED = Path(__file__).with_name("article_runs.txt")


def digests(text: str) -> dict[str, str]:
    """Return digest -> run of eight words, case and punctuation dropped."""
    words = re.findall(r"[a-z0-9]+", text.lower().replace("’", "").replace("'", ""))
    runs = (" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1))
    return {hashlib.sha256(run.encode()).hexdigest()[:16]: run for run in runs}


def shared(text: str) -> list[str]:
    """Return the runs of `text` that stand in the article too."""
    known = set(STORED.read_text(encoding="utf-8").split())
    return [run for digest, run in digests(text).items() if digest in known and not any(run in name for name in NAMES)]
