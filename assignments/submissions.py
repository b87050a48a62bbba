"""Find what was handed in, whatever it is called and however it is packed, and read the code out of it.

Nothing of a submission is ever written to disk or run here.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import nbformat

from isolate import code_of

# Larger is no notebook of a student's.
LARGEST = 50 * 2**20
MOST_ENTRIES = 5_000
MOST_TEXT = 20_000
# Where Otter ends a question that people grade.
END = "<!-- END QUESTION -->"
# What Otter puts where an answer in words is to stand.
NO_ANSWER = "_Type your answer here, replacing this text._"
NOTEBOOK_ENDINGS = (".ipynb", ".ipynb.txt", ".ipynb.json")
# What computers leave in a folder by themselves.
OF_THE_SYSTEM = {".ds_store", "__macosx", "thumbs.db", "desktop.ini", ".ipynb_checkpoints", ".git", ".gitkeep", ".gitignore"}


# Made here, before processes that each read one notebook begin: for one notebook it costs more than the reading.
nbformat.validator.get_validator(4, 5)


class UnreadableError(Exception):
    """No notebook can be had from a submission; the message says why."""


@dataclass(frozen=True)
class Entry:
    """One entry of the folder of submissions: for a student, or of the system's (student is "")."""

    path: Path
    student: str

    @property
    def name(self) -> str:
        """Return the name of the file or folder as text; bytes that are no UTF-8 are written as \\xe9."""
        return readable(self.path.name)


def readable(name: str) -> str:
    """Return a file's name as text that can be written anywhere."""
    return os.fsencode(name).decode("utf-8", "backslashreplace").replace("\0", "")


def _stem(name: str) -> str:
    for ending in (*NOTEBOOK_ENDINGS, ".zip"):
        if name.lower().endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)]
    return PurePosixPath(name).stem


def entries(folder: Path) -> list[Entry]:
    """Return every entry of a folder. Students are named for their file or folder; two of one name, by the whole name."""
    found = sorted(folder.iterdir(), key=lambda path: os.fsencode(path.name))
    stems: dict[str, int] = {}
    for path in found:
        stem = _stem(readable(path.name))
        stems[stem] = stems.get(stem, 0) + 1
    made: dict[str, Entry] = {}
    for path in found:
        name = readable(path.name)
        student = _stem(name) if stems[_stem(name)] == 1 else name
        if student in made:
            student = f"{name} ({hashlib.sha256(os.fsencode(path.name)).hexdigest()[:8]})"
        made[student] = Entry(path, "" if name.lower() in OF_THE_SYSTEM else student)
    return list(made.values())


def _read(path: Path) -> bytes:
    """Return the bytes of a regular file; a link could lead anywhere, and a pipe has no end."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise UnreadableError("a link, not a file" if path.is_symlink() else f"cannot be read: {error.strerror}") from error
    with os.fdopen(file, "rb") as opened:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise UnreadableError("not a regular file")
        content = opened.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise UnreadableError(f"larger than {LARGEST >> 20} MB")
    return content


def content(path: Path) -> bytes:
    """Return all bytes that a submission consists of, for its checksum; unreadable ones count as none."""
    try:
        if path.is_dir() and not path.is_symlink():
            return b"\0".join(os.fsencode(file) + b"\0" + content(file) for file in _files(path))
        return _read(path)
    except UnreadableError as error:
        return str(error).encode()


def _files(folder: Path) -> list[Path]:
    """Return the files below a folder that may hold a notebook, in order."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name.lower() not in OF_THE_SYSTEM)
        found += [Path(place) / name for name in sorted(names) if not name.startswith(".") and name.lower() not in OF_THE_SYSTEM]
        if len(found) > MOST_ENTRIES:
            raise UnreadableError(f"more than {MOST_ENTRIES} files")
    return found


