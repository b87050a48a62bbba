"""Run the cells of a chapter in a reader's page, in Python that the browser runs, and say what came of a change.

The page's worker (worker.js) calls `start` and `run`, the check in Node `everything`; what they return is JSON. A run begins
with a fresh state, made ahead by the cells above: what an earlier run did to a table is gone.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import io
import json
import logging
import re
import sys
import traceback
import types
import warnings
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from importlib.machinery import ModuleSpec

# What draws and projects maps is not there: a chapter may import it, and stands without its maps.
ABSENT = ("geopandas", "pyproj", "shapely")
NO_MAPS = "This figure is a map, which needs the full environment: download the notebook and run it there."
# A card's number holds as long as it differs by no more than this (see data/claim_evidence.csv).
NEAR = 0.005


class NeedsMaps(Exception):
    """A figure is a map."""


class _Absent(types.ModuleType):
    """A module that can be imported, and names in it, but holds nothing."""

    __path__ = ()

    def __getattr__(self, name: str) -> None:
        if name.startswith("__"):
            raise AttributeError(name)


class _Finder:
    """Finds the modules that are not there."""

    @staticmethod
    def find_spec(name: str, path=None, target=None) -> ModuleSpec | None:
        return ModuleSpec(name, _Finder) if name.partition(".")[0] in ABSENT else None

    @staticmethod
    def create_module(spec: ModuleSpec) -> types.ModuleType:
        return _Absent(spec.name)

    @staticmethod
    def exec_module(module: types.ModuleType) -> None:
        """Nothing stands in it."""


sys.meta_path.append(_Finder)
# What Matplotlib says of the parts that were left out of it is not for readers.
warnings.simplefilter("ignore")
logging.getLogger("matplotlib").setLevel(logging.ERROR)

from essay import claims, collisions, colours, drawn, figures, maps, shown, tables, text  # noqa: E402

_draw = figures.show
# What cells show goes here, one after the other.
_shows: list[dict] = []
# Called for each figure instead of drawing it, when set.
_instead: Callable[..., None] | None = None


def _collect(page: str, plain: str, data: dict) -> None:
    """Keep what a cell shows, in place of `shown.show`."""
    _shows.append({"html": text.typeset_page(page), "text": plain, "record": json.loads(json.dumps(data))})


def _figure(id: str, draw: figures.Draw, **parts) -> None:
    """Draw a figure, or do what is done instead; say so where it is a map."""
    try:
        (_instead or _draw)(id, draw, **parts)
    except NeedsMaps as needs:
        _collect(f"<p>{needs}</p>", str(needs), {})


def _no_maps(*args, **options) -> None:
    raise NeedsMaps(NO_MAPS)


@cache
def _table(name: str):
    """Return a table as read; whoever changes it takes a copy."""
    return _load(name)


_load = tables.load
maps.world = maps.around = maps.seen_from = _no_maps
# Places stay in degrees, as nothing is drawn where they would lie.
maps.project = lambda lon, lat: (lon, lat)
# What a reader tries may put words on words; and the values that the site tells by pointer are those of its own pictures.
collisions.found = lambda figure, words: []
drawn.values = lambda figure, data: []
tables.load = lambda name: _table(name).copy()
shown.show = _collect
figures.show = _figure


def fingerprint(title: str, alt: str, csv: str) -> str:
    """Return a digest of what a figure says and of its data."""
    return sha256("\n".join((title, alt, csv)).encode()).hexdigest()


def _fingerprint(title: str, alt: str, data, **others) -> str:
    return fingerprint(text.typeset(title), text.typeset(alt), data.to_csv(index=False, lineterminator="\n"))


def _darkened(page: str) -> str:
    """Return HTML with a second picture beside each, in the colours of dark mode."""

    def dark(match: re.Match) -> str:
        svg = colours.darkened(b64decode(match[1]).decode())
        return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()

    def pair(match: re.Match) -> str:
        light, night = (match[0].replace("<picture>", f'<picture class="figure-{mode}">') for mode in ("light", "dark"))
        return light + re.sub("data:image/svg\\+xml;base64,([A-Za-z0-9+/=]+)", dark, night)

    return re.sub("<picture>.*?</picture>", pair, page, flags=re.DOTALL)


class Stopped(Exception):
    """A cell raised an error: `said` is the error in a line, `line` the line of the cell."""

    def __init__(self, said: str, line: int | None) -> None:
        super().__init__(said)
        self.said, self.line = said, line


def execute(code: str, name: str, scope: dict) -> dict:
    """Run the code of a cell in `scope`; return what it shows and prints and what its last expression says.

    Raises Stopped for an error of the cell.
    """
    _shows.clear()
    printed = io.StringIO()
    value = None
    try:
        tree = ast.parse(code, name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        with contextlib.redirect_stdout(printed):
            exec(compile(tree, name, "exec"), scope)
            if last:
                value = eval(compile(ast.Expression(last.value), name, "eval"), scope)
    except BaseException as error:  # whatever a reader's cell raises, an exit too, is told to the reader
        raise Stopped(*_told(error, name)) from None
    words = "" if value is None or code.rstrip().endswith(";") else repr(value)
    return {"shows": [*_shows], "printed": printed.getvalue(), "value": words}


def _told(error: BaseException, name: str) -> tuple[str, int | None]:
    """Return an error as a line of words, and the line of the cell where it came up."""
    if isinstance(error, SyntaxError) and error.filename == name:
        return f"{type(error).__name__}: {error.msg}", error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name]
    said = str(error) if isinstance(error, NeedsMaps) else "".join(traceback.format_exception_only(error)).strip()
    return said, lines[-1] if lines else None


@contextlib.contextmanager
def _drawing(instead: Callable[..., None] | None) -> Iterator[None]:
    """Have figures drawn (None), or something done instead."""
    global _instead
    before, _instead = _instead, instead
    try:
        yield
    finally:
        _instead = before


def _undrawn(id: str, draw: figures.Draw, **parts) -> None:
    """Leave a figure out."""


def _fresh() -> dict:
    """Return the names a chapter begins with; what the library remembers of tables is forgotten."""
    for memory in (claims._ledger, claims._citations):
        memory.cache_clear()
    return {"__name__": "__main__"}


class Chapter:
    """The code cells of one chapter, what was published of them, and a state made ahead for the next run.

    `cells` has for each its code (`source`), the published `facts` (id -> as written) and `figures` (id -> fingerprint);
    `evidence` the rows of data/claim_evidence.csv.
    """

    def __init__(self, cells: list[dict], evidence: list[dict]) -> None:
        self.cells, self.evidence = cells, evidence
        self.published = {id: words for cell in cells for id, words in cell["facts"].items()}
        self.drawn = {id: digest for cell in cells for id, digest in cell["figures"].items()}
        self.ahead: tuple[str, dict] | None = None

    def _code(self, edits: dict[str, str], number: int) -> str:
        return edits.get(str(number), self.cells[number]["source"])

    @staticmethod
    def _above(edits: dict[str, str], first: int) -> str:
        """Return what a state made ahead depends on."""
        above = {number: code for number, code in edits.items() if int(number) < first}
        return json.dumps([first, above], sort_keys=True)

    def prepare(self, edits: dict[str, str], first: int) -> dict:
        """Return the names that the cells above cell `first` leave, from the state made ahead where it is the one."""
        if self.ahead and self.ahead[0] == self._above(edits, first):
            scope, self.ahead = self.ahead[1], None
            return scope
        scope = _fresh()
        with _drawing(_undrawn):
            for number in range(first):
                try:
                    execute(self._code(edits, number), f"cell {number + 1}", scope)
                except Stopped as stopped:
                    raise Stopped(f"Cell {number + 1}, above this one: {stopped.said}", None) from None
        return scope

    def make_ahead(self, edits: dict[str, str], first: int) -> None:
        """Make the state for the next run of the same cells, while the reader reads."""
        key = self._above(edits, first)
        if not (self.ahead and self.ahead[0] == key):
            self.ahead = None
            with contextlib.suppress(Stopped):
                self.ahead = key, self.prepare(edits, first)
        gc.collect()

    def run(self, edits: dict[str, str], group: list[int], tell: Callable[[str], None]) -> None:
        """Run the cells `group` with the reader's `edits` (number of a cell -> code), then those below.

        tell: called with JSON: `cell` for each cell run, `figure` for each below that changed, `end` with all facts.
        """
        facts: dict[str, dict] = {}
        below: list[str] = []

        def note(number: int, did: dict) -> None:
            for show in did["shows"]:
                for each in show["record"].get("facts", ()):
                    facts[each["id"]] = each | {"cell": number}
                if "figure" in show["record"]:
                    show["html"] = _darkened(show["html"])

        number = group[0]
        try:
            scope = self.prepare(edits, group[0])
            for number in group:
                did = execute(self._code(edits, number), f"cell {number + 1}", scope)
                note(number, did)
                tell(json.dumps({"cell": number, **did}))
        except Stopped as stopped:
            tell(json.dumps({"error": stopped.said, "cell": number, "line": stopped.line}))
            return

        def redrawn(id: str, draw: figures.Draw, **parts) -> None:
            if _fingerprint(**parts) == self.drawn.get(id):
                return
            try:
                _draw(id, draw, **parts)
            except NeedsMaps:
                below.append(f"The map “{text.typeset(parts['title'])}” changes too, but needs the full environment.")

        with _drawing(redrawn):
            for number in range(group[-1] + 1, len(self.cells)):
                try:
                    did = execute(self._code(edits, number), f"cell {number + 1}", scope)
                except Stopped as stopped:
                    below.append(f"Cell {number + 1} cannot run with it: {stopped.said}")
                    continue
                note(number, did)
                for show in did["shows"]:
                    if "figure" in show["record"]:
                        tell(json.dumps({"figure": show["record"]["figure"]["id"], "cell": number, "html": show["html"]}))
        changed = [
            {"id": id, "published": self.published.get(id), "yours": fact["shown"], "how": fact["how"], "cell": fact["cell"]}
            for id, fact in facts.items()
            if fact["shown"] != self.published.get(id)
        ]
        tell(json.dumps({"end": True, "changed": changed, "claims": self.settled(facts), "below": below}))

    def settled(self, facts: dict[str, dict]) -> list[dict]:
        """Return of each number that the ledger states from a changed fact whether it still holds. Nothing else is judged."""
        return [
            {
                "claim": row["claim_id"],
                "states": row["states"],
                "published": self.published[fact["id"]],
                "yours": fact["shown"],
                "holds": holds(fact["value"], row["value"]),
            }
            for row in self.evidence
            if (fact := facts.get(row["fact_id"])) and fact["shown"] != self.published.get(fact["id"])
        ]


def holds(value: float | int | str, stated: str) -> bool:
    """Tell whether a value is the number that the ledger states."""
    try:
        return abs(float(value) - float(stated)) <= NEAR * max(abs(float(value)), abs(float(stated)))
    except ValueError:
        return False


_chapter: Chapter | None = None


def start(chapter: str) -> None:
    """Take a chapter, as JSON."""
    global _chapter
    given = json.loads(chapter)
    _chapter = Chapter(given["cells"], given["evidence"])


def run(edits: str, group: str, tell: Callable[[str], None]) -> None:
    """Run some cells; the arguments are JSON (see Chapter.run)."""
    _chapter.run(json.loads(edits), json.loads(group), tell)


def make_ahead(edits: str, group: str) -> None:
    """Make the state for the next run; the arguments are those of `run`."""
    _chapter.make_ahead(json.loads(edits), json.loads(group)[0])


def everything(chapter: str) -> str:
    """Run every cell of a chapter, all figures drawn; return as JSON what each shows, or its error."""
    scope = _fresh()
    made = []
    for number, cell in enumerate(json.loads(chapter)["cells"]):
        try:
            made.append(execute(cell["source"], f"cell {number + 1}", scope))
        except Stopped as stopped:
            made.append({"error": stopped.said, "line": stopped.line})
    return json.dumps(made)