def _in_zip(data: bytes, depth: int = 0) -> list[tuple[str, bytes]]:
    """Return name and bytes of the notebooks in a zip, and in zips inside it."""
    found = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MOST_ENTRIES:
                raise UnreadableError(f"more than {MOST_ENTRIES} files in the zip")
            for member in members:
                parts = PurePosixPath(member.filename.replace("\\", "/")).parts
                hidden = any(part.lower() in OF_THE_SYSTEM or (part.startswith(".") and part != "..") for part in parts)
                lower = member.filename.lower()
                if member.is_dir() or hidden or not lower.endswith((*NOTEBOOK_ENDINGS, ".zip")):
                    continue
                with archive.open(member) as file:
                    inside = file.read(LARGEST + 1)
                if len(inside) > LARGEST:
                    raise UnreadableError(f"{readable(parts[-1])} in the zip is larger than {LARGEST >> 20} MB")
                if not lower.endswith(".zip"):
                    found.append((parts[-1], inside))
                elif depth < 2:
                    found += _in_zip(inside, depth + 1)
                if len(found) > 100:
                    raise UnreadableError("more than 100 notebooks in the zip")
    except UnreadableError:
        raise
    except Exception as error:
        # Each way in which a zip can be broken has a kind of error of its own.
        raise UnreadableError(f"the zip cannot be read: {error}") from error
    return found


def notebook(path: Path, assignment: str) -> tuple[str, bytes]:
    """Return name and bytes of the one notebook of a submission: a file, a zip, or a folder with one of them.

    Among several, the one with the assignment's name. Raises UnreadableError, which says why there is none.
    """
    name = readable(path.name)
    if path.is_symlink():
        raise UnreadableError("a link, not a file")
    if path.is_dir():
        found = []
        for file in _files(path):
            if file.name.lower().endswith(".zip"):
                found += _in_zip(_read(file))
            elif file.name.lower().endswith(NOTEBOOK_ENDINGS):
                found.append((readable(file.name), _read(file)))
        where = "in the folder"
    elif name.lower().endswith(".zip"):
        found, where = _in_zip(_read(path)), "in the zip"
    elif name.lower().endswith(NOTEBOOK_ENDINGS):
        return name, _read(path)
    else:
        raise UnreadableError(f"a file {PurePosixPath(name).suffix or 'without ending'} is no notebook (.ipynb)")
    if len(found) > 1:
        own = [one for one in found if _stem(one[0]) == assignment]
        found = own if len(own) == 1 else found
    if len(found) != 1:
        if not found:
            raise UnreadableError(f"no notebook {where}")
        hint = "; grade a folder of a whole class by its own path" if len(found) > 3 else ""
        raise UnreadableError(f"{len(found)} notebooks {where}; one is wanted, or one called {assignment}.ipynb{hint}")
    return found[0]


def open_answers(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """Return the text below the heading of each question, by the question's name."""
    found: dict[str, str] = {}
    question = None
    for cell in notebook.cells:
        text = str(cell.source)
        heading = re.search(r"^### Question (\d+)\b", text, re.MULTILINE)
        if cell.cell_type == "markdown" and (heading or END in text):
            question = f"q{heading[1]}" if heading else None
        elif cell.cell_type == "markdown" and question:
            found[question] = f"{found.get(question, '')}\n{text}".strip()[:MOST_TEXT]
    return found


def code(data: bytes, assignment: str, asked: list[str]) -> tuple[list[str], dict[str, str]]:
    """Return the code of the cells of a notebook of this assignment, and its open answers. Raises UnreadableError."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError("the notebook is not UTF-8 text") from error
    try:
        read = nbformat.reads(text, as_version=4)
        cells, answers = code_of(read), open_answers(read)
        metadata = read.metadata.get("otter", {})
        name = metadata.get("assignment_name") if isinstance(metadata, dict) else None
        language = read.metadata.get("kernelspec", {}).get("language", "python")
    except (Exception, RecursionError) as error:
        raise UnreadableError("the file is not a whole notebook") from error
    if name not in (None, assignment):
        raise UnreadableError(f"this is the notebook of {str(name)[:60]}, not of {assignment}")
    if not any(one in cell for one in asked for cell in cells):
        other = "" if language == "python" else f" (its language is {str(language)[:20]})"
        raise UnreadableError(f"the notebook has none of the names that {assignment} asks for{other}")
    return cells, answers
